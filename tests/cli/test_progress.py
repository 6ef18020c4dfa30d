"""Progress: plain lines now and then, a bar on a terminal, nothing when quiet."""

from __future__ import annotations

import io
from types import SimpleNamespace
from typing import Any

from model.units import Clock
from planner.progress import LineObserver, in_words, share, shown_on

CLOCK = Clock(4)


def progress(run: int = 1, operations: int = 0, **more: Any) -> Any:
    """A progress as the planner tells it."""
    values = {"wanted_operations": 1000, "device_time": 0, "until": None, "dropped": 0, **more}
    return SimpleNamespace(run=run, operations=operations, **values)


def test_lines_come_when_a_run_begins_and_every_few_seconds() -> None:
    out, seconds = io.StringIO(), iter([0.0, 0.0, 1.0, 5.0, 6.0, 6.5])
    observer = LineObserver(out, CLOCK, now=lambda: next(seconds))
    for operations in (0, 100, 500, 600):
        observer(progress(operations=operations, device_time=operations * 10_000))
    observer(progress(run=2))
    assert out.getvalue().splitlines() == [
        "run 1: 0 operations (0%), 0.000 us of device time",
        "run 1: 500 operations (50%), 500.000 us of device time, 100/s",
        "run 2: 0 operations (0%), 0.000 us of device time",
    ]


def test_the_nearest_goal_counts() -> None:
    assert share(progress(operations=100, device_time=70, until=100)) == 0.7
    assert share(progress(operations=2000)) == 1.0
    assert share(progress(operations=5, wanted_operations=None)) == 0.0


def test_quiet_says_nothing() -> None:
    out = io.StringIO()
    with shown_on(out, CLOCK, quiet=True) as observer:
        observer(progress())
    assert out.getvalue() == ""


def test_a_terminal_gets_a_bar() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    out = Terminal()
    with shown_on(out, CLOCK) as observer:
        observer(progress(operations=500))
        observer(progress(run=2, operations=10))
    assert "run 2" in out.getvalue()


def test_device_times_are_told_in_a_unit_that_fits() -> None:
    times = (5, 10_000, 20_000_000, 31_000_000_000)
    assert [in_words(ticks, CLOCK) for ticks in times] == ["0.001 us", "1.000 us", "2.000 ms", "3.100 s"]
