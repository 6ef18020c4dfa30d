"""Asking for reads, cache reads and their ends, and for the DOUTs that deliver them."""

from __future__ import annotations

from model.boundary import Register
from model.chains import MOVES_FROM, Kind
from model.event import NOTHING
from model.geometry import planes_in
from planner.targets.book import Address
from planner.targets.naming import pause, pick_name, plan_after, try_names
from planner.targets.prerequisites import prepare
from planner.targets.walk import CHAIN, TARGET, DieWalk
from planner.window.spec import Inside


def try_read(walk: DieWalk, base: int, forbidden: list[int], drain: bool) -> bool:
    """Asks for a read, an end of cache reads or a DOUT now that nothing runs."""
    kind = walk.tables.kinds[base]
    planes = walk.allowed_planes(base, forbidden)
    if kind in (Kind.DOUT, Kind.DOUT4K):
        return ask_dout(walk, base, planes)
    if kind in (Kind.CACHE_READ, Kind.PLANE_CACHE_READ):
        return ask_cache_read(walk, base, planes)
    if kind in (Kind.CACHE_END, Kind.PLANE_CACHE_END):
        return ask_cache_end(walk, base, planes)
    planes &= ~walk.undelivered()
    for plane, open_read in enumerate(walk.track.cache_read):
        if open_read is not None:
            planes &= ~(1 << plane)
    if kind is Kind.RECOVERY:
        return _ask_recovery(walk, base, planes)
    if kind is Kind.COPYBACK_READ and walk.track.shot is not None:
        return _ask_source(walk, base, planes)
    return _ask_fresh(walk, base, planes, drain)


def _ask_fresh(walk: DieWalk, base: int, planes: int, drain: bool) -> bool:
    """A read of any page that can be read; where there is none, what makes one."""
    tables = walk.tables

    def attempt(name: int) -> bool:
        op = tables.op_names[name]
        address = walk.book.to_read(op.celltype, op.multi, planes)
        if address is None:
            return False
        _emit(walk, name, address, TARGET)
        return True

    if drain:
        return try_names(walk, tables.names[base], 3, attempt)
    plan_after(walk, base)
    if walk.plan and tables.copyback_programs >> walk.plan[0] & 1 and _ask_to_copy(walk, base, planes):
        return True
    if try_names(walk, _leading_to_plan(walk, base), 3, attempt):
        return True
    walk.plan.clear()
    name = pick_name(walk, tables.names[base], 0)
    if name == NOTHING:
        return False
    op = tables.op_names[name]
    return prepare(walk, op.celltype, op.multi)


def _ask_to_copy(walk: DieWalk, base: int, planes: int) -> bool:
    """A copyback read on the planes of blocks that the copyback program to follow can then be written to."""
    tables, book = walk.tables, walk.book
    follower = pick_name(walk, tables.names[walk.plan[0]], 0)
    if follower == NOTHING:
        return False
    op = tables.op_names[follower]
    target = book.to_program(op.celltype, op.multi)
    if target is None:
        return False
    names = tuple(name for name in tables.names[base] if tables.op_names[name].multi == op.multi)

    def attempt(name: int) -> bool:
        exact, row, _ = target
        address = book.to_read(tables.op_names[name].celltype, op.multi, planes & exact, exact, without=row)
        if address is None:
            return False
        _emit(walk, name, address, TARGET)
        return True

    return bool(names) and try_names(walk, names, 4, attempt)


def _leading_to_plan(walk: DieWalk, base: int) -> tuple[int, ...]:
    """The names of a read; where a cache read may follow, those whose page one that was used little could move."""
    tables, plan = walk.tables, walk.plan
    names = tables.names[base]
    followers = tables.moved_by[base]
    planned = bool(plan) and plan[0] in followers
    if not followers or not (planned or walk.picker.chance(0.3)):
        return names
    follower = pick_name(walk, tables.names[plan[0] if planned else followers[0]], 0)
    if follower == NOTHING:
        return names
    op = tables.op_names[follower]
    return tables.alike.get((base, op.multi, op.celltype), names)


def _emit(walk: DieWalk, name: int, address: Address, source: int, inside: Inside | None = None) -> None:
    _, aim = walk.where(address[0])
    walk.ask(name, address, aim=aim, source=source, inside=inside, gap=pause(walk, inside))


def _ask_recovery(walk: DieWalk, base: int, planes: int) -> bool:
    """A read of the page of the program that is suspended."""
    victim = walk.suspended_on(walk.asked.device.program_axis)
    if victim is None:
        return False
    planes &= victim.planes
    tables = walk.tables
    fitting = [name for multi in (False, True) for name in tables.alike.get((base, multi, victim.celltype), ())]
    if planes.bit_count() < 2:
        fitting = [name for name in fitting if not tables.op_names[name].multi]
    name = pick_name(walk, tuple(fitting), planes) if fitting and planes else NOTHING
    if name == NOTHING:
        return False
    taken = walk.book.choice(planes, tables.op_names[name].multi)
    if not taken:
        return False
    _emit(walk, name, (taken, victim.row, victim.page), CHAIN if walk.plan[:1] == [base] else TARGET)
    plan_after(walk, base)
    return True


def _ask_source(walk: DieWalk, base: int, planes: int) -> bool:
    """A copyback read that feeds the next step of the open chain: on its planes, from another block."""
    shot, tables = walk.track.shot, walk.tables
    if shot is None or not shot.copyback or walk.executing():
        return False
    missing = shot.planes & ~copyback_data(walk)
    if not missing or missing & planes != missing:
        return False
    wanted = [(missing.bit_count() > 1, missing)]
    if missing.bit_count() > 1:
        wanted += [(False, 1 << plane) for plane in planes_in(missing)]
    for multi, exact in wanted:
        names = tuple(name for name in tables.names[base] if tables.op_names[name].multi == multi)

        def attempt(name: int, multi: bool = multi, exact: int = exact) -> bool:
            celltype = tables.op_names[name].celltype
            address = walk.book.to_read(celltype, multi, exact, exact, without=shot.row)
            if address is None:
                return False
            _emit(walk, name, address, CHAIN)
            return True

        if names and try_names(walk, names, len(names), attempt):
            return True
    return False


def copyback_data(walk: DieWalk) -> int:
    """The planes whose data register holds a page for a copyback program."""
    mask = 0
    for plane, register in enumerate(walk.track.data):
        if register is not None and walk.tables.kinds[register.base] is Kind.COPYBACK_READ:
            mask |= 1 << plane
    return mask


# -- cache reads ---------------------------------------------------------------------------------------------------


def movable(walk: DieWalk, kind: Kind, planes: int) -> list[Register]:
    """The pages that a cache read, or its end, could move to the cache register on all planes of their read."""
    track, kinds = walk.track, walk.tables.kinds
    found: list[Register] = []
    for plane in planes_in(planes):
        register = track.data[plane]
        if register is None or kinds[register.base] not in MOVES_FROM[kind] or register in found:
            continue
        if register.planes & planes == register.planes and all(
            _moves(walk, q, register) for q in planes_in(register.planes)
        ):
            found.append(register)
    return found


def _moves(walk: DieWalk, plane: int, register: Register) -> bool:
    data, cache = walk.track.data[plane], walk.track.cache[plane]
    return data is not None and data.op_uid == register.op_uid and (cache is None or cache.delivered)


def ask_cache_read(walk: DieWalk, base: int, planes: int, inside: Inside | None = None, host: int = 0) -> bool:
    """A cache read on the planes of the page that it moves; `host` are the planes that it has to take over."""
    tables, kind = walk.tables, walk.tables.kinds[base]
    for register in movable(walk, kind, planes):
        if host & ~register.planes:
            continue
        names = tables.alike.get((base, register.planes.bit_count() > 1, register.celltype), ())
        name = pick_name(walk, names, register.planes) if names else NOTHING
        if name == NOTHING:
            continue
        multi = tables.op_names[name].multi
        address = walk.book.to_read(register.celltype, multi, register.planes, register.planes)
        if address is not None:
            _emit(walk, name, address, CHAIN if walk.plan[:1] == [base] else TARGET, inside)
            return True
    return False


def ask_cache_end(walk: DieWalk, base: int, planes: int, inside: Inside | None = None, host: int = 0) -> bool:
    """The end of cache reads: it names what the latest one named."""
    tables = walk.tables
    for register in movable(walk, tables.kinds[base], planes):
        if host & ~register.planes:
            continue
        name = pick_name(walk, tables.names[base], register.planes)
        if name == NOTHING:
            continue
        _, aim = walk.where(register.planes)
        walk.ask(
            name,
            (register.planes, register.row, register.page),
            aim=aim,
            source=CHAIN,
            inside=inside,
            celltype=register.celltype,
            gap=pause(walk, inside),
        )
        return True
    return False


# -- DOUT ----------------------------------------------------------------------------------------------------------


def deliverable(walk: DieWalk, base: int, planes: int) -> list[tuple[int, Register]]:
    """Planes with the page that a DOUT of this base would deliver on each, in plane order within a read."""
    kinds = walk.tables.kinds
    small = kinds[base] is Kind.DOUT4K
    found = []
    for plane in planes_in(planes):
        register = walk.due(plane)
        if register is None or (kinds[register.base] is Kind.READ4K) != small:
            continue
        lower = planes_in(register.planes & ((1 << plane) - 1))
        if not any((other := walk.track.due(q)) is not None and other.op_uid == register.op_uid for q in lower):
            found.append((plane, register))
    return found


def ask_dout(walk: DieWalk, base: int, planes: int, inside: Inside | None = None, alone: bool = False) -> bool:
    """A DOUT on one of the planes that have something to deliver."""
    found = deliverable(walk, base, planes)
    if not found:
        return False
    plane, register = found[walk.picker.below(len(found))]
    name = pick_name(walk, walk.tables.names[base], 1 << plane)
    if name == NOTHING:
        return False
    _, aim = walk.where(1 << plane)
    walk.ask(
        name,
        (1 << plane, register.row, register.page),
        aim=aim,
        source=CHAIN,
        inside=inside,
        celltype=register.celltype,
        gap=pause(walk, inside),
        alone=alone,
    )
    return True
