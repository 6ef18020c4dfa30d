"""33. A bad-block file: never touched; header or row wrong: an error with file and line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from model.config import Config, ConfigError
from planner.run import plan
from tests.scenarios.stage import Story
from tests.scenarios.told import changed, tables

MOST = "die,block\n" + "".join(f"{die},{block}\n" for die in (0, 1) for block in range(64) if block % 16 >= 4)
"""All blocks are bad but four rows of each die."""


def with_file(folder: Path, text: str) -> Config:
    """The shipped device with these bad blocks."""
    (folder / "bad.csv").write_text(text, encoding="utf-8")
    return changed(folder, topology={"bad_blocks": "bad.csv"})


def test_a_plan_never_touches_them(tmp_path: Path) -> None:
    config = with_file(tmp_path, MOST)
    plan(config, out=tmp_path / "out", seed=4, ops=600, date="260101")
    used = set()
    for row in tables(tmp_path / "out")["operation_sequence"]:
        entries = json.loads(row["payload"])
        for entry in entries if isinstance(entries, list) else [entries]:
            if "block" in entry:
                used.add((entry["die"], entry["block"]))
    assert len(used) > 4
    assert used.isdisjoint(config.topology.bad_blocks)


@pytest.mark.parametrize(
    "word", ["ERASE", "PROGRAM", "READ", "LSB", "COPYBACK_READ", "Change_Row_Address", "DSL_Vth_Check"]
)
def test_no_operation_names_one(tmp_path: Path, word: str) -> None:
    story = Story(with_file(tmp_path, "die,block\n0,4\n"))
    story.op(word, row=1, celltype="TLC" if word in ("LSB", "DSL_Vth_Check") else "SLC")
    story.refused("bad-block")


def test_the_same_block_of_the_other_die_is_good(tmp_path: Path) -> None:
    story = Story(with_file(tmp_path, "die,block\n0,4\n"))
    story.op("ERASE", die=1, row=1)
    story.tell(drained=True)
    story.accepted(drained=True)


def test_a_multi_plane_operation_with_one_bad_block(tmp_path: Path) -> None:
    story = Story(with_file(tmp_path, "die,block\n0,6\n"))
    story.op("Block_Erase_Multi_Plane_ONFI_SLC", row=1, planes=(0, 1, 2))
    story.refused("bad-block")


WRONG = [
    ("block,die\n0,1\n", 1),
    ("0,1\n", 1),
    ("die,block\n0,1\n0,x\n", 3),
    ("die,block\n0,64\n", 2),
    ("die,block\n2,0\n", 2),
    ("die,block\n0,1\n0\n", 3),
    ("die,block\n0,-1\n", 2),
]


@pytest.mark.parametrize(("text", "line"), WRONG)
def test_a_wrong_header_or_row(tmp_path: Path, text: str, line: int) -> None:
    with pytest.raises(ConfigError) as error:
        with_file(tmp_path, text)
    assert [problem.line for problem in error.value.problems] == [line]
    assert f"bad.csv:{line}" in str(error.value)
