"""What follows what."""

from __future__ import annotations

import pytest

from model.boundary import CacheProgram, Shot
from model.chains import NEXT_STEP, STEPS, Kind, kind_of, next_page, next_steps, page_due


def shot(page: int = 3) -> Shot:
    """An open chain."""
    return Shot(False, 0, 1, 0, page, 1, False, -1, 0)


def test_without_a_chain_only_first_steps_may_come() -> None:
    assert next_steps(None, Kind.OTHER, False) == (Kind.LSB, Kind.COPYBACK_LSB)


def test_after_csb_there_are_four_ways_on() -> None:
    assert next_steps(shot(), Kind.CSB, False) == (Kind.MSB, Kind.MSB_23H, Kind.EXEC, Kind.SHOT_CACHE)


def test_after_msb_the_program_is_executed() -> None:
    assert next_steps(shot(), Kind.MSB, False) == (Kind.EXEC, Kind.SHOT_CACHE)


def test_nothing_follows_while_a_step_goes_on() -> None:
    assert next_steps(shot(), Kind.CSB, True) == ()


def test_every_chain_can_be_closed() -> None:
    closed = {step for step in STEPS if step not in NEXT_STEP}
    open_steps = STEPS - closed
    while open_steps:
        closing = {step for step in open_steps if closed & set(NEXT_STEP[step])}
        assert closing
        closed |= closing
        open_steps -= closing


def test_a_step_keeps_the_page_and_a_cached_one_takes_the_next() -> None:
    assert next_page(shot(3), Kind.CSB) == 3
    assert next_page(shot(3), Kind.SHOT_CACHE) == 4


def test_the_next_cache_program_writes_the_next_page() -> None:
    assert page_due(CacheProgram(1, 0, 5, 1)) == 6


@pytest.mark.parametrize(
    ("base", "advances", "kind"),
    [("READ", False, Kind.READ), ("PROGRAM_TLC", True, Kind.OTHER_PROGRAM), ("WHATEVER", False, Kind.OTHER)],
)
def test_a_base_is_known_by_its_name(base: str, advances: bool, kind: Kind) -> None:
    assert kind_of(base, advances) is kind
