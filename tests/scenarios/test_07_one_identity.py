"""7. n suspensions: one OP_START, one OP_END, page +1 once, all rows of one op_uid."""

from __future__ import annotations

from pathlib import Path

import pytest

from model.config import Config
from model.event import Commands
from model.judge import Judge
from tests.scenarios.stage import Story, us
from tests.scenarios.told import Line


def suspended(config: Config, times: int) -> tuple[Story, Line]:
    """A program of page 0 that is suspended `times` times, after 50 each."""
    before = Story(config)
    before.op("ERASE", row=1)
    story = before.then()
    program = story.op("PROGRAM", row=1)
    for _ in range(times):
        story.op("P_SUSPEND", inside=(program, us(50)))
        story.op("P_RESUME")
    return story, program


@pytest.mark.parametrize("times", [0, 1, 2, 5])
def test_it_starts_once_and_ends_once(shipped: Config, times: int) -> None:
    story, program = suspended(shipped, times)
    told = story.tell(drained=True)
    events = [event for _, event, _ in told.events(program)]
    assert events == ["OP_START", *["OP_SUSPENDED", "OP_RESUMED"] * times, "OP_END"]
    assert told.lengths(program) == [us(50)] * times + [us(300 - 50 * times)]
    assert told.block(1) == (3, "SLC", 0)


def test_all_its_rows_carry_its_number(shipped: Config, tmp_path: Path) -> None:
    story, program = suspended(shipped, 3)
    told = story.tell(drained=True)
    uid = str(told.op_uid[program])
    files = told.files(tmp_path)
    sent = [row for row in files["operation_sequence"] if row["op_name"] == program.name.name]
    timeline = [row for row in files["operation_timeline"] if row["op_name"] == program.name.name]
    busy = [row for row in files["op_state_timeline"] if row["op_state"] == "PROGRAM_SLC.CORE_BUSY"]
    assert [row["op_uid"] for row in sent] == [uid]
    assert [row["op_uid"] for row in timeline] == [uid] * 4  # a row per piece
    assert [row["op_uid"] for row in busy] == [uid] * 4 * 4  # four pieces on four planes
    touched = [row for row in files["address_touch_count"] if row["op_base"] == "PROGRAM"]
    assert [row["count"] for row in touched] == ["1"]


def test_the_page_is_not_there_before_the_true_end(shipped: Config) -> None:
    story, _ = suspended(shipped, 1)
    told = story.tell()
    read = story.op("READ", row=1, at=told.boundary.time)
    story.accepted()
    resume = story.lines[2]
    inside = {resume: told.end(resume), read: told.start(resume)}
    assert {"block-in-flight", "suspended-block"} <= set(story.refused("read-programmed", inside).by_rule)


def test_the_next_page_comes_after_the_true_end(shipped: Config) -> None:
    story, program = suspended(shipped, 2)
    told = story.tell()
    following = story.op("PROGRAM", row=1, page=1, at=told.end(program))
    story.accepted()
    story.refused("page-order", {following: told.end(program) - 1})


def test_a_second_command_under_its_number_is_refused(shipped: Config) -> None:
    story, program = suspended(shipped, 1)
    told = story.tell()
    time, _, *what = told.rows[-1]
    rows = [*told.rows[:-1], (time, told.op_uid[program], *what)]
    judge = Judge(shipped)
    judge.feed(Commands.of(rows))
    assert "op-uid" in judge.finish().by_rule
