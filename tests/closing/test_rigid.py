"""Rigid motifs placed in time."""

from __future__ import annotations

from itertools import pairwise

from planner.solve import Budget, Infeasible
from planner.window.rigid import MERGED, Placement, Rigid, blocks, place

FAR = 2 * MERGED


def starts_of(*motifs: Rigid) -> tuple[int, ...]:
    placed = place(motifs, Budget())
    assert isinstance(placed, Placement)
    return placed.starts


def on_bus(motifs: tuple[Rigid, ...]) -> list[tuple[int, int]]:
    """Every ISSUE as (start, end), in order of time."""
    starts = starts_of(*motifs)
    rows = zip(motifs, starts, strict=True)
    return sorted((start + at, start + at + length) for motif, start in rows for at, length in motif.issues)


def test_issues_that_nothing_fits_between_are_one_block() -> None:
    # 0..10 and 15..20 leave 5 ticks free; 20 + MERGED is far enough from 20 for a block of its own
    assert blocks([(0, 10), (15, 5), (20 + MERGED, 7)]) == [(0, 20), (20 + MERGED, 7)]


def test_an_issue_inside_another_does_not_shorten_the_block() -> None:
    assert blocks([(0, 30), (5, 5)]) == [(0, 30)]


def test_an_issue_of_length_zero_takes_no_bus() -> None:
    assert blocks([(0, 0), (4, 3), (9, 0)]) == [(4, 3)]


def test_issues_of_two_dies_do_not_overlap() -> None:
    # both want the bus at 0, and again FAR later
    issues = ((0, 100), (FAR, 100))
    taken = on_bus(tuple(Rigid(die, 0, FAR + 200, issues) for die in (0, 1, 2)))
    assert all(end <= start for (_, end), (start, _) in pairwise(taken))


def test_dies_interleave_where_there_is_room() -> None:
    issues = ((0, 100), (FAR, 100))
    first, second = starts_of(Rigid(0, 0, FAR + 200, issues), Rigid(1, 0, FAR + 200, issues))
    # the second die starts in the pause of the first one, not after its end
    assert first == 0
    assert 100 <= second < FAR


def test_motifs_of_a_die_keep_their_order_and_distance() -> None:
    starts = starts_of(Rigid(0, 5, 50, ((0, 10),)), Rigid(0, 0, 30, ((0, 10),)), Rigid(0, 0, 30, ((0, 10),)))
    assert starts == (5, 55, 85)


def test_no_motif_starts_before_it_may() -> None:
    assert starts_of(Rigid(0, 700, 50, ((0, 10),)), Rigid(1, 300, 50, ((0, 10),))) == (700, 300)


def test_a_motif_of_all_dies_comes_after_what_was_before_and_before_what_comes_after() -> None:
    before = (Rigid(0, 0, 40, ((0, 10),)), Rigid(1, 0, 900, ((0, 10),)))
    everywhere, after = Rigid(-1, 0, 70, ((0, 10),)), Rigid(0, 0, 40, ((0, 10),))
    first, second, third, fourth = starts_of(*before, everywhere, after)
    assert third >= max(first + 40, second + 900)
    assert fourth >= third + 70


def test_the_same_motifs_have_the_same_starts() -> None:
    motifs = tuple(Rigid(die, 13 * die, 500, ((0, 90), (FAR, 40))) for die in (0, 1, 2, 3))
    assert starts_of(*motifs) == starts_of(*motifs)


def test_motifs_that_cannot_be_placed_are_told() -> None:
    # two ISSUEs of 10 ticks, and both motifs say that 0 ticks are enough for them
    assert isinstance(place([Rigid(0, 0, 0, ((0, 10),)), Rigid(1, 0, 0, ((0, 10),))], Budget()), Infeasible)
