"""The abstract machine of a die as a map: which way leads to an op_state in which something is still wanted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from model.chains import CACHE_READS, STEPS, Kind
from model.device import Device
from model.operations import OpName
from model.plane_rules import DATA, NONE, State
from model.search import Machine
from planner.targets.closing.left import END_KEY
from planner.targets.closing.sets import silenced

IDLE, IN_CORE, IN_DATA, BESIDE = range(4)
"""What a plane is in when an operation of a way is issued; BESIDE: idle, and the operation goes to another plane."""

NEVER_THERE = 1 << 30
BESIDE_MARK = -2
"""The base of an edge that stands for a copyback read on another plane."""


@dataclass(frozen=True, slots=True)
class Way:
    """Bases to issue one after the other, each with what the plane is in then and its state, and where it leads to.

    `wanted` are the bases that are wanted there.
    """

    steps: tuple[tuple[int, int, int], ...]
    key: int
    wanted: int


@dataclass(frozen=True, slots=True)
class Look:
    """What a way is looked for: `wanted` [key] bases as bit sets; those of `never` are no steps.

    `far` [key][base]: how far it is from a reset; with `patience` ways that are longer by so much may be better.
    `then` [key]: only bases count after whose end one of these is allowed. Ways of more than `most` steps are none.
    """

    wanted: Sequence[int]
    never: int
    far: Sequence[Sequence[int]] = ()
    patience: int = 0
    then: Sequence[int] = ()
    most: int = NEVER_THERE


class Atlas:
    """States of one plane by number, what is allowed in each and what follows; worked out once, as far as it is met."""

    def __init__(self, device: Device) -> None:
        self.machine = Machine(device)
        self._bases = device.catalogue.bases
        self._douts = device.mask_of([Kind.DOUT, Kind.DOUT4K])
        self._ops = device.catalogue.names
        self._recoveries = device.mask_of([Kind.RECOVERY])
        self._steps, self._cache_reads = device.mask_of(STEPS - {Kind.LSB}), device.mask_of(CACHE_READS)
        self._copies = [b.index for b in self._bases if device.kinds[b.index] is Kind.COPYBACK_READ]
        self._farthest: dict[tuple[int, int], int] = {}
        self._silent = {key: self._all_of(names) for key, names in silenced(device).items()}
        self._apart_of: dict[tuple[int, int], int] = {}
        self._number: dict[State, int] = {}
        self.states: list[State] = []
        self.allowed: list[int] = []
        self.key: list[int] = []
        self.phase: list[int] = []
        self._from_reset: list[list[int]] = []
        self._edges: list[tuple[tuple[int, int], ...] | None] = []
        self._going: dict[int, dict[int, tuple[tuple[int, int], ...]]] = {}

    def number(self, state: State) -> int:
        """The number of a state."""
        found = self._number.get(state)
        if found is None:
            found = self._number[state] = len(self.states)
            self.states.append(state)
            key = self._key_of(state)
            self.allowed.append(self.machine.allowed(state) & ~self._unlike(state) & ~self._silent.get(key, 0))
            self.key.append(key)
            self.phase.append(IDLE if state.run == NONE else state.phase)
            self._edges.append(None)
        return found

    def _all_of(self, names: int) -> int:
        """The bases all of whose op_names are among some."""
        return sum(1 << base.index for base in self._bases if all(names >> name & 1 for name in base.names))

    def _unlike(self, state: State) -> int:
        """Bases that have no op_name of the celltype, or of as many planes, of what they would have to go on from."""
        mask = 0
        if state.program != NONE:
            mask |= self._apart(state.program, self._recoveries, True)
        if state.step != NONE:
            mask |= self._apart(state.step, self._steps, False)
        if state.data != NONE:
            mask |= self._apart(state.data, self._cache_reads, False)
        return mask

    def _apart(self, source: int, followers: int, by_celltype: bool) -> int:
        key = source, followers
        found = self._apart_of.get(key)
        if found is None:
            like = {(op.celltype, by_celltype or op.multi) for op in self._ops_of(source)}
            found = 0
            for base in range(len(self._bases)):
                if followers >> base & 1:
                    mine = {(op.celltype, by_celltype or op.multi) for op in self._ops_of(base)}
                    found |= (not like & mine) << base
            self._apart_of[key] = found
        return found

    def _ops_of(self, base: int) -> list[OpName]:
        return [self._ops[name] for name in self._bases[base].names]

    def _key_of(self, state: State) -> int:
        if state.run != NONE:
            index = 1 if state.phase == 1 else len(self._bases[state.run].states) - 1
            return 4 * state.run + index
        return 4 * state.last + END_KEY if state.last != NONE else NONE

    def edges(self, number: int) -> tuple[tuple[int, int], ...]:
        """(base, state) that may come next; NONE stands for time that passes.

        A page is delivered in no DATA window: its DOUT would outlast most of it.
        """
        found = self._edges[number]
        if found is None:
            state, machine = self.states[number], self.machine
            mask = self.allowed[number]
            if state.phase == DATA and state.run != NONE:
                mask &= ~self._douts
            result = [(NONE, self.number(after)) for after in machine.passes(state)]
            while mask:
                bit = mask & -mask
                mask ^= bit
                base = bit.bit_length() - 1
                result += [(base, self.number(after)) for after in machine.issue(state, base)]
            fed = state._replace(beside=True)
            if state.run == NONE and not state.beside and fed in machine.beside(state):
                result.append((BESIDE_MARK, self.number(fed)))
            found = self._edges[number] = tuple((base, after) for base, after in result if after != number)
        return found

    def from_reset(self, resets: int, never: int) -> list[list[int]]:
        """Per key and base the operations that it takes from the END of a reset to where the base may be issued.

        NEVER_THERE where there is no way. Of several resets the first counts.
        """
        if not self._from_reset:
            first = (resets & -resets).bit_length() - 1 if resets else NONE
            self._from_reset = self._distances(self.number(State(last=first)), never)
        return self._from_reset

    def _distances(self, start: int, never: int) -> list[list[int]]:
        found = [[NEVER_THERE] * len(self._bases) for _ in range(4 * len(self._bases))]
        seen, layer, depth = {start}, [start], 0
        while layer:
            following: list[int] = []
            for number in layer:
                if self.key[number] != NONE:
                    self._note(found[self.key[number]], self.allowed[number], depth)
                for base, after in self.edges(number):
                    if after not in seen and not (base >= 0 and never >> base & 1):
                        seen.add(after)
                        (layer if base == NONE else following).append(after)
            layer, depth = following, depth + 1
        return found

    @staticmethod
    def _note(row: list[int], allowed: int, depth: int) -> None:
        for base, known in enumerate(row):
            if known > depth and allowed >> base & 1:
                row[base] = depth

    def way(self, starts: Sequence[int], look: Look) -> Way | None:
        """The way to where something is wanted that saves most against going there from a reset; then the shortest.

        Ways that are more than `PATIENCE` longer than the shortest one are not looked at.
        """
        came: dict[int, tuple[int, int]] = dict.fromkeys(starts, (NONE, NONE))
        layer, depth = list(came), 0
        best, most, deadline = NONE, (-NEVER_THERE, 0, 0), look.most
        wanted, keys, allowed = look.wanted, self.key, self.allowed
        known = self._going.setdefault(look.never, {})
        while layer and depth <= deadline:
            following: list[int] = []
            for number in layer:  # grows by what time alone leads to
                found = wanted[keys[number]] & allowed[number] if keys[number] != NONE else 0
                if found and look.then:
                    found = self._leading_on(number, found, look.then)
                if found:
                    worth = self._saved(look, keys[number], found) - depth, -depth, found.bit_count()
                    if worth > most:
                        best, most = number, worth
                    deadline = min(deadline, depth + look.patience)
                steps = known.get(number)
                if steps is None:
                    steps = known[number] = self._without(number, look.never)
                for base, after in steps:
                    if after not in came:
                        came[after] = (number, base)
                        (layer if base == NONE else following).append(after)
            layer, depth = following, depth + 1
        return None if best == NONE else self._traced(best, came, look.wanted)

    def _without(self, number: int, never: int) -> tuple[tuple[int, int], ...]:
        """What may come next but for some bases."""
        return tuple((base, after) for base, after in self.edges(number) if base < 0 or not never >> base & 1)

    def _saved(self, look: Look, key: int, bases: int) -> int:
        """The most operations that it takes from a reset to where one of some bases may be issued."""
        if not look.far:
            return 0
        found = self._farthest.get((key, bases))
        if found is None:
            row = look.far[key]
            most = max(row[base] for base in range(bases.bit_length()) if bases >> base & 1)
            found = self._farthest[key, bases] = most if most < NEVER_THERE else 1
        return found

    def way_out(self, starts: Sequence[int], never: int) -> Way | None:
        """The shortest way to a state in which nothing is open: all that was begun is ended and delivered."""
        came: dict[int, tuple[int, int]] = dict.fromkeys(starts, (NONE, NONE))
        layer = list(came)
        while layer:
            following: list[int] = []
            for number in layer:  # grows by what time alone leads to
                if self.states[number].run == NONE and _nothing_open(self.states[number]):
                    return self._traced(number, came, [0] * (4 * len(self._bases)))
                for base, after in self.edges(number):
                    if after not in came and base != BESIDE_MARK and not (base >= 0 and never >> base & 1):
                        came[after] = (number, base)
                        (layer if base == NONE else following).append(after)
            layer = following
        return None

    def _leading_on(self, number: int, bases: int, then: Sequence[int]) -> int:
        """Those of some bases after whose end something is allowed that is wanted `then` [key]."""
        found = 0
        for base, under_way in self.edges(number):
            if base >= 0 and bases >> base & 1:
                for passed, ended in self.edges(under_way):
                    fed = [after for mark, after in self.edges(ended) if mark == BESIDE_MARK]
                    if passed == NONE and any(then[self.key[after]] & self.allowed[after] for after in (ended, *fed)):
                        found |= 1 << base
        return found

    def _traced(self, goal: int, came: dict[int, tuple[int, int]], wanted: Sequence[int]) -> Way:
        steps: list[tuple[int, int, int]] = []
        at = goal
        while came[at][0] != NONE:
            before, base = came[at]
            if base == BESIDE_MARK:
                steps.append((self._copies[0], BESIDE, before))
            elif base != NONE:
                steps.append((base, self.phase[before], before))
            at = before
        key = self.key[goal]
        return Way(tuple(reversed(steps)), key, wanted[key] & self.allowed[goal])


def _nothing_open(state: State) -> bool:
    opened = (state.erase, state.program, state.step, state.reading)
    return all(base == NONE for base in opened) and not (state.caching or state.data_waits or state.cache_waits)
