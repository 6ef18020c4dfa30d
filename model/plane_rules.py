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
    READS,
    STEPS,
    SUSPENDS,
    TAKES_COPYBACK,
    TRANSFER_OF,
    Kind,
)
from model.device import Device

NONE = -1
ELSEWHERE = -2
"""What is suspended lies on other planes of the die only."""
SOMETHING = 0
"""A base, whichever it is."""
CORE, DATA = 1, 2
RULES = (
    "op-state",
    "end-state",
    "latch",
    "cache",
    "suspend-state",
    "odt",
    "bus",
    "plane-busy",
    "suspend-target",
    "resume-order",
    "residual",
    "chain",
    "transfer",
    "recovery",
    "dout",
    "cache-chain",
    "program-after-erase",
)
"""The rules that the search knows."""


class State(NamedTuple):
    """A plane of a die. Bases by index, NONE where there is none.

    `last`: base of the last segment while the plane is idle. `run`, `phase`: what runs. `erase`, `program`: what is
    suspended on each axis. `step`: the latest step of an open one-shot chain; `latch`: the step whose latch is on.
    `cached`, `caching`: the one-shot cache and cache program states; `reading`: the open kind of cache read. `data`:
    base of the read whose page is in the data register, `data_waits`, `cache_waits`: undelivered pages. `beside`:
    another plane holds a copyback page. `odt`: ODT is disabled. `deeper`: more is suspended on the PROGRAM axis.
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
    deeper: bool = False


Masks = tuple[tuple[str, int], ...]
"""Per rule the bases that it forbids (bit set)."""


class PlaneRules:
    """The preconditions of one device, of which `named` are the bases (bit set) that are ever issued."""

    def __init__(self, device: Device, named: int | None = None) -> None:
        self._device, self._kinds, self._bases = device, device.kinds, device.catalogue.bases
        self.named = sum(1 << base.index for base in self._bases if base.names) if named is None else named
        self._of_kind: dict[Kind, int] = {}
        for base in self._bases:
            if self.named >> base.index & 1:
                kind = self._kinds[base.index]
                self._of_kind[kind] = self._of_kind.get(kind, 0) | 1 << base.index
        self._affecting = sum(1 << base.index for base in self._bases if base.affects_state)
        self._holding = sum(1 << base.index for base in self._bases if base.holds)
        self.wide = sum(1 << i for i, wide in enumerate(device.targets_all) if wide)
        several = self.named if device.geometry.planes > 1 else 0
        self.elsewhere = several & ~self.wide
        """Bases that may run on other planes without this one."""
        self.apart = several & self.wide & sum(1 << base.index for base in self._bases if base.has_plane)
        """Bases that take this plane though their pages may lie on others only."""
        self._by_key: dict[tuple[int, ...], Masks] = {}
        self._by_context: dict[tuple[object, ...], Masks] = {}

    def of_kinds(self, kinds: Iterable[Kind]) -> int:
        """The bases of some kinds that are ever issued."""
        return sum(self._of_kind.get(kind, 0) for kind in set(kinds))

    def idle(self) -> frozenset[str]:
        """Rules that forbid nothing on this device that a search could find out."""
        used = {"bus": any(any(base.bus[1:]) for base in self._bases), "end-state": any(self._device.exclusions.end)}
        return frozenset({"odt", *(rule for rule, does in used.items() if not does)})

    def suspendable(self, base: int) -> bool:
        """Whether CORE_BUSY of a base has a tick strictly inside."""
        names = self._device.catalogue.names
        return any(names[n].core_busy > 1 for n in self._bases[base].names)

    @cached_property
    def victims(self) -> tuple[int, int]:
        """The bases that a SUSPEND of each axis (erase, program) can cut."""
        able = sum(1 << b.index for b in self._bases if b.affects_state and self.suspendable(b.index)) & self.named
        return self._device.erase_axis & able, self._device.program_axis & able

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
            "cutting": self.of_kinds(SUSPENDS | {Kind.RESET}),
            "reset": self.of_kinds({Kind.RESET}),
            "recovery": self.of_kinds({Kind.RECOVERY}),
            "dout": self.of_kinds({Kind.DOUT}),
            "dout4k": self.of_kinds({Kind.DOUT4K}),
            "cache_reads": self.of_kinds(CACHE_READS),
            "cache_ends": self.of_kinds(CACHE_ENDS),
            "transfers": self.of_kinds(TRANSFER_OF),
            "on_bus": sum(1 << base.index for base in self._bases if base.bus[0]),
            "unprepared": self._unprepared(),
        }

    def _unprepared(self) -> int:
        """Bases that need an erased or programmed block, which a plane never used cannot have."""
        programs = STEPS | TAKES_COPYBACK | {Kind.PROGRAM, Kind.ALLWL, Kind.CACHE_PROGRAM, Kind.OTHER_PROGRAM}
        needs = self.of_kinds(programs | READS | CACHE_ENDS | {Kind.DOUT, Kind.DOUT4K, Kind.DATAIN})
        narrow_erase = self.of_kinds({Kind.ERASE}) & self.elsewhere
        return needs & ~(self.apart if narrow_erase else 0)

    def forbidden(self, state: State) -> Iterator[tuple[str, int]]:
        """Per rule the bases that it forbids in a state, seen from this plane."""
        yield from self.by_key(state)
        yield from self.by_context(state)

    def by_key(self, state: State) -> Masks:
        """What the op_state alone forbids."""
        key = state[:3]
        found = self._by_key.get(key)
        if found is None:
            found = self._by_key[key] = tuple(pair for pair in self._of_key(state) if pair[1])
        return found

    def by_context(self, state: State) -> Masks:
        """What everything else forbids: latches, caches, suspensions, registers."""
        context = (*state[3:], self.running(state))
        found = self._by_context.get(context)
        if found is None:
            found = self._by_context[context] = tuple(pair for pair in self._of_context(state) if pair[1])
        return found

    def _of_key(self, state: State) -> Iterator[tuple[str, int]]:
        tables, masks = self._device.exclusions, self._masks
        if state.run != NONE:
            index = self.index(state.run, state.phase)
            yield "op-state", tables.by_state[state.run][index]
            yield "plane-busy", self._holding & ~self._may_enter(state)
            enters = self._may_enter(state) | (self.takers(state, True) if state.phase == DATA else 0)
            yield "bus", masks["on_bus"] & ~enters if self._bases[state.run].bus[index] else 0
        elif state.last != NONE:
            yield "end-state", tables.end[state.last]
        else:
            yield "program-after-erase", masks["unprepared"]
        yield "suspend-target", self._suspend_target(state)

    def _of_context(self, state: State) -> Iterator[tuple[str, int]]:
        device = self._device
        waits = self.waits(state)
        latches = device.read_latch if waits else 0
        yield "latch", latches | (device.step_latch[state.latch] if state.latch != NONE else 0)
        cache = device.cache_read[state.reading] if state.reading != NONE else 0
        cache |= device.cache_program if state.caching else 0
        yield "cache", cache | (device.shot_cache if state.cached else 0) | self._last_page(state)
        yield "suspend-state", self._suspend_state(state)
        yield "odt", device.exclusions.odt if state.odt else 0
        yield from self._structure(state, waits)

    def _last_page(self, state: State) -> int:
        """A cache program never goes on on the last page: of two pages the second is."""
        if self._device.geometry.pages > 2:
            return 0
        mask = self.of_kinds({Kind.CACHE_PROGRAM}) if state.caching else 0
        return mask | (self.of_kinds({Kind.SHOT_CACHE}) if state.cached else 0)

    def running(self, state: State) -> Kind | None:
        """The kind of what runs, as far as the context asks for it: suspends, and reads that are still fetching."""
        if state.run == NONE:
            return None
        kind = self._kinds[state.run]
        return kind if kind in SUSPENDS or self.fetches(state) else None

    def fetches(self, state: State) -> bool:
        """Whether a read is under way whose data have not left the array."""
        return state.run != NONE and state.phase == CORE and self._kinds[state.run] in READS

    def index(self, base: int, phase: int) -> int:
        """The index of the state that a phase of a base is."""
        return 1 if phase == CORE else len(self._bases[base].states) - 1

    def waits(self, state: State) -> bool:
        """Whether the plane holds undelivered data that have left the array."""
        return state.cache_waits or (state.data_waits and not self.fetches(state))

    def _may_enter(self, state: State) -> int:
        """Holders that may start while the plane is held, takers of windows aside: they abort or cut what runs."""
        masks = self._masks
        allowed = masks["reset"]
        if state.phase == CORE:
            allowed |= masks["erase_suspend"] if self._device.erase_axis >> state.run & 1 else 0
            allowed |= masks["program_suspend"] if self._device.program_axis >> state.run & 1 else 0
        return allowed

    def _suspend_target(self, state: State) -> int:
        masks, victims = self._masks, self.victims
        runs = 1 << state.run if state.run != NONE and state.phase == CORE else 0
        runs |= self.elsewhere if state.run == NONE else 0
        forbidden = 0 if runs & victims[0] else masks["erase_suspend"]
        return forbidden | (0 if runs & victims[1] else masks["program_suspend"])

    def _suspend_state(self, state: State) -> int:
        device, masks = self._device, self._masks
        running = self.running(state)
        mask = 0
        for axis, victim, suspend, resume in (
            (0, state.erase, Kind.ERASE_SUSPEND, "erase_resume"),
            (1, state.program, Kind.PROGRAM_SUSPEND, "program_resume"),
        ):
            on = victim != NONE and (running is not suspend or (axis == 1 and state.deeper))
            mask |= device.suspended[axis] if on else device.not_suspended[axis] | masks[resume]
        return mask

    def _structure(self, state: State, waits: bool) -> Iterator[tuple[str, int]]:
        """The rules that do not come from the tables."""
        masks, kinds, running = self._masks, self._kinds, self.running(state)
        yield "resume-order", masks["erase_resume"] | masks["erase_suspend"] if state.program != NONE else 0
        yield "residual", masks["erase_resume"] | masks["program_resume"] if waits else 0
        yield "chain", self._chain(state)
        latched = kinds[state.latch] if state.latch != NONE else NONE
        wanted = self.of_kinds(transfer for transfer, step in TRANSFER_OF.items() if step == latched)
        yield "transfer", masks["transfers"] & ~wanted
        rests = state.program != NONE and (running is not Kind.PROGRAM_SUSPEND or state.deeper)
        yield "recovery", 0 if rests else masks["recovery"]
        yield "dout", self._delivery(state, waits)
        yield "cache-chain", self._cache_chain(state)

    def _chain(self, state: State) -> int:
        masks, kinds = self._masks, self._kinds
        following = self.of_kinds(NEXT_STEP.get(kinds[state.step], ())) if state.step != NONE else masks["first"]
        mask = masks["steps"] & ~following
        fed = state.data != NONE and kinds[state.data] is Kind.COPYBACK_READ
        if not fed:
            mask |= masks["copyback"] & ~(self.apart if state.beside else 0)
        return mask

    def _delivery(self, state: State, waits: bool) -> int:
        masks, kinds = self._masks, self._kinds
        due = None
        if state.cache_waits:
            due = Kind.CACHE_READ
        elif waits and state.data != NONE and kinds[state.data] in DIRECT_READS:
            due = kinds[state.data]
        mask = masks["dout"] | masks["dout4k"]
        if due is not None:
            mask &= ~(masks["dout4k"] if due is Kind.READ4K else masks["dout"])
        if state.data_waits or state.cache_waits:
            copied = state.data != NONE and kinds[state.data] is Kind.COPYBACK_READ
            taken = state.data_waits and not state.cache_waits and copied
            mask |= masks["overwriting"] & ~(masks["copyback"] if taken else 0)
        return mask

    def _cache_chain(self, state: State) -> int:
        """A cache read needs a page of its family, an END an open cache read; both a free cache register."""
        masks, kinds = self._masks, self._kinds
        mask = masks["cache_reads"] | masks["cache_ends"]
        if not state.cache_waits:
            page = kinds[state.data] if state.data != NONE else None
            opened = kinds[state.reading] if state.reading != NONE else None
            able = [kind for kind in CACHE_READS if page in MOVES_FROM[kind]]
            mask &= ~self.of_kinds([*able, *(kind for kind in CACHE_ENDS if opened in MOVES_FROM[kind])])
        return mask & ~self.apart

    def takers(self, state: State, judged: bool) -> int:
        """Bases that take over the DATA window that runs: state-affecting ones that its group, where judged, allows."""
        others = self._masks["cutting"]
        forbidden = self._device.exclusions.by_state[state.run][self.index(state.run, DATA)]
        return self._affecting & ~others & ~(forbidden if judged else 0)
