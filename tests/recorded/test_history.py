"""What the files of runs tell: planes, bus, suspensions, operations; ranges; which folders can be used."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import polars as pl
import pytest

from planner.errors import UnusableInput
from planner.recorded.folder import facts_of, read_range, runs_of
from planner.recorded.history import NOTHING, read_history
from tests.recorded.made import history_of, planned, story, story_in, us


def test_a_plane_has_the_segments_of_its_operations() -> None:
    rows = story().segments.filter(die=0, plane=1).select("start", "end", "base", "state", "op_uid").rows()
    assert rows == [
        (us(0), us(1), "ERASE", "ISSUE", 1),
        (us(1), us(31), "ERASE", "CORE_BUSY", 1),
        (us(31), us(32), "ERASE_SUSPEND", "ISSUE", 3),
        (us(32), us(36), "ERASE_SUSPEND", "CORE_BUSY", 3),
        (us(50), us(51), "ERASE_RESUME", "ISSUE", 4),
        (us(51), us(53), "ERASE_RESUME", "CORE_BUSY", 4),
        (us(53), us(123), "ERASE", "CORE_BUSY", 1),
        (us(130), us(131), "CAMREAD", "ISSUE", 6),
        (us(131), us(141), "CAMREAD", "CORE_BUSY", 6),
    ]


def test_the_bus_has_every_issue_and_nothing_else() -> None:
    rows = story().bus.select("start", "end", "op_uid").rows()
    assert rows == [
        (us(0), us(1), 1), (us(11), us(11.5), 2), (us(31), us(32), 3), (us(50), us(51), 4), (us(60), us(61), 5),
        (us(130), us(131), 6), (us(150), us(151), 7),
    ]  # fmt: skip


def test_a_suspension_lasts_from_the_cut_to_the_continuation() -> None:
    row = story().gaps.row(0, named=True)
    assert (row["start"], row["end"], row["op_uid"], row["axis"]) == (us(31), us(53), 1, "erase")


def test_status_reads_tell_of_a_suspension_from_the_end_of_the_suspend() -> None:
    assert story().gaps["told"].to_list() == [us(36)]


def test_an_operation_is_one_row_from_its_start_to_its_true_end() -> None:
    row = story().ops.filter(op_uid=1).row(0, named=True)
    assert (row["start"], row["end"], row["cuts"], row["aborted"], row["planes"]) == (0, us(123), 1, False, "0+1")


def test_an_operation_without_a_die_has_none() -> None:
    assert story().ops.filter(op_name="Wait")["die"].to_list() == [NOTHING]


def test_the_span_is_from_the_first_to_the_last_event() -> None:
    assert story().span == (0, us(151))


def test_what_crosses_the_edge_of_a_range_is_cut_there() -> None:
    inside = story().clipped(story().segments.filter(die=0, plane=0), us(20), us(35))
    assert inside.select("start", "end").rows() == [(us(20), us(31)), (us(31), us(32)), (us(32), us(35))]


def test_runs_of_a_folder_are_one_history() -> None:
    history = history_of(planned(ops=60, runs=2))
    assert len(history.runs) == 2
    assert history.ops["op_uid"].to_list() == list(range(1, len(history.ops) + 1))
    assert history.segments["start"].is_sorted()


@pytest.mark.parametrize(
    ("since", "until", "due"),
    [(None, None, (0, us(151))), ("10.5", None, (us(10.5), us(151))), ("0", "7", (0, us(7)))],
)
def test_a_range_is_read_in_us(since: str | None, until: str | None, due: tuple[int, int]) -> None:
    assert read_range(since, until, 4, story().span) == due


@pytest.mark.parametrize(
    ("since", "until", "message"),
    [
        ("soon", None, "--from 'soon': allowed: a time in us, 0 or more, up to 4 decimals"),
        (None, "-1", "--to '-1'"),
        ("1.00001", None, "--from '1.00001'"),
        ("5", "5", "no time lies between 5.0000 and 5.0000; the runs last from 0.0000 to 151.0000 us"),
        ("200", None, "no time lies between 200.0000 and 151.0000"),
    ],
)
def test_a_range_that_cannot_be_is_refused(since: str | None, until: str | None, message: str) -> None:
    with pytest.raises(UnusableInput) as refused:
        read_range(since, until, 4, story().span)
    assert message in str(refused.value)


def test_a_folder_that_is_missing_or_empty_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnusableInput, match="there is no such folder"):
        runs_of(tmp_path / "nowhere")
    with pytest.raises(UnusableInput, match="there is no operation_sequence"):
        runs_of(tmp_path)


def test_a_campaign_is_refused_with_one_of_its_sites(tmp_path: Path) -> None:
    story_in(tmp_path / "site_01")
    with pytest.raises(UnusableInput, match=r"give one of its sites, for instance .*site_01"):
        runs_of(tmp_path)


def test_a_run_of_two_dates_is_refused(tmp_path: Path) -> None:
    story_in(tmp_path)
    shutil.copy(tmp_path / "operation_sequence_260102_0000001.csv", tmp_path / "operation_sequence_260103_0000001.csv")
    with pytest.raises(UnusableInput, match="run 1 is there twice, of 260102 and of 260103"):
        runs_of(tmp_path)


def test_a_broken_table_is_told_with_its_line(tmp_path: Path) -> None:
    history = story_in(tmp_path)
    path = tmp_path / "op_state_timeline_260102_0000001.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("31.0000", "later", 1), encoding="utf-8")
    with pytest.raises(UnusableInput, match=r"op_state_timeline_260102_0000001\.csv:\d+: column end: 'later'"):
        read_history(list(history.runs), history.facts)


def test_runs_of_another_config_than_the_one_given_are_refused(tmp_path: Path) -> None:
    runs = list(story_in(tmp_path).runs)
    from model.config import shipped_path  # noqa: PLC0415

    with pytest.raises(UnusableInput, match="run 1 was made with another"):
        facts_of(runs, shipped_path())


def test_without_their_config_issue_alone_uses_the_bus(tmp_path: Path) -> None:
    runs = list(story_in(tmp_path).runs)
    facts = facts_of(runs, None)
    assert not facts.known
    assert read_history(runs, facts).bus.equals(story().bus)


def test_the_segments_are_those_of_the_file() -> None:
    folder = planned()
    (path,) = folder.glob("op_state_timeline_*.csv")
    file = pl.read_csv(path, infer_schema=False)
    assert len(history_of(folder).segments) == len(file)
    counts = json.loads((folder / "run_0000001.json").read_text(encoding="utf-8"))["counts"]
    assert len(history_of(folder).ops) == counts["operations"]
    assert len(history_of(folder).gaps) == counts["suspensions"]
