"""Reading an operation_sequence file, our own or a foreign one, into Commands, piece by piece."""

from __future__ import annotations

import csv
import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from model.event import Commands
from model.operations import Catalogue, OpName
from model.payloads import Payload, Payloads
from model.piece import Piece, plain_numbers, plain_ticks

if TYPE_CHECKING:
    from model.config import Config

PIECE = 10_000
"""Rows per piece."""
MOST_PROBLEMS = 1_000
"""Problems of a file that are told one by one; the rest is only counted."""
_NEEDED = ("time", "op_name", "payload")


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a file cannot be used, and where. Line 0 stands for the whole file."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}" if self.line else f"{self.file}: {self.message}"


class UnusableInput(Exception):  # noqa: N818
    """A sequence file has no usable form; `problems` holds all that is wrong with it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class PayloadFault:
    """A payload that breaks [payload] or [range] in a way that columns cannot show. `time` in ticks."""

    rule: str
    file: str
    line: int
    op_uid: int
    time: int
    message: str


@dataclass(frozen=True, slots=True)
class Operations:
    """A whole file: its commands, and the faults of its payloads."""

    commands: Commands
    faults: tuple[PayloadFault, ...]


def read_sequence(path: str | Path, config: Config) -> Operations:
    """A whole file at once. UnusableInput: all that is wrong with its form."""
    reader = SequenceReader(path, config)
    pieces = list(reader)
    return Operations(_joined(pieces), tuple(reader.faults))


def _joined(pieces: Sequence[Commands]) -> Commands:
    if not pieces:
        return Commands.of([])
    columns = [np.concatenate([getattr(piece, name) for piece in pieces]) for name in Commands.__slots__]
    counts = np.concatenate([np.diff(piece.first) for piece in pieces])
    columns[Commands.__slots__.index("first")] = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return Commands(*columns)


class SequenceReader:
    """Iterates over the pieces of one file, in order; memory holds one piece.

    `first_uid` numbers the operations of a file without op_uid, `floor` is the earliest time allowed (ticks).
    Problems of form raise UnusableInput, all together, once the whole file has been seen; the pieces until then hold
    the rows that could be read. `faults` grows with the pieces. Rows as we write them ourselves are read column by
    column, many at a time; a batch with anything unusual in it is read again row by row.
    """

    def __init__(
        self, path: str | Path, config: Config, *, first_uid: int = 1, floor: int = 0, size: int = PIECE
    ) -> None:
        self.path = Path(path)
        self.faults: list[PayloadFault] = []
        self.problems: list[Problem] = []
        self.uncounted = 0
        self.rows = 0
        self.next_uid = first_uid
        self.last_time = floor
        self._size = size
        self._clock = config.clock
        self._catalogue = Catalogue.of(config)
        self._payloads = Payloads(config)
        self._columns: dict[str, int] = {}
        self._width = 0
        self._piece = Piece()

    def __iter__(self) -> Iterator[Commands]:
        try:
            yield from self._pieces()
        except OSError as error:
            self._problem(0, f"cannot be read: {error.strerror or error}")
        except UnicodeDecodeError:
            self._find_bad_lines()
        if self.problems:
            self.problems.sort(key=lambda problem: problem.line)
            if self.uncounted:
                self.problems.append(Problem(str(self.path), 0, f"and {self.uncounted} problems more"))
            raise UnusableInput(self.problems)

    def _pieces(self) -> Iterator[Commands]:
        with self.path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file, strict=True)
            header = self._header(rows)
            if header is None or not self._head(header):
                return
            while True:
                batch, lines = self._batch(rows)
                if batch and not self._many(batch, lines):
                    for line, row in zip(lines, batch, strict=True):
                        self._row(line, row)
                yield from self._taken(whole=not batch)
                if not batch:
                    return

    def _header(self, rows: Any) -> list[str] | None:
        try:
            header: list[str] = next(rows)
            return header
        except StopIteration:
            self._problem(0, "is empty")
        except csv.Error as error:
            self._problem(rows.line_num, f"not a CSV row: {error}")
        return None

    def _batch(self, rows: Any) -> tuple[list[list[str]], list[int]]:
        """The next rows, and the lines on which they end; at the end of the file none."""
        batch: list[list[str]] = []
        lines: list[int] = []
        room = self._size - len(self._piece)
        while True:
            try:
                for row in rows:
                    if row:
                        batch.append(row)
                        lines.append(rows.line_num)
                        if len(batch) >= room:
                            return batch, lines
                return batch, lines
            except csv.Error as error:
                self._problem(rows.line_num, f"not a CSV row: {error}")

    def _head(self, header: list[str]) -> bool:
        names = [name.strip() for name in header]
        self._width = len(names)
        for name in dict.fromkeys(names):
            if names.count(name) > 1:
                self._problem(1, f"column {name!r} stands {names.count(name)} times")
        self._columns = {name: i for i, name in enumerate(names)}
        for name in _NEEDED:
            if name not in self._columns:
                self._problem(1, f"column {name!r} is missing; the header is {','.join(names)}")
        return not self.problems

    def _many(self, batch: list[list[str]], lines: list[int]) -> bool:
        """Take a batch column by column; False, and nothing taken, where anything in it is unusual."""
        if any(len(row) != self._width for row in batch):
            return False
        columns, count = list(zip(*batch, strict=True)), len(batch)
        times = plain_ticks(columns[self._columns["time"]], self._clock)
        if times is None or times[0] < self.last_time or times != sorted(times):
            return False
        ops: list[Any] = list(map(self._catalogue.name_index.get, columns[self._columns["op_name"]]))
        uids: list[int] | None = list(range(self.next_uid, self.next_uid + count))
        if "op_uid" in self._columns:
            uids = plain_numbers(columns[self._columns["op_uid"]])
        if uids is None or None in ops:
            return False
        payloads = self._payloads.read_all(ops, columns[self._columns["payload"]])
        if any(payload.broken for payload in payloads):
            return False
        self._piece.extend(times, uids, ops, payloads)
        self.rows += count
        self.last_time, self.next_uid = times[-1], uids[-1] + 1
        for i, payload in enumerate(payloads):
            if payload.fault or payload.beyond:
                self._fault(lines[i], uids[i], times[i], ops[i], payload)
        return True

    def _row(self, line: int, row: list[str]) -> None:
        if len(row) != self._width:
            return self._problem(line, f"{len(row)} fields, the header has {self._width}")
        columns = self._columns
        time = self._time(line, row[columns["time"]])
        name = self._name(line, row[columns["op_name"]])
        uid = self._uid(line, row[columns["op_uid"]]) if "op_uid" in columns else self.next_uid
        payload = self._payloads.read(row[columns["payload"]], name) if name is not None else None
        if payload is not None and payload.broken:
            self._problem(line, payload.broken)
        self.rows += 1
        if name is None or time is None or uid is None or payload is None or payload.broken:
            return None
        self.next_uid = uid + 1
        self._fault(line, uid, time, name.index, payload)
        self._piece.extend([time], [uid], [name.index], [payload])
        return None

    def _fault(self, line: int, uid: int, time: int, op: int, payload: Payload) -> None:
        name = self._catalogue.names[op].name
        for rule, message in (("payload", payload.fault), ("range", payload.beyond)):
            if message:
                self.faults.append(PayloadFault(rule, str(self.path), line, uid, time, f"{name}: {message}"))

    def _time(self, line: int, text: str) -> int | None:
        try:
            ticks = self._clock.ticks(text)
        except ValueError as error:
            self._problem(line, f"time {text!r}: {error}")
            return None
        if ticks < self.last_time:
            now, before = self._clock.us(ticks), self._clock.us(self.last_time)
            self._problem(line, f"time {now} us comes after {before} us: times are out of order")
            return None
        self.last_time = ticks
        return ticks

    def _name(self, line: int, text: str) -> OpName | None:
        index = self._catalogue.name_index.get(text)
        if index is not None:
            return self._catalogue.names[index]
        near = difflib.get_close_matches(text, self._catalogue.name_index, n=1)
        self._problem(line, f"op_name {text!r} is not known{f'; nearest: {near[0]}' if near else ''}")
        return None

    def _uid(self, line: int, text: str) -> int | None:
        uids = plain_numbers([text])
        if uids is None:
            self._problem(line, f"op_uid {text!r}: not a whole number")
            return None
        return uids[0]

    def _problem(self, line: int, message: str) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(str(self.path), line, message))
        else:
            self.uncounted += 1

    def _find_bad_lines(self) -> None:
        with self.path.open("rb") as file:
            for line, text in enumerate(file, 1):
                try:
                    text.decode("utf-8")
                except UnicodeDecodeError as error:
                    self._problem(line, f"not UTF-8: byte {text[error.start]:#04x} at column {error.start + 1}")

    def _taken(self, *, whole: bool) -> Iterator[Commands]:
        piece, self._piece = self._piece, Piece()
        if "op_uid" not in self._columns:
            self._piece = piece.order(whole=whole)
        if len(piece):
            yield piece.commands()
