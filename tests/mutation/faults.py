"""Single faults in a legal sequence, each made in one way, with the rules that it must break where these are known.

A maker gets a `Site` and gives a `Fault`, or None where it cannot be made there. `expected` names rules of which at
least one is broken for certain, by the way in which the fault was made; empty means that the referee decides.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from model.event import NOTHING, ExpVal
from model.operations import DOUTS, RESETS, RESUMES, STATUS_READS, SUSPENDS, OpName
from tests.mutation.history import History, Row

AFTER = 7
"""Rows of a window after its fault."""
FAR = 1_500
"""Rows after a fault among which its effect is looked for."""
_AGAIN = {"ERASE_SUSPEND": "ERASE_SUSPENDED", "PROGRAM_SUSPEND": "PROGRAM_SUSPENDED"}
_EMPTIES_NOT = frozenset(
    {*SUSPENDS, *RESUMES, "CACHE_READ", "PLANE_CACHE_READ", "CACHE_READ_END", "PLANE_CACHE_READ_END"}
)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, the rows of the window with the fault in them, and the rules that are broken for certain."""

    what: str
    rows: tuple[Row, ...]
    expected: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Site:
    """A place for a fault: row `at` of a history whose window begins with row `low`."""

    history: History
    low: int
    at: int
    rng: random.Random

    @property
    def row(self) -> Row:
        """The row that is changed."""
        return self.history.rows[self.at]

    @property
    def base(self) -> str:
        """The base of that row."""
        return self.history.name(self.row).base.name

    @property
    def near(self) -> tuple[Row, ...]:
        """The window's rows as they are."""
        return self.history.rows[self.low : self.at + AFTER]

    def rows(self, *own: Row, upto: int | None = None) -> tuple[Row, ...]:
        """The window with other rows in place of its own."""
        rows = self.history.rows
        end = self.at + AFTER if upto is None else upto
        return (*rows[self.low : self.at], *own, *rows[self.at + 1 : end])

    def fault(self, what: str, own: Row, *expected: str) -> Fault:
        """The window with one row changed."""
        return Fault(what, self.rows(own), frozenset(expected))


Maker = Callable[[Site], Fault | None]


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


def dropped_resume(site: Site) -> Fault | None:
    """A RESUME left out: what it should have resumed stays suspended until something shows it."""
    if site.base not in RESUMES:
        return None
    suspend = site.base.replace("RESUME", "SUSPEND")
    forbidden = site.history.device.exclusions.suspend(_AGAIN[suspend])
    for i, name in _later(site):
        if name.base.name in RESETS:
            return None
        if name.base.name == suspend or forbidden >> name.base.index & 1:
            rule = "suspend-target" if name.base.name == suspend else "suspend-state"
            return Fault("drop a RESUME", site.rows(upto=i + 1), frozenset({rule}))
    return None


def early_resume(site: Site) -> Fault | None:
    """A RESUME that starts before its SUSPEND has ended."""
    if site.base not in RESUMES:
        return None
    suspend = site.base.replace("RESUME", "SUSPEND")
    rows = site.history.rows
    for i in range(site.at - 1, site.low - 1, -1):
        name = site.history.name(rows[i])
        if rows[i].die == site.row.die and name.base.name == suspend:
            end = rows[i].time + name.length
            time = end - site.rng.choice((1, 2, min(name.core_busy, 1_000)))
            if any(row.time == time for row in site.near) or time <= rows[i].time:
                return None
            return site.fault("RESUME in its SUSPEND", site.row.at(time), "suspend-state")
    return None


def dropped_dout(site: Site) -> Fault | None:
    """A DOUT left out: its page waits until something overwrites it, or delivers another in its place."""
    if site.base not in DOUTS or _of_copyback(site):
        return None
    mask = site.row.mask
    for i, name in _later(site):
        row = site.history.rows[i]
        if name.base.name in RESETS:
            return None
        held = row.mask if name.base.has_plane and str(name.base.scope) == "PLANE_SET" else NOTHING
        if not mask & held:
            continue
        if name.base.affects_state and name.base.name not in _EMPTIES_NOT:
            return Fault("drop a DOUT", site.rows(upto=i + 1), frozenset({"dout", "cache-chain"}))
        if name.base.name in RESUMES:
            return Fault("drop a DOUT", site.rows(upto=i + 1), frozenset({"dout", "residual", "latch"}))
    return None


def _of_copyback(site: Site) -> bool:
    rows = site.history.rows
    for i in range(site.at - 1, max(site.at - FAR, -1), -1):
        base = site.history.name(rows[i]).base.name
        if rows[i].die == site.row.die and rows[i].mask & site.row.mask and "READ" in base and base not in STATUS_READS:
            return base == "COPYBACK_READ"
    return True


def reordered_chain(site: Site) -> Fault | None:
    """A step of a one-shot chain and the step before it, in each other's place."""
    step = site.base
    if not step.startswith("ONESHOT_") or step.endswith("_LSB"):
        return None
    rows = site.history.rows
    for i in range(site.at - 1, site.low - 1, -1):
        before = site.history.name(rows[i]).base.name
        if rows[i].die == site.row.die and before in RESETS:
            return None
        if rows[i].die == site.row.die and before.startswith("ONESHOT_"):
            changed = (rows[i], site.row)
            own = [replace(changed[0], op=changed[1].op), replace(changed[1], op=changed[0].op)]
            window = (*rows[site.low : i], own[0], *rows[i + 1 : site.at], own[1], *rows[site.at + 1 : site.at + AFTER])
            return Fault("reorder a chain", window, frozenset({"chain"}))
    return None


def reordered_cache_programs(site: Site) -> Fault | None:
    """Two programs of a cache chain, in each other's place."""
    rows = site.history.rows
    for i in range(site.at - 1, site.low - 1, -1):
        same = _blocks(rows[i]) == _blocks(site.row)
        pair = (site.history.name(rows[i]).base.name, site.base)
        if same and pair in (("CACHE_PROGRAM_SLC", "CACHE_PROGRAM_SLC"), ("CACHE_PROGRAM_SLC", "PROGRAM_SLC")):
            own = (site.row.at(rows[i].time), rows[i].at(site.row.time))
            window = (*rows[site.low : i], own[0], *rows[i + 1 : site.at], own[1], *rows[site.at + 1 : site.at + AFTER])
            return Fault("reorder cache programs", window, frozenset({"page-order"}))
    return None


def _blocks(row: Row) -> tuple[tuple[int, int], ...]:
    return tuple((entry.die, entry.block) for entry in row.entries)


def _later(site: Site) -> Iterator[tuple[int, OpName]]:
    """The rows after the site on its die, with their op_names."""
    rows = site.history.rows
    for i in range(site.at + 1, min(site.at + FAR, len(rows))):
        if rows[i].die in (site.row.die, NOTHING):
            yield i, site.history.name(rows[i])


MAKERS: Sequence[tuple[Maker, int]] = (
    (shifted, 30), (dropped, 8), (doubled, 8), (swapped, 8), (swapped_names, 6), (other_name, 10), (page, 10),
    (page_of_one_plane, 3), (block, 8), (block_of_one_plane, 3), (block_off_plane, 3), (plane, 6), (plane_alone, 3),
    (die, 4), (celltype, 4), (exp_val, 5), (number, 2), (dropped_resume, 5), (early_resume, 4), (dropped_dout, 8),
    (reordered_chain, 8), (reordered_cache_programs, 3),
)  # fmt: skip
"""Who makes faults, and how often each is asked."""
