"""Reading op_bases, payload_by_op_base and op_names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from pydantic import TypeAdapter

from model.config.chains import read_followers
from model.config.names import Known, names_in, one_name
from model.config.node import Node
from model.config.problems import Problems
from model.config.raw import RawBase, RawName, RawState, Us, parse, parse_entry
from model.config.spec import NO_CELLTYPE, PAYLOAD_FIELDS, STATES, BaseSpec

_US: TypeAdapter[Decimal] = TypeAdapter(Us)
_NEEDS = {"plane": "die", "block": "plane", "page": "block"}
_ADDRESS = ("die", "plane", "block", "page", "celltype")


@dataclass(frozen=True, slots=True)
class Draft:
    """An op_name as read: durations in us, aligned with the states of its base; None where one is unusable."""

    name: str
    base: str
    multi: bool
    celltype: str
    durations: tuple[Decimal | None, ...]


def read_bases(root: Node, known: Known, problems: Problems) -> list[BaseSpec]:
    """The bases that could be read, in order of the file."""
    payloads = root.items.get("payload_by_op_base")
    fields: dict[str, tuple[str, ...]] = {}
    if payloads is not None:
        fields = _payloads(payloads, known, problems)
    bases = []
    whitelist = root.get("program_base_whitelist")
    listed = frozenset(item.text for item in whitelist.members) if whitelist is not None else frozenset()
    for name, node in _mapping(root, "op_bases", problems).items():
        raw = parse(RawBase, node, problems, also=("states", "sequence"))
        states = _states(node, problems)
        sequence = read_followers(node.get("sequence"), known, problems)
        if payloads is not None and name not in fields:
            said = f"no entry for the base {name}; allowed: a list of fields, [] for none"
            problems.error(payloads, said, at_key=True, id="no-payload")
        if raw is not None:
            bus = tuple(states.values())
            payload = fields.get(name, ())
            spec = BaseSpec(name, raw.scope, raw.affect_state, raw.instant_resv, tuple(states), bus, payload, sequence)
            bases.append(spec)
            _check_address(spec, root, listed, problems)
    return bases


def _mapping(root: Node, key: str, problems: Problems) -> dict[str, Node]:
    node = root.get(key)
    if node is not None and not isinstance(node.value, dict):
        problems.error(node, "not a mapping", id="not-a-mapping")
    elif node is not None and not node.items:
        problems.error(node, "empty; at least one entry is needed", id="empty-section")
    return node.items if node is not None else {}


def _states(node: Node, problems: Problems) -> dict[str, bool]:
    states = node.get("states")
    if states is None:
        if node.items:
            problems.error(node, "states is missing; it is required", at_key=True, id="key-missing")
        return {}
    if not states.items:
        said = "no states; allowed: a mapping such as {ISSUE: {bus: true}, CORE_BUSY: {}}"
        problems.error(states, said, id="no-states")
        return {}
    bus: dict[str, bool] = {}
    for name, entry in states.items.items():
        if name not in STATES:
            said = f"unknown state {name}{problems.nearest(name, STATES)}"
            problems.error(entry, said, at_key=True, id="unknown-state")
            continue
        raw = RawState() if entry.value is None else parse(RawState, entry, problems)
        bus[name] = raw is not None and raw.bus
    order = [STATES.index(name) for name in bus]
    if order != sorted(order) or "ISSUE" not in bus or {"DATA_OUT", "DATA_IN"} <= bus.keys():
        problems.error(
            states,
            "states in no known order; allowed: ISSUE, then CORE_BUSY, then DATA_OUT or DATA_IN,"
            " as far as there are any",
            id="state-order",
        )
    return bus


def _payloads(node: Node, known: Known, problems: Problems) -> dict[str, tuple[str, ...]]:
    if not isinstance(node.value, dict):
        problems.error(node, "not a mapping; allowed: {BASE: [fields]}", id="not-a-mapping")
    payloads = {}
    for base, entry in node.items.items():
        if base not in known.bases:
            said = f"unknown base {base}{problems.nearest(base, known.bases)}"
            problems.error(entry, said, at_key=True, id="unknown-base")
            continue
        fields = names_in(entry, PAYLOAD_FIELDS, "payload field", problems)
        for field in fields:
            needed = _NEEDS.get(field)
            if needed is not None and needed not in fields:
                problems.error(entry, f"{field} without {needed}", id="payload-gap")
        payloads[base] = fields
    return payloads


def _check_address(spec: BaseSpec, root: Node, listed: frozenset[str], problems: Problems) -> None:
    """What erases, programs or reads a page has to name it."""
    advances = spec.name in listed
    missing = [field for field in _ADDRESS if field not in spec.payload]
    entry = root.at("payload_by_op_base", spec.name)
    if missing and entry.path.endswith(spec.name) and (advances or spec.name == "ERASE" or "DATA_OUT" in spec.states):
        problems.error(entry, f"{spec.name} needs an address; missing: {', '.join(missing)}", id="no-address")


def read_names(root: Node, known: Known, problems: Problems) -> list[Draft]:
    """The op_names, in order of the file."""
    drafts = []
    for name, node in _mapping(root, "op_names", problems).items():
        raw = parse(RawName, node, problems, also=("base", "celltype", "durations"))
        if raw is None and not node.items:
            continue
        base, celltype = node.get("base"), node.get("celltype")
        if base is None:
            problems.error(node, "base is missing; it is required", at_key=True, id="key-missing")
            continue
        usable = one_name(base, known.bases, "base", problems)
        if celltype is not None:
            one_name(celltype, known.celltypes, "celltype", problems)
        durations = _durations(node, base.text if usable else "", known.states, problems)
        kind = NO_CELLTYPE if celltype is None else celltype.text
        drafts.append(Draft(name, base.text, raw is not None and raw.multi, kind, durations))
    return drafts


def _durations(
    node: Node, base: str, states: Mapping[str, tuple[str, ...]], problems: Problems
) -> tuple[Decimal | None, ...]:
    durations = node.get("durations")
    if durations is None or not isinstance(durations.value, dict):
        message = "durations is missing; it is required" if durations is None else "not a mapping; allowed: {STATE: us}"
        id = "key-missing" if durations is None else "not-a-mapping"
        problems.error(durations or node, message, at_key=durations is None, id=id)
        return ()
    values: dict[str, Decimal | None] = {}
    for state, entry in durations.items.items():
        if state not in STATES:
            said = f"unknown state {state}{problems.nearest(state, states.get(base) or STATES)}"
            problems.error(entry, said, at_key=True, id="unknown-state")
            continue
        values[state] = parse_entry(_US, entry, problems)
        if base and state not in states.get(base, STATES):
            problems.warn(entry, f"{base} has no state {state}; this duration has no effect", id="duration-of-no-state")
    for state in states.get(base, ()):
        if state not in values and state in STATES:
            problems.error(durations, f"no duration for {state}, a state of {base}", at_key=True, id="no-duration")
    return tuple(values.get(state) for state in states.get(base, ()))
