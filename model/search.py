"""What can ever happen on a plane: the abstract state machine of a die as one of its planes sees it, and its closure.

The machine forgets addresses, times and what the other planes and dies forbid, so it allows at least what a device
allows: a base that it never issues in an op_state cannot be issued there (its closure over-approximates). `rules`
are the rules that it enforces; a pair that stays out of reach with few of them is forbidden by those.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from model.chains import (
    CACHE_ENDS,
    CACHE_READS,
    CLOSES_CACHE_PROGRAM,
    EXECUTES,
    KEEPS_REGISTERS,
    READS,
    RESUMES,
    SETS_LATCH,
    STEPS,
    SUSPENDS,
    Kind,
)
from model.device import Device
from model.plane_rules import CORE, DATA, NONE, RULES, PlaneRules, State


class Key(NamedTuple):
    """An op_state at base grain: `state` is the index of the state in the base's states, 0 for END."""

    base: int
    state: int


@dataclass(frozen=True, slots=True)
class Closure:
    """What the machine reaches: per op_state the bases that it issues there (bit set), and how each state came."""

    issued: Mapping[Key, int]
    states: Mapping[State, tuple[State, int] | None]


_READERS = {
    "erase": ("suspend-state", "resume-order", "recovery"),
    "program": ("suspend-state", "resume-order", "recovery"),
    "odt": ("odt",),
    "cached": ("cache",),
    "caching": ("cache",),
    "reading": ("cache",),
    "latch": ("latch", "transfer"),
    "step": ("chain",),
    "beside": ("chain",),
    "data": ("latch", "dout", "cache-chain", "residual", "chain"),
    "data_waits": ("latch", "dout", "cache-chain", "residual", "chain"),
    "cache_waits": ("latch", "dout", "cache-chain", "residual", "chain"),
}
"""The rules that look at each part of a state: what no enforced rule looks at need not be told apart."""


class Machine:
    """The abstract machine of one device."""

    def __init__(self, device: Device, rules: Iterable[str] = RULES) -> None:
        self._device = device
        self.rules = frozenset(rules)
        self._forbids = PlaneRules(device)
        self._kinds = device.kinds
        self._bases = device.catalogue.bases
        self._named = sum(1 << base.index for base in self._bases if base.names)
        self._wide = sum(1 << i for i, wide in enumerate(device.targets_all) if wide)
        first = State()._asdict()
        self._unread = {field: first[field] for field, readers in _READERS.items() if self.rules.isdisjoint(readers)}

    def allowed(self, state: State) -> int:
        """The bases that the enforced rules allow in a state.

        Who takes over a DATA window is judged by its group, and then by all other rules with the window ended.
        """
        mask = self._named
        for rule, forbidden in self._forbids.forbidden(state):
            if rule in self.rules:
                mask &= ~forbidden
        if state.phase != DATA:
            return mask
        takers = self._forbids.takers(state, "op-state" in self.rules)
        return (mask & ~takers) | (self.allowed(self._ended(state)) & takers)

    # -- what follows ------------------------------------------------------------------------------------------

    def passes(self, state: State) -> Iterator[State]:
        """The states after what runs has come to the end of its phase; none where nothing runs."""
        if state.run == NONE:
            return
        base = self._bases[state.run]
        if state.phase == CORE and len(base.states) > 2:
            yield state._replace(phase=DATA)
        elif self._kinds[state.run] in RESUMES:
            yield from self._goes_on(state, self._kinds[state.run] is Kind.ERASE_RESUME)
        else:
            yield self._ended(state)

    def _ended(self, state: State) -> State:
        base, kind = state.run, self._kinds[state.run]
        after = state._replace(last=base, run=NONE, phase=0)
        if kind in SETS_LATCH:
            after = after._replace(latch=base)
        elif kind in EXECUTES:
            cached = after.cached and kind not in (Kind.MSB_23H, Kind.EXEC)
            after = after._replace(latch=NONE, cached=cached)
        elif kind in CLOSES_CACHE_PROGRAM:
            after = after._replace(caching=False)
        elif kind in CACHE_ENDS:
            after = after._replace(reading=NONE)
        return after

    def _goes_on(self, state: State, erase: bool) -> Iterator[State]:
        """The victim of a RESUME runs on; it empties the registers. Where victims are not told apart, any may."""
        victim = state.erase if erase else state.program
        after = state._replace(erase=NONE) if erase else state._replace(program=NONE)
        victims = (victim,) if "erase" not in self._unread else tuple(self._victims(erase))
        for base in victims:
            if base == NONE:
                yield after._replace(last=state.run, run=NONE, phase=0)
            else:
                empty = after._replace(data=NONE, data_waits=False, cache_waits=False, beside=False)
                yield empty._replace(run=base, phase=CORE, last=NONE)

    def _victims(self, erase: bool) -> Iterator[int]:
        """The bases that a SUSPEND of the axis may have cut."""
        yield NONE
        axis = self._device.erase_axis if erase else self._device.program_axis
        for base in self._bases:
            able = base.affects_state and "CORE_BUSY" in base.states
            if able and (axis >> base.index & 1 or "suspend-target" not in self.rules):
                yield base.index

    def issue(self, state: State, base: int) -> Iterator[State]:
        """The states after the start of an operation of a base on this plane (or, where it may be, beside it)."""
        kind = self._kinds[base]
        if kind in (Kind.DOUT, Kind.DOUT4K):
            yield state._replace(cache_waits=False) if state.cache_waits else state._replace(data_waits=False)
        elif kind in (Kind.ODT_OFF, Kind.ODT_ON):
            yield state._replace(odt=kind is Kind.ODT_OFF)
        elif self._bases[base].affects_state:
            yield self._begun(self._entered(state, kind), base, kind)

    def _entered(self, state: State, kind: Kind) -> State:
        """What the newcomer does to what runs: abort, cut or take over."""
        if kind is Kind.RESET:
            return State(odt=state.odt)
        if state.run == NONE:
            return state
        if kind in SUSPENDS and state.phase == CORE:
            return state._replace(erase=state.run) if kind is Kind.ERASE_SUSPEND else state._replace(program=state.run)
        return self._ended(state) if state.phase == DATA else state

    def _begun(self, state: State, base: int, kind: Kind) -> State:
        device = self._bases[base]
        after = state._replace(last=NONE, run=base, phase=CORE if "CORE_BUSY" in device.states else DATA)
        if len(device.states) == 1:
            after = state
        if kind in CACHE_READS:
            return after._replace(data=base, data_waits=True, cache_waits=state.data_waits, reading=base)
        if kind in CACHE_ENDS:
            return after._replace(data=NONE, data_waits=False, cache_waits=state.data_waits)
        if kind in KEEPS_REGISTERS:
            return after
        wide = bool(self._wide >> base & 1)
        after = after._replace(data=NONE, data_waits=False, cache_waits=False, beside=False if wide else state.beside)
        if kind in READS:
            return after._replace(data=base, data_waits=True)
        if kind in STEPS:
            closes = kind in EXECUTES and kind is not Kind.SHOT_CACHE
            cached = state.cached or kind is Kind.SHOT_CACHE
            return after._replace(step=NONE if closes else base, cached=cached)
        return after._replace(caching=True) if kind is Kind.CACHE_PROGRAM else after

    def _beside(self, state: State) -> State | None:
        """A copyback read on another plane, where what the die forbids lets it be."""
        reads = self._forbids.of_kinds([Kind.COPYBACK_READ])
        if self._device.geometry.planes < 2 or state.beside or state.run != NONE or not reads:
            return None
        blind = state._replace(last=NONE, reading=NONE, data=NONE, data_waits=False, cache_waits=False)
        return state._replace(beside=True) if self.allowed(blind) & reads else None

    def successors(self, state: State) -> Iterator[tuple[int, State]]:
        """Every (base, state) that may come next; NONE stands for time that passes, or an operation beside."""
        mask = self.allowed(state)
        while mask:
            bit = mask & -mask
            mask ^= bit
            base = bit.bit_length() - 1
            for after in self.issue(state, base):
                yield base, after
        for after in self.passes(state):
            yield NONE, after
        other = self._beside(state)
        if other is not None:
            yield NONE, other

    def key(self, state: State) -> Key | None:
        """The op_state of the plane; None while it is unused."""
        if state.run != NONE:
            return Key(state.run, self._forbids.index(state.run, state.phase))
        return Key(state.last, 0) if state.last != NONE else None

    def closure(self) -> Closure:
        """Everything that the machine reaches from an unused plane."""
        first = State()
        came: dict[State, tuple[State, int] | None] = {first: None}
        issued: dict[Key, int] = {}
        pending = [first]
        while pending:
            fresh: list[State] = []
            for state in pending:
                key = self.key(state)
                if key is not None:
                    issued[key] = issued.get(key, 0) | self.allowed(state)
                for base, reached in self.successors(state):
                    after = reached._replace(**self._unread) if self._unread else reached
                    if after not in came:
                        came[after] = (state, base)
                        fresh.append(after)
            pending = fresh
        return Closure(issued, came)
