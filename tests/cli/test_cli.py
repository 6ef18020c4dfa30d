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
    for command in USAGES:
        assert f"\n  {command} " in result.output


def test_help_needs_nothing_heavy() -> None:
    code = "import sys, planner.cli; print(sorted({'numpy', 'pandas', 'ortools', 'yaml', 'rich'} & set(sys.modules)))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "[]"


def test_help_is_instant() -> None:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-m", "planner.cli", "--help"], capture_output=True, check=True)
    assert time.perf_counter() - began < 1.0


def test_help_cuts_no_line() -> None:
    lines = CliRunner().invoke(app, ["--help"]).output.splitlines()
    assert [line for line in lines if line.endswith("...") and "COMMAND" not in line] == []


USAGES = {
    "plan": "Usage: nandplan plan [OPTIONS]",
    "batch": "Usage: nandplan batch [OPTIONS]",
    "status": "Usage: nandplan status [OPTIONS] DIR",
    "unpack": "Usage: nandplan unpack [OPTIONS] DIR",
    "verify": "Usage: nandplan verify [OPTIONS] PATHS...",
    "check": "Usage: nandplan check [OPTIONS] [CONFIG]",
    "coverage": "Usage: nandplan coverage [OPTIONS] [DIR...]",
    "report": "Usage: nandplan report [OPTIONS] DIR",
    "show": "Usage: nandplan show [OPTIONS] DIR",
    "plot": "Usage: nandplan plot [OPTIONS] DIR KIND",
    "export": "Usage: nandplan export [OPTIONS] [DIR...]",
    "config": "Usage: nandplan config [OPTIONS]",
    "schema": "Usage: nandplan schema [OPTIONS]",
    "rules": "Usage: nandplan rules [OPTIONS] [ID]",
    "solve": "Usage: nandplan solve [OPTIONS] [SCENARIO]",
    "repair": "Usage: nandplan repair [OPTIONS] SEQUENCE",
}


@pytest.mark.parametrize("command", USAGES)
def test_help_speaks_no_typer(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capsys, command, "--help")
    assert (code, out.splitlines()[0]) == (0, USAGES[command])
    for word in ("[[", "{", "<", "x>="):
        assert word not in out


def test_help_of_plan_says_where_a_run_ends(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = said(capsys, "plan", "--help")
    words = " ".join(out.split())
    assert "windows of about 80 operations" in words
    assert "ends at the first window boundary at or after --ops operations; then it drains" in words


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
    "no goal": (["plan"], "give --ops N, --run-until US or --cover SHARE ("),
    "a negative count": (["plan", "--ops", "-5"], "--ops '-5': allowed: a whole number, 1 or more\n"),
    "no number": (["plan", "--ops", "ten"], "nandplan: --ops 'ten': allowed: a whole number, 1 or more\n"),
    "no operations": (["plan", "--ops", "0"], "nandplan: --ops '0': allowed: a whole number, 1 or more\n"),
    "part of an operation": (["plan", "--ops", "1.5"], "--ops '1.5': allowed: a whole number, 1 or more\n"),
    "too long a number": (["plan", "--ops", "9" * 5000], "allowed: a whole number, 1 or more\n"),
    "no seed": (["plan", "--ops", "5", "--seed", "x"], "--seed 'x': allowed: a whole number, 0 or more\n"),
    "no runs": (["plan", "--ops", "5", "--runs", "0"], "--runs '0': allowed: a whole number, 1 or more\n"),
    "no examples": (["verify", "x", "--examples", "-1"], "--examples '-1': allowed: a whole number, 0 or more\n"),
    "a date that is none": (["plan", "--ops", "5", "--date", "991340"], "--date '991340'"),
    "a long date": (["plan", "--ops", "5", "--date", "20260101"], "yymmdd"),
    "a time that is none": (["plan", "--run-until", "soon"], "nandplan: --run-until 'soon': allowed: a time in us"),
    "a time finer than the tick": (["plan", "--run-until", "0.00001"], "up to 4 decimals"),
    "no time at all": (["plan", "--run-until", "0"], "more than 0"),
    "an endless time": (["plan", "--run-until", "inf"], "--run-until 'inf'"),
    "a config that is not there": (["plan", "--ops", "5", "--config", "nowhere.yaml"], "nowhere.yaml"),
    "a snapshot that is not there": (
        ["plan", "--ops", "5", "--snapshot", "nowhere.json"],
        "nowhere.json: there is no such file",
    ),
    "a folder as snapshot": (["plan", "--ops", "5", "--snapshot", "."], "--snapshot .: this is a folder"),
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


def test_a_value_is_said_once(capsys: pytest.CaptureFixture[str]) -> None:
    _, _, err = said(capsys, "plan", "--run-until", "soon")
    assert err.count("soon") == 1


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


def shell(line: str) -> subprocess.CompletedProcess[str]:
    """A line of bash in which `nandplan` is the command line; its exit code is that of the first part that fails."""
    line = f'set -o pipefail; nandplan() {{ {sys.executable} -m planner.cli "$@"; }}; {line}'
    return subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=False)


def test_a_reader_that_goes_away_is_no_error() -> None:
    done = shell("nandplan config | head -1")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("command", ["rules", "config", "--help", "--version", "verify docs/foreign.csv --json"])
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_full_standard_output_is_one_message(command: str, unbuffered: str) -> None:
    done = shell(f"PYTHONUNBUFFERED={unbuffered} nandplan {command} > /dev/full")
    message = "nandplan: standard output: cannot be written: No space left on device\n"
    assert (done.returncode, done.stderr) == (2, message)


def test_a_closed_standard_output_is_one_message() -> None:
    done = shell("nandplan rules >&-")
    assert (done.returncode, done.stderr) == (2, "nandplan: standard output: cannot be written: it is closed\n")


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
