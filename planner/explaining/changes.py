"""The smallest change of a config that would allow what it does not: proposed from the rules to blame, then tried out.

The family of changes, each of which counts 1: a base let through by one exclusion group; an op_name added, like another
one of its base but for celltype or planes; a duration; `affect_state` or `instant_resv` of the base asked for; dies,
planes, pages, maxplanes, read_offset_guard; a base in `single_single_allowed_bases`; a weight. A change is told only if
in the changed config, in memory, a judged sequence hits the cell.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, islice
from math import ceil

from model.chains import SUSPENDS, Kind
from model.config import Config
from model.device import Device
from model.event import NOTHING
from model.plane_rules import NONE
from model.search import Key
from planner.explaining.because import OF_TABLES
from planner.explaining.edits import (
    Allow,
    Edit,
    ListSingle,
    SetBase,
    SetDuration,
    SetNumber,
    Weigh,
    applied,
)
from planner.explaining.entries import Entry, fewest
from planner.explaining.helping import names_added
from planner.explaining.witness import Cell, Witness, Witnesses
from planner.targets.cells import BINS, Status, occupied, weight_key
from planner.targets.moments import first_tick
from planner.targets.possible import Possible
from planner.targets.proofs import Proofs
from planner.targets.reachable import Reachability
from planner.targets.usable import lun_of

MOST_ENTRIES = 2
MOST_TRIED = 6


@dataclass(frozen=True, slots=True)
class Change:
    """Edits that together allow a cell, and the witness of that."""

    edits: tuple[Edit, ...]
    witness: Witness


def smallest(reach: Reachability, cell: Cell, rules: Sequence[str]) -> Change | None:
    """The smallest change found for a cell that these rules forbid; None where there is none in the family."""
    proposals = sorted(_proposals(reach, cell, rules), key=len)
    for edits in islice(dict.fromkeys(proposals), MOST_TRIED):
        witness = _tried(reach, cell, edits)
        if witness is not None:
            return Change(edits, witness)
    return None


def _tried(reach: Reachability, cell: Cell, edits: tuple[Edit, ...]) -> Witness | None:
    """A witness for the cell in the changed config; None where the verdict is still that it cannot be hit."""
    old = reach.device
    device = Device(applied(old.config, edits))
    name = old.catalogue.names[cell.op_name].name
    moved = replace(cell, op_name=device.catalogue.name_index[name])
    if cell.op_state != NOTHING:
        state = device.op_states.index.get(old.op_states.names[cell.op_state])
        if state is None:
            return None
        moved = replace(moved, op_state=state)
    return Witnesses(device, Possible.of(device).names).of(moved)


def _proposals(reach: Reachability, cell: Cell, rules: Sequence[str]) -> Iterator[tuple[Edit, ...]]:
    status = NOTHING if cell.op_state == NOTHING else reach.status[cell.op_state, cell.op_name, cell.bin]
    if status == Status.DISABLED:
        yield from _weights(reach, cell)
        return
    alone = reach.possible.forbidden_by[cell.op_name]
    if alone is not None:
        yield from _possibilities(reach.device, cell.op_name, alone)
        return
    flags = list(_flags(reach, cell)) if status == Status.EXCLUDED else []
    yield from _tables(reach, cell, rules)
    yield from _times(reach, cell, rules)
    for edits in flags:
        yield edits
        yield from ((*edits, *more) for more in _tables_with(reach, cell, edits))


# -- groups --------------------------------------------------------------------------------------------------------


def _tables(reach: Reachability, cell: Cell, rules: Sequence[str]) -> Iterator[tuple[Edit, ...]]:
    """Groups that let a base pass: of the rules to blame alone, then with those of one rule more."""
    own = [rule for rule in rules if rule in OF_TABLES]
    if not own or _held(reach, cell):
        return
    proofs = Proofs(reach, [])
    base, key = reach.device.catalogue.names[cell.op_name].base.index, _key(reach, cell)
    every = proofs.search.every
    if key is None or not proofs.search.reached([(key, base)], every - frozenset(OF_TABLES)):
        return
    found = False
    for free in _freed(own):
        if not proofs.search.reached([(key, base)], every - frozenset(free)):
            continue
        for entries in islice(_entries(reach, cell, free), MOST_TRIED):
            found = True
            yield entries
        if found:
            return


def _held(reach: Reachability, cell: Cell) -> bool:
    """Whether what holds the plane keeps the operation out, whatever the groups say."""
    host = reach.hosts[cell.op_state] if cell.op_state != NOTHING else None
    if host is None or not host.state or host.base == NOTHING:
        return False
    return bool(occupied(reach.device, host) >> reach.device.catalogue.names[cell.op_name].base.index & 1)


def _freed(own: Sequence[str]) -> Iterator[tuple[str, ...]]:
    yield from ((rule,) for rule in own)
    yield from combinations(own, 2)
    yield from ((*own, other) for other in OF_TABLES if other not in own and other not in ("odt", "end-state"))


def _tables_with(reach: Reachability, cell: Cell, edits: tuple[Edit, ...]) -> Iterator[tuple[Edit, ...]]:
    device = Device(applied(reach.device.config, edits))
    for free in (("op-state",), ("end-state",)):
        yield from islice(_entries_of(device, reach, cell, free), 2)


def _entries(reach: Reachability, cell: Cell, free: Sequence[str]) -> Iterator[tuple[Edit, ...]]:
    yield from _entries_of(reach.device, reach, cell, free)


def _entries_of(device: Device, reach: Reachability, cell: Cell, free: Sequence[str]) -> Iterator[tuple[Edit, ...]]:
    named = 0
    for index in sorted(reach.possible.names):
        named |= 1 << device.catalogue.names[index].base.index
    base = device.catalogue.names[cell.op_name].base.index
    for entries in fewest(device, named, (_key(reach, cell), base), free, MOST_ENTRIES):
        yield tuple(_allow(device.config, entry) for entry in sorted(entries))


def _allow(config: Config, entry: Entry) -> Edit:
    return Allow(entry, config.groups[entry.group].allow)


def _key(reach: Reachability, cell: Cell) -> Key | None:
    if cell.op_state == NOTHING:
        return None
    host = reach.hosts[cell.op_state]
    return Key(host.base, host.state) if host.base != NOTHING else Key(NONE, 0)


# -- flags, weights and times --------------------------------------------------------------------------------------


def _flags(reach: Reachability, cell: Cell) -> Iterator[tuple[Edit, ...]]:
    """What holds its planes no more may be issued while another operation holds them."""
    base = reach.device.catalogue.names[cell.op_name].base
    passing = SetBase(base.name, "instant_resv", True)
    if not base.affects_state:
        if base.holds:
            yield (passing,)
    elif str(base.scope) == "NONE":
        yield (SetBase(base.name, "affect_state", False),)
    elif reach.device.kinds[base.index] is Kind.OTHER:
        flag = SetBase(base.name, "affect_state", False)
        yield (flag,) if base.instant else (flag, passing)


def _weights(reach: Reachability, cell: Cell) -> Iterator[tuple[Edit, ...]]:
    device = reach.device
    key = weight_key(device, reach.hosts[cell.op_state])
    name = device.catalogue.names[cell.op_name]
    weights = device.config.weights
    if key in weights.phase_conditional:
        yield (Weigh("phase_conditional", key, name.name),)
        return
    for state in (key, "global"):
        given = weights.overrides.get(state, {})
        word = name.name if name.name in given else name.base.name if name.base.name in given else None
        if word is not None:
            yield (Weigh("phase_conditional_overrides", state, word),)
            return
    yield (Weigh("phase_conditional_overrides", key, name.name),)


def _times(reach: Reachability, cell: Cell, rules: Sequence[str]) -> Iterator[tuple[Edit, ...]]:
    """Durations that give the bin a tick, or room for the operation in it."""
    if cell.op_state == NOTHING or not {"time", "sr-stable"} & set(rules):
        return
    device, host = reach.device, reach.hosts[cell.op_state]
    op = device.catalogue.names[cell.op_name]
    hosts = [device.catalogue.names[n] for n in host.names if n in reach.possible.names]
    if not hosts or not host.state:
        return
    longest = max(hosts, key=lambda name: name.durations[host.state])
    word = longest.base.states[host.state]
    length = longest.durations[host.state]
    if "sr-stable" in rules:
        room = length - first_tick(length, cell.bin)
        if 0 < room < op.issue:
            yield (_duration(device, op.name, "ISSUE", room),)
        needed = next(
            (n for n in range(length, length + BINS * op.issue) if first_tick(n, cell.bin) + op.issue <= n), 0
        )
        if needed > length:
            yield (_duration(device, longest.name, word, needed),)
        if device.geometry.planes > 1 and not device.single_single >> longest.base.index & 1 and not longest.multi:
            yield (ListSingle(longest.base.name),)
        return
    soonest = 1 if device.kinds[op.base.index] in SUSPENDS else 0
    for more in range(length + 1, length + 4 * BINS):
        if max(first_tick(more, cell.bin), soonest) < first_tick(more, cell.bin + 1):
            yield (_duration(device, longest.name, word, more),)
            break
    if "dout" in rules:
        least = min((n.issue for n in device.catalogue.names if n.base.name in ("DOUT", "DOUT4K")), default=0)
        more = ceil(least * BINS / (cell.bin + 1)) + BINS
        if more > length:
            yield (_duration(device, longest.name, word, more),)


def _duration(device: Device, name: str, state: str, ticks: int) -> Edit:
    return SetDuration(name, state, ticks, device.clock.us(ticks))


# -- what addresses do not let happen ------------------------------------------------------------------------------


def _possibilities(device: Device, op_name: int, rule: str) -> Iterator[tuple[Edit, ...]]:
    name, topology, policies = device.catalogue.names[op_name], device.config.topology, device.config.policies
    lun = lun_of(name.name)
    if rule == "absent-lun" and lun is not None:
        yield (SetNumber("topology", "dies", lun + 1),)
    elif rule == "multi-address":
        if policies.maxplanes < 2 <= topology.planes:
            yield (SetNumber("policies", "maxplanes", 2),)
    else:
        if rule == "read-programmed" and policies.read_offset_guard >= topology.pages_per_block:
            yield (SetNumber("policies", "read_offset_guard", topology.pages_per_block - 1),)
        if rule == "cache" and topology.pages_per_block < 2:
            yield (SetNumber("topology", "pages_per_block", 2),)
        if rule == "chain" and device.geometry.rows < 2:
            yield (SetNumber("topology", "blocks_per_die", 2 * topology.planes),)
        yield from names_added(device, name.name)
