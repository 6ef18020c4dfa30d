"""From motifs to operations with numbers and times: what the rigid window asks for, and what its solution means."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import numpy as np

from model.advance import Issued, advance
from model.boundary import Boundary
from model.chains import RESUMES
from model.device import Device
from model.event import NOTHING, Chunk, Commands
from planner.decode import Decoded
from planner.targets.closing.motif import Motif, Placed
from planner.targets.closing.sets import issues_only
from planner.window.rigid import Placement, Rigid

TARGET, CHAIN, PREREQUISITE, _, RESUME = range(5)


def rigid(device: Device, motifs: Sequence[Motif], rng: Random) -> list[Rigid]:
    """What the window has to know of the motifs: distances, with a seeded pause after each, and ISSUEs.

    Where other states use the bus, too, or an ISSUE does not, no two dies are at work at the same time.
    """
    names, plain = device.catalogue.names, issues_only(device)
    following: dict[int, int] = {}
    found: list[Rigid] = []
    for motif in reversed(motifs):
        end = following.get(motif.die, motif.end)
        following[motif.die] = motif.begin
        pause = rng.randrange(device.policies.admission_window + 1)
        issues = tuple((op.start - motif.begin, names[op.name].issue) for op in motif.ops)
        if not plain:
            issues = ((0, end - motif.begin),)
        found.append(Rigid(motif.die, motif.begin, end - motif.begin + pause, issues))
    return found[::-1]


def decode(
    device: Device, boundary: Boundary, motifs: Sequence[Motif], placed: Placement, aims: Sequence[int]
) -> Decoded:
    """The operations of a placed window, numbered in order of start (equal starts: die, then plane).

    `aims` [op_state aimed at] are the op_states of the chunk's `aim`.
    """
    timed: list[tuple[int, int, int, Placed]] = []
    for motif, start in zip(motifs, placed.starts, strict=True):
        shift = start - motif.begin
        timed.extend((op.start + shift, max(motif.die, op.die), op.planes, op) for op in motif.ops)
    timed.sort(key=lambda row: row[:3])
    names = device.catalogue.names
    rows, issued, floor = [], [], boundary.time
    for op_uid, (start, die, _, op) in enumerate(timed, boundary.next_op_uid):
        name = names[op.name]
        die_named = die if name.base.has_die else NOTHING
        rows.append((start, op_uid, op.name, die_named, op.exp_val, _entries(device, op, die_named)))
        issued.append(Issued(op_uid, op.name, die_named, op.planes, op.row, op.page, op.celltype, start))
        floor = max(floor, start + name.issue)
    after, spans = advance(device, boundary, issued, floor)
    source = [_source(device, op) for _, _, _, op in timed]
    chunk = Chunk(
        commands=Commands.of(rows),
        spans=spans,
        horizon=after.horizon(),
        source=np.array(source, dtype=np.int64),
        aim=np.array([aims[op.aim] for _, _, _, op in timed], dtype=np.int64),
    )
    return Decoded(chunk, after)


def _source(device: Device, op: Placed) -> int:
    if op.aim != NOTHING:
        return TARGET
    kind = device.kinds[device.catalogue.names[op.name].base.index]
    return RESUME if kind in RESUMES else PREREQUISITE


def _entries(device: Device, op: Placed, die: int) -> list[tuple[int, int, int, int, int]]:
    """The payload, one entry per plane."""
    base = device.catalogue.names[op.name].base
    payload, geometry = base.payload, device.geometry
    if not base.has_plane:
        return [(die, NOTHING, NOTHING, NOTHING, NOTHING)] if payload else []
    page = op.page if "page" in payload else NOTHING
    celltype = op.celltype if "celltype" in payload else NOTHING
    has_block = "block" in payload
    return [
        (die, plane, geometry.block_of(op.row, plane) if has_block else NOTHING, page, celltype)
        for plane in geometry.planes_in(op.planes)
    ]
