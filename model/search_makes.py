"""The search that tells makes apart: the closure of the abstract machine, with the makes behind its states.

What goes on in a chain, a cache program or a row of cache reads keeps celltype and planes, and a RECOVERY_RD has those
of its program: of one base some op_names may be possible in a state and others not.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from typing import NamedTuple

from model.chains import CACHE_READS, MOVES_FROM, READS, STEPS, Kind
from model.device import Device
from model.makes import Makes
from model.plane_rules import CORE, NONE, RULES, State
from model.search import Key, Machine

_SOURCES = frozenset().union(*(MOVES_FROM[kind] for kind in CACHE_READS))
_SAME_CACHED = frozenset({Kind.PROGRAM, Kind.ALLWL, Kind.CACHE_PROGRAM})

Host = tuple[Key, int]
"""An op_state and the make of what it is a state of, NONE where makes of hosts are not told apart or not known."""


class Tags(NamedTuple):
    """The makes behind a state, NONE where there is none or it is not known: of what runs or ran last, of the page in

    the data register, of the open chain and the open cache program, of what is suspended.
    """

    host: int = NONE
    data: int = NONE
    chain: int = NONE
    caching: int = NONE
    erase: int = NONE
    program: int = NONE


_NO_TAGS = Tags()
_ALL_TAGS = Tags(*[0] * len(_NO_TAGS))


class _Place(NamedTuple):
    """A state with what follows: `always` are the makes allowed whatever the tags, `asking` the bases that ask them."""

    state: State
    key: Key
    always: int
    asking: tuple[tuple[int, Kind], ...]
    edges: tuple[tuple[int, int], ...]


PARTS = ("program", "data", "chain", "caching")
"""What makes are remembered of, one part per search: together they would multiply, and no rule asks for two."""
MOST = 100_000
"""So many nodes of a closure are told apart by the makes of hosts; from there on these are not known any more."""


class Search:
    """The closure of a machine that remembers the makes of one part of a state.

    `hosts`: also those of hosts (op_states by op_name), as far as
    their bases are `asked` for (bit set), and as long as it has no more than MOST nodes: what is issued where the make
    of the host is not known counts for all of them. `like` is a search of another part, `machine` one with
    other rules, whose work is shared. `ever` are all makes that its closure has issued.
    """

    def __init__(
        self,
        device: Device,
        makes: Makes,
        rules: Iterable[str] = RULES,
        hosts: bool = False,
        part: str = PARTS[0],
        like: Search | None = None,
        machine: Machine | None = None,
        asked: int = -1,
    ) -> None:
        self.machine: Machine = Machine(device, rules, makes.named, machine) if like is None else like.machine
        self.makes = makes
        self._part = part
        self.ever = 0
        self._hosts = hosts
        self._asked = sum(1 << make.index for make in makes.all if asked >> make.base & 1) if hosts else 0
        self._kinds = device.kinds
        self._program_axis = device.program_axis
        self._recovers = any(device.kinds[make.base] is Kind.RECOVERY for make in makes.all)
        self._numbers: dict[State, int] = {} if like is None else like._numbers
        self._places: list[_Place | None] = [] if like is None else like._places
        self._states: list[State] = [] if like is None else like._states
        self._better: dict[int, tuple[State, ...]] = {} if like is None else like._better
        self._asking: dict[int, bool] = {}
        first = (self._number(State()), _NO_TAGS)
        self._seen = {first}
        self._pending = deque([first])
        self._found: dict[Host, int] = {}

    def _number(self, state: State) -> int:
        found = self._numbers.get(state)
        if found is None:
            found = self._numbers[state] = len(self._states)
            self._states.append(state)
            self._places.append(None)
        return found

    def _place(self, number: int) -> _Place:
        place = self._places[number]
        if place is None:
            place = self._places[number] = self._made(self._states[number])
        return place

    def _made(self, state: State) -> _Place:
        machine, of_base = self.machine, self.makes.of_base
        mask = machine.allowed(state)
        always, asking, left = 0, [], mask
        while left:
            bit = left & -left
            left ^= bit
            base = bit.bit_length() - 1
            if self._asks(state, self._kinds[base]):
                asking.append((base, self._kinds[base]))
            else:
                always |= of_base[base]
        following = dict.fromkeys(machine.successors(state, mask))
        edges = [(base, self._number(after)) for base, after in following]
        return _Place(state, machine.key(state), always, tuple(asking), tuple(edges))

    def _asks(self, state: State, kind: Kind) -> bool:
        """Whether a rule wants the celltype and planes of something before."""
        rules = self.machine.rules
        if kind in CACHE_READS:
            return "cache-chain" in rules and state.data != NONE
        if kind in STEPS:
            return "chain" in rules and state.step != NONE
        if kind in _SAME_CACHED:
            return "cache" in rules and state.caching
        return kind is Kind.RECOVERY and "recovery" in rules

    def _fitting(self, kind: Kind, tags: Tags) -> int:
        makes = self.makes
        if kind in CACHE_READS:
            return makes.alike(tags.data)
        if kind in STEPS:
            return makes.alike(tags.chain)
        return makes.alike(tags.caching) if kind in _SAME_CACHED else makes.recovering(tags.program)

    def places(self) -> Iterator[tuple[State, int, tuple[tuple[int, State], ...]]]:
        """What the closure has visited: each state with the bases allowed there and what follows.

        In place of a state that was not worth a visit stands one that allows the same and more.
        """
        for number, state in enumerate(self._states):
            place = self._places[number]
            if place is not None:
                edges = ((base, self._visited(after)) for base, after in place.edges)
                yield state, self.machine.allowed(state), tuple((base, after) for base, after in edges if after)

    def _visited(self, number: int) -> State | None:
        """The state itself or what stands for it; None where no make led to it."""
        left = [number]
        while left:
            number = left.pop()
            if self._places[number] is not None:
                return self._states[number]
            known = (self._numbers.get(state) for state in self._better.get(number, ()))
            left += [other for other in known if other is not None]
        return None

    def continued(self) -> frozenset[int]:
        """The bases that go on after a RESUME somewhere in the closure."""
        return frozenset(
            after.run
            for state, _, edges in self.places()
            for base, after in edges
            if base == NONE and after.run not in (NONE, state.run)
        )

    def issued(self) -> Callable[[Key, int], int]:
        """The makes issued in an op_state of a host's make (NONE: of any), by the whole closure."""
        found = self.closure()
        return lambda key, make: found.get((key, make), 0) | found.get((key, NONE), 0)

    def closure(self) -> dict[Host, int]:
        """{(op_state, make of its host or NONE): makes issued there (bit set)}."""
        self.run()
        return self._found

    @property
    def complete(self) -> bool:
        """Whether the closure has come to its end."""
        return not self._pending

    def release(self) -> None:
        """Lets go of all but what is issued where, once the closure is complete; places are not to be asked then."""
        if self.complete:
            self._seen, self._places, self._states, self._numbers, self._better = set(), [], [], {}, {}

    def at(self, host: Host) -> int:
        """The makes issued so far in an op_state of a host's make (bit set)."""
        key, make = host
        return self._found.get((key, make), 0) | self._found.get((key, NONE), 0)

    def run(self, goals: Mapping[Host, int] | None = None) -> None:
        """Goes on with the closure, to its end or until all goals (makes per host) are issued.

        With goals it goes deep first: a chain of operations that leads there is found sooner.
        """
        after = self._pending.popleft if goals is None else self._pending.pop
        left = {host: wanted for host, wanted in (goals or {}).items() if wanted & ~self.at(host)}
        while self._pending and (left or goals is None):
            number, tags = after()
            place = self._place(number)
            fitting = {base: self.makes.of_base[base] & self._fitting(kind, tags) for base, kind in place.asking}
            allowed = place.always
            for makes in fitting.values():
                allowed |= makes
            host = (place.key, tags.host if self._hosts else NONE)
            self._found[host] = self._found.get(host, 0) | allowed
            self.ever |= allowed
            if host in left and not left[host] & ~self.at(host):
                del left[host]
            self._visit(place, tags, fitting)
            if len(self._seen) > MOST:
                self._asked = 0

    def _visit(self, place: _Place, tags: Tags, fitting: Mapping[int, int]) -> None:
        seen = self._seen
        for base, after in place.edges:
            if (after, _NO_TAGS) in seen and not self._keeps(after):
                continue
            for following in self._tagged(place.state, tags, base, self._states[after], fitting):
                node = (after, following)
                if node not in seen:
                    seen.add(node)
                    if not self._outdone(node, seen):
                        self._pending.append(node)

    def _keeps(self, number: int) -> bool:
        """Whether a state asks for the makes behind it."""
        found = self._asking.get(number)
        if found is None:
            found = self._asking[number] = self._kept(_ALL_TAGS, self._states[number]) != _NO_TAGS
        return found

    def _outdone(self, node: tuple[int, Tags], seen: Container[tuple[int, Tags]]) -> bool:
        """Whether a node was seen that allows the same and more, now and later."""
        number, tags = node
        better = self._better.get(number)
        if better is None:
            better = self._better[number] = tuple(self.machine.better(self._states[number]))
        for state in better:
            other = self._numbers.get(state)
            if other is not None and (other, self._kept(tags, state)) in seen:
                return True
        return False

    def _tagged(self, state: State, tags: Tags, base: int, after: State, fitting: Mapping[int, int]) -> Iterable[Tags]:
        if base == NONE:
            return (self._passed(state, tags, after),)
        kind = self._kinds[base]
        if base not in (after.run, after.last):
            return (self._kept(tags, after),)
        left = fitting.get(base, self.makes.of_base[base])
        found: dict[Tags, None] = {}
        while left:
            bit = left & -left
            left ^= bit
            found[self._issued(state, tags, bit.bit_length() - 1, kind, after)] = None
        return found

    def _issued(self, state: State, tags: Tags, make: int, kind: Kind, after: State) -> Tags:
        cut_erase = after.erase != NONE and kind is Kind.ERASE_SUSPEND
        cut_program = after.program != NONE and kind is Kind.PROGRAM_SUSPEND
        victim = tags.host if state.run != NONE else NONE
        return self._kept(
            Tags(
                host=make,
                data=make if kind in READS else tags.data,
                chain=make if kind in STEPS else tags.chain,
                caching=make if kind is Kind.CACHE_PROGRAM else tags.caching,
                erase=victim if cut_erase else tags.erase,
                program=victim if cut_program else tags.program,
            ),
            after,
        )

    def _passed(self, state: State, tags: Tags, after: State) -> Tags:
        """Time passes, or something happens beside; where a chain moved on beside, its make is not known any more."""
        if after.run not in (NONE, state.run):
            erase = self._kinds[state.run] is Kind.ERASE_RESUME
            tags = tags._replace(host=tags.erase if erase else tags.program)
        if after.step not in (NONE, state.step):
            tags = tags._replace(chain=NONE)
        if after.caching and not state.caching:
            tags = tags._replace(caching=NONE)
        return self._kept(tags, after)

    def _kept(self, tags: Tags, after: State) -> Tags:
        """Only what can still be asked for."""
        axis, part = self._program_axis, self._part
        recovers = part == "program" and self._recovers
        runs = recovers and after.run != NONE and after.phase == CORE and axis >> after.run & 1
        sourced = part == "data" and after.data != NONE and self._kinds[after.data] in _SOURCES
        return Tags(
            host=tags.host if runs or self._tells(tags.host) else NONE,
            data=tags.data if sourced else NONE,
            chain=tags.chain if part == "chain" and after.step != NONE else NONE,
            caching=tags.caching if part == "caching" and after.caching else NONE,
            erase=tags.erase if after.erase >= 0 and self._tells(tags.erase) else NONE,
            program=tags.program if after.program >= 0 and (recovers or self._tells(tags.program)) else NONE,
        )

    def _tells(self, make: int) -> bool:
        """Whether the make of a host is asked for."""
        return make != NONE and bool(self._asked >> make & 1)
