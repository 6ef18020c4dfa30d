"""What a device shows over time, as signals: each a list of changes (tick, value)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from planner.recorded.history import AXES, History

IDLE = "idle"
CORE_BUSY = "CORE_BUSY"

Value = int | str
Changes = list[tuple[int, Value]]
Interval = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Signal:
    """`scope`: where it stands, like (device, d0, p1). `bits`: its width, 0 for text. `first`: before any change."""

    scope: tuple[str, ...]
    name: str
    bits: int
    first: Value
    changes: Changes


def signals_of(history: History, begin: int, end: int) -> list[Signal]:
    """All signals inside [begin, end).

    Of the bus: busy, op_name, op_uid. Of the device and each die R/B# (`rb_n`: 0 while any plane is in CORE_BUSY); of
    each die erase_suspended and program_suspended, as status reads tell them; of each plane op_state, op_name, op_uid
    and suspended (an operation that holds it is).
    """
    names: dict[int, str] = dict(history.ops.select("op_uid", "op_name").rows())
    segments = history.clipped(history.segments, begin, end)
    gaps = history.clipped(history.gaps, begin, end)
    busy = segments.filter(state=CORE_BUSY)
    made = list(_bus(history.clipped(history.bus, begin, end), begin))
    made.append(_line(("device",), "rb_n", busy.select("start", "end").rows(), begin, on=0))
    told = history.clipped(history.gaps.with_columns(start="told"), begin, end)
    for die in sorted({die for die, _ in history.lanes}):
        scope = ("device", f"d{die}")
        made.append(_line(scope, "rb_n", busy.filter(die=die).select("start", "end").rows(), begin, on=0))
        for axis in AXES:
            rows = told.filter(die=die, axis=axis).select("start", "end").rows()
            made.append(_line(scope, f"{axis}_suspended", rows, begin))
    lanes = segments.partition_by("die", "plane", as_dict=True, maintain_order=True)
    for die, plane in history.lanes:
        made += _plane((die, plane), lanes.get((die, plane)), gaps.filter(die=die), names, begin)
    return made


def _bus(pieces: pl.DataFrame, begin: int) -> Iterator[Signal]:
    scope = ("device", "bus")
    yield _line(scope, "busy", pieces.select("start", "end").rows(), begin)
    yield Signal(scope, "op_name", 0, IDLE, _steps(pieces.select("start", "end", "op_name").rows(), IDLE))
    yield Signal(scope, "op_uid", 64, 0, _steps(pieces.select("start", "end", "op_uid").rows(), 0))


def _plane(
    lane: tuple[int, int], segments: pl.DataFrame | None, gaps: pl.DataFrame, names: Mapping[int, str], begin: int
) -> Iterator[Signal]:
    die, plane = lane
    scope = ("device", f"d{die}", f"p{plane}")
    rows = [] if segments is None else segments.select("start", "end", "base", "state", "op_uid").rows()
    states = [(start, stop, f"{base}.{state}") for start, stop, base, state, _ in rows]
    named = [(start, stop, names.get(uid, "?")) for start, stop, _, _, uid in rows]
    numbered = [(start, stop, uid) for start, stop, _, _, uid in rows]
    cut = [(start, stop) for start, stop, planes in gaps.select("start", "end", "planes").rows()
           if str(plane) in planes.split("+")]  # fmt: skip
    yield Signal(scope, "op_state", 0, IDLE, _steps(states, IDLE))
    yield Signal(scope, "op_name", 0, IDLE, _steps(named, IDLE))
    yield Signal(scope, "op_uid", 64, 0, _steps(numbered, 0))
    yield _line(scope, "suspended", cut, begin)


def _steps(rows: Iterable[tuple[int, int, Value]], idle: Value) -> Changes:
    """The value of the last row that began, until its end; what has no length is left out."""
    changes: Changes = []
    for start, end, value in rows:
        if start == end:
            continue
        if changes and changes[-1] == (start, idle):
            changes.pop()
        if not changes or changes[-1][1] != value:
            changes.append((start, value))
        changes.append((end, idle))
    return changes


def _line(scope: tuple[str, ...], name: str, rows: Iterable[Interval], begin: int, *, on: int = 1) -> Signal:
    """A line that is `on` inside any of the intervals."""
    changes = [(tick, on if inside else 1 - on) for tick, inside in edges(rows)]
    return Signal(scope, name, 1, 1 - on, list(changes))


def edges(rows: Iterable[Interval]) -> Iterator[tuple[int, bool]]:
    """Where the union of intervals begins (True) and ends (False), in order."""
    begin = end = -1
    for start, stop in sorted(row for row in rows if row[0] < row[1]):
        if start > end or end < 0:
            if end >= 0:
                yield begin, True
                yield end, False
            begin, end = start, stop
        end = max(end, stop)
    if end >= 0:
        yield begin, True
        yield end, False
