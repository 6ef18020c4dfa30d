"""The timeline in a terminal, mark by mark; `nandplan show`."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from planner.cli import run
from planner.plots.terminal import drawn, listed
from tests.recorded.made import planned, story, us

ESCAPE = "\x1b["


def lines(begin: float, end: float, width: int) -> list[str]:
    """The picture of the story."""
    return [line.plain for line in drawn(story(), us(begin), us(end), width)]


def test_every_operation_begins_with_its_letter() -> None:
    # 7 columns of names, then a column per us from 28 to 64
    assert lines(28, 64, 43) == [
        "28.0000 to 64.0000 us, a column is about 1.0000 us",
        "                   40                  60",
        "                   |                   |",
        "bus    ...U..................U.........R...",
        "d0-p0  E==U====..............U==E==========",
        "d0-p1  E==U====..............U==E==========",
        "d0~    ...E~~~~~~~~~~~~~~~~~~~~~...........",
        "d1-p0  ....................................",
        "d1-p1  ................................R===",
        "E erase   R read   U suspend   : being sent",
        "= array busy   ~ suspended   . idle",
    ]


def test_data_windows_are_told_from_busy_arrays() -> None:
    assert lines(76, 96, 27)[-4] == "d1-p1  R====-----.........."


def test_operations_are_listed_with_their_fate() -> None:
    assert [line.plain for line in listed(story(), 0, us(151), 3)] == [
        "op_uid    start       end  die  planes  op_name",
        "     1   0.0000  123.0000  0    0+1     Erase_Multi  cut 1x",
        "     2  11.0000   11.5000  0            Status",
        "     3  31.0000   36.0000  0    0+1     Suspend",
        "and 4 operations more",
    ]


def test_operations_of_a_range_are_those_that_start_in_it() -> None:
    rows = [line.plain for line in listed(story(), us(11), us(50), 9)]
    assert [row.split()[0] for row in rows[1:]] == ["2", "3"]


def test_where_nothing_starts_nothing_is_listed() -> None:
    assert list(listed(story(), us(90), us(100), 9)) == []


def test_without_a_terminal_it_is_plain_text(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["show", str(planned()), "--from", "0", "--to", "5000", "--rows", "2"]) == 0
    text = capsys.readouterr().out
    assert ESCAPE not in text
    assert max(map(len, text.splitlines())) <= 120
    assert re.search(r"^d1-p3 ", text, re.MULTILINE)
    assert re.search(r"^and \d+ operations more$", text, re.MULTILINE)


@pytest.mark.parametrize("width", [40, 200])
def test_it_is_as_wide_as_asked(width: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["show", str(planned()), "--width", str(width), "--rows", "0"]) == 0
    rows = [line for line in capsys.readouterr().out.splitlines() if line.startswith(("bus", "d0-p", "d1-p"))]
    assert {len(row) for row in rows} == {width}


def on_a_terminal(folder: Path, **variables: str) -> str:
    """What `show` writes to a terminal."""
    leader, follower = pty.openpty()
    command = [sys.executable, "-m", "planner.cli", "show", str(folder), "--to", "5000", "--rows", "0"]
    outside = {
        name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR", "COLORTERM")
    }
    with subprocess.Popen(command, stdout=follower, env={**outside, "TERM": "xterm-256color", **variables}) as process:
        os.close(follower)
        parts = []
        while True:
            try:
                part = os.read(leader, 1 << 16)
            except OSError:  # the other side has closed
                break
            if not part:
                break
            parts.append(part)
        assert process.wait() == 0
    os.close(leader)
    return b"".join(parts).decode()


def test_on_a_terminal_it_has_colours() -> None:
    assert ESCAPE in on_a_terminal(planned())


def test_with_no_color_it_has_none() -> None:
    assert ESCAPE not in on_a_terminal(planned(), NO_COLOR="1")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--from", "x"], "--from 'x': allowed: a time in us, 0 or more"),
        (["--from", "9", "--to", "8"], "no time lies between"),
        (["--width", "3"], "--width '3': allowed: a whole number, 40 or more"),
    ],
)
def test_bad_options_are_told_by_name(options: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["show", str(planned()), *options]) == 2
    assert message in capsys.readouterr().err
