"""`nandplan verify`: files in, a verdict out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from planner.cli import app, run
from planner.export import RunWriter
from tests.export.tiny import TEXT, Script

LEGAL = [(0.0, 2), (5.0, 2)]
ILLEGAL = [(0.0, 2), (5.0, 0)]


@pytest.fixture
def settings(tmp_path: Path) -> str:
    """The path of the tiny config as a file."""
    path = tmp_path / "tiny.yaml"
    path.write_text(TEXT)
    return str(path)


def sequence(out: Path, reads: list[tuple[float, int]], number: int = 1) -> Path:
    """A sequence file of status reads of an idle die: (us, expected value)."""
    script = Script()
    for us, value in reads:
        script.send(us, "Status", 0, exp_val=value)
    with RunWriter(script.config, out, run=number, date="260102", seed=0) as writer:
        writer.write(script.chunk())
        writer.commit()
    return out / f"operation_sequence_260102_{number:07d}.csv"


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Exit code, stdout, and stderr without warnings about the config."""
    code = run(["verify", *arguments])
    caught = capsys.readouterr()
    err = [line for line in caught.err.splitlines() if "WARNING" not in line]
    return code, caught.out, "\n".join(err)


def test_a_legal_sequence(tmp_path: Path, settings: str, capsys: pytest.CaptureFixture[str]) -> None:
    file = sequence(tmp_path / "out", LEGAL)
    code, out, err = answer(capsys, str(file), "--config", settings)
    assert (code, err) == (0, "")
    assert out == f"{file}: 2 operations, legal\n"


def test_a_violation_names_rule_time_and_operation(
    tmp_path: Path, settings: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = sequence(tmp_path / "out", ILLEGAL)
    code, out, _ = answer(capsys, str(file), "--config", settings)
    assert code == 1
    assert "2 operations, 1 violations of 1 rules\n  sr-value: 1\n[sr-value]\n  5.0000 us: SR Status (op 2)" in out


def test_a_folder_stands_for_its_sequences_and_files_are_one_history(
    tmp_path: Path, settings: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    sequence(out, LEGAL)
    made = sequence(tmp_path / "other", [(0.0, 2)] * 2 + [(9.0, 2)], number=2)
    rows = made.read_text().splitlines()
    second = out / made.name
    second.write_text("\n".join([rows[0], rows[3]]) + "\n")
    code, text, _ = answer(capsys, str(out), "--config", settings, "--json")
    document = json.loads(text)
    assert (code, document["operations"], document["violations"]) == (0, 3, 0)
    code, text, _ = answer(capsys, str(out), "--config", settings, "--json", "--fresh")
    document = json.loads(text)
    assert document["by_rule"] == {"op-uid": 1}
    assert document["findings"][0]["message"].startswith(f"{second}: ")
    assert code == 1


def test_examples_limit_what_is_shown_not_what_is_counted(
    tmp_path: Path, settings: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = sequence(tmp_path / "out", [(us, 0) for us in range(0, 50, 10)])
    _, out, _ = answer(capsys, str(file), "--config", settings, "--examples", "2")
    assert "sr-value: 5" in out
    assert "and 3 more" in out
    _, text, _ = answer(capsys, str(file), "--config", settings, "--json")
    assert len(json.loads(text)["findings"]) == 5
    _, text, _ = answer(capsys, str(file), "--config", settings, "--json", "--examples", "2")
    document = json.loads(text)
    assert (document["violations"], len(document["findings"])) == (5, 2)


def test_the_report_for_machines(tmp_path: Path, settings: str, capsys: pytest.CaptureFixture[str]) -> None:
    _, text, _ = answer(capsys, str(sequence(tmp_path / "out", ILLEGAL)), "--config", settings, "--json")
    document = json.loads(text)
    (finding,) = document.pop("findings")
    assert "it expects busy, the die shows ready" in finding.pop("message")
    assert finding == {"rule": "sr-value", "op_uid": 2, "time": 5.0, "die": 0, "plane": None, "config": ""}
    assert document == {"legal": False, "operations": 2, "violations": 1, "by_rule": {"sr-value": 1}, "notes": []}


def test_the_other_files_of_a_folder_are_compared(
    tmp_path: Path, settings: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out = sequence(tmp_path / "out", LEGAL).parent
    events = out / "events_260102_0000001.csv"
    events.write_text(events.read_text().replace("OP_END", "OP_ABORT", 1))
    code, text, _ = answer(capsys, str(out), "--config", settings)
    assert code == 1
    assert "op-end-once: 1" in text
    assert str(events) in text


def test_what_is_no_sequence_is_told_with_file_and_line(
    tmp_path: Path, settings: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "x.csv"
    file.write_text("time,op_name,payload\n0,Statsu,[]\n")
    code, out, err = answer(capsys, str(file), "--config", settings)
    assert (code, out) == (2, "")
    assert f"{file}:2: " in err
    assert "Traceback" not in err


@pytest.mark.parametrize("name", ["nowhere", "."])
def test_no_sequence_at_all(name: str, tmp_path: Path, settings: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = answer(capsys, str(tmp_path / name), "--config", settings)
    assert code == 2
    assert "there is no" in err


def test_the_app_itself_exits_with_the_code(tmp_path: Path, settings: str) -> None:
    file = sequence(tmp_path / "out", ILLEGAL)
    assert CliRunner().invoke(app, ["verify", str(file), "--config", settings]).exit_code == 1
