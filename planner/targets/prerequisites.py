"""What has to be there before: an erased block before a program, a programmed page before a read."""

from __future__ import annotations

from model.chains import Kind
from model.event import NOTHING
from planner.targets.naming import pause, pick_name, plan_after
from planner.targets.walk import PREREQUISITE, DieWalk


def prepare(walk: DieWalk, celltype: int, multi: bool) -> bool:
    """Asks for a program of a celltype, or where no block takes one for the erase before it."""
    tables = walk.tables
    makers = walk.mask & (tables.by_kind[Kind.PROGRAM] | tables.by_kind[Kind.OTHER_PROGRAM] | tables.by_kind[Kind.LSB])
    if walk.track.shot is not None or walk.track.cache_program is not None:
        return False
    for base in range(makers.bit_length()):
        names = tables.alike.get((base, multi, celltype), ()) if makers >> base & 1 else ()
        if not names:
            continue
        address = walk.book.to_program(celltype, multi)
        if address is None:
            return erase_for(walk, celltype, multi)
        name = pick_name(walk, names, 0)
        if name == NOTHING:
            return False
        _, aim = walk.where(0)
        walk.ask(name, address, aim=aim, source=PREREQUISITE, gap=pause(walk))
        plan_after(walk, base)
        return True
    return False


def erase_for(walk: DieWalk, celltype: int, multi: bool) -> bool:
    """Asks for an erase of blocks that then take a celltype."""
    tables = walk.tables
    erased_as = tables.erase_as.get(celltype, NOTHING)
    bases = walk.mask & tables.by_kind[Kind.ERASE]
    for base in range(bases.bit_length()):
        if not bases >> base & 1:
            continue
        for as_many in (multi, not multi):
            names = tables.alike.get((base, as_many, erased_as), ())
            address = walk.book.to_erase(as_many) if names and erased_as != NOTHING else None
            name = pick_name(walk, names, 0) if address is not None else NOTHING
            if address is not None and name != NOTHING:
                _, aim = walk.where(0)
                walk.ask(name, address, aim=aim, source=PREREQUISITE, gap=pause(walk))
                return True
    return False
