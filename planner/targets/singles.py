"""Asking for operations that need no page: status reads, trainings, features, resumes, resets and the like."""

from __future__ import annotations

from model.chains import Kind
from model.event import NOTHING
from planner.targets.book import Address
from planner.targets.naming import pause, pick_name, plan_after
from planner.targets.usable import lun_of
from planner.targets.walk import NO_ADDRESS, DieWalk
from planner.window.spec import Inside


def try_single(walk: DieWalk, base: int, forbidden: list[int], source: int) -> bool:
    """Asks for an operation without page, or for a load or a check, now that nothing runs."""
    return ask_single(walk, base, walk.allowed_planes(base, forbidden), source)


def ask_single(
    walk: DieWalk, base: int, planes: int, source: int, inside: Inside | None = None, wish: bool = False
) -> bool:
    """Asks for an operation of a base on one of `planes`, where it names one."""
    tables = walk.tables
    names = tables.names[base]
    kind = tables.kinds[base]
    if kind is Kind.STATUS:
        names = of_die(walk, base)
    name = pick_name(walk, names, planes if tables.on_planes >> base & 1 else 0) if names else NOTHING
    if name == NOTHING:
        return False
    address = _address(walk, base, name, planes)
    if address is None:
        return False
    _, aim = walk.where(address[0])
    walk.ask(name, address, aim=aim, source=source, inside=inside, gap=pause(walk, inside), wish=wish)
    if kind not in (Kind.STATUS, Kind.RESET):
        plan_after(walk, base)
    if kind is Kind.RESET:
        walk.plan.clear()
    return True


def _address(walk: DieWalk, base: int, name: int, planes: int) -> Address | None:
    """Planes, row and page as far as the payload has them; None where there are none."""
    tables, spec = walk.tables, walk.tables.bases[base]
    kind, multi = tables.kinds[base], tables.op_names[name].multi
    if kind is Kind.DATAIN:
        return walk.book.to_load(planes)
    if kind is Kind.CHECK:
        return walk.book.to_check(multi)
    if not spec.has_plane:
        return NO_ADDRESS
    taken = walk.book.choice(planes if tables.on_planes >> base & 1 else tables.all_planes, multi)
    return (taken, NOTHING, NOTHING) if taken else None


def of_die(walk: DieWalk, base: int) -> tuple[int, ...]:
    """The op_names of a base without the LUN status reads of other dies."""
    found = walk.tables.status_names.get((base, walk.die))
    if found is None:
        ops = walk.tables.op_names
        found = tuple(name for name in walk.tables.names[base] if lun_of(ops[name].name) in (None, walk.die))
        walk.tables.status_names[base, walk.die] = found
    return found
