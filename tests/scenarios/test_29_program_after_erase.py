"""29. ERASE ends: PROGRAM legal from that tick on, not one earlier."""

from __future__ import annotations

from pathlib import Path

import pytest

from model.config import Config
from tests.scenarios.stage import Story, us
from tests.window.small import small_config


def test_from_the_tick_of_its_end_on(shipped: Config) -> None:
    story = Story(shipped)
    erase = story.op("ERASE", row=1)
    program = story.op("PROGRAM", row=1)
    told = story.tell(drained=True)
    assert told.start(program) == told.end(erase) == us("7000.11")
    story.accepted()
    for early in (1, us(100), us(7000)):
        report = story.refused("block-in-flight", {program: told.end(erase) - early})
        assert "plane-busy" in report.by_rule


def test_after_the_true_end_of_a_suspended_erase(shipped: Config) -> None:
    story = Story(shipped)
    erase = story.op("ERASE", row=1)
    story.op("E_SUSPEND", inside=(erase, us(100)))
    resume = story.op("E_RESUME")
    program = story.op("PROGRAM", row=1)
    told = story.tell(drained=True)
    assert told.start(program) == told.end(erase) == us("7250.48")
    inside = {program: told.start(resume), resume: told.start(resume) + us(400)}
    assert "suspended-block" in story.refused("block-in-flight", inside).by_rule


@pytest.mark.parametrize(("start", "legal"), [(4, False), (5, True), (6, True)])
def test_it_is_the_block_that_says_so(tmp_path: Path, start: int, legal: bool) -> None:
    """A load of the block passes by the busy die where no group forbids it."""
    ticks = {"Block_Erase_SLC": (1, 4), "Change_Row_Address": (1,)}
    story = Story(small_config(tmp_path, ticks, empty=("op_state",)))
    story.op("Block_Erase_SLC", at=0)
    story.op("Change_Row_Address", at=start, celltype="SLC")
    if legal:
        story.accepted()
    else:
        story.refused("block-in-flight")
