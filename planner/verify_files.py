"""The other files of a run against the replay of its operation sequence, row by row."""

from __future__ import annotations

import csv
import filecmp
import json
import shutil
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from model.event import NOTHING, Commands, Ended, Spans
from model.event import Chunk as Piece
from model.judge import Finding
from planner.export.writer import RunWriter

if TYPE_CHECKING:
    from model.boundary import Boundary
    from model.config import Config

FILES = "files"
"""The rule id of a difference that breaks no rule of the device."""
ORDERED = ("operation_timeline", "op_state_timeline", "events", "op_event_resume")
COUNTED = ("address_touch_count", "op_state_name_input_time_count")
ANNOTATIONS = frozenset({"source", "phase_key_used"})
"""Columns that only the planner knows; a replay has nothing to compare them with."""
TIMES = frozenset({"start", "end", "time", "duration", "triggered_us", "remaining"})
ENDS = frozenset({"OP_START", "OP_END", "OP_ABORT"})
CUTS = frozenset({"OP_SUSPENDED", "OP_RESUMED"})
MOST = 1_000
"""Differences of one file that are told; then its comparison stops."""
_AHEAD = 64

Row = dict[str, str]
Table = Iterator[tuple[int, Row]]


@dataclass(frozen=True, slots=True)
class RunFile:
    """A sequence file; `date` and `run` as in its name, run 0 where the name tells none. `beside`: compare its run.

    `home`: the folder that it belongs to, where its snapshots are, if its files lie elsewhere for now.
    """

    path: Path
    date: str
    run: int
    beside: bool
    home: Path | None = None

    @property
    def folder(self) -> Path:
        """The folder that it belongs to."""
        return self.path.parent if self.home is None else self.home

    def told(self, message: str) -> str:
        """A message with the folder that files belong to in place of the one where they lie for now."""
        return message if self.home is None else message.replace(str(self.path.parent), str(self.home))

    def sibling(self, name: str) -> Path:
        """Another table of the same run."""
        return self.path.with_name(f"{name}_{self.date}_{self.run:07d}.csv")


class RunCopy:
    """Writes a run's tables anew from the replay into a folder of its own, then compares."""

    def __init__(self, config: Config, file: RunFile, folder: Path, start: Boundary | None) -> None:
        self._config = config
        self._file = file
        self._folder = folder
        self._suspended: set[int] = set()
        self._writer = RunWriter(
            config, folder, run=file.run, date=file.date, seed=0, start=start, annotated=False,
            tables=(*ORDERED, *COUNTED),
        )  # fmt: skip

    def write(self, commands: Commands, spans: Spans, horizon: int) -> None:
        """Takes commands, and the spans that are settled."""
        self._suspended.update(spans.op_uid[spans.ended == int(Ended.SUSPENDED)].tolist())
        none = np.full(len(commands), NOTHING, dtype=np.int64)
        self._writer.write(Piece(commands, spans, horizon, none, none))

    def compare(self, running: Spans | None = None) -> Iterator[Finding]:
        """All differences. The copy is gone after that. `running`: spans of what the next run settles."""
        self._writer.finish(running)
        self._writer.commit()
        for name in (*ORDERED, *COUNTED):
            theirs, ours = self._file.sibling(name), self._folder / self._file.sibling(name).name
            if theirs.exists():
                yield from self._table(name, theirs, ours)
        yield from self._page()
        shutil.rmtree(self._folder, ignore_errors=True)

    def discard(self) -> None:
        """Give the copy up."""
        self._writer.discard()

    def _table(self, name: str, theirs: Path, ours: Path) -> Iterator[Finding]:
        try:
            if filecmp.cmp(theirs, ours, shallow=False):
                return
            columns, due = _header(theirs), _header(ours)
            if columns != due:
                yield _plain(f"{theirs}:1: the header is {','.join(columns)}, due is {','.join(due)}")
                return
            rows = _counted if name in COUNTED else _ordered
            for told, (line, row, own) in enumerate(rows(_rows(theirs), _rows(ours)), 1):
                yield self._finding(theirs, line, row, own)
                if told == MOST:
                    yield _plain(f"{theirs}: more than {MOST} differences; the rest was not compared")
                    return
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            yield _plain(f"{theirs}: cannot be read: {error}")

    def _finding(self, file: Path, line: int, row: Row | None, own: Row | None) -> Finding:
        known = own if own is not None else row if row is not None else {}
        uid = _number(known.get("op_uid", ""))
        rule = self._rule(row, own, uid)
        time = next((known[column] for column in ("time", "start", "triggered_us") if known.get(column)), "0")
        place = f"{file}:{line}" if line else str(file)
        return Finding(
            rule,
            uid,
            self._ticks(time),
            _number(known.get("die", "")),
            _number(known.get("plane", "")),
            f"{place}: {_difference(row, own)}",
        )

    def _ticks(self, text: str) -> int:
        try:
            return self._config.clock.ticks(text)
        except ValueError:
            return 0

    def _rule(self, row: Row | None, own: Row | None, uid: int) -> str:
        if row is None or own is None:
            event = (row or own or {}).get("event", "")
            return "op-end-once" if event in ENDS else "residual" if event in CUTS else FILES
        differing = {column for column in own if row[column] != own[column]}
        if "op_uid" in differing:
            return "op-uid"
        if "event" in differing and {row["event"], own["event"]} & ENDS:
            return "op-end-once"
        if differing <= TIMES:
            return "residual" if uid in self._suspended else "time"
        return FILES

    def _page(self) -> Iterator[Finding]:
        path = self._file.path.with_name(f"run_{self._file.run:07d}.json")
        if not path.exists():
            return
        try:
            page = json.loads(path.read_text(encoding="utf-8"))
            theirs = page.get("counts", {})
            if page.get("config", self._config.digest) != self._config.digest:
                yield _plain(f"{path}: made with another config: {page['config'][:12]}")
        except (OSError, ValueError, AttributeError, TypeError) as error:
            yield _plain(f"{path}: cannot be read: {error}")
            return
        for key, value in self._writer.count_section().items():
            if key in theirs and theirs[key] != value:
                yield _plain(f"{path}: counts.{key} is {theirs[key]}, the replay gives {value}")


def _plain(message: str) -> Finding:
    return Finding(FILES, NOTHING, 0, NOTHING, NOTHING, message)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else NOTHING


def _header(path: Path) -> list[str]:
    with path.open(encoding="utf-8", newline="") as file:
        return next(csv.reader(file), [])


def _rows(path: Path) -> Table:
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        columns = next(rows, [])
        keep = [i for i, name in enumerate(columns) if name not in ANNOTATIONS]
        for row in rows:
            padded = row + [""] * (len(columns) - len(row))
            yield rows.line_num, {columns[i]: padded[i] for i in keep}


def _ordered(theirs: Table, ours: Table) -> Iterator[tuple[int, Row | None, Row | None]]:
    """Differences of two tables whose order counts; rows left out or added are found again a few rows on."""
    left: deque[tuple[int, Row]] = deque()
    right: deque[tuple[int, Row]] = deque()
    while True:
        _fill(left, theirs, 1)
        _fill(right, ours, 1)
        if not left and not right:
            return
        if left and right and left[0][1] == right[0][1]:
            left.popleft()
            right.popleft()
            continue
        _fill(left, theirs, _AHEAD)
        _fill(right, ours, _AHEAD)
        skip_left, skip_right = _meeting(left, right)
        line = left[0][0] if left else 0
        for i in range(max(skip_left, skip_right)):
            row: Row | None = None
            if i < skip_left:
                line, row = left.popleft()
            yield line, row, right.popleft()[1] if i < skip_right else None


def _fill(buffer: deque[tuple[int, Row]], table: Table, count: int) -> None:
    while len(buffer) < count:
        row = next(table, None)
        if row is None:
            return
        buffer.append(row)


def _meeting(left: Sequence[tuple[int, Row]], right: Sequence[tuple[int, Row]]) -> tuple[int, int]:
    """How many rows of each side come before the two are equal again; at least one row in all."""
    if not left or not right:
        return len(left), len(right)
    places: dict[tuple[str, ...], int] = {}
    for j, (_, row) in enumerate(right):
        places.setdefault(tuple(row.values()), j)
    best = (1, 1)
    distance = len(left) + len(right) + 1
    for i, (_, row) in enumerate(left):
        place = places.get(tuple(row.values()))
        if place is not None and i + place < distance:
            best, distance = (i, place), i + place
    return best


def _counted(theirs: Table, ours: Table) -> Iterator[tuple[int, Row | None, Row | None]]:
    """Differences of two tables of counts, whatever their order; equal keys are added up."""
    left, right = _totals(theirs), _totals(ours)
    for key, (line, row) in left.items():
        own = right.pop(key, None)
        if own is None:
            yield line, row, None
        elif own[1] != row:
            yield line, row, own[1]
    for _, missing in right.values():
        yield 0, None, missing


def _totals(table: Table) -> dict[tuple[str, ...], tuple[int, Row]]:
    totals: dict[tuple[str, ...], tuple[int, Row]] = {}
    for line, row in table:
        key = tuple(value for column, value in row.items() if column != "count")
        if key in totals:
            before = totals[key][1]["count"]
            row["count"] = str(_number(before) + _number(row["count"]))
            totals[key] = (totals[key][0], row)
        else:
            totals[key] = (line, row)
    return totals


def _difference(row: Row | None, own: Row | None) -> str:
    if own is None:
        return f"the replay has no such row: {_text(row)}"
    if row is None:
        return f"a row of the replay is missing: {_text(own)}"
    differing = [column for column in own if row[column] != own[column]]
    told = "; ".join(f"{column} is {row[column]!r}, the replay gives {own[column]!r}" for column in differing)
    return f"{told}, in {_text(row)}"


def _text(row: Any) -> str:
    return ",".join(row.values()) if row else ""
