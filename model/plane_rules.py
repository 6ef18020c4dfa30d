"""What the rules forbid to a plane of a die in an abstract state: the preconditions of the search, rule by rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from model.chains import (
    CACHE_ENDS,
    CACHE_READS,
    DIRECT_READS,
    FIRST_STEPS,
    KEEPS_REGISTERS,
    MOVES_FROM,
    NEXT_STEP,
    STEPS,
    TAKES_COPYBACK,
    TRANSFER_OF,
    Kind,
)
from model.device import Device

NONE = -1
CORE, DATA = 1, 2
RULES = (
    "op-state",
    "end-state",
    "latch",
    "cache",
    "suspend-state",
    "odt",
    "plane-busy",
    "suspend-target",
    "resume-order",
    "residual",
    "chain",
    "transfer",
    "recovery",
    "dout",
    "cache-chain",
)
"""The rules that the search knows."""


class State(NamedTuple):
    """A plane of a die. Bases by index, NONE where there is none.

    `last`: base of the last segment while the plane is idle. `run`, `phase`: what runs. `erase`, `program`: what is
    suspended on each axis. `step`: the latest step of an open one-shot chain; `latch`: the step whose latch is on.
    `cached`, `caching`: the one-shot cache and cache program states; `reading`: the open kind of cache read. `data`:
    base of the read whose page is in the data register, `data_waits`, `cache_waits`: undelivered pages. `beside`:
    another plane holds a copyback page. `odt`: ODT is disabled.
    """

    last: int = NONE
    run: int = NONE
    phase: int = 0
    erase: int = NONE
    program: int = NONE
    step: int = NONE
    latch: int = NONE
    cached: bool = False
    caching: bool = False
    reading: int = NONE
    data: int = NONE
    data_waits: bool = False
    cache_waits: bool = False
    beside: bool = False
    odt: bool = False


class PlaneRules:
    """The preconditions of one device."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self._kinds = device.kinds
        self._bases = device.catalogue.bases
        self._of_kind: dict[Kind, int] = {}
        for base in self._bases:
            if base.names:
                kind = self._kinds[base.index]
                self._of_kind[kind] = self._of_kind.get(kind, 0) | 1 << base.index
        self._affecting = sum(1 << base.index for base in self._bases if base.affects_state)
        self._holding = sum(1 << base.index for base in self._bases if base.holds)

    def of_kinds(self, kinds: Iterable[Kind]) -> int:
        """The bases of some kinds that have op_names."""
        return sum(self._of_kind.get(kind, 0) for kind in set(kinds))

    @cached_property
    def _masks(self) -> dict[str, int]:
        """Bit sets that the rules need at every state."""
        overwriting = sum(
            1 << base.index
            for base in self._bases
            if base.affects_state and self._kinds[base.index] not in KEEPS_REGISTERS | {Kind.RESET}
        )
        return {
            "steps": self.of_kinds(STEPS),
            "first": self.of_kinds(FIRST_STEPS),
            "copyback": self.of_kinds(TAKES_COPYBACK),
            "overwriting": overwriting,
            "erase_suspend": self.of_kinds({Kind.ERASE_SUSPEND}),
            "program_suspend": self.of_kinds({Kind.PROGRAM_SUSPEND}),
            "erase_resume": self.of_kinds({Kind.ERASE_RESUME}),
            "program_resume": self.of_kinds({Kind.PROGRAM_RESUME}),
            "reset": self.of_kinds({Kind.RESET}),
            "recovery": self.of_kinds({Kind.RECOVERY}),
            "dout": self.of_kinds({Kind.DOUT}),
            "dout4k": self.of_kinds({Kind.DOUT4K}),
            "cache_reads": self.of_kinds(CACHE_READS | CACHE_ENDS),
            "transfers": self.of_kinds(TRANSFER_OF),
        }

    def forbidden(self, state: State) -> Iterator[tuple[str, int]]:
        """Per rule the bases that it forbids in a state, seen from this plane."""
        tables, device = self._device.exclusions, self._device
        waits = self._waits(state)
        if state.run != NONE:
            yield "op-state", tables.by_state[state.run][self.index(state.run, state.phase)]
            yield "plane-busy", self._holding & ~self._may_enter(state)
        elif state.last != NONE:
            yield "end-state", tables.end[state.last]
        latches = device.read_latch if waits else 0
        yield "latch", latches | (device.step_latch[state.latch] if state.latch != NONE else 0)
        cache = device.cache_read[state.reading] if state.reading != NONE else 0
        cache |= device.cache_program if state.caching else 0
        yield "cache", cache | (device.shot_cache if state.cached else 0)
        yield "suspend-state", self._suspend_state(state)
        yield "odt", tables.odt if state.odt else 0
        yield from self._structure(state, waits)

    def index(self, base: int, phase: int) -> int:
        """The index of the state that a phase of a base is."""
        return 1 if phase == CORE else len(self._bases[base].states) - 1

    def _waits(self, state: State) -> bool:
        """Whether the plane holds undelivered data that have left the array."""
        fetching = state.run == state.data and state.phase == CORE and state.run != NONE
        return state.cache_waits or (state.data_waits and not fetching)

    def _may_enter(self, state: State) -> int:
        """Holders that may start while the plane is held, takers of windows aside: they abort or cut what runs."""
        masks = self._masks
        allowed = masks["reset"]
        if state.phase == CORE:
            allowed |= masks["erase_suspend"] if self._kinds[state.run] is Kind.ERASE else 0
            allowed |= masks["program_suspend"] if self._device.program_axis >> state.run & 1 else 0
        return allowed

    def _suspend_state(self, state: State) -> int:
        device = self._device
        running = self._kinds[state.run] if state.run != NONE else None
        mask = 0
        for axis, victim, suspend in (
            (0, state.erase, Kind.ERASE_SUSPEND),
            (1, state.program, Kind.PROGRAM_SUSPEND),
        ):
            on = victim != NONE and running is not suspend
            mask |= device.suspended[axis] if on else device.not_suspended[axis]
        return mask

    def _structure(self, state: State, waits: bool) -> Iterator[tuple[str, int]]:
        """The rules that do not come from the tables."""
        masks, kinds = self._masks, self._kinds
        running = kinds[state.run] if state.run != NONE else None
        core = state.phase == CORE
        targets = masks["erase_suspend"] if running is Kind.ERASE and core else 0
        if state.run != NONE and core and self._device.program_axis >> state.run & 1:
            targets |= masks["program_suspend"]
        yield "suspend-target", (masks["erase_suspend"] | masks["program_suspend"]) & ~targets
        order = masks["erase_resume"] if state.erase == NONE or running is Kind.ERASE_SUSPEND else 0
        order |= masks["program_resume"] if state.program == NONE or running is Kind.PROGRAM_SUSPEND else 0
        if state.program != NONE:
            order |= masks["erase_resume"] | masks["erase_suspend"]
        yield "resume-order", order
        yield "residual", masks["erase_resume"] | masks["program_resume"] if waits else 0
        yield "chain", self._chain(state)
        latched = kinds[state.latch] if state.latch != NONE else None
        wanted = self.of_kinds(transfer for transfer, step in TRANSFER_OF.items() if step is latched)
        yield "transfer", masks["transfers"] & ~wanted
        rests = state.program != NONE and running is not Kind.PROGRAM_SUSPEND
        yield "recovery", 0 if rests else masks["recovery"]
        yield "dout", self._delivery(state, waits)
        yield "cache-chain", self._cache_chain(state)

    def _chain(self, state: State) -> int:
        masks, kinds = self._masks, self._kinds
        following = self.of_kinds(NEXT_STEP[kinds[state.step]]) if state.step != NONE else masks["first"]
        mask = masks["steps"] & ~following
        fed = state.data != NONE and kinds[state.data] is Kind.COPYBACK_READ
        if not fed and not state.beside:
            mask |= masks["copyback"]
        return mask

    def _delivery(self, state: State, waits: bool) -> int:
        masks, kinds = self._masks, self._kinds
        due = None
        if state.cache_waits:
            due = Kind.CACHE_READ
        elif waits and kinds[state.data] in DIRECT_READS:
            due = kinds[state.data]
        mask = masks["dout"] | masks["dout4k"]
        if due is not None:
            mask &= ~(masks["dout4k"] if due is Kind.READ4K else masks["dout"])
        if state.data_waits or state.cache_waits:
            taken = state.data_waits and not state.cache_waits and kinds[state.data] is Kind.COPYBACK_READ
            mask |= masks["overwriting"] & ~(masks["copyback"] if taken else 0)
        return mask

    def _cache_chain(self, state: State) -> int:
        if state.cache_waits or state.data == NONE:
            return self._masks["cache_reads"]
        page = self._kinds[state.data]
        able = self.of_kinds(kind for kind, sources in MOVES_FROM.items() if page in sources)
        return self._masks["cache_reads"] & ~able

    def takers(self, state: State, judged: bool) -> int:
        """Bases that take over the DATA window that runs: state-affecting ones that its group, where judged, allows."""
        masks = self._masks
        others = masks["erase_suspend"] | masks["program_suspend"] | masks["reset"]
        forbidden = self._device.exclusions.by_state[state.run][self.index(state.run, DATA)]
        return self._affecting & ~others & ~(forbidden if judged else 0)
