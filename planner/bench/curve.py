"""When the cells of a run were hit, from its sequence file alone: the judge's replay says in which state each
operation was issued."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from model.config import Config
from model.event import NOTHING, Chunk, Commands, Ints
from model.judge import Judge
from model.sequence import SequenceReader
from model.timeline import FINE, Layout, Settled, Timeline
from planner.bench.sample import SHARES, Point
from planner.coverage import cells_only
from planner.coverage.counting import BINS

POINTS = 80
"""So many points of a curve are kept."""


@dataclass(frozen=True, slots=True)
class Curve:
    """The cells of a run in the order in which they were hit for the first time.

    `hit` are the numbers of the operations (1 is the first) that hit a new one of the candidates, ascending; `times`
    (ticks) when these were issued. `violations`: what the judge found in the file.
    """

    hit: Ints
    times: Ints
    candidates: int
    operations: int
    violations: int

    def reached(self, marks: Sequence[tuple[int, float]], ticks_per_second: int) -> dict[float, Point]:
        """Where each share was reached. `marks`: (operations, seconds) on the way."""
        found: dict[float, Point] = {}
        for share in SHARES:
            needed = needed_for(share, self.candidates)
            if 0 < needed <= len(self.hit):
                operations = int(self.hit[needed - 1])
                time = int(self.times[needed - 1]) / ticks_per_second
                found[share] = Point(operations, time, seconds_at(marks, operations))
        return found

    def points(self) -> list[tuple[int, float]]:
        """(operations, share) at evenly spaced shares of what was hit, and at the end."""
        count = len(self.hit)
        places = sorted({round(i * count / POINTS) for i in range(1, POINTS + 1)} - {0})
        found = [(int(self.hit[place - 1]), place / self.candidates) for place in places]
        return [*found, (self.operations, count / self.candidates)] if self.candidates else []


def needed_for(share: float, candidates: int) -> int:
    """The least number of cells that is a share of the candidates."""
    return int(np.ceil(share * candidates - 1e-9))


def seconds_at(marks: Sequence[tuple[int, float]], operations: int) -> float:
    """The seconds at the first mark with so many operations."""
    at = bisect_left([count for count, _ in marks], operations)
    return marks[min(at, len(marks) - 1)][1] if marks else 0.0


def curve_of(file: Path, config: Config, candidates: npt.NDArray[np.bool_]) -> Curve:
    """The curve of a sequence file of a run on a fresh device; `candidates` [op_state, op_name, bin]."""
    replay = _Replay(config, candidates)
    reader = SequenceReader(file, config, first_uid=1, floor=0)
    for piece in reader:
        replay.feed(piece)
    return replay.curve(len(reader.faults))


class _Replay:
    def __init__(self, config: Config, candidates: npt.NDArray[np.bool_]) -> None:
        self._config, self._candidates = config, candidates
        self._layout = Layout.of(config)
        self._judge, self._timeline = Judge(config, replaying=True), Timeline(self._layout)
        self._seen = ~candidates.reshape(-1)
        self._hit: list[Ints] = []
        self._times: list[Ints] = []
        self._operations = 0

    def feed(self, commands: Commands) -> None:
        """Some operations more."""
        self._judge.feed(commands)
        self._settle(commands)

    def _settle(self, commands: Commands) -> None:
        spans, horizon = self._judge.settled()
        none = np.full(len(commands), NOTHING, dtype=np.int64)
        self._count(self._timeline.settle(Chunk(commands, spans, horizon, none, none)))

    def _count(self, settled: Settled) -> None:
        """New cells, at the first operation that hits them."""
        found = cells_only(self._config, self._layout, settled.hits)
        _, names, bins = self._candidates.shape
        op = found.op
        cells = (found.op_state * names + settled.commands.op[op]) * bins + found.input_time // (FINE // BINS)
        order = np.argsort(op, kind="stable")
        cells, op = cells[order], op[order]
        distinct, first = np.unique(cells, return_index=True)
        first = np.sort(first[~self._seen[distinct]])
        self._seen[cells[first]] = True
        self._hit.append(op[first] + self._operations + 1)
        self._times.append(settled.commands.time[op[first]])
        self._operations += len(settled.commands)

    def curve(self, faults: int) -> Curve:
        """The whole. Nothing can be fed after it."""
        report = self._judge.finish(open_end=False)
        self._settle(Commands.of([]))
        self._count(self._timeline.finish())
        hit, times = np.concatenate(self._hit), np.concatenate(self._times)
        return Curve(hit, times, int(self._candidates.sum()), self._operations, report.violations + faults)
