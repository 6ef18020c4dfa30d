"""A sequence as a scenario: its operations in their order at the nearest legal times, written down, edited, solved."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from planner.cli import run

ERASE = '0.0,Block_Erase_SLC,"[{""die"":0,""plane"":0,""block"":0,""page"":0,""celltype"":""SLC""}]"'
EARLY = '100.0,Page_Program_SLC,"[{""die"":0,""plane"":0,""block"":0,""page"":0,""celltype"":""SLC""}]"'
STATUS = '8000.0,Read_Status_Enhanced_70h,"[{""die"":0,""exp_val"":""ready""}]"'
STRAY = '9000.0,Program_Resume,"[{""die"":0}]"'


def sequence(folder: Path, *rows: str) -> Path:
    path = folder / "sequence.csv"
    path.write_text("time,op_name,payload\n" + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


def times(out: Path) -> list[str]:
    (path,) = out.glob("operation_sequence_*.csv")
    return [line.split(",")[1] for line in path.read_text(encoding="utf-8").splitlines()[1:]]


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def test_a_legal_sequence_keeps_its_times(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = sequence(tmp_path, ERASE, STATUS)
    assert run(["solve", "--from", str(path), "--json"]) == 0
    assert told(capsys)["unchanged"]


def test_what_is_too_early_moves_to_the_end_of_the_erase(tmp_path: Path) -> None:
    path = sequence(tmp_path, ERASE, EARLY, STATUS)
    assert run(["solve", "--from", str(path), "--out", str(tmp_path / "out")]) == 0
    assert times(tmp_path / "out") == ["0.0000", "7000.1100", "8000.0000"]  # 0.11 + 7000


def test_repair_and_the_scenario_of_a_sequence_come_to_the_same(tmp_path: Path) -> None:
    path = sequence(tmp_path, ERASE, EARLY, STATUS)
    written = tmp_path / "edit.yaml"
    made = ["--date", "250101", "--out"]
    assert run(["solve", "--from", str(path), "--write-scenario", str(written), *made, str(tmp_path / "a")]) == 0
    assert run(["solve", str(written), *made, str(tmp_path / "b")]) == 0
    assert run(["repair", str(path), *made, str(tmp_path / "c")]) == 0
    for name in ("operation_sequence_250101_0000001.csv", "repair_250101_0000001.csv"):
        texts = {(tmp_path / folder / name).read_bytes() for folder in "abc"}
        assert len(texts) == 1


def test_the_written_scenario_can_be_edited(tmp_path: Path) -> None:
    written = tmp_path / "edit.yaml"
    path = sequence(tmp_path, ERASE, STATUS)
    assert run(["solve", "--from", str(path), "--write-scenario", str(written)]) == 0
    text = written.read_text(encoding="utf-8").replace("near: 8000.0000", "near: 7500.5")
    text += "statements:\n  - {from: n1.end, to: n2.start, min: 900}\n"
    written.write_text(text, encoding="utf-8")
    assert run(["solve", str(written), "--out", str(tmp_path / "out")]) == 0
    assert times(tmp_path / "out") == ["0.0000", "7900.1100"]  # 7000.11 + 900


def test_a_statement_that_the_order_does_not_allow_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written = tmp_path / "edit.yaml"
    assert run(["solve", "--from", str(sequence(tmp_path, ERASE, EARLY)), "--write-scenario", str(written)]) == 0
    with written.open("a", encoding="utf-8") as file:
        file.write("statements:\n  - {from: n1.start, to: n2.start, max: 500}\n")
    capsys.readouterr()
    assert run(["solve", str(written)]) == 1
    said = capsys.readouterr().out
    assert "not found" in said
    assert "n2" in said


def test_an_operation_without_a_legal_time_is_named_with_its_rule(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = sequence(tmp_path, ERASE, STATUS, STRAY)
    assert run(["solve", "--from", str(path)]) == 1
    said = capsys.readouterr().out
    assert "n3 ([suspend-state]" in said
    assert run(["repair", str(path), "--json"]) == 0
    assert [change["what"] for change in told(capsys)["changes"]] == ["taken out"]  # type: ignore[attr-defined]


def test_nothing_is_written_where_the_answer_is_not_yes(tmp_path: Path) -> None:
    path = sequence(tmp_path, ERASE, STRAY)
    assert run(["solve", "--from", str(path), "--out", str(tmp_path / "out")]) == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["solve"], "neither given; allowed: a SCENARIO, or --from SEQUENCE"),
        (["solve", "a.yaml", "--from", "b.csv"], "both given"),
        (["solve", "a.yaml", "--write-scenario", "b.yaml"], "goes with --from"),
        (["solve", "--from", "nowhere.csv"], "--from nowhere.csv: there is no such file"),
    ],
)
def test_wrong_options(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("  n1: {op: ERASE, near: 0, payload: '[]'}", ":4:12: operations.n1.op = 'ERASE': no op_name of the config"),
        ("  n1: {op: Block_Erase_SLC, payload: '[]'}", "near is missing"),
        ("  n1: {op: Block_Erase_SLC, near: soon, payload: '[]'}", "allowed: a time in us"),
        ("  n1: {op: Block_Erase_SLC, near: 0}", "payload is missing"),
        ("  n1: {op: Block_Erase_SLC, near: 0, payload: '{'}", "operations.n1.payload"),
        ("  n1: {op: Block_Erase_SLC, near: 0, payload: '[]', die: 0}", "operations.n1.die: no such key"),
    ],
)
def test_wrong_lines_of_a_kept_scenario(
    line: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text(f"scenario: wrong\norder: kept\noperations:\n{line}\n", encoding="utf-8")
    assert run(["solve", str(path)]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert ":4:" in told
