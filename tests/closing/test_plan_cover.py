"""`nandplan plan --cover`: what it makes, when it stops, and what it does not accept."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from planner.cli import run
from tests.closing.loops import INSTANCES

TINY = INSTANCES / "tiny.yaml"
CELLS = 358


def planned(out: Path, *options: str, config: Path = TINY) -> int:
    """The exit code of a plan for a device into a folder."""
    words = ["plan", "--config", str(config), "--out", str(out), "--date", "000101", "--no-progress"]
    return run([*words, *options])


def page(out: Path, number: int = 1) -> dict[str, Any]:
    """What a run tells of itself."""
    found: dict[str, Any] = json.loads((out / f"run_{number:07d}.json").read_text(encoding="utf-8"))
    return found


def coverage_rows(out: Path, number: int = 1) -> list[dict[str, str]]:
    with (out / f"coverage_000101_{number:07d}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def recounted(capsys: pytest.CaptureFixture[str], *paths: Path, options: Sequence[str] = ()) -> dict[str, Any]:
    """What `coverage` finds in folders when it counts anew; it has to agree with the files there."""
    capsys.readouterr()
    words = ["coverage", *map(str, paths), "--config", str(TINY), "--json", "--no-progress", *options]
    assert run(words) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of one run that covers all."""
    out = tmp_path_factory.mktemp("whole")
    assert planned(out, "--cover", "1.0", "--seed", "7") == 0
    return out


def test_all_is_covered_and_nothing_is_open(whole: Path) -> None:
    coverage = page(whole)["coverage"]
    assert (coverage["reachable"], coverage["open"], coverage["hit"]) == (CELLS, 0, CELLS)
    assert page(whole)["verdict"]["legal"]


def test_the_plan_is_legal_when_it_is_verified_anew(whole: Path) -> None:
    assert run(["verify", str(next(whole.glob("operation_sequence_*.csv"))), "--config", str(TINY)]) == 0


def test_a_recount_finds_the_same_hits(whole: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = recounted(capsys, whole)
    assert (found["hit"], found["open"], found["coverage"]) == (CELLS, 0, 1.0)


def test_the_coverage_file_has_no_open_cell(whole: Path) -> None:
    statuses = {row["status"] for row in coverage_rows(whole)}
    assert statuses == {"excluded", "unreachable", "reachable"}


def test_operations_are_marked_with_what_they_are_for(whole: Path) -> None:
    proposals = page(whole)["coverage"]
    assert proposals["economy"] >= 1.0


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_the_same_seed_gives_the_same_bytes(whole: Path, tmp_path: Path, hash_seed: str) -> None:
    words = [sys.executable, "-m", "planner.cli", "plan", "--config", str(TINY), "--out", str(tmp_path)]
    words += ["--date", "000101", "--no-progress", "--cover", "1.0", "--seed", "7"]
    subprocess.run(words, check=True, env={**os.environ, "PYTHONHASHSEED": hash_seed}, capture_output=True)
    names = sorted(path.relative_to(whole) for path in whole.rglob("*") if path.is_file() and "timing" not in path.name)
    assert names
    assert [name for name in names if (whole / name).read_bytes() != (tmp_path / name).read_bytes()] == []


def test_a_share_needs_fewer_operations(whole: Path, tmp_path: Path) -> None:
    assert planned(tmp_path, "--cover", "0.5", "--seed", "7") == 0
    half = page(tmp_path)
    assert half["coverage"]["hit"] >= 0.5 * CELLS
    assert half["counts"]["operations"] < page(whole)["counts"]["operations"]


def test_every_cell_is_hit_as_often_as_asked_for(tmp_path: Path) -> None:
    assert planned(tmp_path, "--cover", "1.0", "--hits", "2") == 0
    hits = [int(row["hits"]) for row in coverage_rows(tmp_path) if row["status"] == "reachable"]
    assert len(hits) == CELLS
    assert min(hits) == 2


def test_op_names_have_states_of_their_own_if_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert planned(tmp_path, "--cover", "1.0", "--grain", "op_name") == 0
    found = recounted(capsys, tmp_path, options=["--grain", "op_name"])
    assert found["open"] == 0
    assert found["hit"] == found["reachable"] > CELLS


def test_operations_asked_for_end_a_run_before_its_goal(whole: Path, tmp_path: Path) -> None:
    assert planned(tmp_path, "--cover", "1.0", "--ops", "1", "--seed", "7") == 0
    assert 1 <= page(tmp_path)["counts"]["operations"] < page(whole)["counts"]["operations"]
    assert page(tmp_path)["coverage"]["hit"] < CELLS


def test_the_goal_ends_a_run_before_the_operations_asked_for(whole: Path, tmp_path: Path) -> None:
    assert planned(tmp_path, "--cover", "1.0", "--ops", "100000", "--seed", "7") == 0
    assert page(tmp_path)["counts"] == page(whole)["counts"]


def test_nothing_but_draining_starts_after_the_end_of_the_run(tmp_path: Path) -> None:
    assert planned(tmp_path, "--cover", "1.0", "--run-until", "50000") == 0
    counts = page(tmp_path)["counts"]
    assert counts["operations"] > 0
    # an erase of 7,000 us is the longest that can still run, or be resumed, at the end
    assert float(counts["device_time_us"]) <= 50_000 + 2 * 7_000 + 1_000


def test_runs_of_a_series_cover_together(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert planned(tmp_path, "--cover", "1.0", "--runs", "2", "--ops", "250") == 0
    first, second = (page(tmp_path, number)["coverage"]["hit"] for number in (1, 2))
    assert first < CELLS
    assert second < CELLS
    assert recounted(capsys, tmp_path)["hit"] == CELLS


def test_a_run_goes_on_from_a_snapshot(tmp_path: Path) -> None:
    assert planned(tmp_path / "first", "--ops", "50") == 0
    snapshot = next((tmp_path / "first" / "snapshots").glob("*.json"))
    assert planned(tmp_path / "second", "--cover", "1.0", "--snapshot", str(snapshot)) == 0
    coverage = page(tmp_path / "second", 2)["coverage"]
    assert (coverage["hit"], coverage["open"]) == (CELLS, 0)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--cover", "0"], "--cover '0'"),
        (["--cover", "1.5"], "--cover '1.5'"),
        (["--cover", "x"], "--cover 'x'"),
        (["--cover", "nan"], "--cover 'nan'"),
        (["--cover=-1"], "--cover '-1'"),
        (["--ops", "5", "--hits", "2"], "--hits 2: only together with --cover"),
        (["--cover", "1.0", "--hits", "0"], "--hits"),
        (["--cover", "1.0", "--grain", "foo"], "--grain 'foo'"),
        (["--ops", "5", "--grain", "base"], "--grain base: only together with --cover"),
    ],
)
def test_a_wrong_value_is_one_message(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], said: str
) -> None:
    assert planned(tmp_path / "out", *options) == 2
    told = capsys.readouterr().err
    assert said in told
    assert "Traceback" not in told
    assert not (tmp_path / "out").exists()


def test_an_interrupted_plan_leaves_no_file_behind(tmp_path: Path) -> None:
    # the shipped device takes seconds: it is interrupted as soon as its first line of progress is there
    words = [sys.executable, "-m", "planner.cli", "plan", "--out", str(tmp_path / "out"), "--cover", "1.0"]
    process = subprocess.Popen(words, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    assert process.stderr is not None
    process.stderr.readline()
    process.send_signal(signal.SIGINT)
    said = process.stderr.read()
    assert process.wait(timeout=60) == 130
    assert "Traceback" not in said
    assert not [path for path in (tmp_path / "out").rglob("*") if path.is_file()]


def test_what_a_plan_has_weight_zero_for_is_not_in_it(tmp_path: Path) -> None:
    text = TINY.read_text(encoding="utf-8")
    path = tmp_path / "weights.yaml"
    path.write_text(f"{text}phase_conditional_overrides: {{ERASE.END: {{PROGRAM_SLC: 0.0}}}}\n", encoding="utf-8")
    assert planned(tmp_path / "out", "--cover", "1.0", config=path) == 0
    rows = [row for row in coverage_rows(tmp_path / "out") if row["status"] == "disabled"]
    assert [row["op_state"] for row in rows] == ["ERASE.END", "ERASE.END"]
    assert [row["hits"] for row in rows] == ["0", "0"]
