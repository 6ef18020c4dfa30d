"""Payloads as compact JSON, quoted for CSV, many at a time."""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np

from model.event import ERASUS, PGMSUS, Commands, ExpVal, Ints
from planner.export.sink import Words
from planner.export.text import Small, Texts, texts

NUMBERS = {"die": "entry_die", "plane": "entry_plane", "block": "entry_block", "page": "entry_page"}

Spell = Callable[[Ints], Texts]
"""Values of a field to its texts."""


def exp_val_of(code: int, suspend: bool) -> str | list[str]:
    """An expected value as the payload says it; with `suspend` with the two suspend flags."""
    value = ("busy", "extrdy", "ready")[code & 3] if code & 3 <= ExpVal.READY else ""
    if not suspend:
        return value
    return [value, "erasus" if code & ERASUS else "no_erasus", "pgmsus" if code & PGMSUS else "no_pgmsus"]


class Payloads:
    """Formats the payload column. Which fields an operation has, and their order, is the config's word.

    A payload is told entry by entry: each entry of an operation is a row of its own, with the opening bracket in its
    first, the closing one in its last. A payload without entries is one row, too.
    """

    OPEN = texts((",", '"[', "[]\n"))
    CLOSE = texts(("", ']"\n'))

    def __init__(self, words: Words) -> None:
        bases = words.catalogue.bases
        self._shapes = tuple(dict.fromkeys(base.payload for base in bases))
        self._shape = np.array([self._shapes.index(name.base.payload) for name in words.catalogue.names])
        self._celltypes = words.config.celltypes
        self._suspend = words.config.pattern.exp_val_suspend
        self._spells = [
            [self._spell(name, "," if place else "{", "}" if place == len(shape) - 1 else "")
             for place, name in enumerate(shape)]
            for shape in self._shapes
        ]  # fmt: skip
        self._parts = max(1, *map(len, self._shapes))

    def __call__(self, commands: Commands) -> tuple[Ints, list[Texts]]:
        """The rows of all payloads: how many each command has, and their columns of texts, side by side."""
        counts = np.diff(commands.first)
        sizes = np.maximum(counts, 1)
        owner = np.repeat(np.arange(len(commands), dtype=np.int64), sizes)
        first = np.append(True, owner[1:] != owner[:-1])[: len(owner)]
        last = np.append(owner[1:] != owner[:-1], True)[: len(owner)]
        named = counts[owner] > 0
        parts = [np.full(len(owner), b"", dtype=object) for _ in range(self._parts)]
        self._fill(parts, np.flatnonzero(named), commands, owner[named])
        opening = np.where(named, first.astype(np.int64), 2)
        return sizes, [self.OPEN[opening], *parts, self.CLOSE[(last & named).astype(np.int64)]]

    def _fill(self, parts: list[Texts], rows: Ints, commands: Commands, owner: Ints) -> None:
        """Writes the entries (flat, with their owners) into their rows of the parts."""
        parts[0][rows] = b"{}"
        shapes = self._shape[commands.op[owner]]
        for shape, payload in enumerate(self._shapes):
            at = np.flatnonzero(shapes == shape)
            if not len(at):
                continue
            lacks = np.zeros(len(at), dtype=np.bool_)
            for place, name in enumerate(payload):
                values = _column(name, commands, at, owner[at])
                lacks |= values < 0
                parts[place][rows[at]] = self._spells[shape][place](values)
            for entry in at[lacks]:
                told = self._what_is_there(payload, commands, np.array([entry]), owner[[entry]])
                for place in range(len(payload)):
                    parts[place][rows[entry]] = b"" if place else told

    def _what_is_there(self, payload: tuple[str, ...], commands: Commands, entry: Ints, owner: Ints) -> bytes:
        """An entry in which a field has no value: the field is left out."""
        values = ((name, _column(name, commands, entry, owner)) for name in payload)
        return b"{" + b",".join(self._spell(name, "", "")(value)[0] for name, value in values if value[0] >= 0) + b"}"

    def _spell(self, name: str, begin: str, end: str) -> Spell:
        """How a field is told: `"name":value`, between a beginning and an end."""
        begin += f'""{name}"":'
        if name in NUMBERS:
            return Small(begin, end)
        values = map(self._exp_val, range(16)) if name == "exp_val" else map(_quoted, self._celltypes)
        table = texts(f"{begin}{value}{end}" for value in values)
        return table.__getitem__

    def _exp_val(self, code: int) -> str:
        return _quoted(exp_val_of(code, self._suspend))


def _column(name: str, commands: Commands, at: Ints, owner: Ints) -> Ints:
    """The values of a field in payload entries."""
    if name == "exp_val":
        return commands.exp_val[owner]
    column: Ints = getattr(commands, NUMBERS.get(name, "entry_celltype"))[at]
    return column


def _quoted(value: str | list[str]) -> str:
    """A JSON value as it stands inside a quoted CSV field."""
    return json.dumps(value, separators=(",", ":")).replace('"', '""')
