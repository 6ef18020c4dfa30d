"""The JSON Schema of a config says of types and keys what the loader says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from model.config import shipped_path
from model.config.load import REQUIRED, SECTIONS
from model.config.schema import config_schema
from planner.checking.catalogue import BY_ID
from planner.cli import run
from planner.scenario.schema import json_schema
from tests.checking.table import FOLDER, Case, cases

ROOT = Path(__file__).parents[2]
_TYPES = frozenset(
    {"key-missing", "not-a-mapping", "not-a-list", "not-a-truth", "not-a-whole-number", "out-of-range", "negative-time",
     "unknown-value", "unknown-inherit-rule", "unknown-payload-field", "quoted-number", "unit-in-number", "no-steps",
     "not-a-step", "not-a-group", "no-states", "empty-section"}
)  # fmt: skip
"""Kinds of findings that a schema can tell of."""


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    """The validator of the schema."""
    schema = config_schema()
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@pytest.mark.parametrize(
    "path",
    [shipped_path(), ROOT / "tests/data/tiny.yaml", ROOT / "tests/data/older.yaml", FOLDER / "small.yaml"],
    ids=lambda path: path.name,
)
def test_a_config_that_loads_is_valid(validator: Draft202012Validator, path: Path) -> None:
    assert list(validator.iter_errors(yaml.safe_load(path.read_text(encoding="utf-8")))) == []


def typed() -> list[Case]:
    return [case for case in [*cases("form"), *cases("consistency")] if case.finding in _TYPES]


@pytest.mark.parametrize("case", typed(), ids=lambda case: case.id)
def test_a_value_of_the_wrong_type_is_invalid(validator: Draft202012Validator, case: Case) -> None:
    data: Any = yaml.safe_load(case.raw)
    assert not validator.is_valid(data), BY_ID[case.finding].sentence


def test_the_schema_knows_the_keys_of_the_loader() -> None:
    schema = config_schema()
    assert set(SECTIONS) <= schema["properties"].keys()
    assert schema["required"] == list(REQUIRED)


def test_an_unknown_key_is_invalid(validator: Draft202012Validator) -> None:
    data = yaml.safe_load((FOLDER / "small.yaml").read_text(encoding="utf-8"))
    assert not validator.is_valid({**data, "polices": {}})


def test_the_command_prints_either_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["schema"]) == 0
    assert json.loads(capsys.readouterr().out) == config_schema()
    assert run(["schema", "--scenario"]) == 0
    assert json.loads(capsys.readouterr().out) == json_schema()
