"""Bulk formatting says the same as formatting one by one."""

from __future__ import annotations

import csv
import io
from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from model.event import Ints
from model.units import Clock
from planner.export import tally
from planner.export.tally import Tally
from planner.export.text import NO_LINES, Small, Texts, Us, distinct, field, fields, numbers, rows, texts


def ints(values: list[int]) -> Ints:
    """A column."""
    return np.array(values, dtype=np.int64)


def told(made: Texts) -> list[str]:
    """What texts say."""
    return [text.decode() for text in made.tolist()]


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_a_field_is_what_the_csv_module_writes(text: str) -> None:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(["a", text, "b"])
    assert out.getvalue() == f"a,{field(text)},b\n"


@given(st.lists(st.integers(min_value=0, max_value=10**18 - 1)), st.integers(min_value=0, max_value=7))
def test_ticks_are_told_as_the_clock_tells_them(ticks: list[int], decimals: int) -> None:
    clock = Clock(decimals)
    assert told(Us(clock)(ints(ticks))) == [clock.us(tick) for tick in ticks]


@given(st.lists(st.integers(min_value=0, max_value=10**18 - 1)))
def test_numbers_are_told_as_they_are(values: list[int]) -> None:
    assert told(numbers(ints(values), ";")) == [f"{value};" for value in values]


def test_nothing_is_the_end_alone() -> None:
    assert told(Us(Clock(4))(ints([-1, 0, 15]), ",")) == [",", "0.0000,", "0.0015,"]
    assert told(numbers(ints([-1, -1]), "\n")) == ["\n", "\n"]


def test_a_table_of_texts_has_the_end_alone_for_nothing() -> None:
    assert told(texts(["a", "b"], ",")[ints([1, -1, 0])]) == ["b,", ",", "a,"]
    assert told(fields(['say "x"'])[ints([0, -1])]) == ['"say ""x"""', ""]


@given(st.lists(st.integers(min_value=-1, max_value=40)))
def test_small_numbers_are_told_from_a_table_and_great_ones_too(values: list[int]) -> None:
    small = Small("p", ",", nothing="none")
    most, Small.MOST = Small.MOST, 20
    try:
        for batch in (values[:3], values[3:]):
            assert told(small(ints(batch))) == [f"p{value}," if value >= 0 else "none" for value in batch]
    finally:
        Small.MOST = most


def test_rows_stand_one_after_the_other() -> None:
    assert rows(numbers(ints([1, 2]), ","), texts(["a", "b"], "\n")[:-1]) == (b"1,a\n2,b\n", 2)
    assert rows(numbers(ints([]))) == NO_LINES


@given(st.lists(st.one_of(st.integers(min_value=-3, max_value=9), st.integers(min_value=0, max_value=2**60))))
def test_distinct_codes_are_found_whether_they_lie_close_or_not(codes: list[int]) -> None:
    found, back = distinct(ints(codes))
    assert found.tolist() == sorted(set(codes))
    assert found[back].tolist() == codes


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
