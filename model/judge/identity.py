"""What a command says of itself: [time], [op-uid], [payload], [range], [block-plane], [multi-address], [absent-lun]."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from model.event import NOTHING, Commands
from model.judge.account import Op
from model.judge.kinds import CACHE_READ_ENDS, DIE_AND_PLANE, FULL, NO_ENTRY

if TYPE_CHECKING:
    from model.judge.replay import Replay

_LOCATED = ("die", "plane", "block", "page", "celltype")


class Entries:
    """Payload entries of a batch of commands as plain lists; `entry` gives one as a tuple in the order of _LOCATED."""

    __slots__ = ("block", "celltype", "die", "equal", "page", "plane")

    def __init__(self, commands: Commands) -> None:
        self.die: list[int] = commands.entry_die.tolist()
        self.plane: list[int] = commands.entry_plane.tolist()
        self.block: list[int] = commands.entry_block.tolist()
        self.page: list[int] = commands.entry_page.tolist()
        self.celltype: list[int] = commands.entry_celltype.tolist()
        self.equal = (self.die, self.page, self.celltype)

    def entry(self, i: int) -> tuple[int, int, int, int, int]:
        """Die, plane, block, page, celltype of flat row i."""
        return self.die[i], self.plane[i], self.block[i], self.page[i], self.celltype[i]


class Order:
    """[op-uid]: numbers without gaps, in order of start, then die, then plane."""

    def __init__(self, next_uid: int) -> None:
        self._next = next_uid
        self._time = NOTHING
        self._place = (NOTHING, NOTHING)

    def judge(self, replay: Replay, op: Op) -> None:
        """Judge the number of the operation that starts next."""
        if op.uid != self._next:
            replay.find("op-uid", op, f"the number due is {self._next}")
        self._next = op.uid + 1
        place = (op.dies[0] if len(op.dies) == 1 else NOTHING, op.planes[0] if op.planes else NOTHING)
        if op.start == self._time and place < self._place:
            replay.find("op-uid", op, "equal starts are numbered by die, then plane")
        self._time, self._place = op.start, place


def locate(replay: Replay, op: Op, entries: Entries, low: int, high: int) -> None:
    """Read the payload: planes, blocks, page, celltype and target planes; judge its form and its addresses."""
    kind = op.kind
    if kind.form == FULL and high - low == 1 and not kind.multi:
        die, plane, block = entries.die[low], entries.plane[low], entries.block[low]
        page, celltype = entries.page[low], entries.celltype[low]
        shape = replay.geometry
        planes = shape.planes
        if (
            0 <= die < shape.dies
            and 0 <= plane < planes
            and 0 <= block < shape.blocks
            and block % planes == plane
            and 0 <= page < shape.pages
            and (celltype == kind.celltype or kind.celltype == 0 < celltype)
            and op.exp == NOTHING
        ):
            op.planes = (plane,)
            op.blocks = (block,)
            op.page = page
            op.celltype = celltype
            op.dies = (die,)
            op.held = replay.all_planes if kind.everywhere else op.planes
            return
    if kind.form == FULL and kind.multi and _locate_planes(replay, op, entries, low, high):
        return
    if kind.form <= DIE_AND_PLANE and high - low == 1 and _locate_die(replay, op, entries, low):
        return
    if kind.form == NO_ENTRY and high == low:
        if not kind.is_nop:
            op.dies = replay.all_dies
            op.held = replay.all_planes
        return
    _locate_slowly(replay, op, [entries.entry(i) for i in range(low, high)])


def _locate_planes(replay: Replay, op: Op, entries: Entries, low: int, high: int) -> bool:
    """The payload of a multi-plane operation; False where anything is not as it should be."""
    kind, shape = op.kind, replay.geometry
    if not 2 <= high - low <= replay.config.policies.maxplanes or op.exp != NOTHING:
        return False
    die, planes, blocks = entries.die[low], entries.plane[low:high], entries.block[low:high]
    page, celltype = entries.page[low], entries.celltype[low]
    first = blocks[0] - planes[0]
    usable = (
        0 <= die < shape.dies
        and planes[0] >= 0
        and planes[-1] < shape.planes
        and first % shape.planes == 0
        and 0 <= first < shape.blocks
        and 0 <= page < shape.pages
        and (celltype == kind.celltype or kind.celltype == 0 < celltype)
        and all(a < b for a, b in pairwise(planes))
        and blocks == [first + plane for plane in planes]
        and all(column[low:high].count(column[low]) == high - low for column in entries.equal)
    )
    if usable:
        op.dies = (die,)
        op.planes = tuple(planes)
        op.blocks = tuple(blocks)
        op.page = page
        op.celltype = celltype
        op.held = replay.all_planes if kind.everywhere else op.planes
    return usable


def _locate_die(replay: Replay, op: Op, entries: Entries, i: int) -> bool:
    """The payload of a die, or of a die and a plane; False where anything is not as it should be."""
    kind = op.kind
    die, plane, block, page, celltype = entries.entry(i)
    with_plane = kind.form == DIE_AND_PLANE
    shape = replay.geometry
    if (
        kind.form == NO_ENTRY
        or not 0 <= die < shape.dies
        or not (0 <= plane < shape.planes if with_plane else plane == NOTHING)
        or not block == page == celltype == NOTHING
        or (op.exp == NOTHING) == kind.is_status
        or kind.lun not in (NOTHING, die)
        or kind.multi
    ):
        return False
    op.dies = (die,)
    op.celltype = kind.celltype
    if with_plane:
        op.planes = (plane,)
    op.held = replay.all_planes if kind.everywhere else op.planes
    return True


def _locate_slowly(replay: Replay, op: Op, entries: list[tuple[int, int, int, int, int]]) -> None:
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


def _judge_form(replay: Replay, op: Op, entries: list[tuple[int, int, int, int, int]]) -> None:
    fields = op.kind.fields
    if "plane" not in fields:
        wanted = 1 if fields else 0
        if len(entries) != wanted:
            replay.find("payload", op, f"it has {len(entries)} objects, {wanted} is due", key=_key(op))
    elif not entries:
        replay.find("payload", op, "it has no object, one per plane is due", key=_key(op))
    for entry in entries:
        for field, value in zip(_LOCATED, entry, strict=True):
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


def _judge_lun(replay: Replay, op: Op, entries: list[tuple[int, int, int, int, int]]) -> None:
    lun, dies = op.kind.lun, replay.geometry.dies
    if lun >= dies:
        replay.find("absent-lun", op, f"the device has no die {lun}, only {dies}", key="topology.dies")
    elif entries and entries[0][0] != lun:
        replay.find("absent-lun", op, f"it reads die {lun}, its payload names die {entries[0][0]}")


def _judge_range(replay: Replay, op: Op, entry: tuple[int, int, int, int, int]) -> bool:
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


def _judge_shape(replay: Replay, op: Op, entries: list[tuple[int, int, int, int, int]]) -> None:
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
