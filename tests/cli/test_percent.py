"""How much of a file is written is told on a terminal, and nowhere else."""

from __future__ import annotations

import io

import pytest

from planner.cli.percent import shown_for
from planner.progress import CLEAR_LINE


class Terminal(io.StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        return True


def told(stream: io.StringIO, monkeypatch: pytest.MonkeyPatch, *, quiet: bool = False) -> str:
    """What stands on the stream after two words about each of two shares."""
    monkeypatch.setattr("sys.stderr", stream)
    monkeypatch.setenv("TERM", "xterm")
    with shown_for("w.vcd", quiet=quiet) as tell:
        for share in (0.101, 0.109, 0.5):
            tell(share)
    return stream.getvalue()


def test_a_terminal_shows_each_percent_once_and_nothing_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    due = f"{CLEAR_LINE}w.vcd: 10 %{CLEAR_LINE}w.vcd: 50 %{CLEAR_LINE}"
    assert told(Terminal(), monkeypatch) == due


def test_a_file_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(io.StringIO(), monkeypatch) == ""


def test_nothing_is_shown_where_nothing_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(Terminal(), monkeypatch, quiet=True) == ""
