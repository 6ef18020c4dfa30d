"""Asking for erases and programs of every kind: single, cached, in one-shot steps, from a copyback read."""

from __future__ import annotations

from model.chains import COPYBACK_STEPS, FIRST_STEPS, Kind, next_page, page_due
from model.event import NOTHING
from planner.targets.book import Address
from planner.targets.naming import pause, pick_name, plan_after, try_names
from planner.targets.prerequisites import erase_for
from planner.targets.reads import copyback_data
from planner.targets.walk import CHAIN, TARGET, DieWalk
from planner.window.spec import Inside

_TAKES_ANOTHER_PAGE = frozenset({Kind.CACHE_PROGRAM, Kind.SHOT_CACHE})


def try_program(walk: DieWalk, base: int, drain: bool) -> bool:
    """Asks for an erase or a program now that nothing runs; False where there is no address for it."""
    kind = walk.tables.kinds[base]
    if kind is Kind.ERASE:
        return _ask_erase(walk, base)
    if kind in (Kind.COPYBACK_LSB, Kind.COPYBACK_PROGRAM):
        return _ask_copyback(walk, base)
    if walk.track.shot is not None and Kind.LSB <= kind <= Kind.COPYBACK_EXEC:
        return ask_step(walk, base, drain)
    if walk.track.cache_program is not None and kind in (Kind.PROGRAM, Kind.ALLWL, Kind.CACHE_PROGRAM):
        return ask_cached(walk, base)
    return kind is not Kind.CSB and _ask_fresh(walk, base, kind)


def _ask(walk: DieWalk, name: int, address: Address, source: int, inside: Inside | None = None) -> None:
    _, aim = walk.where(0)
    walk.ask(name, address, aim=aim, source=source, inside=inside, gap=pause(walk, inside))


def _ask_erase(walk: DieWalk, base: int) -> bool:
    tables = walk.tables

    def attempt(name: int) -> bool:
        address = walk.book.to_erase(tables.op_names[name].multi)
        if address is None:
            return False
        _ask(walk, name, address, TARGET)
        return True

    return try_names(walk, tables.names[base], 3, attempt)


def _ask_fresh(walk: DieWalk, base: int, kind: Kind) -> bool:
    """A program that begins something of its own; where no block takes it, an erase."""
    tables = walk.tables

    def attempt(name: int) -> bool:
        op = tables.op_names[name]
        address = walk.book.to_program(op.celltype, op.multi, spare=1 if kind in _TAKES_ANOTHER_PAGE else 0)
        if address is None:
            return False
        _ask(walk, name, address, TARGET)
        return True

    if try_names(walk, tables.names[base], 2, attempt):
        plan_after(walk, base)
        return True
    name = pick_name(walk, tables.names[base], 0)
    if name == NOTHING:
        return False
    op = tables.op_names[name]
    return erase_for(walk, op.celltype, op.multi)


def ask_cached(walk: DieWalk, base: int, inside: Inside | None = None) -> bool:
    """The next program of an open cache program: same block, planes and celltype, next page."""
    tables, opened = walk.tables, walk.track.cache_program
    if opened is None:
        return False
    page = page_due(opened)
    last = tables.pages - 1
    if page > last or (tables.kinds[base] is Kind.CACHE_PROGRAM and page == last):
        return False
    names = tables.alike.get((base, opened.planes.bit_count() > 1, opened.celltype), ())
    name = pick_name(walk, names, 0) if names else NOTHING
    if name == NOTHING:
        return False
    _ask(walk, name, (opened.planes, opened.row, page), CHAIN, inside)
    return True


def ask_step(walk: DieWalk, base: int, drain: bool, inside: Inside | None = None) -> bool:
    """The next step of the open one-shot chain."""
    tables, shot, kind = walk.tables, walk.track.shot, walk.tables.kinds[base]
    if shot is None:
        return False
    page = next_page(shot, walk.step())
    if kind in _TAKES_ANOTHER_PAGE and (page >= tables.pages - 1 or drain):
        return False
    if kind is Kind.MSB and drain and walk.mask & (tables.by_kind[Kind.MSB_23H] | tables.by_kind[Kind.EXEC]):
        return False
    if kind in COPYBACK_STEPS and not _fed(walk, shot.planes, shot.row):
        return False
    names = tables.alike.get((base, shot.planes.bit_count() > 1, shot.celltype), ())
    name = pick_name(walk, names, 0) if names else NOTHING
    if name == NOTHING:
        return False
    _ask(walk, name, (shot.planes, shot.row, page), CHAIN, inside)
    return True


# -- copyback ------------------------------------------------------------------------------------------------------


def _fed(walk: DieWalk, planes: int, row: int) -> bool:
    """Whether the planes hold copyback data from other blocks than those in `row`, and no plane loses other data."""
    if copyback_data(walk) & planes != planes or walk.undelivered() & ~planes:
        return False
    return all(
        register is None or not planes >> plane & 1 or register.row != row
        for plane, register in enumerate(walk.track.data)
    )


def _ask_copyback(walk: DieWalk, base: int) -> bool:
    """A copyback program of what was read, into other blocks."""
    tables = walk.tables
    kind = tables.kinds[base]
    held = copyback_data(walk)
    must = walk.undelivered()
    if not held or must & ~held or (walk.track.shot is not None and kind in FIRST_STEPS):
        return False
    rows = frozenset(
        register.row for plane, register in enumerate(walk.track.data) if register is not None and held >> plane & 1
    )

    def attempt(name: int) -> bool:
        op = tables.op_names[name]
        exact = must or walk.book.choice(held, op.multi)
        if not exact or (exact.bit_count() > 1) != op.multi:
            return False
        address = walk.book.to_program(op.celltype, op.multi, exact=exact, without=rows)
        if address is None:
            return False
        _ask(walk, name, address, CHAIN if walk.plan[:1] == [base] else TARGET)
        return True

    if try_names(walk, tables.names[base], 4, attempt):
        return True
    name = pick_name(walk, tables.names[base], 0)
    if name == NOTHING or must:
        return False
    op = tables.op_names[name]
    return erase_for(walk, op.celltype, op.multi)
