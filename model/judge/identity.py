"""What a command says of itself: [time], [op-uid], [payload], [range], [block-plane], [multi-address], [absent-lun]."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from model.event import NOTHING, Commands
from model.judge.account import Op
from model.judge.kinds import CACHE_READ_ENDS

if TYPE_CHECKING:
    from model.judge.replay import Replay

LOCATED = ("die", "plane", "block", "page", "celltype")
"""The fields of a payload entry that say where."""

Entry = tuple[int, int, int, int, int]


class Entries:
    """Payload entries of a batch of commands, for those that are looked at one by one."""

    __slots__ = ("_columns", "_rows")

    def __init__(self, commands: Commands) -> None:
        self._columns = [getattr(commands, f"entry_{field}") for field in LOCATED]
        self._rows: list[Entry] | None = None

    def between(self, low: int, high: int) -> list[Entry]:
        """Entries low to high, each in the order of LOCATED."""
        if self._rows is None:
            self._rows = list(zip(*(column.tolist() for column in self._columns), strict=True))
        return self._rows[low:high]


class Order:
    """[op-uid]: numbers without gaps, in order of start, then die, then plane."""

    def __init__(self, next_uid: int) -> None:
        self._next = next_uid
        self._time = NOTHING
        self._place = (NOTHING, NOTHING)

    def keeps(self, commands: Commands) -> bool:
        """Whether commands (at least one) go on as they should, each later than the one before."""
        times, uids = commands.time, commands.op_uid
        follows = uids[0] == self._next and times[0] > self._time
        return bool(follows and (np.diff(uids) == 1).all() and (np.diff(times) > 0).all())

    def judge(self, replay: Replay, op: Op) -> None:
        """Judge the number of the operation that starts next."""
        if op.uid != self._next:
            replay.find("op-uid", op, f"the number due is {self._next}")
        if op.start == self._time and _place(op) < self._place:
            replay.find("op-uid", op, "equal starts are numbered by die, then plane")
        self.note(op)

    def note(self, op: Op) -> None:
        """Go on from an operation."""
        self._next, self._time, self._place = op.uid + 1, op.start, _place(op)


def _place(op: Op) -> tuple[int, int]:
    return op.dies[0] if len(op.dies) == 1 else NOTHING, op.planes[0] if op.planes else NOTHING


def locate(replay: Replay, op: Op, entries: list[Entry]) -> None:
    """Read the payload: planes, blocks, page, celltype and target planes; judge its form and its addresses."""
    kind = op.kind
    _judge_form(replay, op, entries)
    if kind.lun >= 0:
        _judge_lun(replay, op, entries)
    good = [entry for entry in entries if _judge_range(replay, op, entry)]
    if "plane" in kind.fields:
        _judge_shape(replay, op, entries)
    if "die" not in kind.fields and not kind.is_nop:
        op.dies, op.held = replay.all_dies, replay.all_planes
    if "die" not in kind.fields or not good:
        return
    die = good[0][0]
    op.dies = (die,)
    placed = {entry[1]: entry for entry in reversed(good) if entry[0] == die and entry[1] >= 0}
    chosen = [placed[plane] for plane in sorted(placed)]
    op.planes = tuple(entry[1] for entry in chosen)
    if kind.has_block:
        op.blocks = tuple(entry[2] for entry in chosen)
    op.page = good[0][3]
    op.celltype = kind.celltype if kind.celltype else max(good[0][4], 0)
    op.held = replay.all_planes if kind.everywhere or not op.planes else op.planes


def _judge_form(replay: Replay, op: Op, entries: list[Entry]) -> None:
    fields = op.kind.fields
    if "plane" not in fields:
        wanted = 1 if fields else 0
        if len(entries) != wanted:
            replay.find("payload", op, f"it has {len(entries)} objects, {wanted} is due", key=_key(op))
    elif not entries:
        replay.find("payload", op, "it has no object, one per plane is due", key=_key(op))
    for entry in entries:
        for field, value in zip(LOCATED, entry, strict=True):
            if field in fields and value == NOTHING:
                return replay.find("payload", op, f"{field} is missing", plane=entry[1], key=_key(op))
            if field not in fields and value != NOTHING:
                message = f"{field} is not a field of {op.kind.base}"
                return replay.find("payload", op, message, plane=entry[1], key=_key(op))
        if "celltype" in fields and op.kind.celltype and entry[4] != op.kind.celltype:
            names = replay.config.celltypes
            message = f"celltype is {_name(names, entry[4])}, that of the op_name is {names[op.kind.celltype]}"
            return replay.find("payload", op, message, plane=entry[1])
    if ("exp_val" in fields) != (op.exp != NOTHING):
        replay.find("payload", op, f"exp_val is {'missing' if op.exp == NOTHING else 'not a field'}", key=_key(op))
    return None


def _judge_lun(replay: Replay, op: Op, entries: list[Entry]) -> None:
    lun, dies = op.kind.lun, replay.geometry.dies
    if lun >= dies:
        replay.find("absent-lun", op, f"the device has no die {lun}, only {dies}", key="topology.dies")
    elif entries and entries[0][0] != lun:
        replay.find("absent-lun", op, f"it reads die {lun}, its payload names die {entries[0][0]}")


def _judge_range(replay: Replay, op: Op, entry: Entry) -> bool:
    shape, fields = replay.geometry, op.kind.fields
    die, plane, block, page, _ = entry
    limits = (("die", die, shape.dies), ("plane", plane, shape.planes), ("block", block, shape.blocks))
    usable = True
    for field, value, limit in limits:
        if field in fields and not 0 <= value < limit:
            usable = False
            if value != NOTHING:
                replay.find("range", op, f"{field} {value} is not in 0..{limit - 1}", key="topology")
    if "page" in fields and page != NOTHING and not 0 <= page < shape.pages:
        replay.find("range", op, f"page {page} is not in 0..{shape.pages - 1}", plane=plane, key="topology")
    if usable and "block" in fields and "plane" in fields and block % shape.planes != plane:
        replay.find("block-plane", op, f"block {block} lies on plane {block % shape.planes}", plane=plane)
    return usable


def _judge_shape(replay: Replay, op: Op, entries: list[Entry]) -> None:
    kind, count = op.kind, len(entries)
    most = replay.config.policies.maxplanes
    if kind.multi and not 2 <= count <= most:
        replay.find("multi-address", op, f"it names {count} planes, 2 to {most} are due", key="policies.maxplanes")
    if not kind.multi and count > 1 and kind.base not in CACHE_READ_ENDS:
        replay.find("multi-address", op, f"it names {count} planes, one is due")
    rows = replay.geometry.planes
    for before, after in pairwise(entries):
        why = ""
        if before[0] != after[0]:
            why = f"dies {before[0]} and {after[0]} differ"
        elif before[1] >= after[1]:
            why = f"planes {before[1]} and {after[1]} are not ascending"
        elif kind.has_block and before[2] // rows != after[2] // rows:
            why = f"blocks {before[2]} and {after[2]} are not in one row"
        elif kind.has_block and before[2] >= after[2]:
            why = f"blocks {before[2]} and {after[2]} are not ascending"
        elif before[3] != after[3]:
            why = f"pages {before[3]} and {after[3]} differ"
        if why:
            return replay.find("multi-address", op, why, plane=after[1])
        if before[4] != after[4]:
            return replay.find("payload", op, "celltypes differ between its objects", plane=after[1])
    return None


def _key(op: Op) -> str:
    return f"payload_by_op_base.{op.kind.base}"


def _name(names: tuple[str, ...], celltype: int) -> str:
    return names[celltype] if 0 <= celltype < len(names) else str(celltype)
