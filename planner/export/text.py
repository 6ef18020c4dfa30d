"""Fields and rows of CSV files, formatted in bulk."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from model.event import Ints
from model.units import Clock

Texts = npt.NDArray[np.object_]
"""An array of str."""
Column = Sequence[Any] | npt.NDArray[Any]
"""Values of a column, one per row."""


def field(text: str) -> str:
    """A CSV field: quoted only where it must be."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow([text, ""])
    return out.getvalue()[:-2]


def texts(values: Iterable[str]) -> Texts:
    """Texts as an array that can be indexed by an array; one more at the end is the empty text, for NOTHING."""
    listed = [*values, ""]
    table = np.empty(len(listed), dtype=object)
    table[:] = listed
    return table


def fields(values: Iterable[str]) -> Texts:
    """Texts, each as a CSV field; index -1 (NOTHING) is the empty one."""
    return texts(field(value) for value in values)


def rows(template: str, *columns: Column) -> str:
    """One line per row of the columns, by a `%` template without line end."""
    count, width = len(columns[0]), len(columns)
    flat: list[Any] = [None] * (count * width)
    for i, column in enumerate(columns):
        flat[i::width] = column.tolist() if isinstance(column, np.ndarray) else column
    return ((template + "\n") * count) % tuple(flat)


def lines(template: str, *columns: Column) -> list[str]:
    """The same as a list, without line ends. Values must be free of them."""
    return rows(template, *columns).split("\n")[:-1]


class Us:
    """Ticks as texts in microseconds, many at a time."""

    def __init__(self, clock: Clock) -> None:
        self._scale = clock.ticks_per_us
        self._template = f"%d.%0{clock.decimals}d" if clock.decimals else "%d"

    def __call__(self, ticks: Ints) -> Texts:
        """One text per value; the empty text for NOTHING (-1)."""
        distinct, back = np.unique(ticks, return_inverse=True)
        whole, part = np.divmod(distinct, self._scale)
        made = lines(self._template, whole, part) if self._scale > 1 else lines(self._template, whole)
        table = texts(made)[:-1]
        table[distinct < 0] = ""
        return table[back]
