"""The shortest ways through the abstract machine of a die, with the blocks that they need.

A way is a list of operations as one plane sees them. The machine allows at least what the device allows, and so do the
rules about blocks here (`stock.py`): what is issued has a block of the right kind, whichever planes it lies on. So no
sequence of operations on the die is shorter than the shortest way. The search is A*: operations so far, and at least
so many more as the machine alone needs, which a search backwards tells of every state.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from model.chains import READS, STEPS, SUSPENDS, TAKES_COPYBACK, Kind
from model.device import Device
from model.plane_rules import DATA, NONE, State
from model.search import Key, Machine
from planner.explaining.stock import Stock, Work
from planner.targets.possible import takes

FAR = 1 << 20
BESIDE = -2
ERASED, WRITTEN = 1, 2
_PROGRAMS = STEPS | TAKES_COPYBACK | {Kind.PROGRAM, Kind.ALLWL, Kind.CACHE_PROGRAM, Kind.OTHER_PROGRAM}

Spot = tuple[State, int]
"""A state of the machine, and whether there are erased and written blocks."""


class Step(NamedTuple):
    """An operation of a way: what it is, what the plane is in when it is issued, and whether it goes to another one."""

    work: Work
    state: State
    beside: bool = False


@dataclass(frozen=True, slots=True)
class Goal:
    """An operation of a base and celltype that is issued in an op_state (None: in whichever).

    `hosts`: the celltypes of what makes the op_state; None: any.
    """

    base: int
    celltype: int
    key: Key | None = None
    hosts: frozenset[int] | None = None


class Routes:
    """Ways of one device; `named` (bit set): the bases that are ever issued, `names`: the op_names."""

    def __init__(self, device: Device, names: Collection[int]) -> None:
        self.device = device
        self.stock = Stock(device)
        self.machine = Machine(device, named=named(device, names))
        self.kinds = device.kinds
        self._celltypes: dict[int, dict[int, set[bool]]] = {}
        for index in sorted(names):
            name = device.catalogue.names[index]
            self._celltypes.setdefault(name.base.index, {}).setdefault(name.celltype, set()).add(name.multi)
        self._moves: dict[State, tuple[tuple[int, State], ...]] = {}
        self.copies = device.mask_of([Kind.COPYBACK_READ])
        self._far: dict[tuple[Key | None, int], Mapping[Spot, int]] = {}

    # -- the machine -------------------------------------------------------------------------------------------

    def moves(self, state: State) -> tuple[tuple[int, State], ...]:
        """(base, state after it) of every operation allowed; base NONE: time passes."""
        found = self._moves.get(state)
        if found is None:
            found = self._moves[state] = tuple(self._made(state))
        return found

    def _made(self, state: State) -> Iterator[tuple[int, State]]:
        mask = self.machine.allowed(state)
        for base in self.device.catalogue.bases:
            if not mask >> base.index & 1:
                continue
            if self.kinds[base.index] in SUSPENDS and state.run == NONE:
                continue
            afters = dict.fromkeys(self.machine.issue(state, base.index)) or {state: None}
            yield from ((base.index, after) for after in afters)
        yield from ((NONE, after) for after in self.machine.passes(state))

    def fed(self, state: State) -> State | None:
        """The state after a copyback read on another plane; None where there is none such."""
        after = state._replace(beside=True)
        return after if state.run == NONE and not state.beside and after in self.machine.beside(state) else None

    @cached_property
    def graph(self) -> dict[Spot, tuple[tuple[int, Spot], ...]]:
        """All spots with what may come next; an operation on another plane is one of base BESIDE."""
        found: dict[Spot, tuple[tuple[int, Spot], ...]] = {}
        pending = [(State(), 0)]
        for spot in pending:
            if spot not in found:
                found[spot] = tuple(self._spots_after(spot))
                pending += [after for _, after in found[spot] if after not in found]
        return found

    def _spots_after(self, spot: Spot) -> Iterator[tuple[int, Spot]]:
        state, blocks = spot
        done = blocks | (self._brings[state.run] if state.run != NONE else 0)
        for base, after in self.moves(state):
            if base == NONE:
                yield base, (after, done if after.run == NONE else blocks)
            elif not self.needs[base] & ~(done if self._takes_over(state, base) else blocks):
                yield base, (after, done if self._takes_over(state, base) else blocks)
        fed = self.fed(state)
        if fed is not None and blocks & WRITTEN:
            yield BESIDE, (fed, blocks)

    def _takes_over(self, state: State, base: int) -> bool:
        """Whether an operation ends the DATA window that it starts in."""
        plain = self.kinds[base] not in SUSPENDS and self.kinds[base] is not Kind.RESET
        affects = self.device.catalogue.bases[base].affects_state
        return plain and affects and state.run != NONE and state.phase == DATA

    @cached_property
    def needs(self) -> list[int]:
        """Per base which blocks there have to be: ERASED for programs, WRITTEN for reads."""
        read, programs = READS - {Kind.RECOVERY}, _PROGRAMS | {Kind.DATAIN}
        return [ERASED if k in programs else WRITTEN if k in read else 0 for k in self.kinds]

    @cached_property
    def _brings(self) -> list[int]:
        advances = self.device.advances
        return [ERASED if k is Kind.ERASE else WRITTEN if advances[b] else 0 for b, k in enumerate(self.kinds)]

    @cached_property
    def _before(self) -> dict[Spot, list[tuple[Spot, int]]]:
        """Of each spot those before it, with what the step costs."""
        before: dict[Spot, list[tuple[Spot, int]]] = {}
        for spot, edges in self.graph.items():
            for base, after in edges:
                before.setdefault(after, []).append((spot, 0 if base == NONE else 1))
        return before

    def distances(self, key: Key | None, base: int) -> Mapping[Spot, int]:
        """Of each spot the operations that it takes at least until the base may be issued in the op_state."""
        found = self._far.get((key, base))
        if found is None:
            found = self._far[key, base] = self._measured(key, base)
        return found

    def _measured(self, key: Key | None, base: int) -> Mapping[Spot, int]:
        machine, needs = self.machine, self.needs[base]
        layer = [
            spot
            for spot in self.graph
            if (key is None or machine.key(spot[0]) == key)
            and machine.allowed(spot[0]) >> base & 1
            and not needs & ~spot[1]
        ]
        found, distance = dict.fromkeys(layer, 0), 0
        later: list[Spot] = []
        while layer:
            for spot in layer:  # grows by what time alone leads from
                if found[spot] != distance:
                    continue
                for other, cost in self._before.get(spot, ()):
                    if distance + cost < found.get(other, FAR):
                        found[other] = distance + cost
                        (later if cost else layer).append(other)
            layer, later, distance = later, [], distance + 1
        return found

    def makers(self, goal: Goal) -> tuple[int, ...]:
        """The bases of which one has to come before the goal, to make a block of its celltype what it has to be."""
        kind = self.kinds[goal.base]
        if not goal.celltype:
            return ()
        if kind in READS - {Kind.RECOVERY}:
            advances = self.device.advances
            return tuple(b for b, each in self._celltypes.items() if advances[b] and goal.celltype in each)
        return tuple(b for b, k in enumerate(self.kinds) if k is Kind.ERASE) if kind in _PROGRAMS else ()

    def tail(self, goal: Goal, maker: int) -> int:
        """What is left at least to the goal after a maker was issued."""
        far = self.distances(goal.key, goal.base)
        after = (far.get(spot, FAR) for edges in self.graph.values() for base, spot in edges if base == maker)
        return min(after, default=FAR)

    # -- what is worth a try -----------------------------------------------------------------------------------

    def kin(self, pinned: Collection[int]) -> dict[int, tuple[int, ...]]:
        """Per base the celltypes of operations that are worth a try: not those for which another does as well."""
        celltypes = sorted({c for each in self._celltypes.values() for c in each})
        kept = set(pinned) | {0} | {c for c in celltypes if c and not self._outdone(c, celltypes)}
        erasing = {c for c in celltypes if any(takes(self.device, c, p) for p in pinned if p)}
        kept |= erasing
        return {base: tuple(c for c in sorted(each) if c in kept) for base, each in self._celltypes.items()}

    def _outdone(self, celltype: int, celltypes: Collection[int]) -> bool:
        mine = self._uses(celltype)
        for other in celltypes:
            if other in (0, celltype):
                continue
            theirs = self._uses(other)
            if mine < theirs or (mine == theirs and other < celltype):
                return True
        return False

    def _uses(self, celltype: int) -> set[tuple[int, bool]]:
        return {(b, multi) for b, each in self._celltypes.items() for multi in each.get(celltype, ())}


def named(device: Device, names: Collection[int]) -> int:
    mask = 0
    for index in names:
        mask |= 1 << device.catalogue.names[index].base.index
    return mask
