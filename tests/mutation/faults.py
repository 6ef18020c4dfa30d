"""Single faults of one row, or of two rows near by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from model.event import NOTHING, ExpVal
from model.operations import DOUTS, STATUS_READS
from tests.mutation.history import Row
from tests.mutation.site import AFTER, Fault, Site


def shifted(site: Site) -> Fault | None:
    """A tick or more to and fro; an ISSUE over another one breaks the bus."""
    far = site.rng.choice((1, 1, 2, 10, 100, 1_000, 10_000, 100_000, 1_000_000))
    time = site.row.time + site.rng.choice((-1, 1)) * far
    return _moved(site, "shift", time)


def _moved(site: Site, what: str, time: int) -> Fault | None:
    others = [row for row in site.near if row is not site.row]
    if time < site.history.rows[site.low].time or any(row.time == time for row in others):
        return None
    length = site.history.name(site.row).issue
    clash = any(row.time < time + length and time < row.time + site.history.name(row).issue for row in others)
    return site.fault(what, site.row.at(time), *(["bus"] if clash else []))


def dropped(site: Site) -> Fault | None:
    """An operation left out."""
    return Fault("drop", site.rows())


def doubled(site: Site) -> Fault | None:
    """An operation sent once more, at once or later."""
    row = site.row
    length = site.history.name(row).issue
    starts = [row.time + length, *(other.time + site.history.name(other).issue for other in site.near[-AFTER:])]
    time = site.rng.choice(starts) + site.rng.choice((0, 1, 1_000))
    taken = [(other.time, other.time + site.history.name(other).issue) for other in site.near]
    clash = any(start < time + length and time < end for start, end in taken)
    if any(start == time for start, _ in taken):
        return None
    return Fault("duplicate", site.rows(row, row.at(time)), frozenset({"bus"} if clash else ()))


def swapped(site: Site) -> Fault | None:
    """Two operations that start at each other's times."""
    return _exchanged(site, "swap", lambda row, other: (row.at(other.time), other.at(row.time)))


def swapped_names(site: Site) -> Fault | None:
    """Two operations with each other's op_names; their payloads stay."""
    name = site.history.name

    def alike(row: Row, other: Row) -> tuple[Row, Row] | None:
        if name(row).base.payload != name(other).base.payload or name(row).celltype != name(other).celltype:
            return None
        return (replace(row, op=other.op), replace(other, op=row.op)) if row.op != other.op else None

    return _exchanged(site, "swap op_names", alike)


def _exchanged(site: Site, what: str, change: Callable[[Row, Row], tuple[Row, Row] | None]) -> Fault | None:
    rows = list(site.near)
    here = site.at - site.low
    there = site.rng.randrange(len(rows))
    pair = change(rows[here], rows[there]) if here != there else None
    if pair is None:
        return None
    rows[here], rows[there] = pair
    return Fault(what, tuple(rows))


def other_name(site: Site) -> Fault | None:
    """Another op_name with the same payload fields; the payload's celltype goes with it."""
    names = site.history.device.catalogue.names
    own = site.history.name(site.row)
    alike = [name for name in names if name.base.payload == own.base.payload and name is not own]
    name = site.rng.choice(alike or [own])
    if name is own or bool(name.celltype) != bool(own.celltype):
        return None
    changed = replace(site.row, op=name.index)
    return site.fault("op_name", changed.each(celltype=name.celltype) if own.celltype else changed)


_PAGE_RULES = {"ERASE": "erase", "DATAIN": "datain", "RECOVERY_RD": "recovery"} | dict.fromkeys(DOUTS, "dout")
_PAGE_RULES |= {"CACHE_READ_END": "multi-address", "PLANE_CACHE_READ_END": "multi-address"}


def page(site: Site) -> Fault | None:
    """Another page, near by or anywhere, or one that is not there."""
    own = site.row.page
    if own == NOTHING:
        return None
    pages = site.history.device.geometry.pages
    wrong = site.rng.choice((own + 1, own - 1, site.rng.randrange(pages), pages, pages + 7))
    if wrong < 0 or wrong == own:
        return None
    rule = "page-order" if _programs(site) else _PAGE_RULES.get(site.base, "")
    expected = ["range"] if wrong >= pages else [rule] if rule else []
    return site.fault("page", site.row.each(page=wrong), *expected)


def _programs(site: Site) -> bool:
    return site.history.name(site.row).base.name in PROGRAMS


PROGRAMS = frozenset(
    {
        "PROGRAM_SLC", "ALLWL_PROGRAM", "CACHE_PROGRAM_SLC", "COPYBACK_PROGRAM_SLC", "ONESHOT_CACHE_PROGRAM",
        *(f"ONESHOT_PROGRAM_{step}" for step in ("LSB", "CSB", "MSB", "MSB_23H", "EXEC_MSB")),
        *(f"ONESHOT_COPYBACK_PROGRAM_{step}" for step in ("LSB", "CSB", "MSB", "EXEC_MSB")),
    }
)  # fmt: skip


def page_of_one_plane(site: Site) -> Fault | None:
    """One plane of a multi-plane operation names another page."""
    if len(site.row.entries) < 2 or site.row.page == NOTHING:
        return None
    entries = list(site.row.entries)
    i = site.rng.randrange(len(entries))
    entries[i] = entries[i]._replace(page=(entries[i].page + 1) % site.history.device.geometry.pages)
    return site.fault("page of one plane", replace(site.row, entries=tuple(entries)), "multi-address")


def block(site: Site) -> Fault | None:
    """Another row of blocks on the same planes, or a block that is not there."""
    if not site.row.entries or site.row.entries[0].block == NOTHING:
        return None
    geometry = site.history.device.geometry
    own = geometry.row_of(site.row.entries[0].block)
    row = site.rng.choice((own + 1, own - 1, site.rng.randrange(geometry.rows), geometry.rows))
    if row < 0 or row == own:
        return None
    moved = tuple(entry._replace(block=geometry.block_of(row, entry.plane)) for entry in site.row.entries)
    rule = "range" if row >= geometry.rows else "multi-address" if site.base.endswith("CACHE_READ_END") else ""
    return site.fault("block", replace(site.row, entries=moved), *([rule] if rule else []))


def block_of_one_plane(site: Site) -> Fault | None:
    """One plane of a multi-plane operation names a block of another row."""
    if len(site.row.entries) < 2 or site.row.entries[0].block == NOTHING:
        return None
    geometry = site.history.device.geometry
    entries = list(site.row.entries)
    i = site.rng.randrange(len(entries))
    entries[i] = entries[i]._replace(block=(entries[i].block + geometry.planes) % geometry.blocks)
    return site.fault("block of one plane", replace(site.row, entries=tuple(entries)), "multi-address")


def block_off_plane(site: Site) -> Fault | None:
    """A block that does not lie on its plane."""
    entries = list(site.row.entries)
    if not entries or entries[0].block == NOTHING:
        return None
    i = site.rng.randrange(len(entries))
    blocks = site.history.device.geometry.blocks
    entries[i] = entries[i]._replace(block=(entries[i].block + 1) % blocks)
    return site.fault("block of another plane", replace(site.row, entries=tuple(entries)), "block-plane")


def plane(site: Site) -> Fault | None:
    """Other planes with the blocks of the same row that lie on them; or a plane that is not there."""
    if not site.row.mask:
        return None
    geometry = site.history.device.geometry
    by = site.rng.randrange(1, geometry.planes)
    planes = [(entry.plane + by) % geometry.planes for entry in site.row.entries]
    if site.rng.random() < 0.2:
        missing = site.row.each(plane=geometry.planes)
        return site.fault("plane", missing, "range")
    if sorted(planes) == [entry.plane for entry in site.row.entries]:
        return None
    moved = sorted(zip(planes, site.row.entries, strict=True))
    entries = tuple(
        entry._replace(
            plane=place,
            block=NOTHING if entry.block == NOTHING else geometry.block_of(geometry.row_of(entry.block), place),
        )
        for place, entry in moved
    )
    return site.fault("plane", replace(site.row, entries=entries))


def plane_alone(site: Site) -> Fault | None:
    """A plane that its block does not lie on."""
    if not site.row.entries or site.row.entries[0].block == NOTHING:
        return None
    entries = list(site.row.entries)
    entries[-1] = entries[-1]._replace(plane=(entries[-1].plane + 1) % site.history.device.geometry.planes)
    return site.fault("plane of another block", replace(site.row, entries=tuple(entries)), "block-plane")


def die(site: Site) -> Fault | None:
    """Another die, or one that is not there; a status read of LUN n reads die n only."""
    name = site.history.name(site.row)
    if not name.base.has_die:
        return None
    dies = site.history.device.geometry.dies
    if site.rng.random() < 0.2:
        return site.fault("die", replace(site.row.each(die=dies), die=dies), "range")
    other = (site.row.die + 1) % dies
    expected = ["absent-lun"] if "for_LUN" in name.name else []
    return site.fault("die", replace(site.row.each(die=other), die=other), *expected)


def celltype(site: Site) -> Fault | None:
    """A celltype that is not the op_name's, or not that of the page addressed."""
    if site.row.celltype == NOTHING:
        return None
    kinds = [kind for kind in range(1, len(site.history.device.celltypes)) if kind != site.row.celltype]
    return site.fault("celltype", site.row.each(celltype=site.rng.choice(kinds)), "payload")


def exp_val(site: Site) -> Fault | None:
    """A status read that expects what the die does not show."""
    if site.base not in STATUS_READS:
        return None
    wrong = site.rng.choice([value for value in ExpVal if value != site.row.exp])
    return site.fault("exp_val", replace(site.row, exp=int(wrong)), "sr-value")


def number(site: Site) -> Fault | None:
    """An op_uid that is not the next one."""
    return site.fault("op_uid", replace(site.row, uid=site.at + 1 + site.rng.choice((-1, 1, 7))), "op-uid")
