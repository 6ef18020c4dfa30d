"""Operations whose events are not all told yet, and the rows that they fill in the operation timeline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np

from model.event import NOTHING, Commands, Ints
from model.geometry import planes_in
from model.timeline.columns import FOREVER, Bools, grouped, starts
from model.timeline.layout import Layout

if TYPE_CHECKING:
    from model.boundary import Boundary, LiveOp


@dataclass(frozen=True, slots=True)
class Live:
    """One row per operation; the planes of its timeline rows as flat columns with offsets.

    `die` is NOTHING where the payload has none; `mask` are the target planes of the die (of every die without one);
    `named`: the payload names planes (1) or not (0).
    `source` and `aim` annotate, NOTHING = not known. `cut_at`, `cut_fragment` and `cut_remaining` are of the latest
    suspension, NOTHING where there is none that lasts; `ended_at` is FOREVER until the operation's end is known. The
    timeline rows of operation i are the flat rows first[i]:first[i + 1]: its payload planes, or its target planes
    where the payload names none; `row_state` is the op_state of that plane at the issue (NOTHING = not known).
    """

    op_uid: Ints
    name: Ints
    die: Ints
    mask: Ints
    named: Ints
    source: Ints
    aim: Ints
    cut_at: Ints
    cut_fragment: Ints
    cut_remaining: Ints
    ended_at: Ints
    first: Ints
    row_die: Ints
    row_plane: Ints
    row_block: Ints
    row_page: Ints
    row_state: Ints

    def __len__(self) -> int:
        return len(self.op_uid)

    def find(self, op_uid: Ints) -> Ints:
        """Rows of operations by number; ValueError where one is not known."""
        order = np.argsort(self.op_uid, kind="stable")
        known = self.op_uid[order]
        at = np.searchsorted(known, op_uid, side="right") - 1
        wrong = (at < 0) | (known[at] != op_uid) if len(known) else np.ones(len(op_uid), dtype=np.bool_)
        if wrong.any():
            raise ValueError(f"op_uid {op_uid[wrong][0]} has spans, but no command")
        return order[at]

    def keep(self, rows: Bools) -> Live:
        """Only the operations of a mask."""
        picked = np.flatnonzero(rows)
        _, flat = grouped(self.first, picked)
        heads = {name: getattr(self, name)[picked] for name in _HEADS}
        rows_of = {name: getattr(self, name)[flat] for name in _ROWS}
        return Live(first=starts(np.diff(self.first)[picked]), **heads, **rows_of)


_NAMES = [field.name for field in fields(Live)]
_HEADS, _ROWS = _NAMES[: _NAMES.index("first")], _NAMES[_NAMES.index("first") + 1 :]


def stack_live(pieces: Sequence[Live]) -> Live:
    """Operations of several tables, one after the other."""
    columns = {name: np.concatenate([getattr(piece, name) for piece in pieces]) for name in _HEADS + _ROWS}
    return Live(first=starts(np.concatenate([np.diff(piece.first) for piece in pieces])), **columns)


def live_of(layout: Layout, commands: Commands, source: Ints, aim: Ints) -> Live:
    """The operations of commands. Dies and planes that the device does not have are left out."""
    count = len(commands)
    entry = np.repeat(np.arange(count, dtype=np.int64), np.diff(commands.first))
    named = commands.entry_plane >= 0
    here = named & (commands.entry_plane < layout.planes)
    here &= (commands.entry_die >= 0) & (commands.entry_die < layout.dies)
    names_plane = np.bincount(entry[named], minlength=count) > 0
    payload = np.zeros(count, dtype=np.int64)
    np.bitwise_or.at(payload, entry[here], np.left_shift(1, commands.entry_plane[here]))
    mask = np.where(layout.die_wide[commands.op] | ~names_plane, layout.all_planes, payload)
    absent = (commands.die >= layout.dies) | ((commands.die < 0) & layout.nowhere[commands.op])
    mask = np.where(absent, 0, mask)

    spread, die, plane = layout.expand(commands.die, np.where(names_plane, 0, mask))
    owner = np.concatenate([entry[here], spread])
    order = np.argsort(owner, kind="stable")
    nothing = np.full(len(spread), NOTHING, dtype=np.int64)
    rows = (
        np.concatenate([commands.entry_die[here], die]),
        np.concatenate([commands.entry_plane[here], plane]),
        np.concatenate([commands.entry_block[here], nothing]),
        np.concatenate([commands.entry_page[here], nothing]),
        np.full(len(owner), NOTHING, dtype=np.int64),
    )
    none = np.full(count, NOTHING, dtype=np.int64)
    return Live(
        commands.op_uid, commands.op, commands.die, mask, names_plane.astype(np.int64), source, aim, none, none, none,
        np.full(count, FOREVER, dtype=np.int64), starts(np.bincount(owner, minlength=count)),
        *(column[order] for column in rows),
    )  # fmt: skip


def live_at(layout: Layout, boundary: Boundary) -> Live:
    """The operations that are running or suspended at a boundary; what was at their issue is not known there."""
    ops = {op.op_uid: op for die in boundary.dies for op in (*die.running, *die.suspended)}
    ops |= {op.op_uid: op for op in boundary.passing}
    suspended = {op.op_uid for die in boundary.dies for op in die.suspended}
    cuts = [
        (op.end, op.fragment, op.remaining) if op.op_uid in suspended else (NOTHING, NOTHING, NOTHING)
        for op in ops.values()
    ]
    commands = Commands.of((op.start, op.op_uid, op.name, op.die, NOTHING, _entries(layout, op)) for op in ops.values())
    nothing = np.full(len(ops), NOTHING, dtype=np.int64)
    at, fragment, remaining = np.array(cuts, dtype=np.int64).reshape(len(cuts), 3).T
    live = live_of(layout, commands, nothing, nothing)
    return replace(live, cut_at=at, cut_fragment=fragment, cut_remaining=remaining)


def _entries(layout: Layout, op: LiveOp) -> list[tuple[int, int, int, int, int]]:
    """The payload of a live operation: one entry per plane, or one without; a block only where it has an address."""
    if op.die == NOTHING:
        return []
    planes = planes_in(op.planes) or (NOTHING,)
    addressed = op.row != NOTHING
    blocks = [op.row * layout.planes + plane if addressed else NOTHING for plane in planes]
    return [(op.die, plane, block, op.page, op.celltype) for plane, block in zip(planes, blocks, strict=True)]
