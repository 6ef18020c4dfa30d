"""Where an operation can go now: planes, row and page for an op_name, or nothing."""

from __future__ import annotations

from typing import NamedTuple

from model.boundary import CacheProgram, Register
from model.chains import (
    CACHE_ENDS,
    CACHE_READS,
    COPYBACK_STEPS,
    FIRST_STEPS,
    MOVES_FROM,
    READS,
    STEPS,
    TAKES_COPYBACK,
    Kind,
    next_page,
    page_due,
)
from model.event import NOTHING
from model.geometry import planes_in
from planner.targets.closing.sets import bits
from planner.targets.closing.stage import NO_ADDRESS, Address, Stage

_SPARE = {Kind.CACHE_PROGRAM: (1,), Kind.SHOT_CACHE: (1,), Kind.LSB: (1, 0)}
"""Pages that should be left after the one that is written: a cache program is to be followed, an LSB step may be."""
_FRESH_READS = READS - CACHE_READS - {Kind.RECOVERY}
_IN_CACHE = frozenset({Kind.PROGRAM, Kind.ALLWL, Kind.CACHE_PROGRAM})


class Found(NamedTuple):
    """An op_name with its address; `celltype` where the op_name has none of its own."""

    name: int
    address: Address
    celltype: int = 0


def find(stage: Stage, base: int, names: int, planes: int, many: bool = False) -> Found | None:
    """One of `names` (a bit set) of a base on some of `planes`; None where there is no address for any of them.

    `many`: a multi-plane read takes all planes that it can have rather than two.
    """
    tables = stage.sets.tables
    wide = bool(tables.wide >> base & 1)
    names &= ~stage.silent(tables.all_planes if wide else planes)
    found = _find(stage, stage.device.kinds[base], base, names, planes, many) if names else None
    if found is None or wide or not found.address[0] & ~planes:
        return found
    return None


def _find(stage: Stage, kind: Kind, base: int, names: int, planes: int, many: bool) -> Found | None:
    if kind in _FRESH_READS:
        return _to_read(stage, kind, names, planes, many)
    if kind is Kind.RECOVERY:
        return _to_recover(stage, names, planes)
    if kind in CACHE_READS or kind in CACHE_ENDS:
        return _to_move(stage, kind, names, planes)
    if kind in (Kind.DOUT, Kind.DOUT4K):
        return _to_deliver(stage, kind, names, planes)
    if kind in STEPS or kind is Kind.COPYBACK_PROGRAM or kind in _IN_CACHE or kind is Kind.OTHER_PROGRAM:
        return _to_program(stage, kind, names)
    return _plain(stage, kind, base, names, planes)


def drawn(stage: Stage, names: int) -> list[int]:
    """The op_names of a set, from a random one on."""
    found = bits(names)
    if len(found) < 2:
        return found
    first = int(stage.shared.rng.random() * len(found))
    return found[first:] + found[:first]


def _plain(stage: Stage, kind: Kind, base: int, names: int, planes: int) -> Found | None:
    """Erases, checks, loads, and whatever needs no page."""
    ops, book = stage.sets.op_names, stage.book
    for name in drawn(stage, names):
        multi = ops[name].multi
        address: Address | None
        if kind is Kind.ERASE:
            address = book.to_erase(multi, -1 if stage.sets.tables.wide >> base & 1 else planes)
        elif kind is Kind.CHECK:
            address = book.to_check(multi)
        elif kind is Kind.DATAIN:
            address = book.to_load(planes)
            if address is not None:
                block = stage.device.geometry.block_of(address[1], planes_in(address[0])[0])
                return Found(name, address, book.celltype_of(block))
        elif ops[name].base.has_plane:
            taken = book.choice(planes, multi)
            address = (taken, NOTHING, NOTHING) if taken else None
        else:
            address = NO_ADDRESS
        if address is not None:
            return Found(name, address)
    return None


def _some(stage: Stage, planes: int, multi: bool, many: bool) -> int:
    """The planes that a read may choose from: two of them for a multi-plane one, if others are to be left."""
    found = planes_in(planes)
    if not multi or many or len(found) < 3:
        return planes
    return 1 << found[0] | 1 << found[1]


def _to_read(stage: Stage, kind: Kind, names: int, planes: int, many: bool) -> Found | None:
    ops, book, shot = stage.sets.op_names, stage.book, stage.track.shot
    exact, without = 0, NOTHING
    if kind is Kind.COPYBACK_READ and shot is not None and shot.copyback:
        fitting = names & (stage.sets.multis if shot.planes.bit_count() > 1 else stage.sets.singles)
        without = shot.row
        if fitting:
            if planes & shot.planes != shot.planes:
                return None
            exact, names = shot.planes, fitting
        elif shot.planes.bit_count() > 1:
            planes &= shot.planes
    for name in drawn(stage, names):
        op = ops[name]
        allowed = exact or _some(stage, planes, op.multi, many)
        address = book.to_read(op.celltype, op.multi, allowed, exact, without)
        if address is None and not exact:
            address = book.to_read(op.celltype, op.multi, planes, 0, without)
        if address is not None:
            return Found(name, address)
    return None


def _to_recover(stage: Stage, names: int, planes: int) -> Found | None:
    victim = stage.victim(erase=False)
    if victim is None:
        return None
    ops = stage.sets.op_names
    planes &= victim.planes
    for name in drawn(stage, names):
        op = ops[name]
        taken = stage.book.choice(_some(stage, planes, op.multi, False), op.multi) if planes else 0
        if op.celltype == victim.celltype and taken:
            return Found(name, (taken, victim.row, victim.page))
    return None


def movable(stage: Stage, kind: Kind, planes: int) -> list[Register]:
    """The pages that a cache read, or its end, could move on all planes of their read."""
    track, kinds = stage.track, stage.device.kinds
    found: list[Register] = []
    for plane in planes_in(planes):
        register = track.data[plane]
        if register is None or kinds[register.base] not in MOVES_FROM[kind] or register in found:
            continue
        if register.planes & ~planes:
            continue
        if all(_moves(stage, other, register) for other in planes_in(register.planes)):
            found.append(register)
    return found


def _moves(stage: Stage, plane: int, register: Register) -> bool:
    data, cache = stage.track.data[plane], stage.track.cache[plane]
    return data is not None and data.op_uid == register.op_uid and (cache is None or cache.delivered)


def _to_move(stage: Stage, kind: Kind, names: int, planes: int) -> Found | None:
    ops, running = stage.sets.op_names, stage.running()
    for register in movable(stage, kind, planes):
        if running is not None and running.planes & ~register.planes:
            continue
        if kind in CACHE_ENDS:
            name = drawn(stage, names)[0]
            return Found(name, (register.planes, register.row, register.page), register.celltype)
        multi = register.planes.bit_count() > 1
        for name in drawn(stage, names & stage.sets.alike(multi, register.celltype)):
            address = stage.book.to_read(ops[name].celltype, multi, register.planes, register.planes)
            if address is not None:
                return Found(name, address)
    return None


def due(stage: Stage, kind: Kind, planes: int) -> list[tuple[int, Register]]:
    """The planes on which a DOUT may deliver now, each with its page."""
    track, kinds = stage.track, stage.device.kinds
    found = []
    for plane in planes_in(planes):
        register = track.due(plane)
        if register is None or register.ready > stage.now:
            continue
        if (kinds[register.base] is Kind.READ4K) != (kind is Kind.DOUT4K):
            continue
        lower = planes_in(register.planes & ((1 << plane) - 1))
        if not any((other := track.due(q)) is not None and other.op_uid == register.op_uid for q in lower):
            found.append((plane, register))
    return found


def _to_deliver(stage: Stage, kind: Kind, names: int, planes: int) -> Found | None:
    found = due(stage, kind, planes)
    if not found:
        return None
    plane, register = found[0]
    return Found(drawn(stage, names)[0], (1 << plane, register.row, register.page), register.celltype)


def _to_program(stage: Stage, kind: Kind, names: int) -> Found | None:
    track = stage.track
    shot = track.shot
    if kind in STEPS and shot is not None and kind is not Kind.COPYBACK_LSB:
        return _next_step(stage, kind, names)
    if kind in TAKES_COPYBACK:
        return _to_copy(stage, names)
    if track.cache_program is not None and kind in _IN_CACHE:
        return _next_cached(stage, track.cache_program, kind, names)
    ops, found = stage.sets.op_names, drawn(stage, names)
    for spare in _SPARE.get(kind, (0,)):
        for name in found:
            address = stage.book.to_program(ops[name].celltype, ops[name].multi, spare=spare)
            if address is not None:
                return Found(name, address)
    return None


def _next_cached(stage: Stage, opened: CacheProgram, kind: Kind, names: int) -> Found | None:
    page, last = page_due(opened), stage.device.geometry.pages - 1
    fitting = names & stage.sets.alike(opened.planes.bit_count() > 1, opened.celltype)
    if not fitting or page > last or (kind is Kind.CACHE_PROGRAM and page == last):
        return None
    if _rests(stage, opened.planes, opened.row):
        return None
    return Found(drawn(stage, fitting)[0], (opened.planes, opened.row, page))


def _next_step(stage: Stage, kind: Kind, names: int) -> Found | None:
    shot = stage.track.shot
    if shot is None or (kind in FIRST_STEPS and stage.device.kinds[shot.step] is not Kind.SHOT_CACHE):
        return None
    page, last = next_page(shot, stage.device.kinds[shot.step]), stage.device.geometry.pages - 1
    if page > last or (kind is Kind.SHOT_CACHE and page == last) or _rests(stage, shot.planes, shot.row):
        return None
    if kind in COPYBACK_STEPS and not _fed(stage, shot.planes, shot.row):
        return None
    fitting = names & stage.sets.alike(shot.planes.bit_count() > 1, shot.celltype)
    return Found(drawn(stage, fitting)[0], (shot.planes, shot.row, page)) if fitting else None


def _rests(stage: Stage, planes: int, row: int) -> bool:
    """Whether what is suspended on the die lies in some blocks: what follows it waits for its true end."""
    return any(live.row == row and live.planes & planes for live in stage.track.suspended)


def copied(stage: Stage) -> int:
    """The planes whose data register holds a page for a copyback program."""
    mask = 0
    for plane, register in enumerate(stage.track.data):
        if register is not None and stage.device.kinds[register.base] is Kind.COPYBACK_READ:
            mask |= 1 << plane
    return mask


def _fed(stage: Stage, planes: int, row: int) -> bool:
    if copied(stage) & planes != planes or stage.undelivered() & ~planes:
        return False
    data = stage.track.data
    return all((register := data[plane]) is not None and register.row != row for plane in planes_in(planes))


def _to_copy(stage: Stage, names: int) -> Found | None:
    """A copyback program of what was read, into other blocks."""
    held, must = copied(stage), stage.undelivered()
    if not held or must & ~held:
        return None
    data, ops = stage.track.data, stage.sets.op_names
    rows = frozenset(register.row for plane in planes_in(held) if (register := data[plane]) is not None)
    for name in drawn(stage, names):
        multi = ops[name].multi
        exact = must or (held if multi else held & -held)
        if (exact.bit_count() > 1) != multi:
            continue
        address = stage.book.to_program(ops[name].celltype, multi, exact=exact, without=rows)
        if address is not None:
            return Found(name, address)
    return None
