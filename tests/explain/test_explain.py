"""The smallest conflicting set of labels."""

from __future__ import annotations

from planner.explain import smallest


def conflicts(*sets: str):  # type: ignore[no-untyped-def]
    """A test that finds some sets of letters impossible, and what contains them."""
    return lambda on: any(set(one) <= on for one in sets)


def test_only_what_conflicts_is_blamed() -> None:
    test = conflicts("bd")
    found = smallest("abcdef", test, test)
    assert found is not None
    assert found.labels == ("b", "d")
    assert found.minimal
    assert found.confirmed


def test_of_two_conflicts_the_one_that_stands_first_is_told() -> None:
    found = smallest("abcdef", conflicts("ab", "ef"), conflicts("ab", "ef"))
    assert found is not None
    assert found.labels == ("a", "b")


def test_without_a_conflict_there_is_no_answer() -> None:
    assert smallest("abc", conflicts("xyz"), conflicts("xyz")) is None


def test_what_stays_open_is_no_conflict() -> None:
    assert smallest("abc", lambda on: None, lambda on: None) is None


def test_a_second_proof_that_fails_is_told() -> None:
    found = smallest("ab", conflicts("ab"), lambda on: None)
    assert found is not None
    assert not found.confirmed


def test_what_is_impossible_without_any_label_blames_none() -> None:
    found = smallest("ab", lambda on: True, lambda on: True)
    assert found is not None
    assert found.labels == ()
