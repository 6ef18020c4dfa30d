"""`nandplan solve` and `nandplan repair`: answers, exit codes, files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from planner.cli import repairing, run, solving
from planner.errors import UnusableInput

FOLDER = Path(__file__).parents[2] / "examples" / "scenarios"


def solve(stem: str, *, as_json: bool = False, limit: str = "60") -> int:
    ask = solving.Question(FOLDER / f"{stem}.yaml", None, None, None, limit, as_json, "250101")
    return solving.run(ask, verbose=False, log_file=None)


def sequence(folder: Path, *rows: str) -> Path:
    path = folder / "sequence.csv"
    path.write_text("time,op_name,payload\n" + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


def repair(path: Path, *, as_json: bool = True) -> int:
    return repairing.run(repairing.Question(path, None, None, None, as_json, "250101"), verbose=False, log_file=None)


def test_yes_is_0_and_shows_who_fulfils_what(capsys: pytest.CaptureFixture[str]) -> None:
    assert solve("reset_and_recover") == 0
    assert "reset: {op: Super_Reset" in capsys.readouterr().out


def test_no_is_1_and_names_rules(capsys: pytest.CaptureFixture[str]) -> None:
    assert solve("impossible_rule", as_json=True) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["answer"] == "no"
    assert told["confirmed"]


@pytest.mark.long
@pytest.mark.parametrize(
    "stem", sorted(path.stem for path in FOLDER.glob("*.yaml") if not path.stem.startswith("impossible"))
)
def test_what_is_written_is_legal_for_verify(stem: str, tmp_path: Path) -> None:
    ask = solving.Question(FOLDER / f"{stem}.yaml", None, tmp_path, None, "600", False, "250101")
    assert solving.run(ask, verbose=False, log_file=None) == 0
    assert run(["verify", str(tmp_path)]) == 0


def test_a_time_limit_that_is_none() -> None:
    with pytest.raises(UnusableInput, match="--time-limit"):
        solve("impossible_rule", limit="soon")


def test_a_sequence_that_is_legal_comes_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = sequence(tmp_path, '0.0,Read_Status_Enhanced_70h,"[{""die"":0,""exp_val"":""ready""}]"')
    assert repair(path) == 0
    assert json.loads(capsys.readouterr().out)["unchanged"]


def test_a_wrong_value_of_a_status_read_is_put_right(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = sequence(tmp_path, '0.0,Read_Status_Enhanced_70h,"[{""die"":0,""exp_val"":""busy""}]"')
    assert repair(path) == 0
    (change,) = json.loads(capsys.readouterr().out)["changes"]
    assert (change["what"], change["rules"]) == ("changed", "sr-value")


def test_wrong_scenarios_end_with_2_and_without_a_trace(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text("operations:\n  a: {op: NOTHING}\n", encoding="utf-8")
    assert run(["solve", str(path)]) == 2
    told = capsys.readouterr().err
    assert ":2:" in told
    assert "Traceback" not in told
