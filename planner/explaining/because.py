"""Why a cell cannot be hit: the rules that forbid it, each with the lines of the config that make it so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from model.event import NOTHING
from model.op_states import END
from model.plane_rules import NONE, State
from model.rules import RULES, Rule
from model.search import Key, Machine
from planner.explaining.entries import Entries, Entry, Row
from planner.explaining.places import Place, Places
from planner.explaining.witness import Cell
from planner.targets.cells import RULES_OF_TABLES, Status, occupied
from planner.targets.proofs import Proofs
from planner.targets.reachable import Reachability

OF_TABLES = ("op-state", "end-state", "latch", "cache", "suspend-state", "odt")
"""The rules that the exclusion tables are for."""
MOST_PLACES = 6
_BY_ID = {rule.id: rule for rule in RULES}


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule that forbids something, and where the config makes it so."""

    rule: Rule
    places: tuple[Place, ...]
    more: int = 0


class Because:
    """The reasons of one device."""

    def __init__(self, reach: Reachability, places: Places) -> None:
        self._reach, self._places = reach, places
        self._device = reach.device
        self._tables = Entries(reach.device)

    def rules(self, cell: Cell) -> tuple[str, ...]:
        """The ids of the rules that forbid a cell, for a cell that is excluded or unreachable."""
        at = (cell.op_state, cell.op_name, cell.bin)
        status = self._reach.status[at]
        if status == Status.UNREACHABLE:
            return Proofs(self._reach, [at[:2]]).rules(*at)
        rule = RULES_OF_TABLES[self._reach.universe.rule[at[:2]]]
        host = self._reach.hosts[cell.op_state]
        held = host.state and occupied(self._device, host) >> self._device.catalogue.names[cell.op_name].base.index & 1
        return tuple(dict.fromkeys((rule, "plane-busy"))) if held else (rule,)

    def reasons(self, cell: Cell, rules: tuple[str, ...]) -> tuple[Reason, ...]:
        """Each of the rules with its places."""
        return tuple(self._reason(cell, rule) for rule in rules)

    def op_name_rules(self, op_name: int) -> tuple[str, ...]:
        """The rules that keep an op_name from ever being issued."""
        alone = self._reach.possible.forbidden_by[op_name]
        if alone is not None:
            return (alone,)
        found: dict[str, None] = {}
        for host in self._reach.hosts:
            status = self._reach.status[host.index, op_name, 0]
            if status in (Status.UNREACHABLE, Status.EXCLUDED):
                found |= dict.fromkeys(self.rules(Cell(host.index, op_name, 0)))
        return tuple(rule.id for rule in RULES if rule.id in found)

    def _reason(self, cell: Cell, rule: str) -> Reason:
        found = list(dict.fromkeys(self._where(cell, rule)))
        return Reason(_BY_ID[rule], tuple(found[:MOST_PLACES]), max(0, len(found) - MOST_PLACES))

    def _where(self, cell: Cell, rule: str) -> Iterator[Place]:
        if rule in OF_TABLES and cell.op_state != NOTHING:
            lines = list(dict.fromkeys(self._lines(cell, rule)))
            for row, entry in lines:
                yield self._places.of_row(row)
                yield self._places.of_entry(entry)
            if lines:
                return
            yield self._places.of(_BY_ID[rule].config_keys[0], "what it forbids on the way there")
            return
        yield from self._keys(cell, _BY_ID[rule])

    def _lines(self, cell: Cell, rule: str) -> Iterator[tuple[Row, Entry]]:
        """The lines of the tables that forbid the base in the states of the op_state."""
        key, base = self.key(cell), self._device.catalogue.names[cell.op_name].base.index
        if key is None or key.base == NONE:
            return
        if self._reach.status[cell.op_state, cell.op_name, cell.bin] == Status.EXCLUDED:
            owner = self._device.catalogue.bases[key.base]
            word = owner.states[key.state] if key.state else END
            row = Row(rule, "exclusions_by_op_state", f"{owner.name}.{word}")
            yield from ((row, entry) for entry in self._tables.forbidding(row, self._device.catalogue.bases[base].name))
            return
        for state in self._states.get(key, ()):
            yield from (due for due in self._tables.due(self._machine, state, base) if due[0].rule == rule)

    def key(self, cell: Cell) -> Key | None:
        """The op_state of a cell, as the machine knows it; None: any."""
        if cell.op_state == NOTHING:
            return None
        host = self._reach.hosts[cell.op_state]
        return Key(host.base, host.state) if host.base != NOTHING else Key(NONE, 0)

    def _keys(self, cell: Cell, rule: Rule) -> Iterator[Place]:
        """The keys of the config that a rule is about, for the operations asked for."""
        name = self._device.catalogue.names[cell.op_name]
        key = self.key(cell)
        host = self._device.catalogue.bases[key.base] if key is not None and key.base >= 0 else None
        for wanted in rule.config_keys:
            if wanted.startswith("op_bases.*"):
                for base in (name.base, *([host] if host is not None else [])):
                    yield self._places.of(wanted.replace("*", base.name))
            elif wanted.startswith("op_names.*"):
                hosts = self._reach.hosts[cell.op_state].names[:1] if host is not None else ()
                for index in (name.index, *hosts):
                    yield self._places.of(wanted.replace("*", self._device.catalogue.names[index].name))
            else:
                yield self._places.of(wanted)
        if not rule.config_keys:
            for word in dict.fromkeys((name.base.name, *([host.name] if host is not None else []))):
                yield self._places.of(f"op_bases.{word}", "what it does is fixed by its name")

    @cached_property
    def _machine(self) -> Machine:
        mask = 0
        for index in self._reach.possible.names:
            mask |= 1 << self._device.catalogue.names[index].base.index
        return Machine(self._device, named=mask)

    @cached_property
    def _states(self) -> dict[Key, list[State]]:
        found: dict[Key, list[State]] = {}
        for state in self._machine.closure().states:
            found.setdefault(self._machine.key(state), []).append(state)
        return found
