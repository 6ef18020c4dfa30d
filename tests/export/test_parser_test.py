"""The sequence for parsers: every op_name once, payloads of valid form; no plan, and never mistaken for one."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import numpy as np
import pytest

from model.config import Config
from model.judge import Judge
from model.operations import Catalogue
from model.sequence import read_sequence
from planner.cli import run
from planner.export.parser_test import parser_test, write_parser_test
from planner.export.payload_schema import payload_schemas
from tests.export.tiny import config

FORM = {"range", "block-plane", "time", "op-uid", "bad-block"}
"""Rules that a payload or a row breaks by itself, whatever came before."""


def written(config: Config, folder: Path, seed: int = 1) -> Path:
    """The file of a config and seed."""
    return write_parser_test(config, folder, seed=seed, date="260102")[0]


def test_every_op_name_stands_in_it_once(shipped: Config, tmp_path: Path) -> None:
    with written(shipped, tmp_path).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["op_name"] for row in rows] == [spec.name for spec in shipped.names]
    assert list(rows[0]) == ["seq", "time", "op_id", "op_name", "op_uid", "payload"]


@pytest.mark.parametrize("seed", range(5))
def test_its_payloads_are_read_without_a_fault(shipped: Config, tmp_path: Path, seed: int) -> None:
    assert read_sequence(written(shipped, tmp_path, seed), shipped).faults == ()


@pytest.mark.parametrize("seed", range(5))
def test_its_payloads_have_the_form_of_their_op_names(shipped: Config, tmp_path: Path, seed: int) -> None:
    schemas = payload_schemas(shipped)["op_names"]
    with written(shipped, tmp_path, seed).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            jsonschema.validate(json.loads(row["payload"]), schemas[row["op_name"]]["schema"])


@pytest.mark.parametrize("seed", range(5))
def test_the_judge_finds_no_fault_of_form(shipped: Config, seed: int) -> None:
    judge = Judge(shipped)
    judge.feed(parser_test(shipped, seed=seed))
    counts = judge.finish().counts
    assert not FORM & set(counts)
    assert counts  # it is no legal history


def test_operations_follow_each_other(shipped: Config) -> None:
    commands = parser_test(shipped, seed=1)
    lengths = [name.length for name in Catalogue.of(shipped).names]
    assert np.diff(commands.time).tolist() == lengths[:-1]


def test_the_seed_decides_the_bytes(shipped: Config, tmp_path: Path) -> None:
    files = [written(shipped, tmp_path / str(i), seed).read_bytes() for i, seed in enumerate((1, 1, 2))]
    assert files[0] == files[1] != files[2]


def test_a_multi_plane_op_name_is_left_out_where_one_plane_is_all() -> None:
    device = config()
    single = replace(device, policies=replace(device.policies, maxplanes=1))
    sent = {single.names[op].name for op in parser_test(single, seed=1).op.tolist()}
    assert {spec.name for spec in device.names} - sent == {"Erase_Multi", "Read_Multi"}


def test_the_command_says_what_it_is_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["plan", "--parser-test", "--out", str(tmp_path), "--seed", "4", "--date", "260102"]) == 0
    out = capsys.readouterr().out
    assert "for parsers, not for a device" in out
    assert "no legal history" in out
    assert [path.name for path in tmp_path.iterdir()] == ["parser_test_260102_0000001.csv"]


def test_it_is_not_taken_for_a_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["plan", "--parser-test", "--out", str(tmp_path)]) == 0
    assert run(["verify", str(tmp_path)]) == 2
    assert "there is no operation_sequence" in capsys.readouterr().err


@pytest.mark.parametrize("option", [["--ops", "5"], ["--run-until", "5"], ["--runs", "2"], ["--parquet"]])
def test_options_of_a_plan_are_refused(option: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["plan", "--parser-test", "--out", str(tmp_path), *option]) == 2
    assert f"--parser-test with {option[0]}: allowed beside it" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
