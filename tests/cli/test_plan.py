"""`nandplan plan` passes on what was asked, and says what was made; the planner itself is a stand-in here."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from model.config import Config
from model.judge import Report
from model.units import Clock
from planner.cli import run
from planner.cli.planning import Wish, in_plain_words, in_share, series
from planner.errors import JudgeRefused
from planner.export import Counts
from planner.run import RunSummary

SUMMARY = SimpleNamespace(
    run=1,
    counts=Counts(operations=1200, suspensions=3, begin=0, last=50_000_000, cells=77),
    dropped=2,
    report=Report(1200, ()),
    files=(Path("out/operation_sequence_260102_0000001.csv"),),
    seconds={"solve": 0.5, "export": 0.1},
)


def summary(run: int) -> Any:
    """What a run of a series comes to."""
    files = (Path(f"my out/operation_sequence_260102_{run:07d}.csv"), Path(f"my out/snapshots/s_{run}.json"))
    return SimpleNamespace(**{**vars(SUMMARY), "run": run, "files": files})


@pytest.fixture
def planner(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A stand-in for the planner: remembers how it was called, makes the runs `made`, then raises `error` if any."""
    asked: dict[str, Any] = {}

    def plan(config: Any, **options: Any) -> Any:
        made = asked.pop("made", () if "error" in asked else (SUMMARY,))
        for complete in made:
            options["finished"](complete)
        if "error" in asked:
            raise asked["error"]
        asked.update(options)
        return SimpleNamespace(runs=made)

    module = ModuleType("planner.run")
    module.plan = plan  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "planner.run", module)
    return asked


def test_the_options_reach_the_planner(planner: dict[str, Any], tmp_path: Path) -> None:
    options = ["--ops", "1000", "--run-until", "2.5", "--seed", "9", "--runs", "2", "--date", "260102", "--no-progress"]
    assert run(["plan", "--out", str(tmp_path), "--parquet", *options]) == 0
    planner.pop("observer")
    planner.pop("finished")
    assert planner == {
        "out": tmp_path, "ops": 1000, "until": 25_000, "seed": 9, "runs": 2, "date": "260102", "snapshot": None,
        "parquet": True, "kind": None,
    }  # fmt: skip


def test_the_summary_says_what_was_made(
    planner: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["plan", "--out", str(tmp_path), "--ops", "1000", "--no-progress"]) == 0
    assert capsys.readouterr().out == (
        "run 1: 1,200 operations in 5.000 ms of device time, 2,000 operations per second\n"
        "  3 suspensions, 0 aborted; 2 wanted targets were dropped, 0.2% of all wanted\n"
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


INTERRUPTIONS = {
    (): "nothing of the unfinished run was kept",
    (1,): "run 1 is complete; nothing of run 2 was kept; to go on: --runs 2 --snapshot 'my out/snapshots/s_1.json'",
    (1, 2): "runs 1 to 2 are complete; nothing of run 3 was kept; "
    "to go on: --runs 1 --snapshot 'my out/snapshots/s_2.json'",
    (1, 2, 3): "runs 1 to 3 are complete; there was nothing left to plan",
}


@pytest.mark.parametrize("runs", INTERRUPTIONS)
def test_an_interruption_says_what_is_kept_and_how_to_go_on(
    runs: tuple[int, ...], planner: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    planner.update(made=tuple(map(summary, runs)), error=KeyboardInterrupt())
    assert run(["plan", "--ops", "10", "--runs", "3", "--no-progress"]) == 130
    assert capsys.readouterr().err == f"nandplan: interrupted: {INTERRUPTIONS[runs]}\n"


def test_each_run_is_told_as_soon_as_it_is_complete(
    planner: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    planner.update(made=(summary(1), summary(2)), error=ValueError())
    run(["plan", "--ops", "10", "--runs", "3", "--no-progress"])
    told = [line.split(":")[0] for line in capsys.readouterr().out.splitlines() if line.startswith("run")]
    assert told == ["run 1", "run 2"]


def test_the_planner_tells_each_run_once_its_files_are_there(tmp_path: Path, shipped: Config) -> None:
    from planner.run import plan  # noqa: PLC0415 - the real one

    told = []

    def finished(made: RunSummary) -> None:
        told.append((made.run, all(path.is_file() for path in made.files)))

    plan(shipped, out=tmp_path, seed=1, ops=1, runs=2, date="260102", finished=finished)
    assert told == [(1, True), (2, True)]


def test_one_is_no_plural() -> None:
    counts = Counts(operations=1, suspensions=1, begin=0, last=10_000, cells=1)
    one = SimpleNamespace(**{**vars(SUMMARY), "counts": counts, "dropped": 1, "files": (), "seconds": {}})
    assert in_plain_words(one, SimpleNamespace(clock=Clock(4))).splitlines() == [  # type: ignore[arg-type]
        "run 1: 1 operation in 1.000 us of device time",
        "  1 suspension, 0 aborted; 1 wanted target was dropped, 50.0% of all wanted",
        "  1 cell hit; legal: the judge found nothing",
    ]


def test_a_small_share_of_dropped_targets_is_not_told_as_none() -> None:
    assert in_share(1, 100_000) == "1 wanted target was dropped, less than 0.1% of all wanted"
    assert in_share(0, 100_000) == "no wanted target was dropped"


def test_a_bootstrap_is_one_run_more_of_a_fresh_device(shipped: Config) -> None:
    wanted = replace(shipped, bootstrap=replace(shipped.bootstrap, enabled=True))
    ask = Wish(Path("out"), None, 0, 10, None, 2, None, None, True)
    assert series(ask, shipped) == 2
    assert series(ask, wanted) == 3
    assert series(replace(ask, snapshot=Path("a.json")), wanted) == 2


def test_the_log_holds_the_trace_of_an_error_of_ours(planner: dict[str, Any], tmp_path: Path) -> None:
    planner["error"] = ValueError("what")
    log = tmp_path / "log"
    assert run(["plan", "--ops", "10", "--no-progress", "--log-file", str(log)]) == 3
    assert "Traceback" in log.read_text()
