"""Long runs: the chapters of a library in random order, all of them, then all of them again, with other casts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from model.config import Config
from model.device import Device
from planner.coverage import BINS
from planner.covering import Covering, Goal, own_states
from planner.decode import Decoded
from planner.repeats.cast import Cast, Casting, Exchange
from planner.repeats.chapter import Chapter
from planner.repeats.library import placed, settled
from planner.repeats.recast import recast, recast_until
from planner.run import OneRun
from planner.streams import generator_of_window, of_window

LONG = 30_000
"""Operations from which on a run has room for a whole library, and is faster with it than choosing each of them."""
US_PER_OP = 200
"""About the device time of an operation."""


def is_long(config: Config, ops: int | None, until: int | None) -> bool:
    """Whether a run of so many operations or ticks is worth a library."""
    if ops is not None and ops < LONG:
        return False
    return until is None or until >= LONG * US_PER_OP * config.clock.ticks_per_us


class RepeatingRun(OneRun):
    """A run that plays chapters. What an earlier run has left open is closed first; then every die is reset.

    Where a die cannot be reset, or no chapter finds the rows that it needs, operations are chosen one by one.
    """

    def __init__(self, *arguments: Any, chapters: Callable[[], Sequence[Chapter]]) -> None:
        super().__init__(*arguments)
        self._library = chapters
        self._chapters: Sequence[Chapter] = ()
        self._to_come: list[Chapter] = []
        self._casting = Casting(self._device)
        self._exchange: Exchange
        self._repeats, self._over = True, False

    def _full(self) -> bool:
        return self._over or super()._full()

    def _next(self, drain: bool) -> tuple[Decoded | None, int]:
        if not self._window:
            left_open, dropped = super()._next(drain=True)
            if left_open is not None:
                return left_open, dropped
        decoded = self._chapter() if self._repeats and not drain else None
        return (decoded, 0) if decoded is not None else super()._next(drain or self._over)

    def _chapter(self) -> Decoded | None:
        """The next chapter, or the way to where one can begin; None where there is neither, or no time for it."""
        with self._watch.stage("choose"):
            self._chapters = self._chapters or self._library()
            decoded = self._home() if not self._is_home() and self._chapters else None
        if decoded is not None:
            return decoded
        with self._watch.stage("repeat"):
            found = self._drawn() if self._is_home() else None
            self._repeats = found is not None
            return self._played(*found) if found is not None else None

    def _is_home(self) -> bool:
        """Whether a chapter can begin now."""
        boundary = self.boundary
        return not boundary.odt_disabled and any(chapter.dies == boundary.dies for chapter in self._chapters)

    def _home(self) -> Decoded | None:
        """Every die is reset; None where there is no way to that, or no time."""
        device, rng = self._device, of_window(self._seed, self._site, self.number, self._window, 0)
        motifs = nothing_left(device).closing.home(self.boundary, rng)
        if not motifs:
            return None
        decoded = settled(device, placed(device, self.boundary, motifs, rng, own_states(device, device)))
        self._over = self._end is not None and int(decoded.chunk.commands.time[-1]) >= self._end
        return None if self._over else decoded

    def _drawn(self) -> tuple[Chapter, Cast] | None:
        """The next chapter that can be played, with a cast."""
        rng = generator_of_window(self._seed, self._site, self.number, self._window)
        for _ in self._chapters:
            if not self._to_come:
                self._to_come = [self._chapters[at] for at in rng.permutation(len(self._chapters))]
                self._exchange = self._casting.exchange(rng)
            chapter = self._to_come.pop()
            cast = self._casting.draw(chapter, self._exchange, self.boundary.blocks, rng)
            if cast is not None and chapter.dies == self.boundary.dies:
                return chapter, cast
        return None

    def _played(self, chapter: Chapter, cast: Cast) -> Decoded | None:
        """A chapter, cut where the run has enough operations or its time is over."""
        most = len(chapter.commands) if self._ops is None else self._ops - self._operations
        last = self.boundary.time + chapter.length + int(cast.pauses[-1])
        if most >= len(chapter.commands) and (self._end is None or last <= self._end):
            return recast(self._device, chapter, cast, self.boundary)
        self._over = True
        return recast_until(self._device, chapter, cast, self.boundary, most, self._end)


def nothing_left(device: Device) -> Covering:
    """A goal in which there is no cell."""
    shape = (len(device.op_states), len(device.catalogue.names), BINS)
    return Covering(device, Goal(), np.zeros(shape, dtype=np.bool_))
