"""The Python front: light to import, the words of the command line, the files of the command line."""

from __future__ import annotations

import datetime
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import planner
from model.config import Config
from planner import PlanResult, RunSummary, UnusableInput, UnusableOutput, load, plan
from planner.cli import run as command_line

HEAVY = ("ortools", "pandas", "numpy", "pydantic", "rich", "typer")


def run_of(result: PlanResult) -> RunSummary:
    (run,) = result.runs
    return run


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = f"import planner, sys; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_loading_a_config_needs_no_solver() -> None:
    code = "from planner import load; load(); import sys; print('ortools' in sys.modules, 'pandas' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


def test_every_public_name_is_there() -> None:
    assert all(getattr(planner, name) is not None for name in planner.__all__)
    assert set(planner.__all__) <= set(dir(planner))


def test_any_other_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'plam'"):
        _ = planner.plam  # type: ignore[attr-defined]


def test_a_plan_tells_its_files_counts_and_verdict(shipped: Config, tmp_path: Path) -> None:
    run = run_of(plan(shipped, out=tmp_path, seed=7, ops=100, date="250101"))
    assert run.files[0] == tmp_path / "operation_sequence_250101_0000001.csv"
    assert all(file.is_file() for file in run.files)
    assert run.counts.operations >= 100
    assert run.report.legal


def test_the_files_are_those_of_the_command_line(tmp_path: Path) -> None:
    plan(out=str(tmp_path / "api"), seed=3, ops=100, date=datetime.date(2025, 1, 1))
    args = ["plan", "--out", str(tmp_path / "cli"), "--seed", "3", "--ops", "100", "--date", "250101", "--no-progress"]
    assert command_line(args) == 0
    for name in ("operation_sequence_250101_0000001.csv", "events_250101_0000001.csv", "run_0000001.json"):
        assert (tmp_path / "api" / name).read_bytes() == (tmp_path / "cli" / name).read_bytes()


@pytest.mark.parametrize("until", ["5000", 5000, 5000.0])
def test_no_operation_of_interest_starts_after_until(shipped: Config, tmp_path: Path, until: Any) -> None:
    run = run_of(plan(shipped, out=tmp_path, until_us=until, date="250101"))
    assert 0 < run.counts.operations < 2000


def test_a_snapshot_is_gone_on_from(shipped: Config, tmp_path: Path) -> None:
    first = plan(shipped, out=tmp_path, seed=1, ops=50, date="250101")
    state = tmp_path / "snapshots" / "state_snapshot_0000001.json"
    second = plan(shipped, out=tmp_path, seed=1, ops=50, date="250101", snapshot=state)
    assert run_of(second).run == run_of(first).run + 1


def test_a_config_file_is_read_where_a_path_is_given(tmp_path: Path) -> None:
    with pytest.raises(planner.ConfigError, match=r"nowhere\.yaml"):
        plan(tmp_path / "nowhere.yaml", out=tmp_path, ops=10)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({}, "give ops or until_us"),
        ({"ops": 0}, "ops=0: allowed: a whole number, 1 or more"),
        ({"ops": 2.5}, "ops=2.5"),
        ({"ops": 10, "seed": -1}, "seed=-1: allowed: a whole number, 0 or more"),
        ({"ops": 10, "runs": 0}, "runs=0"),
        ({"ops": 10, "date": "2025-01-01"}, "date='2025-01-01': not a date"),
        ({"ops": 10, "date": "251301"}, "date='251301': not a date"),
        ({"until_us": "soon"}, "until_us='soon'"),
        ({"until_us": 0}, "until_us=0: allowed: a time in us, more than 0"),
        ({"ops": 10, "snapshot": "no/such.json"}, "no/such.json"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(
    shipped: Config, tmp_path: Path, words: dict[str, Any], message: str
) -> None:
    with pytest.raises(UnusableInput) as refused:
        plan(shipped, out=tmp_path, **words)
    assert message in str(refused.value)
    assert not list(tmp_path.iterdir())


def test_an_out_that_is_no_folder_is_unusable(shipped: Config, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("", encoding="utf-8")
    with pytest.raises(UnusableOutput):
        plan(shipped, out=file / "below", ops=10)


def test_load_is_that_of_the_config() -> None:
    assert load().digest
