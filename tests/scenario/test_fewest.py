"""`minimize: operations`: blocks are shared, pages low, op_names cheap; and a number that nothing goes below."""

from __future__ import annotations

from pathlib import Path

import pytest

from model.config import load
from model.device import Device
from tests.scenario.called import yes

DEVICE = Device(load())
HEAD = "minimize: operations\noperations:\n"


@pytest.mark.parametrize(
    ("said", "count"),
    [
        # an erase, a program, and the read with its DOUT; then both programs on the same block
        ("  r: {op: READ, die: 0}\n  p: {op: Page_Program_SLC, die: 0}\n  q: {op: Page_Program_SLC, die: 0}\n", 6),
        ("  p: {op: Page_Program_SLC, die: 0}\n  r: {op: READ, die: 0}\n", 4),  # what is programmed is read
        ("  r: {op: READ, die: 0, page: 20}\n", 4),  # erased, filled at once, read, delivered
        ("  r: {op: [Read_LSB, Read_SLC], die: 0, count: 2}\n", 6),  # SLC: one program where TLC takes three steps
        ("  c: {op: CACHE_READ, die: 0, celltype: SLC, count: 2}\n", 9),  # + erase, program, READ, END, three DOUTs
        ("  a: {op: Page_Program_SLC, die: 0, block: 0}\n  b: {op: Page_Program_SLC, die: 0, block: 4}\n", 4),
        ("  a: {op: Page_Program_SLC, die: 0}\n  b: {op: Page_Program_SLC, die: 1}\n", 4),
    ],
)
def test_the_fewest_are_found_and_proven(said: str, count: int, tmp_path: Path) -> None:
    found = yes(tmp_path, DEVICE, HEAD + said)
    assert found.operations == count
    assert found.least == count or "block: 4" in said


def test_the_bound_is_never_above_what_is_found(tmp_path: Path) -> None:
    found = yes(tmp_path, DEVICE, "repeat: 4\n" + HEAD + "  r: {op: Read_SLC, die: 0}\n  e: {op: ERASE, die: 0}\n")
    assert found.least is not None
    assert found.least <= found.operations
    assert found.repetitions == 4
