"""Windows carried out at the starts that the chooser estimated: order-level planning without a solver."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from model.advance import Issued, advance
from model.boundary import Boundary
from model.device import Device
from model.event import NOTHING, Spans
from planner.targets.asked import Asked
from planner.targets.choose import Aim, History, walked
from planner.window.spec import OpSpec

Step = tuple[Boundary, Asked, Boundary, Spans]


def issued_of(device: Device, boundary: Boundary, asked: Asked) -> list[Issued]:
    """The operations of a window in order of their estimated starts, numbered."""
    order = sorted(range(len(asked.ops)), key=lambda i: (asked.starts[i], i))
    return [_issued(device, asked.ops[i], asked.starts[i], uid) for uid, i in enumerate(order, boundary.next_op_uid)]


def _issued(device: Device, op: OpSpec, start: int, uid: int) -> Issued:
    name = device.catalogue.names[op.name]
    row = op.rows[0] if op.rows else NOTHING
    page = op.pages[0] if op.pages else NOTHING
    return Issued(uid, op.name, op.die, op.planes[0], row, page, name.celltype, start)


def steps(
    device: Device, seed: int, operations: int, *, drain: bool = False, start: Boundary | None = None
) -> Iterator[Step]:
    """Window after window: the boundary before, what was asked for, the boundary after, the spans settled by then.

    Ends at or after a number of operations; with `drain` when nothing is left to be closed.
    """
    boundary = Boundary.fresh(device) if start is None else start
    history = History.empty(device)
    done, window = 0, 0
    while True:
        closing = done >= operations
        if closing and not drain:
            return
        asked = walked(device, boundary, history, Random(seed * 100_003 + window), Aim(drain=closing))
        if not asked.ops:
            return
        issued = issued_of(device, boundary, asked)
        floor = max(op.start + device.catalogue.names[op.name].issue for op in issued)
        after, spans = advance(device, boundary, issued, floor)
        for op in asked.ops:
            history.count(op.name, op.aim)
        yield boundary, asked, after, spans
        boundary = after
        done += len(asked.ops)
        window += 1


def bases_of(device: Device, asked: Asked) -> list[str]:
    """The base of each operation asked for."""
    return [device.catalogue.names[op.name].base.name for op in asked.ops]
