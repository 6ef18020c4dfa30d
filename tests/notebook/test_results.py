"""Results in a notebook: DataFrames, and a timeline that shows itself."""

from __future__ import annotations

import csv
import shutil
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from model.config import Config
from planner import Planned, Results, UnusableInput, plan, results
from tests.recorded.made import planned, story_in


@pytest.fixture(scope="module")
def result(shipped: Config, tmp_path_factory: pytest.TempPathFactory) -> Planned:
    """Two runs."""
    return plan(shipped, out=tmp_path_factory.mktemp("out"), seed=3, ops=60, runs=2, date="260102")


def rows_of(result: Planned, run: int, table: str) -> list[dict[str, str]]:
    """A file of a run, by another reader."""
    path = result.runs[run - 1].files[0].with_name(f"{table}_260102_{run:07d}.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_sequence_has_every_command_of_every_run(result: Planned) -> None:
    frame = result.sequence
    for number in (1, 2):
        rows = rows_of(result, number, "operation_sequence")
        own = frame[frame["run"] == number]
        assert own["op_uid"].tolist() == [int(row["op_uid"]) for row in rows]
        assert own["payload"].tolist() == [row["payload"] for row in rows]


def test_times_are_numbers_that_read_back_as_the_decimals_of_the_file(result: Planned) -> None:
    rows = rows_of(result, 1, "operation_timeline")
    own = result.timeline[result.timeline["run"] == 1]
    assert own["start"].tolist() == [float(row["start"]) for row in rows]
    assert [f"{time:.4f}" for time in own["start"]] == [row["start"] for row in rows]


def test_an_address_that_is_not_there_is_missing_and_others_are_whole_numbers(result: Planned) -> None:
    frame = result.timeline
    assert str(frame["block"].dtype) == "Int64"
    assert frame["block"].isna().any()
    assert frame["block"].notna().any()


def test_hits_of_all_runs_are_added_up(result: Planned) -> None:
    due: Counter[tuple[str, str, int]] = Counter()
    for number in (1, 2):
        for row in rows_of(result, number, "op_state_name_input_time_count"):
            due[row["op_state"], row["op_name"], int(float(row["input_time"]) * 100 + 0.5) // 10] += int(row["count"])
    frame = result.coverage
    hit = frame[frame["hits"] > 0]
    assert dict(zip(zip(hit["op_state"], hit["op_name"], hit["bin"], strict=True), hit["hits"], strict=True)) == due


def test_a_cell_hit_in_any_run_is_not_open(result: Planned) -> None:
    frame = result.coverage
    assert not ((frame["hits"] > 0) & (frame["status"] == "open")).any()
    assert (frame["status"] == "open").any()


def test_without_a_coverage_file_the_cells_hit_are_there(result: Planned, tmp_path: Path) -> None:
    shutil.copytree(result.runs[0].files[0].parent, tmp_path / "copy")
    for path in (tmp_path / "copy").glob("coverage_*"):
        path.unlink()
    kept, hit = results(tmp_path / "copy").coverage, result.coverage
    hit = hit[hit["hits"] > 0].sort_values(["op_state", "op_name", "bin"], ignore_index=True)
    pd.testing.assert_frame_equal(kept, hit[list(kept.columns)], check_dtype=False)


def test_other_tables_come_by_name(result: Planned) -> None:
    events = result.results.table("events")
    assert len(events) == sum(len(rows_of(result, number, "events")) for number in (1, 2))
    with pytest.raises(UnusableInput, match=r"evnets_260102_0000001\.csv: cannot be read"):
        result.results.table("evnets")


def test_a_notebook_shows_counts_and_a_timeline(result: Planned) -> None:
    html = result._repr_html_()
    root = ET.fromstring(html)
    words = [div.text or "" for div in root.iter("div")]
    assert any(f"run 1, {result.runs[0].counts.operations:,} operations" in text for text in words)
    assert any("legal: the judge found nothing" in text for text in words)
    assert list(root.iter("{http://www.w3.org/2000/svg}svg"))
    assert len(html) < 1_000_000


def test_a_part_of_the_timeline_is_shown_by_times_of_the_tables(result: Planned) -> None:
    start = float(result.timeline["start"].iloc[-1])
    shown = result.show(start - 1e-9 - 100, start + 100)._repr_html_()
    assert shown.startswith("<svg")
    assert result.show(-5.0, 100)._repr_html_() == result.show(0, 100)._repr_html_()
    with pytest.raises(UnusableInput, match="no time lies between"):
        result.show(100, 50)


def test_what_it_says_of_itself_has_no_clock_and_no_path(result: Planned) -> None:
    first, second = (f"{run.counts.operations:,}" for run in result.runs)
    assert repr(result) == f"<Planned run 1: {first} operations, run 2: {second} operations>"


def test_finished_runs_are_opened_again(result: Planned) -> None:
    again = results(result.runs[0].files[0].parent)
    assert isinstance(again, Results)
    assert again.sequence.equals(result.sequence)
    assert again._repr_html_() == result._repr_html_()


def test_only_the_runs_of_this_plan_are_its_results(shipped: Config, tmp_path: Path) -> None:
    first = plan(shipped, out=tmp_path, seed=1, ops=40, date="260102")
    snapshot = tmp_path / "snapshots" / "state_snapshot_0000001.json"
    second = plan(shipped, out=tmp_path, seed=1, ops=40, date="260102", snapshot=snapshot)
    assert first.sequence["run"].unique().tolist() == [1]
    assert second.sequence["run"].unique().tolist() == [2]


def test_a_folder_without_runs_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnusableInput, match="there is no operation_sequence"):
        results(tmp_path)


def test_runs_of_another_config_than_the_one_given_are_refused(shipped: Config, tmp_path: Path) -> None:
    story_in(tmp_path)
    with pytest.raises(UnusableInput, match="made with another config"):
        results(tmp_path, shipped).svg()
    assert results(tmp_path).svg().startswith("<svg")


def test_opening_a_folder_reads_no_table() -> None:
    assert repr(results(planned())).startswith("Results(")
