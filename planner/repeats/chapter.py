"""A chapter: a stretch of a plan that begins and ends with every die just reset, and needs no block as it finds it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from model.boundary import Blocks, Boundary, DieState
from model.chains import Kind
from model.device import Device
from model.event import Chunk, Commands, Ints, Spans
from model.timeline.columns import stack, stack_commands

Masks = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of blocks that a chapter uses, one entry each.

    `used` are the planes on which it names a block, `written` those on which it erases one (whatever it held), and
    `looked` those on which it names a block that it has not erased: any but an undefined one. `kind`, `celltype` and
    `last` [entry, plane] are what the written blocks are left as.
    """

    die: Ints
    row: Ints
    used: Masks
    written: Masks
    looked: Masks
    kind: npt.NDArray[np.int8]
    celltype: npt.NDArray[np.int8]
    last: npt.NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Chapter:
    """Operations numbered from 0, at ticks from 0 to `length`, between two resets of all dies.

    `dies` are the dies as they are at both ends. `lulls` are the ticks at which something starts after a while in
    which nothing was under way on any die: from there on everything may come later. `alone`: no two operations start
    at one tick, so that their numbers do not depend on the dies that they are on.
    """

    dies: tuple[DieState, ...]
    length: int
    commands: Commands
    spans: Spans
    source: Ints
    aim: Ints
    rows: Rows
    lulls: Ints
    alone: bool


def erases(device: Device) -> npt.NDArray[np.bool_]:
    """Of each op_name whether it erases blocks."""
    return np.array([device.kinds[op.base.index] is Kind.ERASE for op in device.catalogue.names])


def chapter_of(device: Device, begin: Boundary, chunks: Sequence[Chunk], end: Boundary) -> Chapter | None:
    """The chapter that chunks make up; None where the dies do not end as they began."""
    if begin.dies != end.dies or begin.odt_disabled or end.odt_disabled:
        return None
    commands, spans = stack_commands([c.commands for c in chunks]), stack([c.spans for c in chunks])
    first, shift = begin.next_op_uid, begin.time
    return Chapter(
        dies=begin.dies,
        length=end.time - shift,
        commands=_moved(commands, shift, first),
        spans=moved_spans(spans, spans.start - shift, spans.end - shift, -first),
        source=np.concatenate([c.source for c in chunks]),
        aim=np.concatenate([c.aim for c in chunks]),
        rows=_rows(device, commands, end.blocks),
        lulls=_lulls(spans) - shift,
        alone=bool((np.diff(commands.time) > 0).all()),
    )


def _moved(commands: Commands, shift: int, first: int) -> Commands:
    """From ticks and numbers of a run to those of a chapter."""
    return Commands(
        commands.time - shift, commands.op_uid - first, commands.op, commands.die, commands.exp_val, commands.first,
        commands.entry_die, commands.entry_plane, commands.entry_block, commands.entry_page, commands.entry_celltype,
    )  # fmt: skip


def moved_spans(spans: Spans, start: Ints, end: Ints, first: int) -> Spans:
    """Spans with other starts and ends, and other numbers."""
    return Spans(
        spans.op_uid + first, spans.fragment, spans.state, start, end, spans.planned, spans.remaining, spans.ended
    )


def _lulls(spans: Spans) -> Ints:
    """The starts before which nothing was under way."""
    order = np.argsort(spans.start, kind="stable")
    start, until = spans.start[order], np.maximum.accumulate(spans.end[order])
    return np.unique(start[1:][start[1:] > until[:-1]])


def _rows(device: Device, commands: Commands, after: Blocks) -> Rows:
    planes = device.geometry.planes
    used: dict[tuple[int, int], list[int]] = {}
    for die_of, block, erased in _named(device, commands):
        entry = used.setdefault((die_of, block // planes), [0, 0, 0])
        bit = 1 << block % planes
        entry[0] |= bit
        if erased:
            entry[1] |= bit
        elif not entry[1] & bit:
            entry[2] |= bit
    masks: Masks = np.array(list(used.values()), dtype=np.int64).reshape(len(used), 3)
    die, row = np.array(list(used), dtype=np.int64).reshape(len(used), 2).T
    named, written, looked = masks.T
    where = die[:, None], row[:, None] * planes + np.arange(planes)
    return Rows(die, row, named, written, looked, after.kind[where], after.celltype[where], after.last[where])


def _named(device: Device, commands: Commands) -> Iterable[tuple[int, int, bool]]:
    """Every block that is named: die, block, and whether it is erased."""
    erased = np.repeat(erases(device)[commands.op], np.diff(commands.first))
    some = commands.entry_block >= 0
    columns = (commands.entry_die[some], commands.entry_block[some], erased[some])
    return zip(*(column.tolist() for column in columns), strict=True)
