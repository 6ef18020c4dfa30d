"""`nandplan plan` passes on what was asked, and says what was made; the planner itself is a stand-in here."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from model.judge import Report
from planner.cli import run
from planner.errors import JudgeRefused
from planner.export import Counts

SUMMARY = SimpleNamespace(
    run=1,
    counts=Counts(operations=1200, suspensions=3, begin=0, last=50_000_000, cells=77),
    dropped=2,
    report=Report(1200, ()),
    files=(Path("out/operation_sequence_260102_0000001.csv"),),
    seconds={"solve": 0.5, "export": 0.1},
)


@pytest.fixture
def planner(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A stand-in for the planner that remembers how it was called; `error` is raised if there is one."""
    asked: dict[str, Any] = {}

    def plan(config: Any, **options: Any) -> Any:
        if "error" in asked:
            raise asked["error"]
        asked.update(options)
        return SimpleNamespace(runs=(SUMMARY,))

    module = ModuleType("planner.run")
    module.plan = plan  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "planner.run", module)
    return asked


def test_the_options_reach_the_planner(planner: dict[str, Any], tmp_path: Path) -> None:
    options = ["--ops", "1000", "--run-until", "2.5", "--seed", "9", "--runs", "2", "--date", "260102", "--no-progress"]
    assert run(["plan", "--out", str(tmp_path), *options]) == 0
    planner.pop("observer")
    assert planner == {
        "out": tmp_path, "ops": 1000, "until": 25_000, "seed": 9, "runs": 2, "date": "260102", "snapshot": None,
    }  # fmt: skip


def test_the_summary_says_what_was_made(
    planner: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["plan", "--out", str(tmp_path), "--ops", "1000", "--no-progress"]) == 0
    assert capsys.readouterr().out == (
        "run 1: 1,200 operations in 5.000 ms of device time, 2,000 operations per second\n"
        "  3 suspensions, 0 aborted; 2 wanted targets were dropped\n"
        "  77 cells hit; legal: the judge found nothing\n"
        "  out/operation_sequence_260102_0000001.csv\n"
    )


@pytest.mark.parametrize(("error", "code"), [(JudgeRefused("no"), 3), (KeyboardInterrupt(), 130), (ValueError(), 3)])
def test_failures_have_their_exit_codes_and_no_trace(
    error: BaseException, code: int, planner: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    planner["error"] = error
    assert run(["plan", "--ops", "10", "--no-progress"]) == code
    assert "Traceback" not in capsys.readouterr().err


def test_an_interruption_is_said(planner: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    planner["error"] = KeyboardInterrupt()
    run(["plan", "--ops", "10", "--no-progress"])
    assert capsys.readouterr().err.strip() == "nandplan: interrupted; nothing of the unfinished run was kept"


def test_the_log_holds_the_trace_of_an_error_of_ours(planner: dict[str, Any], tmp_path: Path) -> None:
    planner["error"] = ValueError("what")
    log = tmp_path / "log"
    assert run(["plan", "--ops", "10", "--no-progress", "--log-file", str(log)]) == 3
    assert "Traceback" in log.read_text()
