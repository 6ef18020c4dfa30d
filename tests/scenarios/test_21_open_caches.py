"""21. A cache or one-shot cache program left open never blocks the rest of the run: operations reach the horizon."""

from __future__ import annotations

from pathlib import Path

import pytest

from model.config import Config
from planner.run import plan
from tests.scenarios.stage import Story, us
from tests.scenarios.told import tables

OPEN = {
    "cache program": ("ERASE", "CACHE_PROGRAM"),
    "one-shot cache program": ("ERASE_TLC", "LSB", "CSB", "Cache_Program_MSB"),
    "one-shot program after LSB": ("ERASE_TLC", "LSB"),
    "one-shot program after MSB": ("ERASE_TLC", "LSB", "CSB", "MSB"),
}


def left_open(config: Config, words: tuple[str, ...]) -> Story:
    """Row 1 of die 0 with an open chain."""
    story = Story(config)
    for word in words:
        story.op(word, row=1)
    return story


@pytest.mark.parametrize("name", OPEN)
def test_a_run_goes_on_to_its_horizon(shipped: Config, tmp_path: Path, name: str) -> None:
    told = left_open(shipped, OPEN[name]).tell()
    result = plan(
        shipped, out=tmp_path / "out", seed=5, until=us(40_000), date="260101", snapshot=told.snapshot(tmp_path)
    )
    assert result.runs[0].report.legal
    sent = tables(tmp_path / "out", run=2)["operation_sequence"]
    for die in (0, 1):
        starts = [us(row["time"]) for row in sent if f'"die":{die}' in row["payload"]]
        assert len(starts) > 20
        # nothing wanted waits longer than an erase and its suspensions
        assert max(starts) > told.boundary.time + us(25_000)


@pytest.mark.parametrize("words", [OPEN["cache program"], OPEN["one-shot cache program"]])
def test_it_forbids_what_its_group_says_on_its_die_only(shipped: Config, words: tuple[str, ...]) -> None:
    story = left_open(shipped, words)
    story.op("ERASE", die=1, row=2)
    story.tell()
    going_on = story.then()
    going_on.op("ERASE", die=1, row=3)
    going_on.tell()
    going_on.accepted()
    going_on.op("ERASE", die=0, row=3)
    going_on.refused("cache")


def test_it_is_closed_by_its_closer(shipped: Config) -> None:
    story = left_open(shipped, OPEN["cache program"]).then()
    closing = story.op("PROGRAM", row=1, page=1)
    free = story.op("ERASE", row=2)
    told = story.tell(drained=True)
    story.accepted(drained=True)
    assert told.start(free) == told.end(closing)


@pytest.mark.parametrize("name", OPEN)
def test_a_plan_does_not_end_with_it(shipped: Config, name: str) -> None:
    story = left_open(shipped, OPEN[name])
    story.tell()
    story.accepted()
    story.refused("drained", drained=True)


def test_a_one_shot_cache_program_goes_on_with_the_next_page(shipped: Config) -> None:
    story = left_open(shipped, OPEN["one-shot cache program"]).then()
    for step in ("LSB", "CSB", "MSB_23H"):
        story.op(step, row=1, page=1)
    story.op("ERASE", row=2)
    told = story.tell(drained=True)
    story.accepted(drained=True)
    assert told.block(1) == (3, "TLC", 1)
