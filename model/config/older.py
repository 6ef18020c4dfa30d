"""Older spellings of a config, brought to today's: same tree, same places, same meaning."""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import replace

from model.config.node import Node
from model.config.problems import Problems

STATE_NAMES = {"DOUT": "DATA_OUT", "DATAIN": "DATA_IN"}
IDLE_POLICIES = ("split_dout_per_plane", "topN", "epsilon_greedy", "maxloop_seq", "maxtry_candidate")
IDLE_SECTIONS = ("features", "latencies")
_NO_EFFECT = "known from older configs; it has no effect here"

Change = Callable[[Node, Problems], Node]


def modernise(root: Node, problems: Problems) -> Node:
    """The tree in today's spelling; what older configs had and nothing here reads is left out with an info."""
    changes: dict[str, Change] = {
        "policies": _policies,
        "constraints": _constraints,
        "op_bases": _each(_base),
        "op_names": _each(_name),
        "exclusion_groups": _each(_group),
        "exclusions_by_op_state": _state_keys,
        "phase_conditional": _state_keys,
        "phase_conditional_overrides": _state_keys,
        "generate_seq_rules": _rules,
        "bootstrap": _bootstrap,
    }
    entries: dict[str, Node] = {}
    for key, node in root.items.items():
        if key in IDLE_SECTIONS:
            problems.info(node, _NO_EFFECT, id="older-key")
        else:
            entries[key] = changes[key](node, problems) if key in changes else node
    return replace(root, value=entries)


def _each(change: Change) -> Change:
    def changed(node: Node, problems: Problems) -> Node:
        if not node.items:
            return node
        return replace(node, value={key: change(entry, problems) for key, entry in node.items.items()})

    return changed


def _with(node: Node, **entries: Node) -> Node:
    return replace(node, value={**node.items, **entries})


def _without(node: Node, keys: tuple[str, ...], problems: Problems, why: str) -> Node:
    for key in keys:
        entry = node.get(key)
        if entry is not None:
            problems.info(entry, why, id="older-key")
    return _leaving_out(keys, node)


def _leaving_out(keys: Container[str], node: Node) -> Node:
    if not node.items:
        return node
    return replace(node, value={key: entry for key, entry in node.items.items() if key not in keys})


def _policies(node: Node, problems: Problems) -> Node:
    return _without(node, IDLE_POLICIES, problems, _NO_EFFECT)


def _constraints(node: Node, problems: Problems) -> Node:
    if node.value is not None and not isinstance(node.value, dict):
        problems.error(node, "not a mapping; allowed: {single_single_allowed_bases: [...]}", id="not-a-mapping")
    others = tuple(key for key in node.items if key != "single_single_allowed_bases")
    return _without(node, others, problems, _NO_EFFECT)


def _base(node: Node, problems: Problems) -> Node:
    scope, states, sequence = node.get("scope"), node.get("states"), node.get("sequence")
    if scope is not None and isinstance(scope.value, str):
        node = _with(node, scope=replace(scope, value=scope.text.upper()))
    if states is not None:
        node = _with(node, states=_states(states, problems))
    if sequence is not None:
        node = _with(node, sequence=_sequence(sequence, problems))
    return node


def _states(node: Node, problems: Problems) -> Node:
    if isinstance(node.value, list):
        node = _states_of_list(node, problems)
    node = _renamed(node, problems)
    idle = any(entry.get("duration") for entry in node.items.values())
    if idle:
        said = "durations given with a base have no effect; they belong to the op_names"
        problems.info(node, said, id="duration-of-a-base")
    entries = {key: _leaving_out(("duration",), entry) for key, entry in node.items.items()}
    return replace(node, value=entries) if entries else node


def _states_of_list(node: Node, problems: Problems) -> Node:
    entries: dict[str, Node] = {}
    for item in node.members:
        if isinstance(item.value, str):
            bus = replace(item, value="true" if item.text == "ISSUE" else "false", plain=True)
            name, state = item.text, replace(item, value={"bus": bus})
        elif item.items:
            name, first = next(iter(item.items.items()))
            rest = {key: entry for key, entry in item.items.items() if key != name}
            state = replace(first, value=rest) if first.value is None else first
            if rest and first.value is not None:
                said = f"more than one state in one item of the list: {', '.join(item.items)}"
                problems.error(item, said, id="not-a-state-item")
        else:
            said = "not a state; allowed: a name such as CORE_BUSY, or {CORE_BUSY: {bus: false}}"
            problems.error(item, said, id="not-a-state-item")
            continue
        if name in entries:
            problems.error(item, f"the state {name} stands twice", id="key-twice")
        entries.setdefault(name, state)
    return replace(node, value=entries)


def _renamed(node: Node, problems: Problems) -> Node:
    """A mapping by state, with the accepted spellings DOUT and DATAIN of its keys written out."""
    entries: dict[str, Node] = {}
    for key, entry in node.items.items():
        head, dot, state = key.rpartition(".")
        name = f"{head}{dot}{STATE_NAMES.get(state, state)}"
        if name in entries:
            said = f"the same as {name} on line {entries[name].key_line}"
            problems.error(entry, said, at_key=True, id="key-twice")
        entries.setdefault(name, entry)
    return replace(node, value=entries) if entries else node


def _state_keys(node: Node, problems: Problems) -> Node:
    return _renamed(node, problems)


def _name(node: Node, problems: Problems) -> Node:
    durations = node.get("durations")
    return node if durations is None else _with(node, durations=_renamed(durations, problems))


def _group(node: Node, problems: Problems) -> Node:
    return replace(node, value={"forbid": node}) if isinstance(node.value, list) else node


def _sequence(node: Node, problems: Problems) -> Node:
    entries = {key: _joined(entry, problems) for key, entry in node.items.items()}
    return replace(node, value=entries) if entries else node


def _joined(node: Node, problems: Problems) -> Node:
    """A mapping out of a list of single-key mappings."""
    if not isinstance(node.value, list):
        return node
    entries: dict[str, Node] = {}
    for item in node.members:
        if not item.items:
            problems.error(item, "not a single key with its value", id="not-one-entry")
        for key, entry in item.items.items():
            if key in entries:
                said = f"the key stands twice; the first is on line {entries[key].key_line}"
                problems.error(entry, said, at_key=True, id="key-twice")
            entries.setdefault(key, entry)
    return replace(node, value=entries)


def _rules(node: Node, problems: Problems) -> Node:
    """`NAME: {SEQ: {...}}` out of `NAME.SEQ: {...}`, which is the same."""
    entries: dict[str, Node] = {}
    for key, entry in node.items.items():
        name, dot, seq = key.partition(".")
        if not dot:
            name, below = key, entry.items
        else:
            below = {seq: entry}
        if name in entries:
            below = {**entries[name].items, **below}
        entries[name] = replace(entry, value=below) if isinstance(entry.value, dict) else entry
    return replace(node, value=entries) if entries else node


def _bootstrap(node: Node, problems: Problems) -> Node:
    """Absolute volumes out of `thresholds` and `minimums`."""
    entries = {key: entry for key, entry in node.items.items() if key not in ("thresholds", "minimums")}
    for group in ("thresholds", "minimums"):
        below = node.get(group)
        if below is not None and below.value is not None and not isinstance(below.value, dict):
            problems.error(below, "not a mapping", id="not-a-mapping")
        for key, entry in below.items.items() if below is not None else ():
            entries.setdefault(key, entry)
    return replace(node, value=entries) if entries else node
