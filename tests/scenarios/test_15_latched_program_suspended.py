"""15. LSB, CSB, MSB_23H (2000): suspended in mid-busy, although the one-shot latch is held."""

from __future__ import annotations

import pytest

from model.config import Config
from tests.scenarios.stage import Story, us
from tests.scenarios.told import Line


def one_shot(config: Config) -> tuple[Story, list[Line]]:
    """The steps of a one-shot program of row 1."""
    before = Story(config)
    before.op("ERASE_TLC", row=1)
    story = before.then()
    return story, [story.op(step, row=1) for step in ("LSB", "CSB", "MSB_23H")]


def test_it_is_suspended_in_the_middle(shipped: Config) -> None:
    story, (lsb, csb, program) = one_shot(shipped)
    story.op("P_SUSPEND", inside=(program, us(1000)))
    resume = story.op("P_RESUME")
    told = story.tell(drained=True)
    story.accepted(drained=True)
    step = us("29.8244")  # ISSUE 9.8244, CORE_BUSY 20
    assert [told.start(line) for line in (csb, program)] == [told.start(lsb) + step, told.start(lsb) + 2 * step]
    assert told.lengths(program) == [us(1000), us(1000)]
    assert told.end(program) == told.end(resume) + us(1000)
    assert told.block(1) == (3, "TLC", 0)


@pytest.mark.parametrize("step", [0, 1])
def test_the_steps_before_it_are_not_suspended(shipped: Config, step: int) -> None:
    story, steps = one_shot(shipped)
    told = story.tell()
    story.op("P_SUSPEND", at=told.core(steps[step])[0][0] + us(10))
    assert "op-state" in story.refused("suspend-target").by_rule
