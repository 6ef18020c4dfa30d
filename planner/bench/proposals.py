"""What the sampler does at a visit to a die: propose, check, reserve. docs/sampler.md is its specification."""

from __future__ import annotations

from abc import ABC, abstractmethod
from random import Random

import numpy as np

from model.boundary import Boundary
from model.chains import RESUMES, Kind
from model.device import Device
from model.event import NOTHING, Chunk, Commands, Spans
from model.geometry import planes_in
from model.live import Live, SpanRow
from planner.bench.draws import Draws, instead, to_carry_on
from planner.bench.exact import NO_ADDRESS, Address, Die, Store, entries, shared_of
from planner.errors import JudgeRefused
from planner.targets.closing.addresses import find
from planner.targets.closing.sets import bits
from planner.targets.history import History
from planner.targets.picker import Picker

TARGET, CHAIN, PREREQUISITE, _, RESUME = range(5)
ATTEMPTS = 6
"""Proposals of a visit."""
FOLLOW, CARRY_ON = 0.8, 0.5
"""How often a planned follower, or else what is open, is proposed first."""
PATIENCE = 300
"""Visits in a row without an operation at the end of a run, after which a die is reset; ten times so many: an error."""

MOST_TO_CLOSE = 200
"""Operations that a die may take to close what is open; after that it is reset."""


class Proposals(ABC):
    """The dies of a run, and what was issued since the last chunk. `now` moves only forward."""

    def __init__(self, device: Device, rng: Random) -> None:
        self.device = device
        self._start = Boundary.fresh(device)
        self._spans: list[SpanRow] = []
        shared = shared_of(device, rng)
        picker = Picker(shared.sets.tables, History.empty(device), rng)
        self._stores = [Store(device, die, self._start, picker) for die in range(device.geometry.dies)]
        self._dies = [Die(shared, self._start, die, store, self._spans) for die, store in enumerate(self._stores)]
        self._sets = shared.sets
        self._draws = Draws(device, self._sets, rng)
        self._plans: list[list[int]] = [[] for _ in self._dies]
        self._still = [0] * len(self._dies)
        self._to_close = [0] * len(self._dies)
        self._free, self._last = 0, -1
        self._uid, self._draining = 1, False
        self._rows: list[tuple[int, int, int, int, int, list[tuple[int, ...]]]] = []
        self._notes: list[tuple[int, int]] = []

    @abstractmethod
    def _next(self, number: int, live: Live | None) -> None:
        """An operation, or None, came of a visit to a die: sets its next hook."""

    @abstractmethod
    def _wake(self, die: int, time: int) -> None:
        """A die is to be visited at a time."""

    # -- propose -------------------------------------------------------------------------------------------------

    def _propose(self, number: int, time: int) -> Live | None:
        die, sets = self._dies[number], self._sets
        tables = sets.tables
        planes = die.allowed_planes()
        some, everywhere = 0, -1
        for mask in planes:
            some |= mask
            everywhere &= mask
        bases = (everywhere & tables.wide | some & tables.on_planes) & tables.usable & ~tables.everywhere
        if self._draining:
            return self._close(number, time, bases, planes)
        bases |= tables.waits
        if not die.track.running:
            bases |= everywhere & tables.everywhere
        live = self._follow(number, time, bases, planes)
        if live is None and not die.track.running and self._draws.chance(CARRY_ON):
            live = self._one_of(number, time, sets.names(bases & to_carry_on(die, tables)), bases, planes, CHAIN)
        if live is None:
            live = self._one_of(number, time, sets.names(bases), bases, planes, TARGET)
        return live

    def _follow(self, number: int, time: int, bases: int, planes: list[int]) -> Live | None:
        """What the config's sequence says comes next."""
        plan, tables = self._plans[number], self._sets.tables
        while plan and tables.douts >> plan[0] & 1 and not self._dies[number].undelivered():
            plan.pop(0)
        if not plan or not self._draws.chance(FOLLOW):
            return None
        base = plan[0]
        live = None
        if bases >> base & 1 and time >= self._dies[number].gap_until():
            live = self._one_of(number, time, self._sets.names_of[base], bases, planes, CHAIN)
        if live is None:
            if not self._dies[number].track.running:
                plan.clear()
        elif not tables.douts >> base & 1:
            plan.pop(0)
        return live

    def _one_of(self, number: int, time: int, names: int, bases: int, planes: list[int], source: int) -> Live | None:
        """Draws until a proposal is accepted; some times at most."""
        die, sets = self._dies[number], self._sets
        names &= sets.on_die(number)
        key = self._key(die)
        for _ in range(ATTEMPTS):
            name = self._draws.name(names, key)
            if name == NOTHING:
                return None
            live = self._try(number, time, name, planes, source)
            if live is not None:
                return live
            if not die.track.running:
                for others in instead(die, sets, name, bases):
                    other = self._draws.name(others, key)
                    live = None if other == NOTHING else self._try(number, time, other, planes, PREREQUISITE)
                    if live is not None:
                        return live
            names &= ~sets.names_of[sets.op_names[name].base.index]
        return None

    def _key(self, die: Die) -> int:
        """The op_state that the weights are taken of: that of a plane drawn at random."""
        states = die.states()
        return die.atlas.key[states[self._draws.between(0, len(states) - 1)]]

    def _try(self, number: int, time: int, name: int, planes: list[int], source: int) -> Live | None:
        """Checks a proposal, and issues it if nothing is against it."""
        die, tables, op = self._dies[number], self._sets.tables, self._sets.op_names[name]
        base = op.base.index
        if tables.waits >> base & 1:
            return self._issue(0, op.index, NO_ADDRESS, time, 0, TARGET)
        if tables.everywhere >> base & 1:
            return self._everywhere(name, time)
        mask = sum(1 << plane for plane, allowed in enumerate(planes) if allowed >> base & 1)
        if tables.wide >> base & 1:
            mask = tables.all_planes
        found = find(die, base, 1 << name, mask) if mask else None
        if found is None or not die.fits(op, found.address[0], time):
            return None
        if base in self._sets.status_bases and not die.stable(op, time):
            return None
        return self._issue(number, name, found.address, time, found.celltype, source)

    def _everywhere(self, name: int, time: int) -> Live | None:
        """An operation of all planes of all dies: nothing may run anywhere."""
        base, everything = self._sets.op_names[name].base.index, self._sets.tables.all_planes
        for die in self._dies:
            if die.now > time:
                return None
            die.go_to(time)
            if die.track.running or not die.guarded(die.allowed(everything)) >> base & 1:
                return None
            if die.silent(everything) >> name & 1:
                return None
        live = self._issue(0, name, NO_ADDRESS, time, 0, TARGET)
        for number, die in enumerate(self._dies[1:], start=1):
            die.begin(Live(self.device, live.uid, live.op, NOTHING, 0, NOTHING, NOTHING, live.celltype, time))
            self._next(number, live)
        self._next(0, live)
        return live

    def _issue(self, number: int, name: int, address: Address, time: int, celltype: int, source: int) -> Live:
        """Issues an operation and takes the bus for it."""
        die, op = self._dies[number], self._sets.op_names[name]
        base, kind = op.base, self.device.kinds[op.base.index]
        value = die.exp_val(time, base.index)
        aim = next((found for p in planes_in(address[0] or 1) if (found := die.cell(p, time)[0]) != NOTHING), NOTHING)
        if kind is Kind.RESET:
            self._plans[number].clear()
            self._withdraw(number, time)
        live = die.start(self._uid, op, address, time, celltype)
        named = number if base.has_die else NOTHING
        payload = entries(self.device, op, named, address, live.celltype)
        self._rows.append((time, self._uid, name, named, value, payload))
        self._notes.append((RESUME if kind in RESUMES else source, aim))
        self._uid += 1
        self._last = time
        if base.bus[0]:
            self._free = time + op.issue
        if kind in (Kind.ODT_OFF, Kind.ODT_ON):
            self._free = max(self._free, live.end)
            for other in self._dies:
                other.switch(kind is Kind.ODT_OFF)
        elif not self._plans[number] and source != CHAIN:
            self._plans[number] = self._draws.plan(base.index)
        return live

    def _withdraw(self, number: int, time: int) -> None:
        """A reset of one die stops what runs on all of them as a whole."""
        for uid in [live.uid for live in self._dies[number].track.running if live.die == NOTHING]:
            for other in self._dies:
                if other.die != number:
                    other.go_to(time)
                    other.track.withdraw(uid, time)
                    self._next(other.die, None)
                    self._wake(other.die, time + 1)

    def _close(self, number: int, time: int, bases: int, planes: list[int]) -> Live | None:
        """What closes something that is open; where that does not get on for long, a reset."""
        die, sets = self._dies[number], self._sets
        tables = sets.tables
        wanted = to_carry_on(die, tables) & ~tables.by_kind[Kind.SHOT_CACHE]
        wanted |= tables.by_kind[Kind.ODT_ON] if die.odt else 0
        if self._still[number] > PATIENCE or self._to_close[number] >= MOST_TO_CLOSE:
            wanted = tables.resets
            if self._still[number] > 10 * PATIENCE:
                raise JudgeRefused("the sampler cannot close what is open", digest=self.device.config.digest)
        for base in bits(bases & wanted):
            live = self._one_of(number, time, sets.names_of[base], bases, planes, CHAIN)
            if live is not None:
                self._to_close[number] += 1
                return live
        return None

    # -- columns -------------------------------------------------------------------------------------------------

    def _chunk(self, time: int) -> Chunk:
        """What was issued since the last one, and what is settled at a time."""
        for die in self._dies:
            die.go_to(time)
        for store in self._stores:
            store.turn(self._uid)
        lives = [live for die in self._dies for live in (*die.track.running, *die.track.passing)]
        notes = np.array(self._notes, dtype=np.int64).reshape(len(self._notes), 2)
        chunk = Chunk(
            commands=Commands.of(self._rows),
            spans=Spans.of(self._spans),
            horizon=min([time, *(live.piece for live in lives)]),
            source=notes[:, 0],
            aim=notes[:, 1],
        )
        self._rows.clear()
        self._spans.clear()
        self._notes.clear()
        return chunk
