"""Rows of a sequence file in the making, as columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import chain

import numpy as np

from model.event import NOTHING, Commands
from model.payloads import Payload
from model.units import Clock

_MOST_DIGITS = 18
_WHOLE_NUMBERS = re.compile(r"[0-9]{1,18}(?:,[0-9]{1,18})*")


def plain_numbers(texts: Sequence[str]) -> list[int] | None:
    """Whole numbers of at most 18 digits; None where any text is something else."""
    joined = ",".join(texts)
    if not _WHOLE_NUMBERS.fullmatch(joined) or joined.count(",") != len(texts) - 1:
        return None
    return list(map(int, texts))


def plain_ticks(texts: Sequence[str], clock: Clock) -> list[int] | None:
    """The ticks of times in us that are written like 12, 12.5 or 12.5000; None where any text is something else."""
    joined = ",".join(texts)
    if joined.count(",") != len(texts) - 1:
        return None
    if clock.decimals and _full(clock.decimals).fullmatch(joined):
        return list(map(int, joined.replace(".", "").split(",")))
    if not _short(clock.decimals).fullmatch(joined):
        return None
    parts = (text.partition(".") for text in texts)
    return [int(whole + part) * int(10 ** (clock.decimals - len(part))) for whole, _, part in parts]


@cache
def _full(decimals: int) -> re.Pattern[str]:
    return _list_of(rf"{_whole(decimals)}\.[0-9]{{{decimals}}}")


@cache
def _short(decimals: int) -> re.Pattern[str]:
    return _list_of(_whole(decimals) + (rf"(?:\.[0-9]{{1,{decimals}}})?" if decimals else ""))


def _whole(decimals: int) -> str:
    return f"[0-9]{{1,{max(1, _MOST_DIGITS - 1 - decimals)}}}"


def _list_of(one: str) -> re.Pattern[str]:
    return re.compile(f"{one}(?:,{one})*")


@dataclass(slots=True)
class Piece:
    """Rows: times (ticks), op_uids, positions of op_names, payloads."""

    times: list[int] = field(default_factory=list)
    uids: list[int] = field(default_factory=list)
    ops: list[int] = field(default_factory=list)
    payloads: list[Payload] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.times)

    def extend(self, times: list[int], uids: list[int], ops: list[int], payloads: list[Payload]) -> None:
        """Add rows."""
        self.times += times
        self.uids += uids
        self.ops += ops
        self.payloads += payloads

    def order(self, *, whole: bool) -> Piece:
        """Number equal starts by die, then plane; what may still have equals to come is held back and returned."""
        keep = len(self)
        while not whole and keep and self.times[keep - 1] == self.times[-1]:
            keep -= 1
        keep = keep or len(self)
        rest = Piece(self.times[keep:], self.uids[keep:], self.ops[keep:], self.payloads[keep:])
        del self.times[keep:], self.uids[keep:], self.ops[keep:], self.payloads[keep:]
        if len(set(self.times)) < keep:
            rows = zip(self.times, self.ops, self.payloads, strict=True)
            placed = sorted(rows, key=lambda row: (row[0], _place(row[2])))
            self.ops, self.payloads = [row[1] for row in placed], [row[2] for row in placed]
        return rest

    def commands(self) -> Commands:
        """The rows as columns."""
        entries = [payload.entries for payload in self.payloads]
        first = np.zeros(len(self) + 1, dtype=np.int64)
        np.cumsum([len(each) for each in entries], out=first[1:])
        numbers = chain.from_iterable(chain.from_iterable(entries))
        flat = np.fromiter(numbers, dtype=np.int64, count=5 * int(first[-1])).reshape(-1, 5)
        return Commands(
            np.array(self.times, dtype=np.int64),
            np.array(self.uids, dtype=np.int64),
            np.array(self.ops, dtype=np.int64),
            np.array([each[0][0] if each else NOTHING for each in entries], dtype=np.int64),
            np.array([payload.exp for payload in self.payloads], dtype=np.int64),
            first,
            *flat.T,
        )


def _place(payload: Payload) -> tuple[int, int]:
    return (payload.entries[0][0], payload.entries[0][1]) if payload.entries else (NOTHING, NOTHING)
