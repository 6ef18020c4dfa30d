"""What became of a story: commands, spans, events and files of a planned history."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from model.advance import advance
from model.boundary import Boundary
from model.config import Config, load
from model.device import Device
from model.event import NOTHING, Chunk, Commands, ExpVal, Spans
from model.operations import OpName
from model.timeline import EventKind, Layout, Timeline
from planner.export import RunWriter
from planner.export.snapshot import encode, stem
from planner.window.spec import OpSpec
from tests.judge.script import rows_of

if TYPE_CHECKING:
    from tests.scenarios.stage import Story

SHIPPED = Path(__file__).parents[2] / "config.yaml"

Row = tuple[int, int, int, int, int, list[tuple[int, int, int, int, int]]]
"""A command: time, op_uid, op, die, exp_val, payload entries."""


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One operation of a story; `index` is its place in the story."""

    index: int
    name: OpName
    spec: OpSpec
    celltype: int | None
    exp_val: int


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """A story as planned: commands, spans and events of the whole history so far, and the device when all has run."""

    story: Story
    rows: tuple[Row, ...]
    op_uid: Mapping[Line, int]
    boundary: Boundary
    spans: tuple[tuple[int, ...], ...]
    cut: Boundary
    settled: tuple[tuple[int, ...], ...]
    """The device, and the spans settled, just after the last operation was sent."""

    def row(self, line: Line) -> Row:
        """Its command."""
        return next(row for row in self.rows if row[1] == self.op_uid[line])

    def start(self, line: Line) -> int:
        """When the operation starts."""
        return self.row(line)[0]

    def end(self, line: Line) -> int:
        """When its last span ends."""
        return max(end for _, _, _, end, _ in self.states(line))

    def states(self, line: Line) -> list[tuple[int, str, int, int, int]]:
        """Its spans: fragment, state, start, end, and what is left of CORE_BUSY at the end."""
        words = line.name.base.states
        mine = [span for span in self.spans if span[0] == self.op_uid[line]]
        return [(fragment, words[state], start, end, left) for _, fragment, state, start, end, _, left, _ in mine]

    def core(self, line: Line) -> list[tuple[int, int]]:
        """Its pieces of CORE_BUSY: start, end."""
        return [(start, end) for _, state, start, end, _ in self.states(line) if state == "CORE_BUSY"]

    def lengths(self, line: Line) -> list[int]:
        """How long its pieces of CORE_BUSY are."""
        return [end - start for start, end in self.core(line)]

    def payload(self, line: Line) -> list[tuple[int, int, int, int, int]]:
        """Its payload: die, plane, block, page, celltype of each entry."""
        return self.row(line)[5]

    def exp_val(self, line: Line) -> ExpVal:
        """What a status read expects to see first."""
        return ExpVal(self.row(line)[4] & 3)

    @property
    def chunk(self) -> Chunk:
        """The whole history as one chunk."""
        commands, spans = Commands.of(self.rows), Spans.of(self.spans)
        return Chunk(commands, spans, int(spans.end.max()) + 1, commands.time * 0, commands.time * 0 + NOTHING)

    def events(self, line: Line | None = None) -> list[tuple[int, str, int]]:
        """Events but STATE, in order: time, event, op_uid; those of one operation, or all."""
        told = Timeline(Layout.of(self.story.config)).settle(self.chunk).events
        kinds = [EventKind(kind).name for kind in told.kind.tolist()]
        found = zip(told.time.tolist(), kinds, told.op_uid.tolist(), strict=True)
        wanted = None if line is None else self.op_uid[line]
        return [event for event in found if event[1] != "STATE" and wanted in (None, event[2])]

    def files(self, folder: Path) -> dict[str, list[dict[str, str]]]:
        """The rows of each table that a run with this history writes, by its name."""
        with RunWriter(self.story.config, folder, run=1, date="260101", seed=0) as writer:
            writer.write(self.chunk)
            writer.commit()
        return tables(folder)

    def snapshot(self, folder: Path) -> Path:
        """The device when all has run, as the snapshot of run 1."""
        array, document = encode(self.story.config, self.boundary, seed=1, stream=0, run=1)
        path = folder / f"{stem(1)}.json"
        path.write_bytes(document)
        path.with_suffix(".npy").write_bytes(array)
        return path

    def block(self, row: int, plane: int = 0, die: int = 0) -> tuple[int, str, int]:
        """A block when all has run: kind, celltype, last page."""
        blocks, device = self.boundary.blocks, self.story.device
        at = die, device.geometry.block_of(row, plane)
        return int(blocks.kind[at]), device.celltypes[blocks.celltype[at]], int(blocks.last[at])


def tables(folder: Path, run: int = 1) -> dict[str, list[dict[str, str]]]:
    """The rows of each table of a run in a folder, by its name."""
    found = sorted(folder.glob(f"*_{run:07d}.csv"))
    return {path.name.split("_26")[0]: list(csv.DictReader(path.open(encoding="utf-8"))) for path in found}


def changed(folder: Path, **parts: Any) -> Config:
    """The shipped config with some of its top-level keys replaced; a mapping is laid over what is there."""
    raw = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    for key, value in parts.items():
        raw[key] = {**raw[key], **value} if isinstance(value, dict) and isinstance(raw.get(key), dict) else value
    path = folder / "config.yaml"
    path.write_text(yaml.safe_dump(raw, sort_keys=False), encoding="utf-8")
    return load(path)


def run_out(device: Device, boundary: Boundary) -> tuple[Boundary, Spans]:
    """The device when everything that runs has come to its end, and the spans until then."""
    rows: list[tuple[int, ...]] = []
    while True:
        ends = [live.end for die in boundary.dies for live in die.running] + [live.end for live in boundary.passing]
        if not ends:
            return boundary, Spans.of(rows)
        boundary, spans = advance(device, boundary, (), max(ends))
        rows += rows_of(spans)


def rows_from(commands: Commands) -> list[Row]:
    """The commands row by row."""
    columns = (getattr(commands, name).tolist() for name in ("time", "op_uid", "op", "die", "exp_val"))
    names = ("entry_die", "entry_plane", "entry_block", "entry_page", "entry_celltype")
    entries = list(zip(*(getattr(commands, name).tolist() for name in names), strict=True))
    first = commands.first.tolist()
    return [
        (time, uid, op, die, exp, entries[first[i] : first[i + 1]])
        for i, (time, uid, op, die, exp) in enumerate(zip(*columns, strict=True))
    ]
