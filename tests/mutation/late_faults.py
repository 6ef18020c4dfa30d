"""Faults whose effect shows later, or that need two rows of a chain; the rules that they break are known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from model.event import NOTHING
from model.operations import DOUTS, RESETS, RESUMES, STATUS_READS, SUSPENDS, OpName
from tests.mutation.history import Row
from tests.mutation.site import AFTER, Fault, Site

FAR = 1_500
"""Rows after a fault among which its effect is looked for."""
_AGAIN = {"ERASE_SUSPEND": "ERASE_SUSPENDED", "PROGRAM_SUSPEND": "PROGRAM_SUSPENDED"}
_EMPTIES_NOT = frozenset(
    {*SUSPENDS, *RESUMES, "CACHE_READ", "PLANE_CACHE_READ", "CACHE_READ_END", "PLANE_CACHE_READ_END"}
)


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
