"""All files of a run appear together, or none."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from model.boundary import Boundary, LiveOp, PlaneState
from model.device import Device
from model.event import Ended
from planner.coverage import HitCounter
from planner.errors import UnusableOutput
from planner.export import RunWriter
from tests.export.histories import history
from tests.export.stories import suspended_erase
from tests.export.tiny import US, Script, config


def writer_in(out: Path, **more: object) -> RunWriter:
    """A writer of run 3."""
    return RunWriter(config(), out, run=3, date="260102", seed=7, **more)  # type: ignore[arg-type]


def everything(folder: Path) -> list[str]:
    """All files below a folder."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_nothing_has_its_name_before_the_commit(tmp_path: Path) -> None:
    writer = writer_in(tmp_path)
    writer.write(suspended_erase().chunk())
    writer.finish()
    assert all(Path(name).name.startswith(".") for name in everything(tmp_path))
    writer.discard()
    assert everything(tmp_path) == []


def test_a_failure_leaves_nothing(tmp_path: Path) -> None:
    def fails() -> None:
        with writer_in(tmp_path) as writer:
            writer.write(suspended_erase().chunk())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    assert everything(tmp_path) == []


def test_a_commit_publishes_every_file_of_the_run(tmp_path: Path) -> None:
    with writer_in(tmp_path) as writer:
        writer.write(suspended_erase().chunk())
        paths = writer.commit(Boundary.fresh(Device(config())), stream=5)
    assert sorted(str(path.relative_to(tmp_path)) for path in paths) == everything(tmp_path)
    assert everything(tmp_path) == [
        "address_touch_count_260102_0000003.csv",
        "coverage_260102_0000003.csv",
        "events_260102_0000003.csv",
        "op_event_resume_260102_0000003.csv",
        "op_state_name_input_time_count_260102_0000003.csv",
        "op_state_timeline_260102_0000003.csv",
        "operation_sequence_260102_0000003.csv",
        "operation_timeline_260102_0000003.csv",
        "phase_proposal_counts_260102_0000003.csv",
        "run_0000003.json",
        "snapshots/state_snapshot_0000003.json",
        "snapshots/state_snapshot_0000003.npy",
        "timing_0000003.json",
    ]


def test_a_file_that_cannot_get_its_name_takes_the_others_back(tmp_path: Path) -> None:
    (tmp_path / "run_0000003.json").mkdir()
    (tmp_path / "run_0000003.json" / "in the way").touch()
    with writer_in(tmp_path) as writer:
        writer.write(suspended_erase().chunk())
        with pytest.raises(UnusableOutput, match=r"run_0000003\.json"):
            writer.commit()
    assert everything(tmp_path) == ["run_0000003.json/in the way"]


def test_a_drained_run_has_no_operation_without_an_end(tmp_path: Path) -> None:
    script = Script()
    script.send(0, "Erase", 0, [1], 1, 0, states=1)
    script.span(1, 0, 1, 1, 31, 100, Ended.SUSPENDED)
    script.send(31, "Suspend", 0)
    with writer_in(tmp_path) as writer:
        writer.write(script.chunk())
        with pytest.raises(RuntimeError, match=r"op_uid 1$"):
            writer.commit(Boundary.fresh(Device(config())))
    assert everything(tmp_path) == []


def test_a_folder_that_is_a_file_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "out").touch()
    with pytest.raises(UnusableOutput, match="out: cannot be written"):
        writer_in(tmp_path / "out")


def test_the_run_page_has_no_clock_and_the_same_run_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        with writer_in(tmp_path / name) as writer:
            writer.write(history(1).chunk())
            writer.commit(sections={"verdict": {"legal": True}, "counts": {"dropped": 2}}, seconds={"solve": 1.0})
    for name in everything(tmp_path / "a"):
        if not name.startswith("timing"):
            assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    page = json.loads((tmp_path / "a" / "run_0000003.json").read_text())
    assert page["config"] == config().digest
    assert (page["seed"], page["counts"]["dropped"], page["verdict"]) == (7, 2, {"legal": True})


def test_the_counts_tell_what_happened(tmp_path: Path) -> None:
    with writer_in(tmp_path) as writer:
        writer.write(suspended_erase().chunk())
        counts = writer.finish()
    assert (counts.operations, counts.ended, counts.suspensions, counts.resumed, counts.aborted) == (7, 7, 1, 1, 0)
    assert (counts.device_time, counts.cells, counts.hits) == (151 * US, 5, 5)
    assert counts.by_base["ERASE"] == 1


def test_a_run_goes_on_with_what_was_suspended_before_it(tmp_path: Path) -> None:
    first, whole = Script(), suspended_erase()
    base = first.catalogue.base("ERASE_SUSPEND").index
    fresh = Boundary.fresh(Device(config()))
    erase = LiveOp(1, whole.rows[0][2], 0, 3, 1, 0, 1, 0, 0, 31 * US, 70 * US, 31 * US)
    die = replace(fresh.dies[0], planes=(PlaneState(last=base),) * 2, suspended=(erase,))
    start = replace(fresh, time=40 * US, next_op_uid=2, dies=(die, fresh.dies[1]))
    second = Script()
    second.rows, second.notes = whole.rows[3:4], whole.notes[3:4]
    second.spans = [span for span in whole.spans if span[0] == 4]
    second.span(1, 1, 1, 53, 123, 70, Ended.NORMALLY)
    with writer_in(tmp_path, start=start) as writer:
        writer.write(second.chunk())
        writer.commit()
    events = (tmp_path / "events_260102_0000003.csv").read_text()
    assert "53.0000,OP_RESUMED,1,Erase_Multi,ERASE,,0,0+1,1,70.0000\n" in events
    timeline = (tmp_path / "operation_timeline_260102_0000003.csv").read_text().splitlines()[1:]
    assert timeline[0].startswith("50.0000,53.0000,0,0,,,Resume,ERASE_RESUME,resume,4,ERASE_SUSPEND.END,")
    assert timeline[2:] == [
        "53.0000,123.0000,0,0,2,0,Erase_Multi,ERASE,,1,,,",
        "53.0000,123.0000,0,1,3,0,Erase_Multi,ERASE,,1,,,",
    ]


def test_hits_add_up_in_any_order(tmp_path: Path) -> None:
    counters = []
    for seed in (1, 2, 3):
        with writer_in(tmp_path) as writer:
            writer.write(history(seed).chunk())
            writer.finish()
            counters.append(writer.hits)
    forward, backward = HitCounter(config()), HitCounter(config())
    forward.merge(counters)
    backward.merge(reversed(counters))
    assert np.array_equal(forward.hits, backward.hits)
    assert forward.total == sum(counter.total for counter in counters) > 0
