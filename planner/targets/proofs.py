"""Why a cell is out of reach, in words: the group that excludes it, or an irreducible set of rules.

Nothing is worked out before it is asked for; the sets of a whole device are found together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from model.chains import SUSPENDS
from model.event import NOTHING
from model.makes import Makes
from model.plane_rules import NONE, PlaneRules
from model.search import Exploration, Key, Machine
from model.search_makes import PARTS, Search
from planner.targets.cells import BINS, RULES_OF_TABLES, HostState, Status, on_bus
from planner.targets.irreducible import Direct, Irreducible, Pair, Rules
from planner.targets.moments import TIME_RULES, Moments
from planner.targets.possible import Possible

if TYPE_CHECKING:
    from planner.targets.reachable import Reachability

_JOIN = " + "


class Proofs:
    """The reasons of one verdict. `only`: nothing but these (op_state, op_name) will be asked for."""

    def __init__(self, reach: Reachability, only: Sequence[tuple[int, int]] | None = None) -> None:
        self._reach = reach
        self._only = only
        self._device = reach.device
        self._names = reach.device.catalogue.names
        self._possible = Possible.of(reach.device)
        self._makes = Makes(reach.device, self._possible.names)
        self._hosts = str(reach.device.config.coverage.hosts) == "op_name"

    def reason(self, op_state: int, op_name: int, bin: int) -> str:
        """What `Reachability.reason` tells."""
        status = Status(self._reach.status[op_state, op_name, bin])
        if status is Status.EXCLUDED:
            return self._excluded(op_state, op_name)
        if status is Status.DISABLED:
            return "weight 0"
        return _JOIN.join(self.rules(op_state, op_name, bin)) if status is Status.UNREACHABLE else ""

    def rules(self, op_state: int, op_name: int, bin: int) -> tuple[str, ...]:
        """The irreducible set of rules that an unreachable cell has."""
        alone = self._reach.possible.forbidden_by[op_name]
        if alone is not None:
            return (alone,)
        host = self._reach.hosts[op_state]
        pair = (_key(host), self._names[op_name].base.index)
        if pair in self.pairs:
            return self.pairs[pair]
        made = self._item(host, op_name)
        if made in self.made:
            return self.made[made]
        return self._timed(host, op_name, bin)

    def _excluded(self, op_state: int, op_name: int) -> str:
        rule = RULES_OF_TABLES[self._reach.universe.rule[op_state, op_name]]
        base = self._names[op_name].base.name
        host = self._reach.hosts[op_state]
        owner = self._device.catalogue.bases[host.base]
        if rule == "plane-busy":
            return f"{rule}: {base} neither ends, cuts nor takes over what holds the plane"
        config = self._device.config
        key = f"{owner.name}.{owner.states[host.state] if host.state else 'END'}"
        for group in self._device.exclusions.groups_of(key):
            if (base in config.groups[group].bases) != config.groups[group].allow:
                return f"{rule}: {group} forbids {base} ({config.at(f'exclusion_groups.{group}')})"
        return rule

    # -- sets of the search ------------------------------------------------------------------------------------

    @cached_property
    def search(self) -> Irreducible:
        """The searches that tell bases apart."""
        device, named = self._device, self._makes.named
        machine = self._machine

        def begin(rules: Rules) -> Exploration:
            return Exploration(Machine(device, rules, named, like=machine))

        idle = PlaneRules(device, named).idle()
        return Irreducible(begin, lambda: self._direct, idle, self._direct.decisive)

    @cached_property
    def _direct(self) -> Direct:
        return Direct(self._device, self._makes.named, self._machine.closure())

    @cached_property
    def _machine(self) -> Machine:
        return Machine(self._device, named=self._makes.named)

    @cached_property
    def searches_of_makes(self) -> tuple[Irreducible, ...]:
        """The searches that tell op_names apart, one for each part that makes are remembered of."""
        idle = PlaneRules(self._device, self._makes.named).idle()
        decisive = self._direct.decisive
        return tuple(Irreducible(self._search_of(part), idle=idle, decisive=decisive) for part in PARTS)

    def _search_of(self, part: str) -> Callable[[Rules], Search]:
        device, makes, hosts = self._device, self._makes, self._hosts
        machine = self._machine
        return lambda rules: Search(device, makes, rules, hosts, part, machine=machine, asked=self._asked)

    @cached_property
    def _asked(self) -> int:
        """The bases of the op_states that only op_names keep out of reach."""
        asked = 0
        for (key, _), _ in self._items:
            asked |= 1 << key.base if key.base != NONE else 0
        return asked

    @cached_property
    def pairs(self) -> dict[Pair, tuple[str, ...]]:
        """The set of every (op_state, base) that the search never reaches though the tables allow it."""
        bases = [base for base, makes in enumerate(self._makes.of_base) if makes]
        keys = dict.fromkeys(_key(host) for host in self._reach.hosts)
        every = [(key, base) for key in keys for base in bases]
        reached = set(self.search.reached(every, self.search.every))
        wanted = {
            (_key(self._reach.hosts[op_state]), self._names[name].base.index) for op_state, name in self._unreachable
        }
        return self.search.sets([pair for pair in every if pair in wanted and pair not in reached])

    @cached_property
    def made(self) -> dict[Pair, tuple[str, ...]]:
        """The same of what only op_names tell apart."""
        left = self._items
        found: dict[Pair, tuple[str, ...]] = {}
        for searches in self.searches_of_makes:
            reached = set(searches.reached(left, searches.every)) if left else set()
            found |= searches.sets([item for item in left if item not in reached])
            left = [item for item in left if item in reached]
        return found

    @cached_property
    def _items(self) -> list[Pair]:
        """What the searches that tell bases apart leave."""
        items: dict[Pair, None] = {}
        for op_state, name in self._unreachable:
            host = self._reach.hosts[op_state]
            if self._reach.possible.forbidden_by[name] is None and (
                (_key(host), self._names[name].base.index) not in self.pairs
            ):
                items[self._item(host, name)] = None
        return list(items)

    @cached_property
    def _unreachable(self) -> Sequence[tuple[int, int]]:
        if self._only is not None:
            return self._only
        found = (self._reach.status == Status.UNREACHABLE).any(axis=2).nonzero()
        return list(zip(found[0].tolist(), found[1].tolist(), strict=True))

    def _item(self, host: HostState, name: int) -> Pair:
        made = self._makes.of_name.get(host.names[0], NONE) if self._hosts and host.names else NONE
        return (_key(host), made), self._makes.of_name[name]

    # -- time --------------------------------------------------------------------------------------------------

    def _timed(self, host: HostState, name: int, bin: int) -> tuple[str, ...]:
        """Which rules leave no tick of the bin."""
        op = self._names[name]
        if not self._open(host, name, bin, (), 0):
            cuts = self._device.kinds[op.base.index] in SUSPENDS
            return ("suspend-target", "time") if cuts and self._ticks(host, bin) else ("time",)
        if self._open(host, name, bin, TIME_RULES, 0):
            return ("dout", "time")
        rules = list(TIME_RULES)
        for rule in TIME_RULES:
            fewer = [other for other in rules if other != rule]
            if not self._open(host, name, bin, fewer, 0):
                rules = fewer
        return tuple(rules)

    def _open(self, host: HostState, name: int, bin: int, rules: tuple[str, ...] | list[str], earliest: int) -> bool:
        hosts = [self._names[n] for n in host.names if n in self._makes.of_name]
        return bool(self._moments(tuple(rules)).bins(hosts, host.state, self._names[name], earliest) >> bin & 1)

    def _ticks(self, host: HostState, bin: int) -> bool:
        lengths = (self._names[n].durations[host.state] for n in host.names if n in self._makes.of_name)
        return any(-(-bin * length // BINS) * BINS < (bin + 1) * length for length in lengths)

    def _moments(self, rules: tuple[str, ...]) -> Moments:
        found = self._by_rules.get(rules)
        if found is None:
            found = self._by_rules[rules] = Moments(
                self._device, self._possible.names, self._continued, on_bus(self._device), rules
            )
        return found

    @cached_property
    def _by_rules(self) -> dict[tuple[str, ...], Moments]:
        return {}

    @cached_property
    def _continued(self) -> frozenset[int]:
        return self._reach.search.continued()


def _key(host: HostState) -> Key:
    return Key(host.base, host.state) if host.base != NOTHING else Key(NONE, 0)
