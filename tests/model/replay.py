"""Small histories of the shipped device, told as (op_name, start in us, die, planes, row, page)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from model.advance import Issued, advance
from model.boundary import Boundary, DieState
from model.device import Device
from model.event import NOTHING, Spans

Told = Sequence[object]
US = 10_000
"""Ticks per us of the shipped device."""


def ticks(us: float | str) -> int:
    """A time in us as ticks."""
    return round(float(us) * US)


def issued(device: Device, told: Iterable[Told], first_uid: int = 1) -> list[Issued]:
    """The operations, numbered in order."""
    result = []
    for uid, (name, start, *rest) in enumerate(map(tuple, told), first_uid):
        defaults: list[object] = [0, 0, NOTHING, NOTHING]
        die, planes, row, page = [*rest, *defaults[len(rest) :]]
        op = device.catalogue.name(str(name))
        result.append(Issued(uid, op.index, die, planes, row, page, op.celltype, ticks(start)))  # type: ignore[arg-type]
    return result


def replayed(
    device: Device, told: Iterable[Told], floor: float, start: Boundary | None = None
) -> tuple[Boundary, list[tuple[int, ...]]]:
    """The boundary at `floor` us, and the spans settled by then as rows in field order."""
    boundary = Boundary.fresh(device) if start is None else start
    after, spans = advance(device, boundary, issued(device, told, boundary.next_op_uid), ticks(floor))
    return after, rows_of(spans)


def rows_of(spans: Spans) -> list[tuple[int, ...]]:
    """Spans as rows: op_uid, fragment, state, start, end, planned, remaining, ended."""
    columns = (
        spans.op_uid, spans.fragment, spans.state, spans.start, spans.end, spans.planned, spans.remaining, spans.ended
    )  # fmt: skip
    return list(zip(*(column.tolist() for column in columns), strict=True))


def die(boundary: Boundary, number: int = 0) -> DieState:
    """A die of a boundary."""
    return boundary.dies[number]
