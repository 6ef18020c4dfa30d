"""What is told of runs: how far they are, what they came to, where the time went."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from model.event import Ints
from model.judge import Report
from planner.export.writer import Counts


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a plan is: run, its operations and device time (ticks) so far and what is wanted of them.

    `covered`: the share of the goal of a run that covers cells.
    """

    run: int
    operations: int
    wanted_operations: int | None
    device_time: int
    until: int | None
    dropped: int
    covered: float | None = None


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What one run came to: counts, verdict, files, wall seconds per stage.

    `cells`: the coverage cells that were hit, as positions in a flat [op_state, op_name, bin] array, ascending;
    `hits`: how often each of them was.
    """

    run: int
    counts: Counts
    dropped: int
    report: Report
    files: tuple[Path, ...]
    seconds: dict[str, float]
    cells: Ints
    hits: Ints


@dataclass(frozen=True, slots=True)
class PlanResult:
    """All runs of a plan, in order."""

    runs: tuple[RunSummary, ...]


@dataclass(slots=True)
class Stopwatch:
    """Wall seconds per stage of a run; for the timing file only."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Adds the time that the block takes to a stage."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - began
