"""Operations that close what is open on a device: deliveries, resumes, steps and ends of chains, prerequisites."""

from __future__ import annotations

from collections.abc import Iterator

from model.boundary import ERASED, PROGRAMMED, Boundary, DieState, Register
from model.chains import FIRST_STEPS, NEXT_STEP, Kind
from model.device import Device
from model.event import NOTHING
from model.geometry import planes_in
from model.operations import OpName
from planner.scenario.rows import Entry, Row


def closers(device: Device, boundary: Boundary) -> Iterator[tuple[Row, str]]:
    """What would close something that is open, each with why; their times are open (0)."""
    for number, die in enumerate(boundary.dies):
        yield from _deliveries(device, number, die)
        yield from _ends(device, number, die)
        yield from _resumes(device, number, die)
        yield from _steps(device, number, die)
    if boundary.odt_disabled:
        for name in _names(device, Kind.ODT_ON):
            yield _plain(name, 0), "ODT is disabled"


def prerequisites(device: Device, boundary: Boundary, row: Row) -> Iterator[tuple[Row, str]]:
    """Steps that a row may need before it: the erase of its block, the program of the next page, a step of a chain."""
    name = device.catalogue.names[row.op]
    if not row.entries or "block" not in name.base.payload:
        return
    die, _, block, page, _ = row.entries[0]
    kind = device.kinds[name.base.index]
    shot = boundary.dies[die].shot
    if kind in (Kind.CSB, Kind.MSB, Kind.MSB_23H, Kind.EXEC, Kind.SHOT_CACHE) and shot is None:
        for step in _fitting(device, FIRST_STEPS[0], name.multi, name.celltype):
            yield _addressed(step, row.entries), "a chain begins with this step"
    if kind in (Kind.ERASE, Kind.DOUT, Kind.DOUT4K) or block < 0:
        return
    state, last = int(boundary.blocks.kind[die, block]), int(boundary.blocks.last[die, block])
    if state not in (ERASED, PROGRAMMED) or (state == PROGRAMMED and last >= page and device.advances[name.base.index]):
        for erase in _fitting(device, Kind.ERASE, len(row.entries) > 1, _erased_as(device, name.celltype)):
            yield _addressed(erase, row.entries, page=0), "its block has to be erased"
    elif last + 1 < page or (last < page and not device.advances[name.base.index]):
        for program in _fitting(device, Kind.PROGRAM, len(row.entries) > 1, name.celltype):
            yield _addressed(program, row.entries, page=last + 1), "the page before has to be programmed"


def _deliveries(device: Device, number: int, die: DieState) -> Iterator[tuple[Row, str]]:
    for plane, state in enumerate(die.planes):
        for register in (state.cache, state.data):
            if register is None or register.delivered:
                continue
            if register is state.data and device.kinds[register.base] in (Kind.CACHE_READ, Kind.PLANE_CACHE_READ):
                continue
            kind = Kind.DOUT4K if device.kinds[register.base] is Kind.READ4K else Kind.DOUT
            for name in _names(device, kind)[:1]:
                yield _delivery(device, name, number, plane, register), "its data were not delivered"
            break


def _delivery(device: Device, name: OpName, die: int, plane: int, register: Register) -> Row:
    block = device.geometry.block_of(register.row, plane)
    return Row(0, name.index, NOTHING, ((die, plane, block, register.page, register.celltype),))


def _ends(device: Device, number: int, die: DieState) -> Iterator[tuple[Row, str]]:
    opened = {state.cache_read for state in die.planes if state.cache_read is not None}
    for read in sorted(opened, key=lambda read: read.planes):
        plane_level = device.kinds[read.base] is Kind.PLANE_CACHE_READ
        for name in _names(device, Kind.PLANE_CACHE_END if plane_level else Kind.CACHE_END)[:1]:
            yield _at(device, name, number, read.planes, read.row, read.page, read.celltype), "a cache read is open"
    program = die.cache_program
    if program is not None:
        for name in _fitting(device, Kind.PROGRAM, program.planes.bit_count() > 1, program.celltype):
            row = _at(device, name, number, program.planes, program.row, program.page + 1, program.celltype)
            yield row, "a cache program is open"


def _resumes(device: Device, number: int, die: DieState) -> Iterator[tuple[Row, str]]:
    for live in reversed(die.suspended):
        erase = bool(device.erase_axis >> device.catalogue.names[live.name].base.index & 1)
        for name in _names(device, Kind.ERASE_RESUME if erase else Kind.PROGRAM_RESUME)[:1]:
            yield _plain(name, number), "an operation is suspended"
        return


def _steps(device: Device, number: int, die: DieState) -> Iterator[tuple[Row, str]]:
    shot = die.shot
    if shot is None:
        return
    kind = device.kinds[shot.step]
    wanted = NEXT_STEP.get(kind, ())
    page = shot.page + (1 if kind is Kind.SHOT_CACHE else 0)
    for step in sorted(wanted, key=lambda step: step is Kind.SHOT_CACHE):
        for name in _fitting(device, step, shot.planes.bit_count() > 1, shot.celltype)[:1]:
            yield _at(device, name, number, shot.planes, shot.row, page, shot.celltype), "a chain is open"


def _names(device: Device, kind: Kind) -> list[OpName]:
    return [name for name in device.catalogue.names if device.kinds[name.base.index] is kind]


def _fitting(device: Device, kind: Kind, multi: bool, celltype: int) -> list[OpName]:
    return [n for n in _names(device, kind) if n.multi == multi and n.celltype in (celltype, 0)][:1]


def _erased_as(device: Device, celltype: int) -> int:
    names = device.celltypes
    return names.index("SLC") if names[celltype] in ("A0SLC", "ACSLC") and "SLC" in names else celltype


def _plain(name: OpName, die: int) -> Row:
    entry: Entry = (die, NOTHING, NOTHING, NOTHING, NOTHING)
    return Row(0, name.index, NOTHING, (entry,) if name.base.has_die else ())


def _addressed(name: OpName, entries: tuple[Entry, ...], page: int | None = None) -> Row:
    made = tuple((e[0], e[1], e[2], e[3] if page is None else page, name.celltype) for e in entries)
    return Row(0, name.index, NOTHING, made)


def _at(device: Device, name: OpName, die: int, planes: int, row: int, page: int, celltype: int) -> Row:
    kind = name.celltype or celltype
    block_of = device.geometry.block_of
    return Row(0, name.index, NOTHING, tuple((die, p, block_of(row, p), page, kind) for p in planes_in(planes)))
