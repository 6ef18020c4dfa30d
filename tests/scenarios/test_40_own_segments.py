"""40. Each run exports its own segments only."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from planner.run import plan
from tests.scenarios.stage import us
from tests.scenarios.told import changed, tables


@pytest.mark.parametrize("carry_over", [False, True])
@pytest.mark.parametrize("seed", [1, 2])
def test_no_row_stands_in_two_runs(tmp_path: Path, carry_over: bool, seed: int) -> None:
    config = changed(tmp_path, policies={"carry_over": carry_over})
    plan(config, out=tmp_path / "out", seed=seed, ops=120, runs=2, date="260101")
    first, second = tables(tmp_path / "out", 1), tables(tmp_path / "out", 2)
    assert {row["op_uid"] for row in first["operation_sequence"]}.isdisjoint(
        row["op_uid"] for row in second["operation_sequence"]
    )
    for table in ("op_state_timeline", "operation_timeline", "events"):
        keys = [{tuple(row.values()) for row in run[table]} for run in (first, second)]
        assert keys[0].isdisjoint(keys[1]), table


def test_a_drained_run_has_nothing_of_the_one_before(tmp_path: Path) -> None:
    config = changed(tmp_path)
    result = plan(config, out=tmp_path / "out", seed=3, ops=120, runs=2, date="260101")
    second = tables(tmp_path / "out", 2)
    sent = {row["op_uid"] for row in second["operation_sequence"]}
    for table in ("op_state_timeline", "operation_timeline", "events", "op_event_resume"):
        assert {row["op_uid"] for row in second[table]} <= sent, table
    begin = result.runs[1].counts.begin
    assert min(us(row["start"]) for row in second["op_state_timeline"]) >= begin


def test_together_they_are_the_whole_history(tmp_path: Path) -> None:
    """With what is open carried over, every operation starts and ends once in all files together; what still runs at
    the end of the last run is told by the run that goes on."""
    config = changed(tmp_path, policies={"carry_over": True})
    plan(config, out=tmp_path / "out", seed=5, ops=120, runs=3, date="260101")
    runs = [tables(tmp_path / "out", run) for run in (1, 2, 3)]
    sent = [row["op_uid"] for run in runs for row in run["operation_sequence"]]
    events = [(row["event"], row["op_uid"]) for run in runs for row in run["events"]]
    begun = [uid for event, uid in events if event == "OP_START"]
    over = [uid for event, uid in events if event in ("OP_END", "OP_ABORT")]
    last = json.loads((tmp_path / "out" / "snapshots" / "state_snapshot_0000003.json").read_text(encoding="utf-8"))
    running = {str(live["op_uid"]) for die in last["dies"] for live in die["running"]}
    suspended = {str(live["op_uid"]) for die in last["dies"] for live in die["suspended"]}
    assert sorted(begun, key=int) == [uid for uid in sent if uid not in running]
    assert sorted(over, key=int) == [uid for uid in sent if uid not in running | suspended]
