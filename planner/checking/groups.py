"""Exclusion groups, the tables that rely on them, and celltypes: what nothing uses, and what is empty."""

from __future__ import annotations

from collections.abc import Callable

from model.chains import READS, Kind
from planner.checking.consequences import users
from planner.checking.ground import Ground, listed

_TABLE_STATES: tuple[tuple[str, str, tuple[Kind, ...]], ...] = (
    ("exclusions_by_latch_state", "LATCH_ON_READ", tuple(sorted(READS))),
    ("exclusions_by_latch_state", "LATCH_ON_LSB", (Kind.LSB,)),
    ("exclusions_by_latch_state", "LATCH_ON_CSB", (Kind.CSB,)),
    ("exclusions_by_latch_state", "LATCH_ON_MSB", (Kind.MSB,)),
    ("exclusions_by_cache_state", "ON_CACHE_READ", (Kind.CACHE_READ,)),
    ("exclusions_by_cache_state", "ON_CACHE_PROGRAM", (Kind.CACHE_PROGRAM,)),
    ("exclusions_by_cache_state", "ON_ONESHOT_CACHE_PROGRAM", (Kind.SHOT_CACHE,)),
    ("exclusions_by_suspend_state", "ERASE_SUSPENDED", (Kind.ERASE_SUSPEND,)),
    ("exclusions_by_suspend_state", "PROGRAM_SUSPENDED", (Kind.PROGRAM_SUSPEND,)),
    ("exclusions_by_odt_state", "ODT_DISABLE", (Kind.ODT_OFF,)),
)
"""The entries that a device with such operations should have, and what brings their state about."""


def check_groups(ground: Ground) -> None:
    """Groups that nothing relies on, and empty ones that something relies on."""
    section = ground.root.get("exclusion_groups")
    used = users(ground.root)
    for name, node in (section.items if section is not None else {}).items():
        states = used.get(name, [])
        group = ground.config.groups.get(name)
        if not states:
            ground.notes.add("group-unused", node, f"no state relies on the group {name}", "none: it forbids nothing")
        elif group is not None and not group.bases and not _names_something(node.items.values()):
            what = "let nothing pass" if group.allow else "forbid nothing"
            said = f"the group {name} names no base, and {listed(states)} rely on it"
            ground.notes.add("group-empty", node, said, f"{listed(states)} {what}", at_key=True)


def _names_something(lists: object) -> bool:
    return any(entry.members for entry in lists)  # type: ignore[attr-defined]


def check_tables(ground: Ground) -> None:
    """States of latches, caches and suspensions that can occur and that no table mentions."""
    tables = {
        "exclusions_by_latch_state": ground.config.by_latch_state,
        "exclusions_by_cache_state": ground.config.by_cache_state,
        "exclusions_by_suspend_state": ground.config.by_suspend_state,
        "exclusions_by_odt_state": ground.config.by_odt_state,
    }
    for table, state, kinds in _TABLE_STATES:
        bases = ground.sent(kinds)
        if bases and state not in tables[table]:
            said = f"{table} has no entry {state}: this state forbids nothing"
            cost = f"after {listed(bases)} everything may come that no other state forbids"
            node = ground.at(table) if ground.has(table) else ground.root
            ground.notes.add("table-without-state", node, said, cost, fix=f"add {state}: to {table}")


def check_celltypes(ground: Ground) -> None:
    """Celltypes that no op_name has."""
    used = {name.celltype for name in ground.config.names}
    section = ground.root.get("op_names")
    used |= {node.at("celltype").text for node in (section.items if section is not None else {}).values()}
    for item in ground.at("celltypes").members:
        if item.text and item.text != "NONE" and item.text not in used:
            said = f"no op_name has the celltype {item.text}"
            ground.notes.add("celltype-unused", item, said, "none: no block is ever of it", at_key=False)


CHECKS: tuple[Callable[[Ground], None], ...] = (check_groups, check_tables, check_celltypes)
