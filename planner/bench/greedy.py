"""The greedy strategy: what is wanted is chosen as `nandplan plan` chooses it, and placed by list scheduling."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count

import numpy as np
import numpy.typing as npt

from model.advance import advance
from model.boundary import Boundary
from model.device import Device
from model.event import NOTHING, Chunk, Commands, Ints
from planner.bench.calendar import Bus
from planner.bench.exact import issues_only, shared_of
from planner.bench.listing import Listing, Slot, decoded
from planner.bench.watch import Watch
from planner.errors import JudgeRefused
from planner.streams import of_window
from planner.targets.choose import Aim, choose
from planner.targets.closing.left import Left
from planner.targets.closing.motif import Motif
from planner.targets.closing.window import Closing
from planner.targets.history import History
from planner.targets.picker import Picker
from planner.targets.tables import tables_of
from planner.window.spec import WindowSpec
from planner.window.wishes import without_wishes

TARGET, _, PREREQUISITE = range(3)
TRIES = 30
"""How often a window is chosen anew, ever smaller, before the plan is given up."""
CLOSING = 400
"""Operations of a window of motifs."""
PATIENCE = 12
"""So many windows of motifs in a row without a new cell: what is left is given up."""
MERGED = 5_000
"""ISSUEs of a motif that are closer than this (ticks) are one piece to the others."""

Mask = npt.NDArray[np.bool_]
Told = Callable[[Boundary, WindowSpec, bool], None]
"""Told of each window what it stood on, what was asked for, and whether list scheduling placed all of it."""


@dataclass(slots=True)
class Tally:
    """Windows chosen; those of them placed whole, and only without their wishes; operations dropped."""

    chosen: int = 0
    whole: int = 0
    modest: int = 0
    dropped: int = 0


class Greedy:
    """One run on a fresh device. `told` hears of each window that was tried."""

    def __init__(self, device: Device, seed: int, told: Told = lambda boundary, spec, whole: None) -> None:
        self.device, self._seed, self._told = device, seed, told
        self.boundary = Boundary.fresh(device)
        self.tally = Tally()
        self._history = History.empty(device)
        self._shared = shared_of(device, of_window(seed, 0, 1, 0, 0))
        self._closing: Closing | None = None
        self._window = 0

    def chunks(self, operations: int, watch: Watch) -> Iterator[Chunk]:
        """Windows until there are so many operations, then whatever closes what is open."""
        made = 0
        while True:
            chunk = self._next(made >= operations, watch)
            if chunk is None:
                break
            made += len(chunk.commands)
            yield chunk
        yield from self._settled()

    def covering(self, wanted: Mask, watch: Watch) -> Iterator[Chunk]:
        """Windows of motifs until every wanted cell [op_state, op_name, bin] is hit, or nothing new is found."""
        yield from self._pass(wanted, watch)
        yield from self.chunks(0, watch)

    def repeating(self, wanted: Mask, operations: int, watch: Watch) -> Iterator[Chunk]:
        """Windows of motifs that hit all wanted cells again and again, until there are so many operations.

        Where nothing that is wanted can be hit, windows of the walking chooser.
        """
        made, before = 0, -1
        while before < made < operations:
            before = made
            for chunk in self._pass(wanted, watch):
                made += len(chunk.commands)
                yield chunk
                if made >= operations:
                    break
        yield from self.chunks(operations - made, watch)

    def _pass(self, wanted: Mask, watch: Watch) -> Iterator[Chunk]:
        """Once through the wanted cells."""
        with watch.stage("choose"):
            if self._closing is None:
                self._closing = Closing(self.device, Left(self.device, wanted))
            closing, idle = self._closing, 0
            closing.left.want(wanted)
        while closing.left.count and idle < PATIENCE:
            before = closing.left.count
            with watch.stage("choose"):
                motifs = closing.window(self.boundary, of_window(self._seed, 0, 1, self._window, 0), CLOSING)
            closing.left.kept()
            if motifs:
                yield self._of_motifs(motifs, watch)
            idle = 0 if closing.left.count < before else idle + 1
            if idle:
                for memory in closing.memory:
                    memory.relent()

    # -- windows of operations ---------------------------------------------------------------------------------------

    def _next(self, drain: bool, watch: Watch) -> Chunk | None:
        for attempt in range(TRIES):
            with watch.stage("choose"):
                rng = of_window(self._seed, 0, 1, self._window, attempt)
                spec = choose(self.device, self.boundary, self._history, rng, Aim(0.8**attempt, drain))
            if not spec.ops:
                return None
            self.tally.chosen += 1
            slots = self._placed(spec, watch)
            self._told(self.boundary, spec, slots is not None)
            if slots is not None:
                self.tally.whole += 1
                return self._decoded(spec, slots, watch)
            modest, gone = without_wishes(spec)
            self.tally.dropped += gone
            slots = self._placed(modest, watch) if gone and modest.ops else None
            if slots is not None:
                self.tally.modest += 1
                return self._decoded(modest, slots, watch)
            self.tally.dropped += len(modest.ops)
        raise JudgeRefused(
            f"no window could be placed in {TRIES} tries", digest=self.device.config.digest, seed=self._seed, run=1,
            window=self._window,
        )  # fmt: skip

    def _placed(self, spec: WindowSpec, watch: Watch) -> list[Slot] | None:
        with watch.stage("place"):
            rng = of_window(self._seed, 1, 1, self._window, 0)
            picker = Picker(tables_of(self.device), self._history, rng)
            return Listing(self._shared, self.boundary, spec, picker).slots()

    def _decoded(self, spec: WindowSpec, slots: list[Slot], watch: Watch) -> Chunk:
        with watch.stage("decode"):
            source = np.array([op.source for op in spec.ops], dtype=np.int64)
            aim = np.array([op.aim for op in spec.ops], dtype=np.int64)
            chunk, self.boundary = decoded(self.device, self.boundary, slots, source, aim)
            self._history.recorded(chunk.commands, chunk.aim)
        self._window += 1
        return chunk

    # -- windows of motifs -------------------------------------------------------------------------------------------

    def _of_motifs(self, motifs: list[Motif], watch: Watch) -> Chunk:
        with watch.stage("place"):
            rng = of_window(self._seed, 0, 1, self._window, 1)
            starts = listed(self.device, motifs, [rng.random() for _ in motifs])
        with watch.stage("decode"):
            slots: list[Slot] = []
            aims: list[int] = []
            for motif, start in zip(motifs, starts, strict=True):
                for op in motif.ops:
                    named = self.device.catalogue.names[op.name].base.has_die
                    die = max(motif.die, op.die) if named else NOTHING
                    address = op.planes, op.row, op.page
                    time = op.start + start - motif.begin
                    slots.append(Slot(time, len(slots), op.name, die, address, op.celltype, op.exp_val))
                    aims.append(op.aim)
            aim: Ints = np.array(aims, dtype=np.int64)
            source: Ints = np.where(aim == NOTHING, PREREQUISITE, TARGET)
            chunk, self.boundary = decoded(self.device, self.boundary, slots, source, aim)
        self._window += 1
        return chunk

    def _settled(self) -> Iterator[Chunk]:
        """Lets everything that still runs come to its end."""
        nothing: Ints = np.zeros(0, dtype=np.int64)
        for _ in count():
            running = [live.end for die in self.boundary.dies for live in die.running]
            if not running:
                return
            self.boundary, spans = advance(self.device, self.boundary, (), max(running))
            yield Chunk(Commands.of([]), spans, self.boundary.horizon(), nothing, nothing)


def listed(device: Device, motifs: list[Motif], chances: list[float]) -> list[int]:
    """The start of each motif: in order of their dies' own times, each as early as its die and the bus allow.

    After each one there is a pause, drawn by `chances` up to the admission window.
    """
    names, bus, plain = device.catalogue.names, Bus(), issues_only(device)
    following: dict[int, int] = {}
    length = [0] * len(motifs)
    for index in reversed(range(len(motifs))):
        motif = motifs[index]
        pause = int(chances[index] * (device.policies.admission_window + 1))
        length[index] = following.get(motif.die, motif.end) - motif.begin + pause
        following[motif.die] = motif.begin
    starts, free = [0] * len(motifs), dict.fromkeys(range(device.geometry.dies), 0)
    order = sorted(range(len(motifs)), key=lambda i: (motifs[i].die == NOTHING, motifs[i].begin, motifs[i].die, i))
    for index in order:
        motif = motifs[index]
        pieces = merged([(op.start - motif.begin, names[op.name].issue) for op in motif.ops])
        if not plain:
            pieces = [(0, max(1, length[index]))]
        own = list(free) if motif.die == NOTHING else [motif.die]
        start = bus.first_of_all(max([motif.begin, *(free[die] for die in own)]), pieces)
        for offset, taken in pieces:
            bus.take(start + offset, taken)
        starts[index] = start
        free |= dict.fromkeys(own, start + length[index])
    return starts


def merged(issues: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """ISSUEs (offset, length) that lie close to each other as one piece."""
    found: list[tuple[int, int]] = []
    for offset, length in issues:
        if length and found and offset - sum(found[-1]) < MERGED:
            found[-1] = found[-1][0], max(found[-1][1], offset + length - found[-1][0])
        elif length:
            found.append((offset, length))
    return found
