"""8. Ten suspensions of one TLC program: remaining strictly decreases, stays positive, executed adds up exactly."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from model.config import Config
from tests.scenarios.stage import Story, us


def test_ten_suspensions(shipped: Config, tmp_path: Path) -> None:
    before = Story(shipped)
    before.op("ERASE_TLC")
    before.op("LSB")
    before.op("CSB")
    story = before.then()
    program = story.op("MSB_23H")
    executed = [us(190) + 1, 1, us(400), us("0.25"), us(7), us(199), us(333), us(100), us(500), us(269)]
    for length in executed:
        story.op("P_SUSPEND", inside=(program, length))
        story.op("P_RESUME")
    told = story.tell(drained=True)
    rest = us(2000) - sum(executed)
    assert rest == us("1.75") - 2
    assert told.lengths(program) == [*executed, rest]
    left = [left for _, state, _, _, left in told.states(program) if state == "CORE_BUSY"]
    assert left == [us(2000) - sum(executed[: n + 1]) for n in range(10)] + [0]
    # each suspension lasts 100.185 + 150.185
    assert told.end(program) == told.start(program) + us("9.8244") + us(2000) + 10 * us("250.37")
    assert told.block(0) == (3, "TLC", 0)
    rows = [row for row in told.files(tmp_path)["events"] if row["event"] == "OP_SUSPENDED"]
    remaining = [us(row["remaining"]) for row in rows]
    assert remaining == left[:-1]
    assert all(late < early for early, late in pairwise(remaining))
    assert [row["fragment"] for row in rows] == [str(n) for n in range(10)]


def test_it_cannot_be_suspended_when_nothing_is_left(shipped: Config) -> None:
    before = Story(shipped)
    before.op("ERASE")
    story = before.then()
    program = story.op("PROGRAM")
    story.op("P_SUSPEND", inside=(program, us(300) - 1))
    resume = story.op("P_RESUME")
    told = story.tell(drained=True)
    story.accepted(drained=True)
    story.op("P_SUSPEND", at=told.end(resume) + 1)  # one tick was left
    story.refused("suspend-target")
