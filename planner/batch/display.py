"""The live display of a campaign: a few lines on a terminal, plain lines elsewhere, or nothing."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from planner.batch.standing import Observer, Standing
from planner.progress import counted, left_in_words, rate_of

if TYPE_CHECKING:
    from rich.live import Live

SECONDS_BETWEEN_LINES = 5.0
SECONDS_BETWEEN_DRAWINGS = 0.25


@contextmanager
def shown_on(stream: TextIO | None, *, quiet: bool = False) -> Iterator[Observer]:
    """What suits a stream; a terminal is as it was when the context ends."""
    if quiet or stream is None:
        yield lambda standing: None
    elif stream.isatty() and os.environ.get("TERM") != "dumb":
        from rich.console import Console  # noqa: PLC0415 - only where it is shown
        from rich.live import Live  # noqa: PLC0415

        with Live(console=Console(file=stream), auto_refresh=False, transient=True) as live:
            yield Panel(live)
    else:
        yield Lines(stream)


class Lines:
    """A plain line every few seconds."""

    def __init__(self, stream: TextIO, now: Callable[[], float] = time.monotonic) -> None:
        self._stream, self._now = stream, now
        self._last = now()

    def __call__(self, standing: Standing) -> None:
        """Writes a line if it is time for one."""
        if self._now() - self._last < SECONDS_BETWEEN_LINES:
            return
        self._last = self._now()
        print(", ".join(words(standing, self._now())), file=self._stream, flush=True)


class Panel:
    """A bar and what there is to say, drawn anew a few times per second."""

    def __init__(self, live: Live, now: Callable[[], float] = time.monotonic) -> None:
        self._live, self._now = live, now
        self._last = 0.0

    def __call__(self, standing: Standing) -> None:
        """Draws, if it is time for that."""
        if self._now() - self._last < SECONDS_BETWEEN_DRAWINGS:
            return
        self._last = self._now()
        from rich.console import Group  # noqa: PLC0415
        from rich.progress_bar import ProgressBar  # noqa: PLC0415
        from rich.text import Text  # noqa: PLC0415

        bar = ProgressBar(total=max(standing.total, 1), completed=standing.done, width=60)
        parts = words(standing, self._last)
        self._live.update(Group(bar, Text("  ".join(parts[:2])), Text("  ".join(parts[2:]))), refresh=True)


def words(standing: Standing, now: float) -> list[str]:
    """Runs done, rate, coverage, failures and the time left, in words."""
    spent = now - standing.began
    told = [
        f"{standing.done:,} of {counted(standing.total, 'run')} ({standing.done / max(standing.total, 1):.0%})",
        f"{rate_of(standing.fresh_operations, spent)} operations/s",
        counted(standing.cells, "cell") + " hit" if standing.covered is None else f"coverage {standing.covered:.2%}",
    ]
    if standing.again:
        told.append(f"{counted(standing.again, 'run')} tried again")
    if standing.failed:
        told.append(f"{standing.failed:,} failed")
    to_do = standing.total - standing.done + standing.fresh
    told.append(left_in_words(standing.fresh / to_do if to_do else 0.0, spent))
    return told
