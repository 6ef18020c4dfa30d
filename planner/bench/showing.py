"""How far a comparison is: a line per run, and on a terminal a last line with what is under way."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import TextIO

from planner.bench.sample import COVER, DONE, RATE, Job, Sample
from planner.progress import CLEAR_LINE, SPARE, columns_of, left_in_words

GUESS = 3.0, 4e-4
"""Seconds that a run is thought to need before one of its row is known: at least, and per operation."""


class Board:
    """Tells of runs on a stream (None: nothing). Use it as a context."""

    def __init__(self, stream: TextIO | None, jobs: Sequence[Job], now: Callable[[], float] = time.monotonic) -> None:
        self._stream, self._jobs, self._now = stream, list(jobs), now
        self._terminal = stream is not None and stream.isatty()
        self._known: dict[tuple[str, str, str, int], float] = {}
        self._began = now()
        self._done = 0

    def __enter__(self) -> Board:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._write("", end="")

    def preparing(self, instance: str) -> None:
        """An instance is looked at."""
        self._under_way(f"preparing {instance}")

    def next(self) -> None:
        """The next run begins."""
        if self._done < len(self._jobs):
            job = self._jobs[self._done]
            left = left_in_words(*self._share())
            self._under_way(f"run {self._done + 1} of {len(self._jobs)}: {named(job)}  {left}")

    def measured(self, sample: Sample) -> None:
        """A run has ended."""
        self._done += 1
        self._known[sample.job.row] = sample.wall
        self._write(f"{self._done}/{len(self._jobs)}  {named(sample.job)}: {result(sample)}")
        self.next()

    def _share(self) -> tuple[float, float]:
        """How much is done, as far as it can be told, and the seconds that it took."""
        spent = self._now() - self._began
        left = sum(self._expected(job) for job in self._jobs[self._done :])
        return (spent / (spent + left), spent) if spent + left > 0 else (0.0, 0.0)

    def _expected(self, job: Job) -> float:
        least, each = GUESS
        return self._known.get(job.row, least + each * job.size)

    def _under_way(self, text: str) -> None:
        if self._terminal and self._stream is not None:
            width = columns_of(self._stream) - SPARE
            self._write(text[:width], end="")

    def _write(self, text: str, end: str = "\n") -> None:
        """What nobody can see is no reason to stop."""
        if self._stream is not None:
            with contextlib.suppress(OSError):
                self._stream.write((CLEAR_LINE if self._terminal else "") + text + (end if text else ""))
                self._stream.flush()


def named(job: Job) -> str:
    """A job in words."""
    what = {RATE: f"{job.size:,} operations", COVER: "coverage"}.get(job.kind, "windows")
    return f"{job.instance} {job.strategy}, {what}, seed {job.seed}"


def result(sample: Sample) -> str:
    """What came of it, in words."""
    if sample.status != DONE:
        return f"{sample.status}: {sample.note}"
    if sample.job.kind == RATE:
        return f"{sample.rate:,.0f} op/s, {sample.wall:.1f} s, {sample.memory:,.0f} MiB"
    if sample.job.kind == COVER:
        return f"{sample.share:.1%} of the cells in {sample.operations:,} operations, {sample.wall:.1f} s"
    counts = sample.counts
    return f"{counts['whole']} of {counts['chosen']} placed by list scheduling"
