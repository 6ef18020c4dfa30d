"""Progress: plain lines now and then, a bar on a terminal, nothing when quiet."""

from __future__ import annotations

import io
from types import SimpleNamespace
from typing import Any

import pytest

from model.units import Clock
from planner.progress import SPARE, Bar, Lines, counted, in_words, labelled, left_in_words, share, shown_on

CLOCK = Clock(4)


def progress(run: int = 1, operations: int = 0, **more: Any) -> Any:
    """A progress as the planner tells it."""
    values = {"wanted_operations": 1000, "device_time": 0, "until": None, "dropped": 0, "covered": None, **more}
    return SimpleNamespace(run=run, operations=operations, **values)


def test_lines_come_when_a_run_begins_and_every_few_seconds() -> None:
    out, seconds = io.StringIO(), iter([0.0, 0.0, 1.0, 5.0, 6.0, 6.5])
    observer = Lines(out, CLOCK, now=lambda: next(seconds))
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
    assert share(progress(operations=100, covered=0.25)) == 0.25
    assert share(progress(operations=5, wanted_operations=None)) == 0.0


def test_quiet_says_nothing() -> None:
    out = io.StringIO()
    with shown_on(out, CLOCK, quiet=True) as observer:
        observer(progress())
    assert out.getvalue() == ""


class Terminal(io.StringIO):
    """A terminal in which `^C` is pressed by nobody."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def lines_of(terminal: Terminal) -> list[str]:
    """What stood on the terminal's one line, one after the other."""
    return terminal.getvalue().split("\r\x1b[K")


def bar(terminal: Terminal, seconds: list[float], runs: int = 1, columns: int = 100) -> Bar:
    """A bar whose clock shows these seconds."""
    ticking = iter(seconds)
    return Bar(terminal, CLOCK, runs, now=lambda: next(ticking), columns=lambda: columns)


def test_a_terminal_gets_a_bar_that_goes_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    out = Terminal()
    with shown_on(out, CLOCK, runs=2) as display:
        display(progress(operations=500))
        display(progress(run=2, operations=10))
    assert "run 1 of 2" in lines_of(out)[1]
    assert "run 2 of 2" in lines_of(out)[2]
    assert lines_of(out)[-1] == ""


def test_an_interrupted_bar_goes_away_and_the_cursor_never_did(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    out = Terminal()

    def interrupted() -> None:
        with shown_on(out, CLOCK) as display:
            display(progress(operations=500))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert lines_of(out)[-1] == ""
    assert "\x1b[?25l" not in out.getvalue()


def test_a_bar_says_what_its_times_are() -> None:
    out = Terminal()
    bar(out, [0.0, 4.0], runs=2)(progress(operations=800, device_time=20_000_000))
    done = "━" * 22 + "─" * 6
    assert lines_of(out)[1] == f"run 1 of 2  {done}  800 operations  200/s  device time 2.000 ms  0:01 left"


@pytest.mark.parametrize("columns", [1, 12, 20, 40, 60, 80, 100, 200])
def test_a_bar_leaves_room_for_what_the_terminal_echoes(columns: int) -> None:
    out = Terminal()
    bar(out, [0.0, 4.0], runs=2, columns=columns)(progress(operations=999_999, device_time=31_000_000_000))
    assert len(lines_of(out)[1]) <= max(columns - SPARE, 0)


def test_a_bar_is_drawn_ten_times_per_second_at_most() -> None:
    out = Terminal()
    display = bar(out, [0.0, 1.0, 1.05, 1.2])
    for operations in (1, 2, 3):
        display(progress(operations=operations))
    assert [line.split("  ")[2] for line in lines_of(out)[1:]] == ["1 operation", "3 operations"]


def test_the_first_news_of_a_later_run_count_from_the_last_of_the_run_before() -> None:
    out = Terminal()
    display = bar(out, [0.0, 1.0, 9.0, 11.0], runs=2)
    for run, operations in ((1, 5), (1, 50), (2, 100)):
        display(progress(run=run, operations=operations))
    assert "  50/s  " in lines_of(out)[-1]


def test_a_dumb_terminal_gets_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    out = Terminal()
    with shown_on(out, CLOCK) as display:
        display(progress())
    assert out.getvalue().startswith("run 1: 0 operations (0%)")


def test_progress_that_nobody_sees_stops_no_plan() -> None:
    class Gone(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError

    with shown_on(Gone(), CLOCK) as display:
        display(progress())
    with shown_on(None, CLOCK) as display:
        display(progress())


def test_a_run_is_named_with_its_place_in_the_series() -> None:
    assert [labelled(1, 1, 1), labelled(2, 2, 3), labelled(7, 2, 3)] == ["run 1", "run 2 of 3", "run 7 (2 of 3)"]


def test_one_is_no_plural() -> None:
    assert [counted(n, "target") for n in (0, 1, 1200)] == ["0 targets", "1 target", "1,200 targets"]


def test_what_is_left_is_told_in_hours_minutes_and_seconds() -> None:
    told = [left_in_words(done, 100.0) for done in (0.0, 0.5, 0.01, 1.0)]
    assert told == ["-:-- left", "1:40 left", "2:45:00 left", "0:00 left"]


def test_device_times_are_told_in_a_unit_that_fits() -> None:
    times = (5, 10_000, 20_000_000, 31_000_000_000)
    assert [in_words(ticks, CLOCK) for ticks in times] == ["0.001 us", "1.000 us", "2.000 ms", "3.100 s"]
