"""What a wrong entry costs, from where it stands."""

from __future__ import annotations

from collections.abc import Callable

from model.config import Problem
from model.config.node import Node
from planner.checking.catalogue import BY_ID, ERROR, NOTE
from planner.checking.ground import count, listed

_TABLES = (
    "exclusions_by_op_state",
    "exclusions_by_latch_state",
    "exclusions_by_cache_state",
    "exclusions_by_suspend_state",
    "exclusions_by_odt_state",
)
_SECTIONS = {
    "topology": "there is no device to plan for",
    "celltypes": "what is of this celltype can never be issued",
    "policies": "nothing can be planned",
    "program_base_whitelist": "programs of this base never make a page readable, and cannot be suspended",
    "constraints": "its operations never run on two planes at once",
    "coverage": "coverage cannot be counted",
    "bootstrap": "the first run does not bring the device into use as wanted",
    "phase_conditional_overrides": "what is sent is as if this weight were not there",
    "phase_conditional": "what is sent in this state is as if this weight were not there",
    "pattern_export": "the tester's pattern has no number for it",
}
_OF_KIND = {
    "unknown-key": "the entry has no effect; where it stands for a known key, that key's default is taken",
    "key-twice": "one of the two values is lost without a word",
    "older-key": "none",
    "duration-of-a-base": "none: the durations of the op_names count",
    "item-twice": "none: it counts once",
    "duration-of-no-state": "the duration is never used",
    "inherit-of-nothing": "the rules are never used",
    "no-celltype": "it works on the celltype NONE, that no block has",
    "bad-block-file": "blocks that are bad are planned for as good ones",
    "bad-block-row": "a block that is bad is planned for as a good one",
    "written-not-read": "what is programmed as this celltype is never read back",
    "erased-not-written": "blocks of this celltype stay empty",
    "tab": "YAML readers refuse the file",
    "not-yaml": "YAML readers refuse the file; what stands in this entry is not examined",
}


class Consequences:
    """What problems of the loader cost, by where they stand in a tree; None: there is no tree."""

    def __init__(self, root: Node | None) -> None:
        self._root = root
        self._users = users(root) if root is not None else {}
        self._members = members(root) if root is not None else {}

    def of(self, problem: Problem) -> str:
        """What one problem costs."""
        kind = BY_ID[problem.id]
        if problem.id in _OF_KIND:
            return _OF_KIND[problem.id]
        if kind.stops or self._root is None:
            return "nothing of the file can be used"
        if kind.severity == NOTE:
            return "none"
        section, _, rest = problem.key.partition(".")
        return self._in_section(section, rest, self._root, kind.severity == ERROR)

    def _in_section(self, section: str, rest: str, root: Node, wrong: bool) -> str:
        entry = _entry(root.get(section), rest)
        of_entry: dict[str, Callable[[str], str]] = {
            "op_names": lambda name: f"{name} can never be issued",
            "op_bases": self._of_base,
            "payload_by_op_base": lambda base: f"operations of {base} have no payload to be written",
            "exclusion_groups": self._of_group,
        }
        if section in of_entry and entry:
            return of_entry[section](entry)
        if section in _TABLES:
            return f"{entry or section} does not forbid what it should"
        if section == "generate_seq_rules":
            chain = rest.partition("[")[0].removesuffix(".sequences")
            return f"the chain {chain} never comes as it is meant"
        if section.partition("[")[0] in _SECTIONS:
            return _SECTIONS[section.partition("[")[0]]
        return "nothing can be planned before this is mended" if wrong else "the entry has no effect"

    def _of_base(self, base: str) -> str:
        names = self._members.get(base, [])
        return f"none of its {count(len(names), 'op_name')} can be issued: {listed(names)}" if names else "none yet"

    def _of_group(self, group: str) -> str:
        states = self._users.get(group)
        return f"{listed(states)} do not forbid what they should" if states else "none yet: no state relies on it"


def _entry(section: Node | None, rest: str) -> str:
    """The entry of a section that a key path goes through: the longest key that begins it (keys may hold dots)."""
    if section is None:
        return ""
    parts = rest.split(".")
    for length in range(len(parts), 0, -1):
        key = ".".join(parts[:length])
        if key in section.items:
            return key
    return parts[0].partition("[")[0]


def users(root: Node) -> dict[str, list[str]]:
    """The states that rely on each group."""
    found: dict[str, list[str]] = {}
    for table in _TABLES:
        section = root.get(table)
        for state, entry in (section.items if section is not None else {}).items():
            for group in dict.fromkeys([entry.text, *(item.text for item in entry.members)]):
                found.setdefault(group, []).append(state)
    return found


def members(root: Node) -> dict[str, list[str]]:
    """The op_names of each base."""
    found: dict[str, list[str]] = {}
    names = root.get("op_names")
    for name, node in (names.items if names is not None else {}).items():
        found.setdefault(node.at("base").text, []).append(name)
    return found
