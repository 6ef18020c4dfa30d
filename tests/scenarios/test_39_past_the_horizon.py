"""39. Operations that start before the horizon end after it, and are in the outputs. [drained]"""

from __future__ import annotations

from pathlib import Path

import pytest

from model.config import Config
from planner.run import plan
from planner.solve import Budget, Solved, solve
from planner.window.spec import WindowSpec
from tests.scenarios.stage import Story, us
from tests.scenarios.told import tables

OPENERS = {"ERASE", "ERASE_SUSPEND", "PROGRAM_SUSPEND", "RESET", "RESET_LUN", "SR", "SR_ADD", "CAMREAD", "TEMPSENSOR",
           "DSL_VTH_CHECK", "READ4K", "PLANE_READ4K", "SETPARA", "SETFEATURE", "READID", "ODTDISABLE"}  # fmt: skip
"""Bases that are never sent to close something."""


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_began_in_time_is_there_with_its_end(shipped: Config, tmp_path: Path, seed: int) -> None:
    horizon = us(5000)
    plan(shipped, out=tmp_path, seed=seed, until=horizon, date="260101")
    files = tables(tmp_path)
    events = files["events"]
    begun = {row["op_uid"]: us(row["time"]) for row in events if row["event"] == "OP_START"}
    over = {row["op_uid"]: us(row["time"]) for row in events if row["event"] in ("OP_END", "OP_ABORT")}
    late = {uid for uid in begun if begun[uid] < horizon < over[uid]}
    assert begun.keys() == over.keys()
    assert late  # an erase takes 7000
    bases = {row["op_uid"]: row["op_base"] for row in events}
    assert not {bases[uid] for uid in begun if begun[uid] >= horizon} & OPENERS
    for table in ("operation_sequence", "operation_timeline", "op_state_timeline"):
        assert late <= {row["op_uid"] for row in files[table]}, table
    ends = {row["op_uid"]: us(row["end"]) for row in files["op_state_timeline"]}
    assert max(ends.values()) == max(over[uid] for uid in ends)


@pytest.mark.parametrize("horizon", [8000, 20000])
@pytest.mark.parametrize("seed", range(1, 9))
def test_any_horizon_is_kept(shipped: Config, tmp_path: Path, seed: int, horizon: int) -> None:
    """Whatever still runs when nothing else can start in time, the run is drained and nothing new is begun."""
    result = plan(shipped, out=tmp_path, seed=seed, until=us(horizon), date="260101")
    assert result.runs[0].report.legal
    bases = {spec.name: spec.base for spec in shipped.names}
    sent = tables(tmp_path)["operation_sequence"]
    assert not {bases[row["op_name"]] for row in sent if us(row["time"]) >= us(horizon)} & OPENERS


def test_nothing_starts_past_the_room_of_its_window(shipped: Config) -> None:
    """Also not where its place inside of its host is fixed."""
    story = Story(shipped)
    erase = story.op("ERASE", row=1)
    story.op("E_SUSPEND", inside=(erase, us(3000)))
    ops = tuple(line.spec for line in story.lines)
    for ceiling, fits in ((us("3000.11"), True), (us("3000.11") - 1, False)):
        window = WindowSpec(ops, True, 0, ceiling)
        assert isinstance(solve(story.device, story.boundary, window, Budget()), Solved) == fits


OPEN = {
    "a suspended erase": [("ERASE", 1), ("E_SUSPEND", 0)],
    "an undelivered read": [("ERASE", 1), ("PROGRAM", 1), ("READ", 1)],
    "an open one-shot chain": [("ERASE_TLC", 1), ("LSB", 1)],
    "an open cache program": [("ERASE", 1), ("CACHE_PROGRAM", 1)],
    "ODT disabled": [("ODT_Disable", 0)],
}


@pytest.mark.parametrize("name", OPEN)
def test_a_finished_plan_leaves_nothing_open(shipped: Config, name: str) -> None:
    story = Story(shipped)
    for word, row in OPEN[name]:
        story.op(word, row=row, inside=(story.lines[-1], us(100)) if word == "E_SUSPEND" else None)
    story.tell()
    story.accepted()
    story.refused("drained", drained=True)


@pytest.mark.parametrize("name", OPEN)
def test_a_reset_or_what_is_due_closes_it(shipped: Config, name: str) -> None:
    story = Story(shipped)
    for word, row in OPEN[name]:
        story.op(word, row=row, inside=(story.lines[-1], us(100)) if word == "E_SUSPEND" else None)
    story.op("ODT_Reenable" if name == "ODT disabled" else "RESET")
    story.tell(drained=True)
    story.accepted(drained=True)


def test_an_open_cache_read(shipped: Config) -> None:
    before = Story(shipped)
    before.programmed(row=1, pages=2)
    story = before.then()
    story.op("READ", row=1)
    story.op("DOUT", row=1)
    story.op("CACHE_READ", row=1, page=1)
    story.tell()
    story.refused("drained", drained=True)
