"""A legal sequence as rows that can be changed, and the device's boundaries along it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from model.advance import Issued, advance
from model.boundary import Boundary
from model.config import Config
from model.device import Device
from model.event import NOTHING, Commands
from model.judge import Judge, Report
from model.operations import OpName
from model.sequence import read_sequence
from planner.export.snapshot import taken


class Entry(NamedTuple):
    """An object of a payload; NOTHING where a field is missing."""

    die: int
    plane: int
    block: int
    page: int
    celltype: int


@dataclass(frozen=True, slots=True)
class Row:
    """One command. Its op_uid is its place in the history, unless `uid` says another one."""

    time: int
    op: int
    die: int
    exp: int
    entries: tuple[Entry, ...]
    uid: int = NOTHING

    @property
    def mask(self) -> int:
        """The payload planes."""
        return sum(1 << plane for plane in {entry.plane for entry in self.entries} if plane >= 0)

    @property
    def page(self) -> int:
        """The page of its first object, NOTHING where there is none."""
        return self.entries[0].page if self.entries else NOTHING

    @property
    def celltype(self) -> int:
        """The celltype of its first object, NOTHING where there is none."""
        return self.entries[0].celltype if self.entries else NOTHING

    def at(self, time: int) -> Row:
        """The same at another time."""
        return replace(self, time=time)

    def each(self, **fields: int) -> Row:
        """The same with other values in every object of the payload."""
        return replace(self, entries=tuple(entry._replace(**fields) for entry in self.entries))


@dataclass(frozen=True, slots=True)
class History:
    """A legal sequence on a fresh device."""

    config: Config
    device: Device
    rows: tuple[Row, ...]

    @staticmethod
    def read(path: Path, config: Config) -> History:
        """The history of a sequence file."""
        return History(config, Device(config), rows_of(read_sequence(path, config).commands))

    def name(self, row: Row) -> OpName:
        """The op_name of a row."""
        return self.device.catalogue.names[row.op]

    def onward(self, boundary: Boundary, done: int, index: int) -> Boundary:
        """The device just before row `index` starts, from the boundary before row `done`."""
        issued = [self._issued(i) for i in range(done, index)]
        return advance(self.device, boundary, issued, self.rows[index].time)[0]

    def _issued(self, index: int) -> Issued:
        row = self.rows[index]
        block = row.entries[0].block if row.entries else NOTHING
        block_row = NOTHING if block < 0 else self.device.geometry.row_of(block)
        return Issued(index + 1, row.op, row.die, row.mask, block_row, row.page, row.celltype, row.time)


def rows_of(commands: Commands) -> tuple[Row, ...]:
    """Columns as rows."""
    places = (commands.entry_die, commands.entry_plane, commands.entry_block, commands.entry_page)
    flat = list(map(Entry, *(column.tolist() for column in (*places, commands.entry_celltype))))
    first = commands.first.tolist()
    entries = [tuple(flat[low:high]) for low, high in pairwise(first)]
    heads = (commands.time, commands.op, commands.die, commands.exp_val)
    return tuple(map(Row, *(column.tolist() for column in heads), entries))


def commands_of(rows: Iterable[Row], first_uid: int) -> Commands:
    """Rows in order of time as columns, numbered from `first_uid` on."""
    ordered = sorted(rows, key=lambda row: row.time)
    return Commands.of(
        [
            (row.time, first_uid + i if row.uid == NOTHING else row.uid, row.op, row.die, row.exp, row.entries)
            for i, row in enumerate(ordered)
        ]
    )


def judged(config: Config, boundary: Boundary, rows: Sequence[Row], *, open_end: bool = True) -> Report:
    """The judge's word on rows that go on from a boundary."""
    snapshot = taken(config, boundary, seed=0, stream=0, run=1)
    judge = Judge(config, snapshot.document, snapshot.blocks, replaying=False)
    judge.feed(commands_of(rows, boundary.next_op_uid))
    return judge.finish(open_end=open_end)
