"""How a plane of a die goes on in the abstract machine: what starts, cuts, ends and resumes, here and beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

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
from model.plane_rules import CORE, DATA, ELSEWHERE, NONE, PlaneRules, State


class PlaneMoves:
    """The moves of one device under some rules. `named` (bit set): the bases that are ever issued; by default all."""

    def __init__(
        self, device: Device, rules: Iterable[str], named: int | None, forbids: PlaneRules | None = None
    ) -> None:
        self._device = device
        self.rules = frozenset(rules)
        self._forbids = PlaneRules(device, named) if forbids is None else forbids
        self._kinds = device.kinds
        self._bases = device.catalogue.bases
        self._named = self._forbids.named
        self._knows_victims = {"suspend-state", "residual"} <= self.rules
        names = device.catalogue.names
        lasting = [[names[n] for n in base.names] for base in self._bases]
        self._has_core = [any(name.core_busy for name in group) for group in lasting]
        self._has_data = [any(name.data for name in group) for group in lasting]
        self._copies = self._forbids.of_kinds({Kind.COPYBACK_READ}) if "chain" in self.rules else 0
        moving = self._forbids.of_kinds(STEPS | CLOSES_CACHE_PROGRAM | {Kind.CACHE_PROGRAM}) | self._copies
        self._moving_beside = moving & self._forbids.elsewhere

    def _without(self, forbidden: Iterable[tuple[str, int]]) -> int:
        mask = self._named
        for rule, bases in forbidden:
            if rule in self.rules:
                mask &= ~bases
        return mask

    def passes(self, state: State) -> Iterator[State]:
        """The states after what runs has come to the end of its phase; none where nothing runs."""
        if state.run == NONE:
            return
        if state.phase == CORE and self._has_data[state.run]:
            yield state._replace(phase=DATA)
        elif self._kinds[state.run] in RESUMES:
            yield from self._goes_on(state, self._kinds[state.run] is Kind.ERASE_RESUME)
        else:
            yield self.ended(state)

    def ended(self, state: State) -> State:
        """The state after what runs has ended, or was taken over."""
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
        """The victim of a RESUME runs on; it empties the registers. Where victims are not told apart, any may.

        Without [residual] it may as well rest for ever.
        """
        victim = state.erase if erase else state.program
        victims = {victim} if self._knows_victims else set(self._victims(erase))
        victims = victims - {NONE} if "residual" in self.rules else victims | {NONE}
        for after in self._resumed(state, erase):
            for base in sorted(victims):
                if base in (NONE, ELSEWHERE):
                    yield after._replace(last=state.run, run=NONE, phase=0)
                else:
                    empty = after._replace(data=NONE, data_waits=False, cache_waits=False, beside=False)
                    yield empty._replace(run=base, phase=CORE, last=NONE)

    def _resumed(self, state: State, erase: bool) -> Iterator[State]:
        """The suspensions that are left; of deeper ones nothing is known but that there are some."""
        yield state._replace(erase=NONE) if erase else state._replace(program=NONE)
        if not self._knows_victims:
            yield state
        elif state.deeper:
            for base in self._victims(erase):
                after = state._replace(erase=base) if erase else state._replace(program=base)
                yield after
                yield after._replace(deeper=False)

    def _victims(self, erase: bool) -> Iterator[int]:
        """The bases that a SUSPEND of the axis may have cut."""
        yield NONE
        axis = self._forbids.victims[0 if erase else 1]
        for base in self._bases:
            if axis >> base.index & 1:
                yield base.index

    def issue(self, state: State, base: int) -> Iterator[State]:
        """The states after the start of an operation of a base that takes this plane."""
        kind = self._kinds[base]
        if kind in (Kind.DOUT, Kind.DOUT4K):
            yield state._replace(cache_waits=False) if state.cache_waits else state._replace(data_waits=False)
        elif kind in (Kind.ODT_OFF, Kind.ODT_ON):
            yield state._replace(odt=kind is Kind.ODT_OFF)
        elif self._bases[base].affects_state:
            entered = self._entered(state, kind)
            yield self._begun(entered, base, kind)
            if kind in READS | CACHE_ENDS and self._forbids.apart >> base & 1:
                yield self._started(self._kept(entered, base, kind), base)

    def _entered(self, state: State, kind: Kind) -> State:
        """What the newcomer does to what runs: abort, cut or take over."""
        if kind is Kind.RESET:
            return State(odt=state.odt)
        if kind in SUSPENDS:
            return self._cut(state, kind is Kind.ERASE_SUSPEND)
        return self.ended(state) if state.run != NONE and state.phase == DATA else state

    def _cut(self, state: State, erase: bool) -> State:
        """What runs, here or elsewhere, is suspended."""
        axis = self._forbids.victims[0 if erase else 1]
        victim = state.run if state.phase == CORE and axis >> state.run & 1 else NONE
        if state.run == NONE and self._forbids.elsewhere & axis:
            victim = ELSEWHERE
        if victim == NONE:
            return state
        deeper = state.deeper or (state.erase if erase else state.program) != NONE
        after = state._replace(deeper=deeper)
        return after._replace(erase=victim) if erase else after._replace(program=victim)

    def _started(self, state: State, base: int) -> State:
        """Its first state after ISSUE that lasts, or its end where none does."""
        after = State._make((NONE, base, CORE, *state[3:]))
        if self._has_core[base]:
            return after
        return after._replace(phase=DATA) if self._has_data[base] else self.ended(after)

    def _kept(self, state: State, base: int, kind: Kind) -> State:
        """The registers under an operation whose pages lie on other planes."""
        if kind in KEEPS_REGISTERS:
            return state
        return state._replace(data=NONE, data_waits=False, cache_waits=False)

    def _begun(self, state: State, base: int, kind: Kind) -> State:
        return self._started(self._changed(state, base, kind), base)

    def _changed(self, state: State, base: int, kind: Kind) -> State:
        """What the start of an operation sets and clears."""
        if kind in CACHE_READS:
            return state._replace(data=base, data_waits=True, cache_waits=state.data_waits, reading=base)
        if kind in CACHE_ENDS:
            return state._replace(data=NONE, data_waits=False, cache_waits=state.data_waits)
        if kind in KEEPS_REGISTERS:
            return state
        wide = bool(self._forbids.wide >> base & 1)
        beside = False if wide else state.beside
        after = state._replace(data=NONE, data_waits=False, cache_waits=False, beside=beside)
        if kind in READS:
            return after._replace(data=base, data_waits=True)
        if kind in STEPS:
            return self._stepped(after, base, kind)
        return after._replace(caching=True) if kind is Kind.CACHE_PROGRAM else after

    def _stepped(self, state: State, base: int, kind: Kind) -> State:
        closes = kind in EXECUTES and kind is not Kind.SHOT_CACHE
        cached = state.cached or kind is Kind.SHOT_CACHE
        return state._replace(step=NONE if closes else base, cached=cached)

    def beside(self, state: State) -> Iterator[State]:
        """What operations that do not take this plane do to its die."""
        narrow = self._moving_beside & ~(self._copies if state.beside else 0)
        if not narrow:
            return
        blind = state._replace(last=NONE, run=NONE, phase=0, reading=NONE, data=NONE)
        mask = narrow & self._without(self._forbids.by_context(blind._replace(data_waits=False, cache_waits=False)))
        while mask:
            bit = mask & -mask
            mask ^= bit
            base = bit.bit_length() - 1
            kind = self._kinds[base]
            if kind is Kind.COPYBACK_READ and (state.run == NONE or self._device.single_single >> base & 1):
                yield state._replace(beside=True)
            elif kind in STEPS:
                yield from self._stepped_beside(state, base, kind)
            elif kind is Kind.CACHE_PROGRAM or kind in CLOSES_CACHE_PROGRAM:
                yield state._replace(caching=kind is Kind.CACHE_PROGRAM)

    def _stepped_beside(self, state: State, base: int, kind: Kind) -> Iterator[State]:
        under_way = self._stepped(state, base, kind)
        yield under_way
        ended = self.ended(under_way._replace(run=base))
        yield ended._replace(last=state.last, run=state.run, phase=state.phase)
