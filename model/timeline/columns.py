"""Tables of columns: frozen dataclasses whose every field is an array of the same length."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from model.event import Commands, Ints

Table = TypeVar("Table")
Bools = npt.NDArray[np.bool_]
FOREVER = int(np.iinfo(np.int64).max)


def take(table: Table, rows: Any) -> Table:
    """The rows of a table that an index array, a mask or a slice picks, in that order."""
    names = [field.name for field in fields(table)]  # type: ignore[arg-type]
    return type(table)(*(getattr(table, name)[rows] for name in names))


def stack(tables: Sequence[Table]) -> Table:
    """Tables of one kind, one after the other (at least one)."""
    if len(tables) == 1:
        return tables[0]
    names = [field.name for field in fields(tables[0])]  # type: ignore[arg-type]
    return type(tables[0])(*(np.concatenate([getattr(table, name) for table in tables]) for name in names))


def empty(kind: type[Table]) -> Table:
    """A table without rows."""
    return kind(*(np.zeros(0, dtype=np.int64) for _ in fields(kind)))  # type: ignore[arg-type]


def starts(counts: Ints) -> Ints:
    """Offsets (one more than counts) of groups with these sizes."""
    return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(counts, dtype=np.int64)])


def grouped(first: Ints, groups: Ints) -> tuple[Ints, Ints]:
    """The flat rows of some groups, group by group: (position in `groups`, flat row)."""
    counts = first[groups + 1] - first[groups]
    owner = np.repeat(np.arange(len(groups), dtype=np.int64), counts)
    within = np.arange(len(owner), dtype=np.int64) - starts(counts)[owner]
    return owner, first[groups][owner] + within


def stack_commands(pieces: Sequence[Commands]) -> Commands:
    """Commands one after the other (at least one piece)."""
    if len(pieces) == 1:
        return pieces[0]
    columns = {
        field.name: np.concatenate([getattr(piece, field.name) for piece in pieces])
        for field in fields(Commands)
        if field.name != "first"
    }
    counts = np.concatenate([np.diff(piece.first) for piece in pieces])
    return Commands(first=starts(counts), **columns)


def take_commands(commands: Commands, rows: Ints) -> Commands:
    """The commands of an index array, in that order, with their payload entries."""
    _, flat = grouped(commands.first, rows)
    return Commands(
        commands.time[rows],
        commands.op_uid[rows],
        commands.op[rows],
        commands.die[rows],
        commands.exp_val[rows],
        starts(np.diff(commands.first)[rows]),
        commands.entry_die[flat],
        commands.entry_plane[flat],
        commands.entry_block[flat],
        commands.entry_page[flat],
        commands.entry_celltype[flat],
    )


def no_commands() -> Commands:
    """Commands without a row."""
    return Commands.of([])
