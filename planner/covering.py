"""Runs that aim at cells not hit yet, until as much of what can be covered is covered as was asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from random import Random
from typing import Any

import numpy as np
import numpy.typing as npt

from model.boundary import Boundary
from model.device import Device
from model.event import NOTHING, Ints
from model.judge import Judge
from model.timeline import Layout, Timeline
from planner.coverage import HitCounter
from planner.decode import Decoded
from planner.errors import JudgeRefused
from planner.run import OneRun
from planner.solve import Budget
from planner.streams import of_window
from planner.targets.cells import Status
from planner.targets.closing.left import Left
from planner.targets.closing.motif import Motif
from planner.targets.closing.placing import decode, rigid
from planner.targets.closing.window import Closing
from planner.targets.reachable import reachability
from planner.window.rigid import Placement, place

SIZES = (400, 100, 25, 6)
"""Operations of a window, and of the ever smaller ones that are tried where there is no room for it."""
PATIENCE = 12
"""So many windows in a row without a new cell: what is left is given up as open."""


@dataclass(frozen=True, slots=True)
class Goal:
    """What is to be covered: the share of the cells that can be, and how often each of them."""

    share: float = 1.0
    hits: int = 1


class Covering:
    """What a series of runs has covered of its goal; `wanted` [op_state, op_name, bin]: only these cells."""

    def __init__(self, device: Device, goal: Goal, wanted: npt.NDArray[np.bool_] | None = None) -> None:
        self.device = device
        self.goal = goal
        self._wanted = reachability(device).status == Status.OPEN if wanted is None else wanted
        self._hits: Ints = np.zeros(self._wanted.shape, dtype=np.int64)
        self._lost = np.zeros_like(self._wanted)
        self._level = 1
        self._idle = 0
        self.total = int(np.count_nonzero(self._wanted)) * goal.hits
        self.left = Left(device, self._wanted)
        self.closing = Closing(device, self.left)

    @property
    def open(self) -> int:
        """Hits that are wanted still, over all cells."""
        later = self.goal.hits - self._level
        return self.left.count + later * (self.total // self.goal.hits) + self._behind()

    @property
    def given_up(self) -> bool:
        """Whether nothing new was hit for long."""
        return self._idle >= PATIENCE

    def reached(self) -> bool:
        """Whether the goal is reached; goes on to the next hit of every cell that was hit where that is wanted."""
        while self._level < self.goal.hits and (not self.left.count or self.given_up):
            self._level += 1
            self._lost = self._wanted & (self._hits < self._level - 1)
            self.left.want(self._wanted & ~self._lost & (self._hits < self._level))
            self._idle = 0
        return self.open <= (1.0 - self.goal.share) * self.total

    def motifs(self, boundary: Boundary, rng: Random, size: int) -> list[Motif]:
        """What comes next, about `size` operations; none where nothing is found for long: what is left is given up."""
        while not self.given_up:
            motifs = self.closing.window(boundary, rng, size, self._enough())
            if motifs:
                return motifs
            self.planned(self.left.count)
        return []

    def _behind(self) -> int:
        """Hits up to this level of cells that were given up on the way to it."""
        return int((self._level - self._hits[self._lost]).sum())

    def _enough(self) -> int:
        """The cells that may be left when the goal is reached at this level of hits."""
        later = (self.goal.hits - self._level) * (self.total // self.goal.hits)
        return max(0, int((1.0 - self.goal.share) * self.total) - later - self._behind())

    def planned(self, before: int) -> None:
        """A window was planned; `before`: what was left then."""
        for cell in self.left.kept():
            self._hits[cell] += 1
        if self.left.count < before:
            self._idle = 0
            return
        self._idle += 1
        for memory in self.closing.memory:
            memory.relent()


class CoverRun(OneRun):
    """A run that is filled with what is wanted, and ends when the goal is reached or nothing more is found."""

    def __init__(self, *arguments: Any, covering: Covering) -> None:
        super().__init__(*arguments)
        self.covering = covering
        self._own_states: list[int] | None = None

    def _covered(self) -> float | None:
        covering = self.covering
        return 1.0 - covering.open / covering.total / covering.goal.share if covering.total else 1.0

    def _next(self, drain: bool) -> tuple[Decoded | None, int]:
        covering = self.covering
        if not drain and not covering.reached() and not covering.given_up:
            for attempt, size in enumerate(SIZES):
                decoded = self._window_of(size, attempt)
                if decoded is not None:
                    return decoded, 0
                if covering.given_up:
                    break
        return super()._next(drain=True)

    def _aims(self) -> list[int]:
        """The op_states of the files for those that are aimed at: both may tell hosts by base or by op_name."""
        if self._own_states is None:
            self._own_states = own_states(self.covering.device, self._device)
        return self._own_states

    def _window_of(self, size: int, attempt: int) -> Decoded | None:
        """A window of about `size` operations; None where it does not fit any more, or nothing is found."""
        covering, device = self.covering, self._device
        rng = of_window(self._seed, self._site, self.number, self._window, attempt)
        before = covering.left.count
        with self._watch.stage("choose"):
            motifs = covering.motifs(self.boundary, rng, size)
            asked = rigid(device, motifs, rng)
        if not motifs:
            return None
        with self._watch.stage("solve"):
            placed = place(asked, Budget(seed=self._window & 0x7FFFFFFF))
        if not isinstance(placed, Placement):
            raise JudgeRefused(
                "motifs do not fit", digest=self._config.digest, seed=self._seed, run=self.number, window=self._window
            )
        with self._watch.stage("decode"):
            decoded = decode(device, self.boundary, motifs, placed, self._aims())
        if self._end is not None and int(decoded.chunk.commands.time[-1]) >= self._end:
            covering.closing.undo()
            return None
        covering.planned(before)
        return decoded


def windows(covering: Covering, seed: int = 0) -> Iterator[Decoded]:
    """Windows in memory, from a fresh device on, until the goal is reached or nothing more is found. Not judged."""
    device, boundary = covering.device, Boundary.fresh(covering.device)
    aims = own_states(device, device)
    for window in count():
        if covering.reached() or covering.given_up:
            return
        rng, before = of_window(seed, 0, 1, window, 0), covering.left.count
        motifs = covering.motifs(boundary, rng, SIZES[0])
        if not motifs:
            return
        placed = place(rigid(device, motifs, rng), Budget(seed=window))
        if not isinstance(placed, Placement):
            raise JudgeRefused("motifs do not fit", digest=device.config.digest, seed=seed, run=1, window=window)
        decoded = decode(device, boundary, motifs, placed, aims)
        covering.planned(before)
        boundary = decoded.boundary
        yield decoded


def witnesses(device: Device, told: Callable[[int, int], None] = lambda hit, wanted: None) -> npt.NDArray[np.bool_]:
    """The cells [op_state, op_name, bin] that a closing plan in memory hits, as the timeline counts them.

    The plan, seed 0, is judged: JudgeRefused where it breaks a rule. `told` after each window how many cells are hit,
    of how many candidates.
    """
    covering = Covering(device, Goal())
    config, layout = device.config, Layout.of(device.config)
    judge, timeline, counter = Judge(config), Timeline(layout), HitCounter(config, layout)
    for decoded in windows(covering):
        judge.feed(decoded.chunk.commands)
        judge.settled()
        if not judge.report.legal:
            break
        counter.add(timeline.settle(decoded.chunk))
        told(covering.total - covering.open, covering.total)
    report = judge.finish(open_end=True)
    if not report.legal:
        finding = report.findings[0]
        raise JudgeRefused(
            f"the judge refuses a plan that covers: [{finding.rule}] {finding.message}",
            digest=config.digest, seed=0, run=1, window=0,
        )  # fmt: skip
    counter.add(timeline.finish())
    return counter.hits > 0


def own_states(aimed: Device, own: Device) -> list[int]:
    """Of each op_state of one device that of another one with the same bases; NOTHING last, for none."""
    found = [NOTHING] * len(aimed.op_states) + [NOTHING]
    for name in aimed.catalogue.names:
        if name.base.affects_state:
            for state in range(1, len(name.base.states)):
                found[int(aimed.op_states.of_state[name.index, state])] = int(own.op_states.of_state[name.index, state])
            found[int(aimed.op_states.end[name.index])] = int(own.op_states.end[name.index])
    return found
