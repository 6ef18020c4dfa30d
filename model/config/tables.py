"""Reading exclusion groups and the tables that point to them."""

from __future__ import annotations

from collections.abc import Mapping

from model.config.names import Known, known_key, names_in, one_name, op_state_key
from model.config.node import Node
from model.config.problems import Problems
from model.config.spec import BaseSpec, Group

LATCH_STATES = (
    "LATCH_ON_READ",
    "LATCH_ON_LSB",
    "LATCH_ON_CSB",
    "LATCH_ON_MSB",
    "LATCH_ON_COPYBACK_LSB",
    "LATCH_ON_COPYBACK_CSB",
    "LATCH_ON_COPYBACK_MSB",
)
CACHE_STATES = ("ON_CACHE_READ", "ON_PLANE_CACHE_READ", "ON_CACHE_PROGRAM", "ON_ONESHOT_CACHE_PROGRAM")
SUSPEND_STATES = ("ERASE_SUSPENDED", "NOT_ERASE_SUSPENDED", "PROGRAM_SUSPENDED", "NOT_PROGRAM_SUSPENDED")
ODT_STATES = ("ODT_DISABLE",)

Table = dict[str, tuple[str, ...]]


def read_groups(root: Node, known: Known, problems: Problems) -> dict[str, Group]:
    """exclusion_groups by name."""
    groups = {}
    for name, node in _entries(root, "exclusion_groups", problems).items():
        kinds = [kind for kind in ("allow", "forbid") if kind in node.items]
        if len(kinds) != 1 or len(node.items) != 1:
            said = "not a group; allowed: [bases forbidden], {forbid: [...]} or {allow: [...]}"
            problems.error(node, said, id="not-a-group")
            continue
        bases = names_in(node.items[kinds[0]], known.bases, "base", problems)
        groups[name] = Group(name, kinds[0] == "allow", bases)
    return groups


def read_op_state_table(root: Node, known: Known, problems: Problems) -> Table:
    """exclusions_by_op_state, by `BASE.STATE` and `BASE.END`."""
    table: Table = {}
    for key, node in _entries(root, "exclusions_by_op_state", problems).items():
        usable = op_state_key(key, node, known, problems)
        groups = _groups(node, known, problems)
        if usable:
            table[key] = groups
    return table


def read_table(root: Node, key: str, states: tuple[str, ...], known: Known, problems: Problems) -> Table:
    """One of the other tables, whose states are known beforehand."""
    table: Table = {}
    for state, node in _entries(root, key, problems).items():
        known_key(state, node, states, "state", problems)
        table[state] = _groups(node, known, problems)
    return table


def with_plane_cache_read(table: Table) -> Table:
    """The cache table; where ON_PLANE_CACHE_READ is missing it is as ON_CACHE_READ."""
    if "ON_CACHE_READ" in table and "ON_PLANE_CACHE_READ" not in table:
        return {**table, "ON_PLANE_CACHE_READ": table["ON_CACHE_READ"]}
    return table


def warn_of_missing_states(
    bases: list[BaseSpec], sent: set[str], table: Mapping[str, tuple[str, ...]], root: Node, problems: Problems
) -> None:
    """Every state that can occur should say what it forbids."""
    for base in bases:
        for state in base.states if base.affects_state and base.name in sent else ():
            key = f"{base.name}.{state}"
            if state != "ISSUE" and key not in table:
                node = root.at("op_bases", base.name, "states", state)
                said = f"exclusions_by_op_state has no entry {key}: this state forbids nothing"
                problems.warn(node, said, id="state-forbids-nothing")


def _entries(root: Node, key: str, problems: Problems) -> dict[str, Node]:
    node = root.get(key)
    if node is not None and node.value is not None and not isinstance(node.value, dict):
        problems.error(node, "not a mapping", id="not-a-mapping")
    return node.items if node is not None else {}


def _groups(node: Node, known: Known, problems: Problems) -> tuple[str, ...]:
    if node.value is None:
        return ()
    if isinstance(node.value, str):
        return (node.text,) if one_name(node, known.groups, "group", problems) else ()
    return names_in(node, known.groups, "group", problems)
