"""Wrong scenarios: one message per fault, with line and column, and what is allowed."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest
import yaml

from model.config import load
from model.device import Device
from planner.errors import UnusableInput
from planner.scenario.parse import parse
from planner.scenario.schema import json_schema

DEVICE = Device(load())
FOLDER = Path(__file__).parents[2] / "examples" / "scenarios"
WRONG = [
    ("operations:\n  a: {op: Block_Erase_SCL}\n", ":2:11:", "did you mean Block_Erase_SLC?"),
    ("operations:\n  a: {op: ERASE, dye: 0}\n", ":2:", "did you mean die?"),
    ("operations:\n  a: {op: ERASE, die: 7}\n", ":2:", "from 0 to 1"),
    ("operations:\n  a: {op: READ, suspended: 2}\n", ":2:", "cannot be suspended"),
    ("operations:\n  a: {op: ERASE, suspended: 2}\n  b: {op: SR, inside: {of: a, piece: 4}}\n", ":3:", "has 3 pieces"),
    ("operations:\n  a: {op: ERASE}\n  b: {op: SR, inside: {of: a, suspension: 1}}\n", ":3:", "suspended 0 times"),
    ("operations:\n  a: {op: ERASE}\n  b: {op: SR, inside: {of: a, state: DATA_IN}}\n", ":3:", "has no DATA_IN"),
    ("operations:\n  a: {op: ERASE}\n  b: {op: SR, inside: {of: a, bin: 10}}\n", ":3:", "from 0 to 9"),
    ("operations:\n  a: {op: ERASE}\n  b: {op: SR, inside: {of: a, bin: each}}\n", ":3:", "there are 10 bins"),
    ("operations:\n  a: {op: ERASE}\n  b: {op: SR, inside: {of: c}}\n", ":3:", "no operation of this scenario"),
    ("operations:\n  a: {op: SR, inside: a}\n", ":2:", "inside itself"),
    ("operations:\n  a: {op: ERASE_SUSPEND}\n", ":2:", "come with `suspended`"),
    ("operations:\n  a: {op: Block_Erase_SLC, planes: [0, 1]}\n", ":2:", "take 1 planes"),
    ("operations:\n  a: {op: READ, planes: [0, 1], plane_count: 3}\n", ":2:", "it contradicts planes"),
    ("operations:\n  a: {op: ERASE, block: 5, plane: 0}\n", ":2:", "lies on plane 1"),
    ("operations:\n  a: {op: ERASE, celltype: QLC}\n", ":2:", "no such celltype"),
    ("operations:\n  a: {op: ERASE, count: 0}\n", ":2:", "from 1 to"),
    ("operations:\n  a: ERASE\nstatements:\n  - {from: a.start, to: b.end, max: 1}\n", ":4:", "no operation"),
    ("operations:\n  a: ERASE\nstatements:\n  - {from: a.start, to: a.end}\n", ":4:", "min, max, both, or exact"),
    ("operations:\n  a: ERASE\nstatements:\n  - {from: begin, to: a.end, min: 5, max: 2}\n", ":4:", "less than min"),
    ("operations:\n  a: ERASE\nstatements:\n  - {deadline: soon}\n", ":4:", "a time in us"),
    (
        "operations:\n  a: {op: ERASE, count: 2}\nstatements:\n  - {deadline: 1, of: a}\n",
        ":4:",
        "say which, such as a.1",
    ),
    ("operations:\n  a: ERASE\nstatements:\n  - {never: READ, in: ERASE.DATA_OUT}\n", ":4:", "ERASE has no DATA_OUT"),
    ("operations:\n  a: ERASE\nstatements:\n  - {sometimes: 1}\n", ":4:", "not a statement"),
    ("operations: {}\n", ":1:", "needs operations"),
    ("order: random\noperations:\n  a: ERASE\n", ":1:", "listed, rounds, free"),
    ("repeat: 0\noperations:\n  a: ERASE\n", ":1:", "from 1 to"),
    ("operations:\n  a: {op: ERASE, count: two}\n", ":2:25:", "whole number from 1 to 200"),
    ("operations:\n  a: READ\n  a: ERASE\n", ":3:", "stands twice; the first is on line 2"),
    ("operations: [ERASE]\n", ":1:", "a mapping of names"),
    ("operations:\n  a: {op: READ, plane: 9}\n", ":2:", "whole number from 0 to 3"),
    ("operations:\n  a: {op: ERASE, page: {same: b}}\n", ":2:", "allowed: a"),
    ("operations:\n  a: {op: ERASE}\n  b: {op: READ, block: {same: a, other: a}}\n", ":3:", "not both"),
    ("operations:\n  a: {op: ERASE, die: 0}\n  b: {op: ERASE, die: 1, block: {same: a}}\n", ":3:", "a is on die 0"),
    (
        "operations:\n  a: {op: ERASE, plane: 0}\n  b: {op: READ, plane: 1, block: {same: a}}\n",
        ":3:",
        "a is on plane 0",
    ),
    ("operations:\n  a: {op: SR, block: 3}\n", ":2:", "SR has no block"),
    ("operations:\n  a: {op: ERASE, suspended: [140%]}\n", ":2:", "0% to 100%"),
    ("operations:\n  a: {op: ERASE, suspended: [[60%, 40%]]}\n", ":2:", "[first, last]"),
    (
        "operations:\n  a: {op: ERASE, suspended: [{at: 5, suspend: Program_Resume}]}\n",
        ":2:",
        "not of base ERASE_SUSPEND",
    ),
    ("operations:\n  a: ERASE\n  d: {op: DOUT, delivers: a}\n", ":3:", "a is no read"),
    ("operations:\n  a: READ4K\n  d: {op: DOUT, delivers: a}\n", ":3:", "delivers a 4K read"),
    ("operations:\n  a: READ\n  d: {op: SR, delivers: a}\n", ":3:", "SR delivers nothing"),
    ("operations:\n  begin: ERASE\n", ":2:", "not begin or finish"),
    ("operations:\n  a: Read_SLC\nstatements:\n  - {before: [a.dout.2.start, a.end]}\n", ":4:", "has 1 deliveries"),
    ("operations:\n  a: ERASE\nstatements:\n  - {before: [a.close.start, a.end]}\n", ":4:", "has no close"),
    ("operations:\n  a: ERASE\nstatements:\n  - {before: [a.piece.2.start, a.end]}\n", ":4:", "has 1 pieces"),
    ("operations:\n  a: ERASE\nstatements:\n  - {from: begin, to: a.end, max: -3}\n", ":4:35:", "never negative"),
    ("operations:\n  a: ERASE\nstatements:\n  - {from: begin, to: a, max: 0.00001}\n", ":4:", "finer than the tick"),
    (
        "operations:\n  a: ERASE\nstatements:\n  - {never: NOTHING_LIKE_IT}\n",
        ":4:",
        "`nandplan config` shows what there is",
    ),
    ("operations:\n  a: ERASE\nstatements:\n  - {never: ERASE, die: 4}\n", ":4:", "from 0 to 1"),
    ("operations:\n  a: {op: [PROGRAM_SLC, READ], suspended: 1}\n", ":2:", "cannot be suspended"),
]


@pytest.mark.parametrize(("text", "place", "said"), WRONG, ids=[said for *_, said in WRONG])
def test_a_wrong_scenario_says_where_and_what_is_allowed(text: str, place: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UnusableInput) as error:
        parse(path, DEVICE)
    line = next(line for line in str(error.value).splitlines() if said in line)
    assert place in line, line
    assert line.startswith(str(path))


def test_everything_wrong_is_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text("repeat: 0\noperations:\n  a: {op: NOTHING}\n  b: {op: ERASE, die: 9}\n", encoding="utf-8")
    with pytest.raises(UnusableInput) as error:
        parse(path, DEVICE)
    assert [line.split(":")[1] for line in str(error.value).splitlines()] == ["1", "3", "4"]


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_examples_fit_the_schema(path: Path) -> None:
    jsonschema.validate(yaml.safe_load(path.read_text(encoding="utf-8")), json_schema())


def test_the_schema_refuses_a_key_that_there_is_not() -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"operations": {"a": {"op": "ERASE", "dye": 0}}}, json_schema())
