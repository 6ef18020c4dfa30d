"""Entries of the exclusion tables: which of them forbid a base in a state, and the fewest that would have to go.

The search is the abstract machine without some of the rules that the tables are for. An operation that one of their
groups forbids may be issued all the same; that costs the entry of its base in the group, once.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from model.chains import SUSPENDS, Kind
from model.config import Config, Group
from model.device import Device
from model.op_states import END
from model.plane_rules import DATA, NONE, RULES, PlaneRules, State
from model.search import Key, Machine

MOST_NODES = 8_000


class Row(NamedTuple):
    """A line of an exclusion table: its rule, the section of the config and the key in it."""

    rule: str
    section: str
    key: str


class Entry(NamedTuple):
    """A base in an exclusion group: named where the group forbids, or not named where it allows."""

    group: str
    base: str


@dataclass(frozen=True)
class Entries:
    """The tables of one device."""

    device: Device

    @cached_property
    def rules(self) -> PlaneRules:
        """What tells states apart."""
        return PlaneRules(self.device)

    def rows(self, state: State) -> Iterator[Row]:
        """The lines of the tables that apply in a state."""
        bases, kinds = self.device.catalogue.bases, self.device.kinds
        if state.run != NONE:
            base = bases[state.run]
            yield Row(
                "op-state",
                "exclusions_by_op_state",
                f"{base.name}.{base.states[self.rules.index(state.run, state.phase)]}",
            )
        elif state.last != NONE:
            yield Row("end-state", "exclusions_by_op_state", f"{bases[state.last].name}.{END}")
        if self.rules.waits(state):
            yield Row("latch", "exclusions_by_latch_state", "LATCH_ON_READ")
        if state.latch != NONE:
            yield Row("latch", "exclusions_by_latch_state", f"LATCH_ON_{kinds[state.latch].name}")
        if state.reading != NONE:
            word = "ON_CACHE_READ" if kinds[state.reading] is Kind.CACHE_READ else "ON_PLANE_CACHE_READ"
            yield Row("cache", "exclusions_by_cache_state", word)
        if state.caching:
            yield Row("cache", "exclusions_by_cache_state", "ON_CACHE_PROGRAM")
        if state.cached:
            yield Row("cache", "exclusions_by_cache_state", "ON_ONESHOT_CACHE_PROGRAM")
        yield from self._suspensions(state)
        if state.odt:
            yield Row("odt", "exclusions_by_odt_state", "ODT_DISABLE")

    def _suspensions(self, state: State) -> Iterator[Row]:
        running = self.device.kinds[state.run] if state.run != NONE else None
        axes = (("ERASE", state.erase, Kind.ERASE_SUSPEND), ("PROGRAM", state.program, Kind.PROGRAM_SUSPEND))
        for axis, victim, kind in axes:
            rests = victim != NONE and (running is not kind or (axis == "PROGRAM" and state.deeper))
            word = f"{axis}_SUSPENDED" if rests else f"NOT_{axis}_SUSPENDED"
            yield Row("suspend-state", "exclusions_by_suspend_state", word)

    def forbidding(self, row: Row, base: str) -> Iterator[Entry]:
        """The entries of a line that forbid a base."""
        config = self.device.config
        for name in self.device.exclusions.groups_of(row.key):
            group = config.groups[name]
            if (base in group.bases) != group.allow:
                yield Entry(name, base)

    def due(self, machine: Machine, state: State, base: int) -> tuple[tuple[Row, Entry], ...]:
        """What forbids a base in a state, where what it takes over has ended."""
        name = self.device.catalogue.bases[base]
        rows = list(self.rows(state))
        kind = self.device.kinds[base]
        takes_over = name.affects_state and kind not in SUSPENDS and kind is not Kind.RESET
        if state.run != NONE and state.phase == DATA and takes_over:
            rows = [row for row in rows if row.rule == "op-state"] + list(self.rows(machine.ended(state)))
        return tuple((row, entry) for row in rows for entry in self.forbidding(row, name.name))


def allowed(config: Config, entries: frozenset[Entry]) -> Config:
    """The config with those entries changed."""
    groups = dict(config.groups)
    for name, base in sorted(entries):
        group = groups[name]
        bases = (*group.bases, base) if group.allow else tuple(b for b in group.bases if b != base)
        groups[name] = Group(name, group.allow, bases)
    return replace(config, groups=groups)


def fewest(
    device: Device, named: int, goal: tuple[Key | None, int], free: Collection[str], most: int
) -> Iterator[frozenset[Entry]]:
    """Sets of entries without which the machine issues a base in an op_state (None: any), smallest first.

    `free`: the rules whose tables may be changed; the other rules stand as they are.
    """
    machine = Machine(device, [rule for rule in RULES if rule not in free], named)
    for limit in range(1, most + 1):
        found = list(_Search(device, machine, goal, frozenset(free), limit).sets())
        yield from found
        if found:
            return


Moves = tuple[tuple[State, frozenset[Entry]], ...]


class _Search:
    """All ways that cost at most so many entries."""

    def __init__(
        self, device: Device, machine: Machine, goal: tuple[Key | None, int], free: frozenset[str], most: int
    ) -> None:
        self._tables, self._machine = Entries(device), machine
        self._key, self._base = goal
        self._free, self._most = free, most
        self._moves: dict[State, Moves] = {}

    def sets(self) -> Iterator[frozenset[Entry]]:
        """The sets that lead to the goal, none of which holds another."""
        first, nothing = State(), frozenset[Entry]()
        pending: deque[tuple[State, frozenset[Entry]]] = deque([(first, nothing)])
        paid: dict[State, list[frozenset[Entry]]] = {first: [nothing]}
        found: list[frozenset[Entry]] = []
        met = 0
        while pending and met < MOST_NODES:
            state, mine = pending.popleft()
            met += 1
            for price in self._goal(state):
                total = mine | price
                if len(total) <= self._most and not any(other <= total for other in found):
                    found.append(total)
            for after, price in self._following(state):
                total = mine | price
                if len(total) <= self._most and not any(other <= total for other in paid.setdefault(after, [])):
                    paid[after].append(total)
                    pending.append((after, total))
        yield from sorted(found, key=lambda entries: (len(entries), sorted(entries)))

    def _goal(self, state: State) -> Iterator[frozenset[Entry]]:
        machine = self._machine
        there = self._key is None or machine.key(state) == self._key
        if there and machine.allowed(state) >> self._base & 1:
            yield self._price(state, self._base)

    def _price(self, state: State, base: int) -> frozenset[Entry]:
        due = self._tables.due(self._machine, state, base)
        return frozenset(entry for row, entry in due if row.rule in self._free)

    def _following(self, state: State) -> Moves:
        found = self._moves.get(state)
        if found is None:
            found = self._moves[state] = tuple(dict.fromkeys(self._made(state)))
        return found

    def _made(self, state: State) -> Iterator[tuple[State, frozenset[Entry]]]:
        machine, nothing = self._machine, frozenset[Entry]()
        yield from ((after, nothing) for after in (*machine.passes(state), *machine.beside(state)))
        mask = machine.allowed(state)
        for base in self._tables.device.catalogue.bases:
            afters = tuple(machine.issue(state, base.index)) if mask >> base.index & 1 else ()
            price = self._price(state, base.index) if afters else nothing
            if len(price) <= self._most:
                yield from ((after, price) for after in afters)
