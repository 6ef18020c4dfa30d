"""The command line: exit codes, and one clear message for everything that cannot be used."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from model.config import shipped_path
from model.rules import RULES
from planner.cli import app, run
from planner.cli.failing import tell
from planner.errors import JudgeRefused, UnusableOutput


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Exit code, stdout, stderr of a command line."""
    code = run(arguments)
    caught = capsys.readouterr()
    return code, caught.out, caught.err


def test_help_names_the_commands() -> None:
    result = CliRunner().invoke(app, ["--help"])
    assert result.exit_code == 0
    for command in ("plan", "verify", "config", "rules"):
        assert command in result.output


def test_help_needs_nothing_heavy() -> None:
    code = "import sys, planner.cli; print(sorted({'numpy', 'pandas', 'ortools', 'yaml', 'rich'} & set(sys.modules)))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "[]"


def test_help_is_instant() -> None:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-m", "planner.cli", "--help"], capture_output=True, check=True)
    assert time.perf_counter() - began < 1.0


def test_the_shipped_config_is_printed_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capsys, "config")
    assert code == 0
    assert out == shipped_path().read_text(encoding="utf-8")


def test_rules_lists_every_rule(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capsys, "rules")
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()] == [rule.id for rule in RULES]


def test_one_rule_is_told_whole(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capsys, "rules", "[plane-busy]")
    rule = next(rule for rule in RULES if rule.id == "plane-busy")
    assert code == 0
    assert rule.sentence in out
    assert rule.formula in out


UNUSABLE = {
    "an unknown option": (["plan", "--opps", "3"], "No such option"),
    "an unknown command": (["plam"], "No such command"),
    "no goal": (["plan"], "give --ops N or --run-until US"),
    "a negative count": (["plan", "--ops", "-5"], "--ops"),
    "no number": (["plan", "--ops", "many"], "--ops"),
    "a date that is none": (["plan", "--ops", "5", "--date", "991340"], "--date '991340'"),
    "a long date": (["plan", "--ops", "5", "--date", "20260101"], "yymmdd"),
    "a time that is none": (["plan", "--run-until", "soon"], "--run-until 'soon'"),
    "no time at all": (["plan", "--run-until", "0"], "more than 0"),
    "an endless time": (["plan", "--run-until", "inf"], "--run-until 'inf'"),
    "a config that is not there": (["plan", "--ops", "5", "--config", "nowhere.yaml"], "nowhere.yaml"),
    "a snapshot that is not there": (["plan", "--ops", "5", "--snapshot", "nowhere.json"], "nowhere.json"),
    "a log file in no folder": (["plan", "--ops", "5", "--log-file", "no/where"], "no/where: cannot be written"),
    "an unknown rule": (["rules", "lach"], "did you mean latch?"),
    "nothing to verify": (["verify"], "PATHS"),
}


@pytest.mark.parametrize("what", UNUSABLE)
def test_what_cannot_be_used_is_one_message(what: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments, message = UNUSABLE[what]
    code, out, err = said(capsys, *arguments)
    assert (code, out) == (2, "")
    assert message in err
    assert err.startswith("nandplan: ")
    assert "Traceback" not in err
    assert err.count("\n") == 1


def test_a_broken_config_is_told_with_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text("topology: [\n")
    code, _, err = said(capsys, "plan", "--ops", "5", "--config", str(path))
    assert code == 2
    assert "broken.yaml:" in err
    assert "Traceback" not in err


def test_a_folder_that_is_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "out"
    path.touch()
    code, _, err = said(capsys, "plan", "--ops", "5", "--out", str(path))
    assert code == 2
    assert "it is not a folder" in err


def test_a_subprocess_says_the_same_without_a_trace() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "planner.cli", "plan", "--ops", "x"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("nandplan: ")


def test_a_reader_that_goes_away_is_no_error() -> None:
    done = subprocess.run(
        f"{sys.executable} -m planner.cli config | head -1", shell=True, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""


EXITS: dict[str, tuple[BaseException, int, str]] = {
    "interrupted": (KeyboardInterrupt(), 130, "interrupted"),
    "refused": (JudgeRefused("the judge refuses", digest="abc", seed=5, run=2, window=7), 3, "window 7"),
    "output": (UnusableOutput("out/x.csv", OSError(28, "No space left on device")), 2, "out/x.csv: cannot be written"),
    "ours": (ZeroDivisionError("division by zero"), 3, "error of ours: ZeroDivisionError: division by zero"),
}


@pytest.mark.parametrize("name", EXITS)
def test_every_failure_has_its_exit_code(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    error, code, message = EXITS[name]
    assert tell(error) == code
    assert message in capsys.readouterr().err
