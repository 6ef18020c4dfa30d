"""3. A window that begins in the middle of a suspension still yields operations, and the RESUME."""

from __future__ import annotations

from pathlib import Path

import pytest

from model.config import Config
from planner.decode import decode
from planner.run import plan
from planner.solve import Solved
from tests.scenarios.stage import Story, us
from tests.scenarios.told import Told, rows_from, tables


def suspended(config: Config) -> Told:
    """An erase of row 1, cut after 3000; row 2 holds a page."""
    before = Story(config)
    before.programmed(row=2)
    story = before.then()
    erase = story.op("ERASE", row=1)
    story.op("E_SUSPEND", inside=(erase, us(3000)))
    return story.tell()


@pytest.mark.parametrize("at_once", [False, True])
def test_the_next_window_reads_and_resumes(shipped: Config, at_once: bool) -> None:
    first = suspended(shipped)
    story = Story(shipped, first, at_once)
    read = story.op("READ", row=2)
    story.op("DOUT", row=2)
    resume = story.op("E_RESUME")
    told = story.tell(drained=True)
    story.accepted(drained=True)
    suspension_ends = first.boundary.time
    assert told.start(read) == suspension_ends
    assert told.boundary.time == told.end(resume) + us(4000)  # 7000 - 3000 are left
    assert told.block(1) == (2, "SLC", -1)


def test_a_window_may_end_in_the_suspension_and_the_next_one_resume(shipped: Config) -> None:
    middle = Story(shipped, suspended(shipped))
    middle.op("READ", row=2)
    middle.op("DOUT", row=2)
    story = middle.then()
    resume = story.op("E_RESUME")
    told = story.tell(drained=True)
    story.accepted(drained=True)
    assert told.boundary.time == told.end(resume) + us(4000)


def test_the_continuation_is_cut_again_in_a_later_window(shipped: Config) -> None:
    middle = suspended(shipped).story.then()
    resume = middle.op("E_RESUME")
    told = middle.tell()
    continued = told.end(resume)
    story = middle.then(at_once=True)
    cut = story.op("E_SUSPEND", at=continued + us(1000))
    story.accepted()
    again = story.op("E_RESUME", at=continued + us(1000) + us("100.185"))
    story.accepted(drained=True)
    report = story.judged({cut: continued + us(4000), again: continued + us(5000)})
    assert "suspend-target" in report.by_rule  # at the very end of the rest


def test_a_run_from_a_snapshot_in_a_suspension(shipped: Config, tmp_path: Path) -> None:
    told = suspended(shipped)
    result = plan(shipped, out=tmp_path / "out", seed=3, ops=60, date="260101", snapshot=told.snapshot(tmp_path))
    assert result.runs[0].report.legal
    sent = tables(tmp_path / "out", run=result.runs[0].run)["operation_sequence"]
    assert len(sent) >= 60
    assert "Erase_Resume" in [row["op_name"] for row in sent]


@pytest.mark.parametrize("first", range(1, 12))
def test_a_window_may_begin_before_any_operation(shipped: Config, first: int) -> None:
    """The rest of a history of nested suspensions, reads, deliveries and a cache chain, planned in a window of its own:
    the same commands, and the same device afterwards."""
    before = Story(shipped)
    before.programmed(row=2, pages=2)
    before.op("ERASE", row=3)
    whole = before.then()
    erase = whole.op("ERASE", row=1)
    whole.op("STATUS", inside=(erase, us(1000)))
    whole.op("E_SUSPEND", inside=(erase, us(2000)))
    whole.op("READ", row=2, page=1)
    whole.op("DOUT", row=2, page=1)
    program = whole.op("CACHE_PROGRAM", row=3)
    whole.op("P_SUSPEND", inside=(program, us(100)))
    whole.op("STATUS", after=whole.lines[-1])
    whole.op("P_RESUME")
    whole.op("CACHE_PROGRAM", row=3, page=1, inside=(program, us(3)), state="DATA_IN")
    whole.op("PROGRAM", row=3, page=2)
    whole.op("E_RESUME")
    told = whole.tell(drained=True)
    solved = whole.rest(first, drained=True)
    assert isinstance(solved, Solved), solved
    decoded = decode(solved)
    assert tuple(rows_from(decoded.chunk.commands)) == told.rows[-len(whole.lines) + first :]
    assert decoded.boundary == told.cut
