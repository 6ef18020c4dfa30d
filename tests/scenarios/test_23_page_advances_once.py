"""23. LSB, CSB, MSB_23H advances the page once; LSB alone never."""

from __future__ import annotations

import pytest

from model.config import Config
from tests.scenarios.stage import Story

ENDS = [("LSB", "CSB", "MSB_23H"), ("LSB", "CSB", "EXEC_MSB"), ("LSB", "CSB", "MSB", "EXEC_MSB")]


def erased(config: Config) -> Story:
    before = Story(config)
    before.op("ERASE_TLC", row=1)
    return before.then()


@pytest.mark.parametrize("steps", ENDS)
def test_a_chain_advances_the_page_once(shipped: Config, steps: tuple[str, ...]) -> None:
    story = erased(shipped)
    for page in range(2):
        for step in steps:
            story.op(step, row=1, page=page)
    told = story.tell(drained=True)
    assert told.block(1) == (3, "TLC", 1)


@pytest.mark.parametrize("steps", [("LSB",), ("LSB", "CSB"), ("LSB", "CSB", "MSB")])
def test_steps_alone_do_not(shipped: Config, steps: tuple[str, ...]) -> None:
    story = erased(shipped)
    for step in steps:
        story.op(step, row=1)
    told = story.tell()
    assert told.block(1) == (2, "TLC", -1)
    story.op("READ_TLC", row=1)
    assert "read-programmed" in story.refused("open-chain-page").by_rule


def test_a_reset_leaves_the_page_to_be_programmed(shipped: Config) -> None:
    story = erased(shipped)
    story.op("LSB", row=1)
    story.op("RESET")
    for step in ENDS[0]:
        story.op(step, row=1)
    told = story.tell(drained=True)
    story.accepted(drained=True)
    assert told.block(1) == (3, "TLC", 0)


@pytest.mark.parametrize("page", [0, 2])
def test_the_next_chain_takes_the_next_page(shipped: Config, page: int) -> None:
    story = erased(shipped)
    for step in ENDS[0]:
        story.op(step, row=1)
    story.tell()
    story.op("LSB", row=1, page=page)
    story.refused("page-order")
