"""Reading an operation_sequence file, our own or a foreign one, into Commands, piece by piece."""

from __future__ import annotations

import csv
import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from model.event import NOTHING, Commands
from model.operations import Catalogue, OpName
from model.payloads import Payload, Payloads
from model.units import Clock

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
    """A payload that breaks [payload] in a way that columns cannot show. `time` in ticks."""

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
    the rows that could be read. `faults` grows with the pieces.
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
        self._piece = _Piece()

    def __iter__(self) -> Iterator[Commands]:
        try:
            yield from self._pieces()
        except OSError as error:
            self._problem(0, f"cannot be read: {error.strerror or error}")
        except UnicodeDecodeError:
            self._find_bad_lines()
        if self.problems:
            if self.uncounted:
                self.problems.append(Problem(str(self.path), 0, f"and {self.uncounted} problems more"))
            raise UnusableInput(self.problems)

    def _pieces(self) -> Iterator[Commands]:
        with self.path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file, strict=True)
            header = self._next(rows)
            if header is None:
                return self._problem(0, "is empty") if not self.problems else None
            if not self._head(header):
                return None
            while (row := self._next(rows)) is not None:
                if row:
                    self._row(rows.line_num, row)
                if len(self._piece) >= self._size:
                    yield from self._taken(whole=False)
            yield from self._taken(whole=True)
        return None

    def _next(self, rows: Any) -> list[str] | None:
        while True:
            try:
                row: list[str] | None = next(rows, None)
                return row
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
        if payload.fault:
            self.faults.append(PayloadFault(str(self.path), line, uid, time, f"{name.name}: {payload.fault}"))
        self._piece.add(time, uid, name.index, payload)
        return None

    def _time(self, line: int, text: str) -> int | None:
        ticks = _plain_ticks(text, self._clock)
        if ticks is None:
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
        if text.isascii() and text.isdigit() and len(text) < 19:
            return int(text)
        self._problem(line, f"op_uid {text!r}: not a whole number")
        return None

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
        piece, self._piece = self._piece, _Piece()
        if "op_uid" not in self._columns:
            self._piece = piece.order(whole=whole)
        if len(piece):
            yield piece.commands()


def _plain_ticks(text: str, clock: Clock) -> int | None:
    whole, _, part = text.partition(".")
    digits = whole + part
    if digits.isdigit() and digits.isascii() and whole and len(part) <= clock.decimals and len(whole) < 14:
        return int(digits) * _POWERS[clock.decimals - len(part)]
    return None


_POWERS: tuple[int, ...] = tuple(int(10**n) for n in range(20))


@dataclass(slots=True)
class _Piece:
    """Rows in the making."""

    heads: list[tuple[int, int, int]] = field(default_factory=list)
    payloads: list[Payload] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.heads)

    def add(self, time: int, uid: int, op: int, payload: Payload) -> None:
        self.heads.append((time, uid, op))
        self.payloads.append(payload)

    def order(self, *, whole: bool) -> _Piece:
        """Number equal starts by die, then plane; what may still have equals to come is held back and returned."""
        rest = _Piece()
        times = [head[0] for head in self.heads]
        keep = len(times)
        while not whole and keep and times[keep - 1] == times[-1]:
            keep -= 1
        keep = keep or len(times)
        rest.heads, rest.payloads = self.heads[keep:], self.payloads[keep:]
        del self.heads[keep:], self.payloads[keep:]
        if len(set(times[:keep])) < keep:
            uids = [head[1] for head in self.heads]
            rows = sorted(zip(self.heads, self.payloads, strict=True), key=lambda row: (row[0][0], _place(row[1])))
            self.heads = [(head[0], uid, head[2]) for (head, _), uid in zip(rows, uids, strict=True)]
            self.payloads = [payload for _, payload in rows]
        return rest

    def commands(self) -> Commands:
        count = len(self.heads)
        head = np.array(self.heads, dtype=np.int64).reshape(count, 3)
        first = np.zeros(count + 1, dtype=np.int64)
        np.cumsum([len(payload.entries) for payload in self.payloads], out=first[1:])
        entries = [entry for payload in self.payloads for entry in payload.entries]
        flat = np.array(entries, dtype=np.int64).reshape(len(entries), 5)
        dies = np.array([p.entries[0][0] if p.entries else NOTHING for p in self.payloads], dtype=np.int64)
        exp = np.array([payload.exp for payload in self.payloads], dtype=np.int64)
        return Commands(head[:, 0], head[:, 1], head[:, 2], dies, exp, first, *flat.T)


def _place(payload: Payload) -> tuple[int, int]:
    return (payload.entries[0][0], payload.entries[0][1]) if payload.entries else (NOTHING, NOTHING)
