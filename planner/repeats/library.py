"""The library: chapters that together hit every cell that can be hit, planned once, for as many runs as there are.

Cells say nothing of what lies between: suspensions that nest, chains with much in between. So some chapters are walks
of the chooser, which draws whatever is legal.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from random import Random

from model.advance import advance
from model.boundary import Boundary
from model.device import Device
from model.event import Chunk
from model.timeline.columns import stack
from planner.covering import SIZES, Covering, Goal, own_states
from planner.decode import Decoded
from planner.decode import decode as decode_window
from planner.errors import JudgeRefused
from planner.repeats.chapter import Chapter, chapter_of
from planner.repeats.waits import waits
from planner.solve import Budget, Solved, solve_built
from planner.streams import of_window
from planner.targets.choose import Aim, History, choose
from planner.targets.closing.motif import Motif
from planner.targets.closing.placing import decode, rigid
from planner.targets.tables import tables_of
from planner.window.build import build
from planner.window.logic import Contradiction
from planner.window.rigid import Placement, place

LONGEST = 2_000
"""Operations after which a chapter ends: few enough for some variety, many enough for what each has to prepare."""
SHORTEST = 100
"""Operations of the shortest chapters: below that most of what is sent would prepare blocks."""
WALKED = 6
"""One operation of a walk for so many that hit the cells."""
TRIES = 12
"""How often a window of a walk is chosen anew, ever smaller, before the walk ends."""
PER_RUN = 4
"""So many chapters a run has room for at least, so that what stands late in a chapter is played, too."""


def library(device: Device, seed: int, ops: int | None, until: int | None) -> tuple[Chapter, ...]:
    """Chapters for runs of so many operations, or ticks. Empty where a die cannot be reset."""
    length = LONGEST if ops is None else max(SHORTEST, min(LONGEST, ops // PER_RUN))
    return Author(device, seed).written(length, None if until is None else until // PER_RUN)


class Author:
    """Plans chapters on a device of which nothing is known but its bad blocks. Run 0 of site 0 is its random stream."""

    def __init__(self, device: Device, seed: int) -> None:
        self._device, self._seed = device, seed
        self._covering = Covering(device, Goal())
        self._aims, self._tables = own_states(device, device), tables_of(device)
        self._boundary = Boundary.fresh(device)
        self._blocks = self._boundary.blocks
        self._history = History.empty(device)
        self._window, self._size = 0, SIZES[0]

    def written(self, length: int, ticks: int | None) -> tuple[Chapter, ...]:
        """All chapters, each over after so many operations or ticks (None: any)."""
        self._size = min(SIZES[0], length) if ticks is None else SHORTEST
        if self._home() is None:
            return ()
        found = []
        while not self._is_over():
            found.append(self._chapter(self._next, length, ticks))
        walked = sum(len(chapter.commands) for chapter in found if chapter is not None) // WALKED
        while walked > 0:
            found.append(self._chapter(self._walked, min(length, walked), ticks))
            walked -= length
        return tuple(chapter for chapter in found if chapter is not None)

    def _chapter(self, window: Callable[[], Decoded | None], length: int, ticks: int | None) -> Chapter | None:
        """Windows until there are enough of them, or there is none, and the way back; None where there is none."""
        self._boundary = begin = replace(self._boundary, blocks=self._blocks)
        chunks: list[Chunk] = []
        while not (_is_full(chunks, length) or _is_late(begin, self._boundary, ticks)):
            decoded = window()
            if decoded is None:
                break
            chunks.append(decoded.chunk)
        home = self._home()
        return None if home is None else chapter_of(self._device, begin, [*chunks, home.chunk], home.boundary)

    def _is_over(self) -> bool:
        covering = self._covering
        return covering.left.count == 0 or covering.given_up

    def _next(self) -> Decoded | None:
        """A window for what is left; None where nothing is found any more."""
        if self._is_over():
            return None
        before, rng = self._covering.left.count, self._stream()
        motifs = self._covering.motifs(self._boundary, rng, self._size)
        if not motifs:
            return None
        motifs += waits(self._tables, self._boundary, motifs, rng)
        return self._planned(motifs, before, rng)

    def _walked(self) -> Decoded | None:
        """A window of whatever is legal; None where none is found."""
        device, rng = self._device, self._stream()
        for attempt in range(TRIES):
            spec = choose(device, self._boundary, self._history, rng, Aim(scale=0.6**attempt))
            with suppress(Contradiction):
                outcome = solve_built(build(device, self._boundary, spec), Budget(seed=rng.getrandbits(31)))
                if spec.ops and isinstance(outcome, Solved):
                    decoded = decode_window(outcome)
                    self._history = self._history.recorded(decoded.chunk.commands, decoded.chunk.aim)
                    self._boundary = decoded.boundary
                    return decoded
        return None

    def _home(self) -> Decoded | None:
        """Every die is reset, and what runs has ended; None where that cannot be."""
        before, rng = self._covering.left.count, self._stream()
        self._covering.closing.hosts = []  # a walk does not keep them
        motifs = self._covering.closing.home(self._boundary, rng)
        return self._planned(motifs, before, rng, settle=True) if motifs else None

    def _stream(self) -> Random:
        self._window += 1
        return of_window(self._seed, 0, 0, self._window, 0)

    def _planned(self, motifs: list[Motif], before: int, rng: Random, *, settle: bool = False) -> Decoded:
        """Motifs with their times; `before`: cells that were left before them."""
        decoded = placed(self._device, self._boundary, motifs, rng, self._aims)
        self._covering.planned(before)
        decoded = settled(self._device, decoded) if settle else decoded
        self._boundary = decoded.boundary
        return decoded


def placed(device: Device, boundary: Boundary, motifs: list[Motif], rng: Random, aims: list[int]) -> Decoded:
    """Motifs with times, from a boundary on. JudgeRefused: there are none."""
    found = place(rigid(device, motifs, rng), Budget(seed=rng.getrandbits(31)))
    if not isinstance(found, Placement):
        raise JudgeRefused("motifs do not fit", digest=device.config.digest, seed=0, run=0, window=0)
    return decode(device, boundary, motifs, found, aims)


def settled(device: Device, decoded: Decoded) -> Decoded:
    """A window, and the time until all that runs at its end has ended."""
    chunk, boundary = decoded.chunk, decoded.boundary
    ends = [live.end for die in boundary.dies for live in die.running]
    if not ends:
        return decoded
    after, spans = advance(device, boundary, (), max(ends))
    rest = Chunk(chunk.commands, stack([chunk.spans, spans]), after.horizon(), chunk.source, chunk.aim)
    return Decoded(rest, after)


def _is_full(chunks: list[Chunk], length: int) -> bool:
    return sum(len(chunk.commands) for chunk in chunks) >= length


def _is_late(begin: Boundary, now: Boundary, ticks: int | None) -> bool:
    return ticks is not None and now.time - begin.time >= ticks
