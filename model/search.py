"""What can ever happen on a plane: the abstract state machine of a die as one of its planes sees it, and its closure.

The machine forgets addresses, times and what the other planes and dies forbid, so it allows at least what a device
allows: a base that it never issues in an op_state cannot be issued there (its closure over-approximates). `rules`
are the rules that it enforces; a pair that stays out of reach with few of them is forbidden by those. It takes every
ISSUE for a moment, which is right where ISSUE is on the bus.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from model.chains import SUSPENDS, Kind
from model.device import Device
from model.plane_moves import PlaneMoves
from model.plane_rules import DATA, NONE, RULES, SOMETHING, State


class Key(NamedTuple):
    """An op_state at base grain: `state` is the index of the state in the base's states, 0 for END.

    `base` is NONE for a plane that was never used.
    """

    base: int
    state: int


@dataclass(frozen=True, slots=True)
class Closure:
    """What the machine reaches: per op_state the bases that it issues there (bit set), and how each state came."""

    issued: Mapping[Key, int]
    states: Mapping[State, tuple[State, int] | None]


_HOLDING = frozenset({"latch", "residual"})
_REGISTERS = ("latch", "dout", "residual")
_READERS = {
    "erase": ("suspend-state", "resume-order", "recovery"),
    "program": ("suspend-state", "resume-order", "recovery"),
    "deeper": ("suspend-state", "resume-order", "recovery"),
    "odt": (),
    "cached": ("cache",),
    "caching": ("cache",),
    "reading": ("cache", "cache-chain"),
    "latch": ("latch", "transfer"),
    "step": ("chain",),
    "beside": ("chain",),
    "data": ("dout", "cache-chain", "chain"),
    "data_waits": _REGISTERS,
    "cache_waits": (*_REGISTERS, "cache-chain"),
}
"""The rules that look at each part of a state: what no enforced rule looks at need not be told apart.

ODT is never told apart: while it is disabled less is allowed, and nothing asks for it.
"""


class Machine(PlaneMoves):
    """The abstract machine of one device. `named` (bit set): the bases that are ever issued; by default all.

    `like` is a machine of the same device and bases, with other rules, whose work is shared.
    """

    def __init__(
        self,
        device: Device,
        rules: Iterable[str] = RULES,
        named: int | None = None,
        like: Machine | None = None,
    ) -> None:
        super().__init__(device, rules, named, None if like is None else like._forbids)
        first = State()._asdict()
        self._unread = {field: first[field] for field, readers in _READERS.items() if self.rules.isdisjoint(readers)}
        only = {
            "latch": {"latch"},
            "reading": {"cache"},
            "data_waits": _HOLDING,
            "cache_waits": _HOLDING | {"cache-chain"},
        }
        self._forbidding: dict[str, Any] = {"cached": False, "caching": False}
        for field, harmless in only.items():
            if self.rules.isdisjoint(set(_READERS[field]) - harmless):
                self._forbidding[field] = first[field]
        if "beside" not in self._unread:
            self._forbidding["beside"] = True
        self._affecting = sum(1 << base.index for base in self._bases if base.affects_state)
        self._delivering = device.mask_of([Kind.DOUT, Kind.DOUT4K]) & ~self._affecting
        self.ends_tell = "end-state" in self.rules and any(device.exclusions.end)
        self._forgotten: dict[tuple[object, ...], tuple[Any, ...]] = {}
        self._aside: dict[tuple[object, ...], tuple[tuple[Any, ...], ...]] = {}
        self._bits: dict[int, tuple[int, ...]] = {}
        self._started_from: dict[tuple[object, ...], dict[int, tuple[State, ...]]] = {}
        self._begun_from: dict[tuple[object, ...], dict[int, tuple[State, ...]]]
        self._begun_from = {} if like is None else like._begun_from
        self._by_key: dict[tuple[int, ...], int] = {}
        self._by_context: dict[tuple[object, ...], int] = {}

    def allowed(self, state: State) -> int:
        """The bases that the enforced rules allow in a state.

        Who takes over a DATA window is judged by its group, and then by all other rules with the window ended.
        """
        mask = self._plainly(state)
        if state.phase != DATA:
            return mask
        takers = self._forbids.takers(state, "op-state" in self.rules)
        return (mask & ~takers) | (self._plainly(self.ended(state)) & takers)

    def _plainly(self, state: State) -> int:
        """What is allowed where nothing is taken over."""
        key = (state.last, state.run, state.phase)
        mask = self._by_key.get(key)
        if mask is None:
            mask = self._by_key[key] = self._without(self._forbids.by_key(state))
        context = (*state[3:], self._forbids.running(state))
        rest = self._by_context.get(context)
        if rest is None:
            rest = self._by_context[context] = self._without(self._forbids.by_context(state))
        return mask & rest

    # -- what follows ------------------------------------------------------------------------------------------

    def successors(self, state: State, allowed: int) -> list[tuple[int, State]]:
        """Every (base, state) that may come next of the bases allowed; NONE: time that passes, operations beside.

        Operations that change nothing are left out. Of the states only what matters is kept.
        """
        found = self.lingering(state, allowed)
        started = self._starts(self.ended(state) if state.phase == DATA else state)
        for base in self._listed(allowed & self._affecting):
            if self._kinds[base] in SUSPENDS:
                found += [(base, self.forget(after)) for after in self.issue(state, base)]
                continue
            afters = started.get(base)
            if afters is None:
                afters = started[base] = tuple(self.forget(after) for after in self._begin(state, base))
            found += [(base, after) for after in afters]
        found += [(NONE, self.forget(after)) for after in self.passes(state)]
        return found

    def lingering(self, state: State, allowed: int) -> list[tuple[int, State]]:
        """What follows without a change of what the plane is in: deliveries, and operations beside."""
        found = [
            (base, self.forget(after))
            for base in self._listed(allowed & self._delivering)
            for after in self.issue(state, base)
        ]
        context = state[3:]
        aside = self._aside.get(context) if state.run == NONE else None
        if aside is None:
            aside = tuple(self.forget(after)[3:] for after in self.beside(state))
            if state.run == NONE:
                self._aside[context] = aside
        return found + [(NONE, State._make((*state[:3], *after))) for after in aside]

    def _starts(self, state: State) -> dict[int, tuple[State, ...]]:
        """What is known already of starts of operations where everything but the op_state is as in this state."""
        return self._started_from.setdefault(state[3:], {})

    def _begin(self, state: State, base: int) -> tuple[State, ...]:
        """The states after a start that cuts nothing; neither rules nor the op_state matter."""
        known = self._begun_from.setdefault(state[3:], {})
        afters = known.get(base)
        if afters is None:
            afters = known[base] = tuple(self.issue(state, base))
        return afters

    def _listed(self, mask: int) -> tuple[int, ...]:
        bases = self._bits.get(mask)
        if bases is None:
            bases = self._bits[mask] = tuple(base.index for base in self._bases if mask >> base.index & 1)
        return bases

    def forget(self, state: State) -> State:
        """The state without what no enforced rule looks at; of victims only that there are some, where that is all."""
        known = self._forgotten.get(state[3:])
        if known is None:
            after = state._replace(**self._unread)
            if not self._knows_victims:
                erase, program = min(after.erase, SOMETHING), min(after.program, SOMETHING)
                after = after._replace(erase=erase, program=program, deeper=False)
            known = self._forgotten[state[3:]] = after[3:]
        return State._make((*state[:3], *known))

    def outdone(self, state: State, seen: Container[State]) -> bool:
        """Whether a state was seen that allows the same and more, now and later."""
        return any(better in seen for better in self.better(state))

    def better(self, state: State) -> Iterator[State]:
        """States with less that forbids: what is allowed in this one, now and later, is allowed in them."""
        cleared = state._replace(**self._forbidding)
        if cleared != state:
            yield cleared
            for field, value in self._forbidding.items():
                if getattr(state, field) != value:
                    yield state._replace(**{field: value})

    def key(self, state: State) -> Key:
        """The op_state of the plane."""
        if state.run != NONE:
            return Key(state.run, self._forbids.index(state.run, state.phase))
        return Key(state.last, 0)

    def closure(self) -> Closure:
        """Everything that the machine reaches from an unused plane."""
        exploration = Exploration(self)
        exploration.run()
        return Closure(exploration.issued, exploration.came)


class Exploration:
    """A closure that can stop early and go on later.

    `issued`: per op_state the bases issued there so far (bit set); `came`: the states reached so far, and how.
    """

    def __init__(self, machine: Machine) -> None:
        first = State()
        self._machine = machine
        self._pending = deque([first])
        self._outdone: set[State] = set()
        self._idle: set[tuple[Any, ...]] = set()
        self.came: dict[State, tuple[State, int] | None] = {first: None}
        self.issued: dict[Key, int] = {}

    @property
    def complete(self) -> bool:
        """Whether nothing more is reached."""
        return not self._pending

    def release(self) -> None:
        """Lets go of all but what is issued where, once the closure is complete."""
        if self.complete:
            self.came, self._outdone, self._idle = {}, set(), set()

    def at(self, key: Key) -> int:
        """The bases issued so far in an op_state (bit set)."""
        return self.issued.get(key, 0)

    def run(self, goals: Mapping[Key, int] | None = None) -> None:
        """Goes on to the end, or until all goals (per op_state a bit set of bases) are issued; then deep first."""
        after = self._pending.popleft if goals is None else self._pending.pop
        machine, issued = self._machine, self.issued
        left = {key: wanted for key, wanted in (goals or {}).items() if wanted & ~issued.get(key, 0)}
        while self._pending and (left or goals is None):
            state = after()
            key, allowed = machine.key(state), machine.allowed(state)
            issued[key] = issued.get(key, 0) | allowed
            if key in left and not left[key] & ~issued[key]:
                del left[key]
            self._visit(state, allowed)

    def _visit(self, state: State, allowed: int) -> None:
        machine, came, outdone = self._machine, self.came, self._outdone
        for base, after in self._following(state, allowed):
            if after in came or after in outdone:
                continue
            if machine.outdone(after, came):
                outdone.add(after)
            else:
                came[after] = (state, base)
                self._pending.append(after)

    def _following(self, state: State, allowed: int) -> list[tuple[int, State]]:
        """What is not known to follow from a state before."""
        if state.run != NONE or state.last == NONE:
            return self._machine.successors(state, allowed)
        if state[3:] in self._idle and not self._machine.ends_tell:
            return self._machine.lingering(state, allowed)
        self._idle.add(state[3:])
        return self._machine.successors(state, allowed)
