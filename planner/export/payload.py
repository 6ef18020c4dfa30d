"""Payloads as compact JSON, quoted for CSV, many at a time."""

from __future__ import annotations

import json
from itertools import pairwise

import numpy as np

from model.event import ERASUS, PGMSUS, Commands, ExpVal, Ints
from planner.export.sink import Words
from planner.export.text import Texts, lines, texts

NUMBERS = {"die": "entry_die", "plane": "entry_plane", "block": "entry_block", "page": "entry_page"}


def exp_val_of(code: int, suspend: bool) -> str | list[str]:
    """An expected value as the payload says it; with `suspend` with the two suspend flags."""
    value = ("busy", "extrdy", "ready")[code & 3] if code & 3 <= ExpVal.READY else ""
    if not suspend:
        return value
    return [value, "erasus" if code & ERASUS else "no_erasus", "pgmsus" if code & PGMSUS else "no_pgmsus"]


class Payloads:
    """Formats the payload column. Which fields an operation has, and their order, is the config's word."""

    def __init__(self, words: Words) -> None:
        bases = words.catalogue.bases
        self._shapes = tuple(dict.fromkeys(base.payload for base in bases))
        self._shape = np.array([self._shapes.index(name.base.payload) for name in words.catalogue.names])
        self._celltypes = texts(_quoted(name) for name in words.config.celltypes)
        suspend = words.config.pattern.exp_val_suspend
        self._exp_vals = texts(_quoted(exp_val_of(code, suspend)) for code in range(16))

    def __call__(self, commands: Commands) -> list[str]:
        """The CSV field of each command's payload."""
        counts = np.diff(commands.first)
        owner = np.repeat(np.arange(len(commands), dtype=np.int64), counts)
        entry = np.empty(len(owner), dtype=object)
        shapes = self._shape[commands.op[owner]]
        for shape, payload in enumerate(self._shapes):
            at = np.flatnonzero(shapes == shape)
            if len(at):
                entry[at] = self._entries(payload, commands, at, owner[at])
        listed = entry.tolist()
        first = commands.first.tolist()
        return [f'"[{",".join(listed[low:high])}]"' if high > low else "[]" for low, high in pairwise(first)]

    def _entries(self, payload: tuple[str, ...], commands: Commands, at: Ints, owner: Ints) -> list[str]:
        """The objects of payload entries with these fields; a field without a value is left out."""
        columns: list[Ints | Texts] = []
        parts: list[str] = []
        lacks = np.zeros(len(at), dtype=np.bool_)
        for name in payload:
            values = self._column(name, commands, at, owner)
            lacks |= values < 0
            columns.append(self._words(name, values))
            parts.append(f'""{name}"":%{"d" if name in NUMBERS else "s"}')
        made = lines("{" + ",".join(parts) + "}", *columns) if payload else ["{}"] * len(at)
        for row in np.flatnonzero(lacks).tolist():
            has = [i for i, name in enumerate(payload) if self._column(name, commands, at, owner)[row] >= 0]
            made[row] = "{" + ",".join(parts[i] % columns[i][row] for i in has) + "}"
        return made

    @staticmethod
    def _column(name: str, commands: Commands, at: Ints, owner: Ints) -> Ints:
        if name == "exp_val":
            return commands.exp_val[owner]
        column: Ints = getattr(commands, NUMBERS.get(name, "entry_celltype"))[at]
        return column

    def _words(self, name: str, values: Ints) -> Ints | Texts:
        if name in NUMBERS:
            return values
        words: Texts = (self._exp_vals if name == "exp_val" else self._celltypes)[values]
        return words


def _quoted(value: str | list[str]) -> str:
    """A JSON value as it stands inside a quoted CSV field."""
    return json.dumps(value, separators=(",", ":")).replace('"', '""')
