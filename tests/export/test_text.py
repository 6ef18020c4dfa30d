"""Bulk formatting says the same as formatting one by one."""

from __future__ import annotations

import csv
import io
from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from model.units import Clock
from planner.export import tally
from planner.export.tally import Tally
from planner.export.text import Us, field, lines, rows


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_a_field_is_what_the_csv_module_writes(text: str) -> None:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(["a", text, "b"])
    assert out.getvalue() == f"a,{field(text)},b\n"


@given(st.lists(st.integers(min_value=0, max_value=2**53)), st.integers(min_value=4, max_value=7))
def test_ticks_are_told_as_the_clock_tells_them(ticks: list[int], decimals: int) -> None:
    clock = Clock(decimals)
    assert Us(clock)(np.array(ticks, dtype=np.int64)).tolist() == [clock.us(tick) for tick in ticks]


def test_nothing_is_the_empty_field() -> None:
    assert Us(Clock(4))(np.array([-1, 0, 15])).tolist() == ["", "0.0000", "0.0015"]


def test_rows_stand_one_per_line() -> None:
    assert rows("%d,%s", [1, 2], ["a", "b"]) == "1,a\n2,b\n"
    assert rows("%d,%s", [], []) == ""
    assert lines("%d%%", np.array([5])) == ["5%"]


@given(st.lists(st.lists(st.integers(min_value=0, max_value=9))))
def test_a_tally_counts(batches: list[list[int]]) -> None:
    room, tally.ROOM = tally.ROOM, 5
    try:
        counted = Tally()
        for batch in batches:
            counted.add(np.array(batch, dtype=np.int64))
        keys, counts = counted.sorted()
    finally:
        tally.ROOM = room
    assert dict(zip(keys.tolist(), counts.tolist(), strict=True)) == Counter(key for batch in batches for key in batch)
    assert keys.tolist() == sorted(keys.tolist())
