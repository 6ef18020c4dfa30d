"""What a run tells while it is made, and how it is shown: a bar on a terminal, plain lines elsewhere, or nothing."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol, TextIO

if TYPE_CHECKING:
    from model.units import Clock
    from planner.run import Progress

SECONDS_BETWEEN_LINES = 5.0
SECONDS_BETWEEN_BARS = 0.1
SPARE = 4
"""Columns that a bar leaves free: a terminal shows `^C` there, and a line that it breaks cannot be cleared."""

SHORTEST_BAR, LONGEST_BAR = 10, 40
CLEAR_LINE = "\r\x1b[K"


class Display(Protocol):
    """Shows how far a plan is."""

    def __call__(self, progress: Progress) -> None:
        """Shows it, if it is time for that."""

    def clear(self) -> None:
        """Takes away what does not stay, so that something else can be printed."""


@contextmanager
def shown_on(stream: TextIO | None, clock: Clock, *, runs: int = 1, quiet: bool = False) -> Iterator[Display]:
    """The display that suits a stream; what it shows is cleared or complete when the context ends, however it ends."""
    display: Display
    if quiet or stream is None:
        display = Silent()
    elif stream.isatty() and os.environ.get("TERM") != "dumb":
        display = Bar(stream, clock, runs)
    else:
        display = Lines(stream, clock, runs)
    try:
        yield display
    finally:
        display.clear()


class Silent:
    """Shows nothing."""

    def __call__(self, progress: Progress) -> None:
        """Shows nothing."""

    def clear(self) -> None:
        """There is nothing to clear."""


class Lines:
    """Plain lines, one every few seconds and one for each run that begins."""

    def __init__(self, stream: TextIO, clock: Clock, runs: int = 1, now: Callable[[], float] = time.monotonic) -> None:
        self._stream, self._clock = stream, clock
        self._watch = _Watch(runs, SECONDS_BETWEEN_LINES, now)

    def __call__(self, progress: Progress) -> None:
        """Writes a line if it is time for one."""
        if not self._watch.due(progress):
            return
        rate = f", {rate_of(progress.operations, self._watch.spent)}/s" if progress.operations else ""
        dropped = f", {counted(progress.dropped, 'target')} dropped" if progress.dropped else ""
        device = in_words(progress.device_time, self._clock)
        _write(
            self._stream,
            f"{self._watch.label}: {counted(progress.operations, 'operation')} ({share(progress):.0%}), "
            f"{device} of device time{rate}{dropped}\n",
        )

    def clear(self) -> None:
        """Lines stay."""


class Bar:
    """One line of a terminal, drawn anew ten times per second at most. The cursor stays visible all the time."""

    def __init__(
        self,
        stream: TextIO,
        clock: Clock,
        runs: int = 1,
        now: Callable[[], float] = time.monotonic,
        columns: Callable[[], int] | None = None,
    ) -> None:
        self._stream, self._clock = stream, clock
        self._watch = _Watch(runs, SECONDS_BETWEEN_BARS, now)
        self._columns = columns or (lambda: columns_of(stream))
        self._drawn = False
        self._letters = _letters(stream)

    def __call__(self, progress: Progress) -> None:
        """Draws the bar if it is time for that."""
        if self._watch.due(progress):
            self._drawn = True
            _write(self._stream, CLEAR_LINE + self._line(progress, self._columns() - SPARE))

    def clear(self) -> None:
        """Takes the bar away."""
        if self._drawn:
            self._drawn = False
            _write(self._stream, CLEAR_LINE)

    def _line(self, progress: Progress, width: int) -> str:
        done, spent = share(progress), self._watch.spent
        label, left = self._watch.label, left_in_words(done, spent)
        operations = counted(progress.operations, "operation")
        device = f"device time {in_words(progress.device_time, self._clock)}"
        rate = f"{rate_of(progress.operations, spent)}/s"
        for words in ([operations, rate, device, left], [operations, device, left], [operations, left], [left]):
            text = "  ".join(words)
            room = width - len(label) - len(text) - 4
            if room >= SHORTEST_BAR:
                return f"{label}  {self._bar(done, min(room, LONGEST_BAR))}  {text}"
        return f"{label}  {done:.0%}"[: max(width, 0)]

    def _bar(self, done: float, length: int) -> str:
        full, empty = self._letters
        filled = int(done * length)
        return full * filled + empty * (length - filled)


class _Watch:
    """When something is to be shown, which run it is, and how long that has taken."""

    def __init__(self, runs: int, pause: float, now: Callable[[], float]) -> None:
        self._runs, self._pause, self._now = runs, pause, now
        self._run = -1
        self._begun = 0
        self._began = self._heard = self._last = now()
        self.spent = 0.0
        self.label = ""

    def due(self, progress: Progress) -> bool:
        """Whether it is time again: at the first news of a run, and after each pause."""
        now, heard = self._now(), self._heard
        self._heard = now
        if progress.run != self._run:  # its first news come after its first window: it began with the news before
            self._run, self._began = progress.run, heard
            self._begun += 1
            self.label = labelled(progress.run, self._begun, self._runs)
        elif now - self._last < self._pause:
            return False
        self._last = now
        self.spent = now - self._began
        return True


def labelled(run: int, place: int, runs: int) -> str:
    """A run's name: `run 2`, `run 2 of 3`, or `run 7 (2 of 3)` in a series that goes on from a snapshot."""
    if runs == 1:
        return f"run {run}"
    return f"run {run} of {runs}" if run == place else f"run {run} ({place} of {runs})"


def share(progress: Progress) -> float:
    """How much of a run is done, 0 to 1; the goal that is nearest counts."""
    shares = [0.0]
    if progress.wanted_operations:
        shares.append(progress.operations / progress.wanted_operations)
    if progress.until:
        shares.append(progress.device_time / progress.until)
    if progress.covered is not None:
        shares.append(progress.covered)
    return min(max(shares), 1.0)


def counted(count: int, noun: str) -> str:
    """A number with its noun: `1 suspension`, `1,200 suspensions`."""
    return f"{count:,} {noun if count == 1 else noun + 's'}"


def rate_of(count: int, seconds: float) -> str:
    """How many per second, as a whole number."""
    return f"{count / seconds:,.0f}" if seconds > 0 else "0"


def left_in_words(done: float, spent: float) -> str:
    """The wall time that a run still needs, if it goes on as it did: `0:07 left`, `1:02:03 left`."""
    if done <= 0 or spent <= 0:
        return "-:-- left"
    seconds = round(spent * (1 - done) / done)
    hours, minutes = seconds // 3600, seconds // 60 % 60
    return f"{hours}:{minutes:02d}:{seconds % 60:02d} left" if hours else f"{minutes}:{seconds % 60:02d} left"


def in_words(ticks: int, clock: Clock) -> str:
    """A device time for people: us, ms or s with three decimals."""
    us = ticks / clock.ticks_per_us
    for size, unit in ((1e6, "s"), (1e3, "ms")):
        if us >= size:
            return f"{us / size:,.3f} {unit}"
    return f"{us:.3f} us"


def columns_of(stream: TextIO) -> int:
    """How wide a terminal is; 80 where it does not tell."""
    with contextlib.suppress(OSError, ValueError):
        return os.get_terminal_size(stream.fileno()).columns or 80
    return 80


def _letters(stream: TextIO) -> tuple[str, str]:
    """What a bar is drawn with: done, and not yet."""
    try:
        "━─".encode(stream.encoding or "ascii")
    except (LookupError, UnicodeEncodeError):
        return "=", "-"
    return "━", "─"


def _write(stream: TextIO, text: str) -> None:
    """Progress that nobody can see is no reason to stop a plan."""
    with contextlib.suppress(OSError):
        stream.write(text)
        stream.flush()
