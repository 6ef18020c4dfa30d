"""34. Die 1 uses blocks 0..blocks_per_die-1 of its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from model.boundary import GOOD, PROGRAMMED
from model.config import Config
from planner.run import plan
from tests.judge.script import Script
from tests.scenarios.stage import Story
from tests.scenarios.told import tables


@pytest.mark.parametrize(("row", "plane", "block"), [(0, 0, 0), (15, 3, 63)])
def test_its_blocks_are_numbered_from_0(shipped: Config, row: int, plane: int, block: int) -> None:
    story = Story(shipped)
    story.op("ERASE", die=1, row=row, planes=plane)
    program = story.op("PROGRAM", die=1, row=row, planes=plane)
    told = story.tell(drained=True)
    story.accepted(drained=True)
    assert told.payload(program) == [(1, plane, block, 0, shipped.celltypes.index("SLC"))]
    assert told.block(row, plane, die=1) == (PROGRAMMED, "SLC", 0)
    assert told.block(row, plane, die=0)[0] == GOOD


def test_a_block_of_die_0_says_nothing_about_die_1(shipped: Config) -> None:
    story = Story(shipped)
    story.op("ERASE", die=0, row=1)
    story.op("PROGRAM", die=1, row=1)
    story.refused("program-after-erase")


@pytest.mark.parametrize("block", [64, 68, 127])
def test_no_running_number_over_dies(shipped: Config, block: int) -> None:
    """The planner cannot say it: rows end with the die."""
    script = Script(shipped)
    script.op("Block_Erase_SLC", entries=[(1, block % 4, block, 0, 1)])
    assert "range" in script.broken()


def test_a_plan_uses_both_dies_alike(shipped: Config, tmp_path: Path) -> None:
    plan(shipped, out=tmp_path, seed=2, ops=500, date="260101")
    blocks: dict[int, set[int]] = {0: set(), 1: set()}
    for row in tables(tmp_path)["operation_sequence"]:
        entries = json.loads(row["payload"])
        for entry in entries if isinstance(entries, list) else [entries]:
            if "block" in entry:
                blocks[entry["die"]].add(entry["block"])
    for die in (0, 1):
        assert blocks[die]
        assert blocks[die] <= set(range(64))
