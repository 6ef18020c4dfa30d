"""The graph of the abstract machine: what can be reached, what can still be drained, and how a state came about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from model.chains import Kind
from model.device import Device
from model.plane_rules import NONE, RULES, State
from model.search import Machine
from planner.targets.possible import Possible

MOST_STATES = 3_000
"""States that one search with fewer rules may visit."""
MOST_EFFORT = 12_000
"""States that all of them may visit in one check before rules are no longer left out."""

Edge = tuple[int, State]


class TooLargeError(Exception):
    """A search with fewer rules visits more states than it may."""


def drained(state: State) -> bool:
    """Whether nothing is open on the plane and its die: the state that a finished plan leaves."""
    open_things = (state.run, state.erase, state.program, state.step, state.reading)
    waits = state.data_waits or state.cache_waits or state.cached or state.caching or state.odt
    return all(base == NONE for base in open_things) and not waits


def moves(machine: Machine, state: State) -> Iterator[Edge]:
    """What may come after a state, operations that change nothing of the plane included; base NONE: time passes."""
    mask = machine.allowed(state)
    while mask:
        bit = mask & -mask
        mask ^= bit
        base = bit.bit_length() - 1
        changed = False
        for after in machine.issue(state, base):
            changed = True
            yield base, _told_apart(machine, after)
        if not changed:
            yield base, state
    for after in (*machine.passes(state), *machine.beside(state)):
        yield NONE, _told_apart(machine, after)


def _told_apart(machine: Machine, state: State) -> State:
    """The state without what no enforced rule looks at; disabled ODT is an open thing, whatever it forbids."""
    kept = machine.forget(state)
    return kept._replace(odt=state.odt) if "odt" in machine.rules else kept


@dataclass(frozen=True)
class Graph:
    """All that a machine reaches from an unused plane.

    `edges` are the moves from each state, in order of a search in breadth; `came` is where it was met first.
    """

    device: Device
    edges: Mapping[State, tuple[Edge, ...]]
    came: Mapping[State, tuple[State, int] | None]
    smaller: dict[tuple[str, ...], Graph | None] = field(default_factory=dict)
    alone: dict[str, Machine] = field(default_factory=dict)

    @staticmethod
    def of(device: Device, rules: Iterable[str] = RULES, most: int | None = None) -> Graph:
        """The graph of a device under some rules. TooLargeError: it has more than `most` states."""
        machine = Machine(device, rules)
        first = State()
        came: dict[State, tuple[State, int] | None] = {first: None}
        edges: dict[State, tuple[Edge, ...]] = {}
        pending = [first]
        for state in pending:
            edges[state] = tuple(moves(machine, state))
            for base, after in edges[state]:
                if after not in came:
                    came[after] = (state, base)
                    pending.append(after)
            if most is not None and len(pending) > most:
                raise TooLargeError
        return Graph(device, edges, came)

    def under(self, rules: tuple[str, ...]) -> Graph:
        """The graph of the same device under fewer rules. TooLargeError."""
        if rules not in self.smaller:
            try:
                self.smaller[rules] = Graph.of(self.device, rules, MOST_STATES)
            except TooLargeError:
                self.smaller[rules] = None
        made = self.smaller[rules]
        if made is None:
            raise TooLargeError
        return made

    @property
    def spent(self) -> bool:
        """Whether searches with fewer rules have visited enough states."""
        visited = sum(MOST_STATES if graph is None else len(graph.edges) for graph in self.smaller.values())
        return visited > MOST_EFFORT

    def first(self, base: int) -> list[tuple[State, int]] | None:
        """The shortest way to an operation of a base, itself included; None where it is never issued."""
        for state, edges in self.edges.items():
            if any(issued == base for issued, _ in edges):
                return [*_back(self.came, state), (state, base)]
        return None

    @cached_property
    def ever(self) -> int:
        """The bases that are issued in some state, as a bit set."""
        mask = 0
        for base in {base for edges in self.edges.values() for base, _ in edges if base != NONE}:
            mask |= 1 << base
        return mask

    def stuck(self, *, resetting: bool) -> set[State]:
        """The states from which nothing leads to a drained one; RESETs lead out only where `resetting`."""
        resets = resets_of(self.device)
        before: dict[State, list[State]] = {}
        for state, edges in self.edges.items():
            for base, after in edges:
                if resetting or base not in resets:
                    before.setdefault(after, []).append(state)
        alive = {state for state in self.edges if drained(state)}
        pending = list(alive)
        while pending:
            for state in before.get(pending.pop(), ()):
                if state not in alive:
                    alive.add(state)
                    pending.append(state)
        return set(self.edges) - alive

    def history(self, state: State) -> list[Edge]:
        """The shortest way from an unused plane to a state."""
        way: list[Edge] = []
        came = self.came[state]
        while came is not None:
            way.append((came[1], state))
            state = came[0]
            came = self.came[state]
        return way[::-1]

    def words(self, way: Iterable[Edge]) -> str:
        """A history in words: bases issued, and what time does."""
        bases = self.device.catalogue.bases
        said = []
        for base, after in way:
            if base != NONE:
                said.append(bases[base].name)
            elif after.run != NONE:
                states = bases[after.run].states
                said.append(f"({bases[after.run].name} in {states[min(after.phase, len(states) - 1)]})")
            elif after.last != NONE:
                said.append(f"({bases[after.last].name} ends)")
            else:
                said.append("(COPYBACK_READ on another plane)")
        return ", ".join(said) or "nothing"


def resets_of(device: Device) -> frozenset[int]:
    """The bases that reset."""
    return frozenset(index for index, kind in enumerate(device.kinds) if kind is Kind.RESET)


def possible_device(device: Device, possible: Possible) -> Device:
    """The device with those op_names only whose addresses can exist."""
    names = [name for name, rule in zip(device.config.names, possible.forbidden_by, strict=True) if rule is None]
    return Device(replace(device.config, names=tuple(names)))


def way_out(graph: Graph, rules: tuple[str, ...], start: State, *, resetting: bool) -> list[tuple[State, int]] | None:
    """The shortest way from `start` to a drained state under some rules; None where there is none. TooLargeError.

    It searches forward from the state, so that it shares nothing with `Graph.stuck` but the machine.
    """
    machine, resets = Machine(graph.device, rules), resets_of(graph.device)
    came: dict[State, tuple[State, int] | None] = {start: None}
    pending = [start]
    for state in pending:
        if drained(state):
            return _back(came, state)
        if len(pending) > MOST_STATES:
            raise TooLargeError
        for base, after in moves(machine, state):
            if after not in came and (resetting or base not in resets):
                came[after] = (state, base)
                pending.append(after)
    return None


def _back(came: Mapping[State, tuple[State, int] | None], state: State) -> list[tuple[State, int]]:
    way = []
    step = came[state]
    while step is not None:
        way.append(step)
        step = came[step[0]]
    return way[::-1]
