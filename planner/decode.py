"""From a solved window to operations with numbers, addresses and times."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.advance import Issued, advance
from model.boundary import Boundary
from model.event import ERASUS, NOTHING, PGMSUS, Chunk, Commands, ExpVal
from model.operations import DATAINS, DOUTS, ERASE_AXIS, STATUS_READS
from planner.solve import Solved
from planner.window.parts import Op
from planner.window.registers import Registers
from planner.window.rules.issue import suspend_events, suspended_before
from planner.window.spec import Moment
from planner.window.variables import Window

_CACHE_ENDS = ("CACHE_READ_END", "PLANE_CACHE_READ_END")


@dataclass(frozen=True, slots=True)
class Decoded:
    """What a window comes to: the operations and what is settled of them, and the device state that they leave."""

    chunk: Chunk
    boundary: Boundary


def decode(solved: Solved) -> Decoded:
    """The operations of a solved window, numbered in order of start (equal starts: die, then plane)."""
    window = solved.window
    timed = [(solved.time(op.start), op) for op in window.new]
    timed.sort(key=lambda pair: (pair[0], pair[1].die, pair[1].mask or 0, pair[1].pos))
    rows, issued = [], []
    floor = window.spec.floor
    for op_uid, (start, op) in enumerate(timed, window.boundary.next_op_uid):
        celltype = _celltype(solved, op)
        mask = sum(1 << p for p, lit in enumerate(op.on) if solved.holds(lit))
        row, page = solved.number(op.row), solved.number(op.page)
        rows.append(_row(solved, op, start, op_uid, mask, celltype))
        issued.append(Issued(op_uid, op.name.index, op.die, mask, row, page, celltype, start))
        floor = max(floor, start + op.name.issue)
    boundary, spans = advance(window.device, window.boundary, issued, floor)
    specs = [window.spec.ops[op.index] for _, op in timed]
    chunk = Chunk(
        commands=Commands.of(rows),
        spans=spans,
        horizon=boundary.horizon(),
        source=np.array([spec.source for spec in specs], dtype=np.int64),
        aim=np.array([spec.aim for spec in specs], dtype=np.int64),
    )
    return Decoded(chunk, boundary)


def _row(solved: Solved, op: Op, start: int, op_uid: int, mask: int, celltype: int):  # type: ignore[no-untyped-def]
    payload = op.base.payload
    exp_val = _exp_val(solved, op, start) if op.base.name in STATUS_READS else NOTHING
    entries: list[tuple[int, int, int, int, int]] = []
    if op.base.has_plane:
        geometry = solved.window.device.geometry
        row = solved.number(op.row) if "block" in payload else NOTHING
        page = solved.number(op.page) if "page" in payload else NOTHING
        kept = celltype if "celltype" in payload else NOTHING
        for plane in geometry.planes_in(mask):
            block = NOTHING if row == NOTHING else geometry.block_of(row, plane)
            entries.append((op.die, plane, block, page, kept))
    elif payload:
        entries.append((op.die, NOTHING, NOTHING, NOTHING, NOTHING))
    return start, op_uid, op.name.index, op.die if op.base.has_die else NOTHING, exp_val, entries


def _exp_val(solved: Solved, op: Op, start: int) -> int:
    """What a status read sees: CORE_BUSY of any plane of the die, else a DATA window, else ready."""
    window = solved.window
    value = ExpVal.READY
    for other in window.others(op):
        for run in other.runs:
            if not solved.holds(run.present) or not solved.time(run.start) <= start < solved.time(run.end):
                continue
            if run.core:
                value = ExpVal.BUSY
            elif value is ExpVal.READY:
                value = ExpVal.EXTRDY
    if not window.device.config.pattern.exp_val_suspend:
        return int(value)
    return int(value) + _suspend_flags(solved, op)


def _suspend_flags(solved: Solved, op: Op) -> int:
    """The axes that are suspended when a status read starts."""
    return (ERASUS if _is_suspended(solved, op, "ERASE") else 0) + (
        PGMSUS if _is_suspended(solved, op, "PROGRAM") else 0
    )


def _is_suspended(solved: Solved, op: Op, axis: str) -> bool:
    window = solved.window
    start, on = solved.time(op.start), suspended_before(window, op.die, axis)
    latest = (NOTHING - window.spec.floor, False)
    for other in window.by_die[op.die]:
        for event in suspend_events(axis, other):
            point = window.point(other, event.moment)
            if point is None or not solved.holds(event.applies):
                continue
            when = (solved.time(point), event.moment is Moment.START)  # what ends then has ended when a reset starts
            if latest < when and when[0] <= start and (other.new or event.moment is Moment.END):
                latest, on = when, solved.holds(event.value)
    return on


def _celltype(solved: Solved, op: Op) -> int:
    """The op_name's celltype; where that is NONE, the one of the page that the payload names."""
    window, name = solved.window, op.base.name
    if op.celltype != 0 or "celltype" not in op.base.payload:
        return op.celltype
    if name in DOUTS or name in _CACHE_ENDS:
        return _held_celltype(solved, window, op)
    if name in DATAINS:
        planes = (p for p in range(window.device.geometry.planes) if solved.holds(op.payload(p)))
        return _block_celltype(solved, window, op, next(planes))
    return op.celltype


def _block_celltype(solved: Solved, window: Window, op: Op, plane: int) -> int:
    """What the block that `op` names on a plane was last programmed as, or erased as, when `op` starts."""
    start, row = solved.time(op.start), solved.number(op.row)
    latest = NOTHING - window.spec.floor
    celltype = int(window.boundary.blocks.celltype[op.die, window.device.geometry.block_of(row, plane)])
    for other in window.by_die[op.die]:
        changes = other.base.name in ERASE_AXIS or window.device.advances[other.base.index]
        if not changes or other.end is None or not solved.holds(other.payload(plane)):
            continue
        end = solved.time(other.end)
        if solved.number(other.row) == row and solved.holds(other.completes) and latest < end <= start:
            latest, celltype = end, other.celltype
    return celltype


def _held_celltype(solved: Solved, window: Window, op: Op) -> int:
    registers = Registers.of(window, op.die)
    for plane in range(window.device.geometry.planes):
        if not solved.holds(op.payload(plane)):
            continue
        for content, lit in registers.before(op, plane):
            if solved.holds(lit):
                page = content.due if op.base.name in DOUTS else content.data
                return page.celltype if page is not None else op.celltype
    return op.celltype
