"""What a run tells while it is made, and how it is shown: a bar on a terminal, plain lines elsewhere, or nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

    from model.units import Clock
    from planner.run import Progress

SECONDS_BETWEEN_LINES = 5.0


Observer = Callable[["Progress"], None]


def share(progress: Progress) -> float:
    """How much of a run is done, 0 to 1; the goal that is nearest counts."""
    shares = [0.0]
    if progress.wanted_operations:
        shares.append(progress.operations / progress.wanted_operations)
    if progress.until:
        shares.append(progress.device_time / progress.until)
    return min(max(shares), 1.0)


def ignore(progress: Progress) -> None:
    """The observer that shows nothing."""


@contextmanager
def shown_on(stream: TextIO, clock: Clock, *, quiet: bool = False) -> Iterator[Observer]:
    """The observer that suits a stream; what it shows is cleared or complete when the context ends."""
    if quiet:
        yield ignore
    elif stream.isatty():
        with _bar(stream) as bar:
            yield _BarObserver(bar, clock)
    else:
        yield LineObserver(stream, clock)


class LineObserver:
    """Plain lines, one every few seconds and one for each run that begins."""

    def __init__(self, stream: TextIO, clock: Clock, now: Callable[[], float] = time.monotonic) -> None:
        self._stream, self._clock, self._now = stream, clock, now
        self._run = -1
        self._began = self._last = now()

    def __call__(self, progress: Progress) -> None:
        """Writes a line if it is time for one."""
        now = self._now()
        if progress.run != self._run:
            self._run, self._began = progress.run, now
        elif now - self._last < SECONDS_BETWEEN_LINES:
            return
        self._last = now
        spent = now - self._began
        rate = f", {progress.operations / spent:,.0f}/s" if spent > 0 and progress.operations else ""
        dropped = f", {progress.dropped} targets dropped" if progress.dropped else ""
        device = in_words(progress.device_time, self._clock)
        print(
            f"run {progress.run}: {progress.operations:,} operations ({share(progress):.0%}), {device} of device time"
            f"{rate}{dropped}",
            file=self._stream,
            flush=True,
        )


class _BarObserver:
    """One bar per run."""

    def __init__(self, bar: Bar, clock: Clock) -> None:
        self._bar, self._clock = bar, clock
        self._run = -1
        self._task = bar.add_task("", total=1.0, visible=False, operations="", rate="", device="")
        self._began = time.monotonic()

    def __call__(self, progress: Progress) -> None:
        if progress.run != self._run:
            self._run, self._began = progress.run, time.monotonic()
            self._bar.reset(self._task, visible=True, description=f"run {progress.run}")
        spent = time.monotonic() - self._began
        self._bar.update(
            self._task,
            completed=share(progress),
            operations=f"{progress.operations:,} operations",
            rate=f"{progress.operations / spent:,.0f}/s" if spent > 0 else "",
            device=in_words(progress.device_time, self._clock),
        )


def _bar(stream: TextIO) -> Bar:
    from rich.console import Console  # noqa: PLC0415 - rich is needed on a terminal only
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn  # noqa: PLC0415
    from rich.progress import Progress as RichProgress  # noqa: PLC0415

    words = [TextColumn("{task.fields[" + name + "]}") for name in ("operations", "rate", "device")]
    columns = [TextColumn("{task.description}"), BarColumn(), *words, TimeRemainingColumn()]
    bar = RichProgress(*columns, console=Console(file=stream), transient=True)
    return bar


def in_words(ticks: int, clock: Clock) -> str:
    """A device time for people: us, ms or s with three decimals."""
    us = ticks / clock.ticks_per_us
    for size, unit in ((1e6, "s"), (1e3, "ms")):
        if us >= size:
            return f"{us / size:,.3f} {unit}"
    return f"{us:.3f} us"
