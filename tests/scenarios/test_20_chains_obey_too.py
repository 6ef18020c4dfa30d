"""20. Rules hold between operations of one chain as between strangers."""

from __future__ import annotations

import pytest

from model.config import Config
from tests.scenarios.stage import Story, us


@pytest.mark.parametrize(("step", "following"), [(0, 1), (1, 2)])
def test_a_step_waits_for_the_one_before(shipped: Config, step: int, following: int) -> None:
    before = Story(shipped)
    before.op("ERASE_TLC", row=1)
    story = before.then()
    steps = [story.op(word, row=1) for word in ("LSB", "CSB", "MSB_23H")]
    told = story.tell()
    story.accepted()
    later = {line: told.start(line) + us(100) for line in steps[following + 1 :]}
    early = {steps[following]: told.end(steps[step]) - 1, **later}
    assert {"op-state", "plane-busy"} <= set(story.refused("chain", early).by_rule)


def test_a_follower_of_a_cache_program_waits_for_its_window(shipped: Config) -> None:
    before = Story(shipped)
    before.op("ERASE", row=1)
    story = before.then()
    first = story.op("CACHE_PROGRAM", row=1)
    second = story.op("CACHE_PROGRAM", row=1, page=1)
    told = story.tell()
    story.accepted({second: told.end(first) - us(10)})
    story.refused("op-state", {second: told.end(first) - us(10) - 1})


def test_the_last_program_of_a_cache_chain_does_not_take_over(shipped: Config) -> None:
    """DATA_IN lets only CACHE_PROGRAM_SLC in, also in its own chain."""
    before = Story(shipped)
    before.op("ERASE", row=1)
    story = before.then()
    first = story.op("CACHE_PROGRAM", row=1)
    closing = story.op("PROGRAM", row=1, page=1)
    told = story.tell(drained=True)
    story.accepted(drained=True)
    assert told.start(closing) == told.end(first)
    story.refused("op-state", {closing: told.end(first) - us(5)})


def test_a_delivery_waits_for_the_data_and_for_the_bus(shipped: Config) -> None:
    before = Story(shipped)
    before.programmed(row=1)
    story = before.then()
    read = story.op("READ", row=1)
    delivery = story.op("DOUT", row=1)
    other = story.op("STATUS", die=1, at=story.boundary.time + us(30), exp="ready")
    told = story.tell()
    ready = told.core(read)[0][1]
    assert told.start(delivery) >= ready
    story.refused("op-state", {delivery: ready - 1, other: ready + us(50)})
    story.refused("bus", {delivery: ready, other: ready + us("9.9444") - 1})
    story.accepted({delivery: ready, other: ready + us("9.9444")})


def test_a_copyback_program_does_not_start_in_the_window_of_its_read(shipped: Config) -> None:
    before = Story(shipped)
    before.programmed(row=1)
    before.op("ERASE", row=2)
    story = before.then()
    read = story.op("COPYBACK_READ", row=1)
    program = story.op("COPYBACK_PROGRAM", row=2)
    told = story.tell(drained=True)
    story.accepted(drained=True)
    assert told.start(program) == told.end(read)
    story.refused("op-state", {program: told.end(read) - us(3)})


def test_a_chain_keeps_its_address(shipped: Config) -> None:
    for row, page, planes in ((1, 1, 0), (2, 0, 0), (1, 0, 1)):
        before = Story(shipped)
        before.op("ERASE_TLC", row=1)
        before.op("ERASE_TLC", row=2)
        before.op("ERASE_TLC", row=1, planes=1)
        story = before.then()
        story.op("LSB", row=1)
        story.op("CSB", row=row, page=page, planes=planes)
        story.refused("chain")
