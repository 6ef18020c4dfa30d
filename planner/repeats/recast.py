"""A chapter as it is played by a cast, from a boundary on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from model.advance import Issued, advance
from model.boundary import Blocks, Boundary
from model.device import Device
from model.event import NOTHING, Chunk, Commands, Ints
from planner.decode import Decoded
from planner.repeats.cast import Cast
from planner.repeats.chapter import Chapter, moved_spans


def recast(device: Device, chapter: Chapter, cast: Cast, boundary: Boundary) -> Decoded:
    """The whole chapter, its dies just reset before and after it."""
    commands = cast_commands(device, chapter, cast, boundary)
    spans, start = chapter.spans, boundary.time
    begins = start + spans.start + _later(chapter, cast, spans.start)
    ends = start + spans.end + _later(chapter, cast, spans.end)
    after = replace(
        boundary,
        time=start + chapter.length + int(cast.pauses[-1]),
        next_op_uid=boundary.next_op_uid + len(commands),
        blocks=_blocks(device, chapter, cast, boundary.blocks),
    )
    moved = moved_spans(spans, begins, ends, boundary.next_op_uid)
    return Decoded(Chunk(commands, moved, after.horizon(), chapter.source, chapter.aim), after)


def recast_until(
    device: Device, chapter: Chapter, cast: Cast, boundary: Boundary, most: int, end: int | None
) -> Decoded | None:
    """The first operations of a chapter, so many at most, all before the tick `end`; None where there are none."""
    commands = cast_commands(device, chapter, cast, boundary)
    count = most if end is None else min(most, int(np.searchsorted(commands.time, end)))
    if not count:
        return None
    commands = commands.slice(0, count)
    names = device.catalogue.names
    issues = np.array([op.issue for op in names])
    floor = int((commands.time + issues[commands.op]).max())
    after, spans = advance(device, boundary, _issued(device, commands), floor)
    return Decoded(Chunk(commands, spans, after.horizon(), chapter.source[:count], chapter.aim[:count]), after)


def cast_commands(device: Device, chapter: Chapter, cast: Cast, boundary: Boundary) -> Commands:
    """The chapter's commands with the dies, rows, op_names, numbers and times of the cast."""
    commands, rows, planes = chapter.commands, chapter.rows, device.geometry.planes
    row_of = np.zeros((device.geometry.dies, device.geometry.rows), dtype=np.int64)
    row_of[rows.die, rows.row] = cast.row
    named = commands.entry_block >= 0
    blocks = commands.entry_block.copy()
    row = row_of[commands.entry_die[named], blocks[named] // planes]
    blocks[named] = row * planes + blocks[named] % planes
    return Commands(
        time=boundary.time + commands.time + _later(chapter, cast, commands.time),
        op_uid=boundary.next_op_uid + commands.op_uid,
        op=cast.name[commands.op],
        die=cast.die[commands.die],
        exp_val=commands.exp_val,
        first=commands.first,
        entry_die=cast.die[commands.entry_die],
        entry_plane=commands.entry_plane,
        entry_block=blocks,
        entry_page=commands.entry_page,
        entry_celltype=commands.entry_celltype,
    )


def _later(chapter: Chapter, cast: Cast, ticks: Ints) -> Ints:
    """By how much what happens at some ticks of the chapter comes later: the pauses up to then."""
    later: Ints = cast.pauses[np.searchsorted(chapter.lulls, ticks, side="right")]
    return later


def _blocks(device: Device, chapter: Chapter, cast: Cast, blocks: Blocks) -> Blocks:
    """The blocks after the chapter: those that it erases are as it leaves them."""
    rows, planes, after = chapter.rows, device.geometry.planes, blocks.copy()
    entry, plane = np.nonzero(rows.written[:, None] >> np.arange(planes) & 1)
    die, block = cast.die[rows.die[entry]], cast.row[entry] * planes + plane
    after.kind[die, block] = rows.kind[entry, plane]
    after.celltype[die, block] = rows.celltype[entry, plane]
    after.last[die, block] = rows.last[entry, plane]
    return after


def _issued(device: Device, commands: Commands) -> list[Issued]:
    """Commands as the device transition takes them."""
    first, planes = commands.first.tolist(), device.geometry.planes
    entries = list(
        zip(commands.entry_plane.tolist(), commands.entry_block.tolist(), commands.entry_page.tolist(),
            commands.entry_celltype.tolist(), strict=True)
    )  # fmt: skip
    found = []
    heads = zip(
        commands.time.tolist(), commands.op_uid.tolist(), commands.op.tolist(), commands.die.tolist(), strict=True
    )
    for at, (time, op_uid, op, die) in enumerate(heads):
        payload = entries[first[at] : first[at + 1]]
        mask = sum(1 << plane for plane, _, _, _ in payload if plane != NOTHING)
        _, block, page, celltype = payload[0] if payload else (NOTHING, NOTHING, NOTHING, NOTHING)
        row = block // planes if block != NOTHING else NOTHING
        own = celltype if celltype != NOTHING else device.catalogue.names[op].celltype
        found.append(Issued(op_uid, op, die, mask, row, page, own, time))
    return found
