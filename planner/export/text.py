"""Fields and rows of CSV files, formatted in bulk.

A file's rows are put together from *texts*: arrays of short pieces, one per row, with their commas and line ends in
them. Names are looked up in tables of texts, numbers are spelt digit by digit for a whole column at once.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from model.event import Ints
from model.units import Clock

Texts = npt.NDArray[np.object_]
"""An array of UTF-8 texts (bytes)."""

POINT, ZERO = b".0"


@lru_cache(maxsize=1 << 12)
def field(text: str) -> str:
    """A CSV field: quoted only where it must be."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow([text, ""])
    return out.getvalue()[:-2]


def texts(values: Iterable[str], end: str = "") -> Texts:
    """A table of texts to be indexed by an array, `end` behind each; one more, the end alone, is for NOTHING (-1)."""
    listed = [(value + end).encode() for value in (*values, "")]
    table = np.empty(len(listed), dtype=object)
    table[:] = listed
    return table


def fields(values: Iterable[str], end: str = "") -> Texts:
    """A table of texts, each as a CSV field."""
    return texts((field(value) for value in values), end)


class Lines(NamedTuple):
    """Lines of a file, each with its line end, and how many they are (`rows`)."""

    text: bytes
    rows: int


NO_LINES = Lines(b"", 0)


def rows(*columns: Texts) -> Lines:
    """One line per row: the pieces of the row one after the other. At least one column; all have the same length."""
    pieces = np.empty((len(columns[0]), len(columns)), dtype=object)
    for place, column in enumerate(columns):
        pieces[:, place] = column
    return Lines(b"".join(pieces.ravel().tolist()), len(pieces))


def numbers(values: Ints, end: str = "", decimals: int = 0) -> Texts:
    """Whole numbers of 10**-decimals in fixed point, `end` behind each; for NOTHING (what is negative) the end alone.

    Values have at most 18 digits.
    """
    made: Texts = np.full(len(values), end.encode(), dtype=object)
    if not len(values):
        return made
    shortest = decimals + 1
    fewest, most = (max(len(str(max(int(value), 0))), shortest) for value in (values.min(), values.max()))
    for digits in range(fewest, most + 1):
        least = 0 if digits == shortest else 10 ** (digits - 1)
        alike = np.flatnonzero((values >= least) & (values < 10**digits))
        made[alike] = _spelt(values[alike], digits, end, decimals)
    return made


def _spelt(values: Ints, digits: int, end: str, decimals: int) -> Texts:
    """Numbers that have the same number of digits: one column of characters after the other, the last digit first."""
    tail = end.encode()
    place = digits + (decimals > 0)
    characters = np.empty((len(values), place + len(tail)), dtype=np.uint8)
    characters[:, place:] = list(tail)
    rest = values
    for digit in range(digits):
        if decimals and digit == decimals:
            place -= 1
            characters[:, place] = POINT
        place -= 1
        higher = rest // 10
        characters[:, place] = rest - 10 * higher + ZERO
        rest = higher
    return characters.view(f"S{characters.shape[1]}").ravel().astype(object)


class Small:
    """The texts of small numbers (blocks, pages, ...), each between a beginning and an end, made when first met."""

    MOST = 1 << 16
    """Greater numbers are spelt each time, so that the table stays small."""

    def __init__(self, begin: str = "", end: str = "", nothing: str | None = None) -> None:
        """`nothing`: what stands for NOTHING (any negative number); by default only the end."""
        self._begin, self._end = begin, end
        self._nothing = end if nothing is None else nothing
        self._table = texts((), self._nothing)

    def __call__(self, values: Ints) -> Texts:
        """One text per number."""
        most = int(values.max(initial=-1))
        if most >= self.MOST:
            return self._each(values)
        if most >= len(self._table) - 1:
            self._table = np.append(self._each(np.arange(2 * most + 2)), texts((), self._nothing))
        found: Texts = self._table[np.maximum(values, -1)]
        return found

    def _each(self, values: Ints) -> Texts:
        made = [f"{self._begin}{value}{self._end}" if value >= 0 else self._nothing for value in values.tolist()]
        return texts(made)[:-1]


class Us:
    """Ticks as texts in microseconds, many at a time."""

    def __init__(self, clock: Clock) -> None:
        self._decimals = clock.decimals

    def __call__(self, ticks: Ints, end: str = "") -> Texts:
        """One text per value, `end` behind each; the end alone for NOTHING (-1)."""
        return numbers(ticks, end, self._decimals)


def distinct(codes: Ints) -> tuple[Ints, Ints]:
    """The distinct codes, ascending, and for each code its place among them; quick where they lie close together."""
    if not len(codes):
        return codes, codes
    low, high = int(codes.min()), int(codes.max())
    if high - low > max(SPARSE * len(codes), 1 << 10):
        found, back = np.unique(codes, return_inverse=True)
        return found, back
    there = np.zeros(high - low + 1, dtype=np.bool_)
    there[codes - low] = True
    found = np.flatnonzero(there)
    place = np.zeros(len(there), dtype=np.int64)
    place[found] = np.arange(len(found))
    return found + low, place[codes - low]


SPARSE = 16
"""Codes are sorted rather than counted where their range is so many times as wide as they are many."""
