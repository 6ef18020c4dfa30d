"""`nandplan export`: what is written, and what is refused; counts and forms of payloads."""

from __future__ import annotations

import csv
import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from model.config import Config, shipped_path
from planner.cli import run
from planner.export.op_counts import count_names, counts_csv, sequences_in
from planner.export.payload_schema import payload_schemas
from tests.recorded.made import planned, story_in


def rows_of(path: Path) -> list[dict[str, str]]:
    """A CSV file, by another reader."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def sequences(folder: Path) -> list[dict[str, str]]:
    """All commands of a folder's runs."""
    return [row for path in sorted(folder.glob("operation_sequence_*.csv")) for row in rows_of(path)]


def test_everything_is_exported_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = {option: tmp_path / "new" / option[2:] for option in ("--vcd", "--perfetto", "--counts", "--payloads")}
    options = [text for option, path in files.items() for text in (option, str(path))]
    assert run(["export", str(planned()), *options]) == 0
    assert all(path.stat().st_size > 1_000 for path in files.values())
    assert len(capsys.readouterr().out.splitlines()) == 4
    assert sorted(tmp_path.rglob("*.part")) == []


def test_waves_of_a_range_are_shorter(tmp_path: Path) -> None:
    assert run(["export", str(planned()), "--vcd", str(tmp_path / "whole")]) == 0
    assert run(["export", str(planned()), "--vcd", str(tmp_path / "part"), "--from", "5000", "--to", "6000"]) == 0
    assert (tmp_path / "part").stat().st_size < (tmp_path / "whole").stat().st_size / 2


def test_counts_are_those_of_the_sequences(tmp_path: Path) -> None:
    shutil.copytree(planned(ops=60, runs=2), tmp_path / "site_00")
    shutil.copytree(planned(), tmp_path / "site_01")
    out = tmp_path / "counts.csv"
    assert run(["export", str(tmp_path), "--counts", str(out)]) == 0
    every = sequences(tmp_path / "site_00") + sequences(tmp_path / "site_01")
    due = Counter(row["op_name"] for row in every)
    names = [row for row in rows_of(out) if row["kind"] == "op_name"]
    assert {row["op_name"]: int(row["count"]) for row in names if row["count"] != "0"} == dict(due)
    for row in names:
        assert row["frequency"] == f"{due[row['op_name']] / len(every):.6f}"


def test_counts_of_a_base_are_those_of_its_op_names(shipped: Config) -> None:
    counts = count_names(sequences_in([planned()]), shipped)
    table = list(csv.DictReader(counts_csv(counts, shipped).splitlines()))
    bases = {row["op_base"]: int(row["count"]) for row in table if row["kind"] == "op_base"}
    summed: Counter[str] = Counter()
    for row in table:
        if row["kind"] == "op_name":
            summed[row["op_base"]] += int(row["count"])
    assert bases == {spec.name: summed[spec.name] for spec in shipped.bases}


def test_the_most_frequent_comes_first_and_what_never_occurs_is_there(shipped: Config) -> None:
    table = list(csv.DictReader(counts_csv(count_names(sequences_in([planned()]), shipped), shipped).splitlines()))
    counts = [int(row["count"]) for row in table if row["kind"] == "op_name"]
    assert counts == sorted(counts, reverse=True)
    assert len(counts) == len(shipped.names)
    assert counts[-1] == 0


def test_a_file_is_counted_once_however_often_it_is_named(tmp_path: Path) -> None:
    shutil.copytree(planned(), tmp_path / "a")
    assert len(sequences_in([tmp_path, tmp_path / "a", tmp_path / "a" / ".." / "a"])) == 1


def test_every_payload_of_a_plan_has_the_form_of_its_op_name(shipped: Config) -> None:
    schemas = payload_schemas(shipped)["op_names"]
    checks = {name: jsonschema.Draft202012Validator(entry["schema"]) for name, entry in schemas.items()}
    for row in sequences(planned()):
        payload = json.loads(row["payload"])
        checks[row["op_name"]].validate(payload)
        for item in payload:
            assert list(item) == schemas[row["op_name"]]["fields"]


@pytest.mark.parametrize(
    ("name", "payload"),
    [
        ("Block_Erase_SLC", [{"die": 0, "plane": 0, "block": 0, "page": 1, "celltype": "SLC"}]),  # an erase: page 0
        ("Block_Erase_SLC", [{"die": 2, "plane": 0, "block": 0, "page": 0, "celltype": "SLC"}]),  # two dies
        ("Block_Erase_SLC", [{"die": 0, "plane": 0, "block": 0, "page": 0, "celltype": "TLC"}]),
        ("Block_Erase_SLC", [{"die": 0, "plane": 0, "block": 0, "page": 0}]),
        ("Block_Erase_SLC", []),
        ("Block_Erase_Multi_Plane_ONFI_SLC", [{"die": 0, "plane": 0, "block": 0, "page": 0, "celltype": "SLC"}]),
        ("Read_Status_Enhanced_70h", [{"die": 0, "exp_val": "bored"}]),
        ("Delay", [{}]),
    ],
)
def test_a_payload_of_another_form_is_none(shipped: Config, name: str, payload: Any) -> None:
    schema = payload_schemas(shipped)["op_names"][name]["schema"]
    assert not jsonschema.Draft202012Validator(schema).is_valid(payload)


def test_forms_tell_how_often_an_op_name_was_seen_and_an_example(tmp_path: Path) -> None:
    out = tmp_path / "payloads.json"
    assert run(["export", str(planned()), "--payloads", str(out)]) == 0
    entries = json.loads(out.read_text(encoding="utf-8"))["op_names"]
    rows = sequences(planned())
    due = Counter(row["op_name"] for row in rows)
    assert {name: entry["count"] for name, entry in entries.items() if entry["count"]} == dict(due)
    first = next(row for row in rows if row["op_name"] == "Read_Status_Enhanced_70h")
    assert entries["Read_Status_Enhanced_70h"]["example"] == json.loads(first["payload"])


def test_forms_need_no_folder(tmp_path: Path) -> None:
    assert run(["export", "--payloads", str(tmp_path / "p.json")]) == 0
    entries = json.loads((tmp_path / "p.json").read_text(encoding="utf-8"))["op_names"]
    assert {entry["count"] for entry in entries.values()} == {0}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["{run}"], "give what to export: --vcd, --perfetto, --counts or --payloads"),
        (["--vcd", "w"], "--vcd: give the folder of a run"),
        (["--counts", "w"], "--counts: give the folder of a run"),
        (["{run}", "{run}", "--perfetto", "w"], "--perfetto: 2 folders; allowed: one"),
        (["{run}", "--counts", "w", "--from", "5"], "--from and --to: allowed with --vcd and --perfetto only"),
        (["{run}", "--vcd", "w", "--perfetto", "./w"], "two exports into one file"),
        (["{run}", "--vcd", "."], ".: cannot be written: it is a folder"),
        (["{run}", "--vcd", "w", "--from", "9", "--to", "8"], "no time lies between"),
        (["nowhere", "--counts", "w"], "nowhere: there is no such folder"),
        (["{run}", "--vcd", "w", "--config", "nowhere.yaml"], "nowhere.yaml"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_written(
    arguments: list[str],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["export", *(text.format(run=planned()) for text in arguments)]) == 2
    assert message in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_an_op_name_of_another_device_is_told_with_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    story_in(tmp_path)
    for option in ("--counts", "--payloads"):
        assert run(["export", str(tmp_path), option, str(tmp_path / "x")]) == 2
        assert "operation_sequence_260102_0000001.csv:2: op_name 'Erase_Multi' is not in" in capsys.readouterr().err
    assert not (tmp_path / "x").exists()


def test_a_config_that_is_not_that_of_the_runs_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    story_in(tmp_path)
    assert run(["export", str(tmp_path), "--vcd", str(tmp_path / "x"), "--config", str(shipped_path())]) == 2
    assert "run 1 was made with another" in capsys.readouterr().err
