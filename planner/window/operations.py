"""From what is asked for, and from what the boundary carries in, to the operations of a window."""

from __future__ import annotations

from model.boundary import LiveOp
from model.event import NOTHING
from model.operations import Base
from planner.window.logic import Lit, Point
from planner.window.parts import Number, Op, Run
from planner.window.spec import OpSpec
from planner.window.variables import Window


def carried_in(window: Window, live: LiveOp, suspended: bool) -> Op:
    """A running or suspended operation of the boundary, with its remaining runs at fixed times."""
    name = window.device.catalogue.names[live.name]
    op = Op(
        pos=len(window.ops),
        name=name,
        base=name.base,
        die=live.die,
        start=Point(None, live.start - window.spec.floor),
        mask=live.planes,
        targets=target_mask(window, name.base, live.planes),
        on=planes_named(window, live.planes),
        row=live.row,
        page=live.page,
        celltype=live.celltype,
        new=False,
        op_uid=live.op_uid,
        left=live.remaining,
    )
    window.ops.append(op)
    if not suspended:
        end = Point(None, live.end - window.spec.floor)
        run_on(op, end.plus(-name.data - live.remaining))
    return op


def room(window: Window, spec: OpSpec) -> tuple[int, int]:
    """Least and greatest start of a wanted operation, after the window's floor."""
    floor = window.spec.floor
    low = 0 if spec.earliest is None else max(0, spec.earliest - floor)
    high = window.logic.horizon if spec.latest is None else min(window.logic.horizon, spec.latest - floor)
    return low, high


def asked_for(window: Window, index: int, start: Point) -> Op:
    """A new operation that starts at `start`."""
    spec = window.spec.ops[index]
    name = window.device.catalogue.names[spec.name]
    mask = spec.planes[0] if len(spec.planes) == 1 else None
    op = Op(
        pos=len(window.ops),
        name=name,
        base=name.base,
        die=spec.die,
        start=start,
        mask=mask,
        targets=target_mask(window, name.base, mask),
        on=_planes(window, spec),
        row=_number(window, spec.rows),
        page=_number(window, spec.pages),
        celltype=name.celltype,
        index=index,
        left=name.core_busy,
    )
    window.ops.append(op)
    window.new.append(op)
    return op


def run_on(op: Op, start: Point) -> None:
    """The operation goes on undisturbed from `start`, the beginning of what is left of its CORE_BUSY."""
    name = op.name
    op.core_end = start
    if name.has_core and isinstance(op.left, int):
        op.core_end = start.plus(op.left)
        op.runs.append(Run(1, True, start, op.core_end))
    op.end = op.core_end
    if name.has_data:
        op.end = op.core_end.plus(name.data)
        op.runs.append(Run(len(name.base.states) - 1, False, op.core_end, op.end))


def target_mask(window: Window, base: Base, mask: int | None) -> int | None:
    """The target planes on each die that the operation looks at; None where the payload planes are open."""
    everything = window.device.geometry.all_planes
    if base.scope == "DIE_WIDE" and not _waits(base):
        return everything
    if base.has_plane:
        return mask
    return 0 if _waits(base) else everything


def _waits(base: Base) -> bool:
    return base.name == "NOP"


def planes_named(window: Window, mask: int) -> tuple[Lit, ...]:
    """Per plane whether the mask has it."""
    return tuple(bool(mask >> plane & 1) for plane in range(window.device.geometry.planes))


def _planes(window: Window, spec: OpSpec) -> tuple[Lit, ...]:
    """Per plane whether the payload names it: one of the candidate masks is taken."""
    if len(spec.planes) == 1:
        return planes_named(window, spec.planes[0])
    logic = window.logic
    taken = [logic.boolean() for _ in spec.planes]
    logic.cp.add_exactly_one(taken)
    on: list[Lit] = []
    for plane in range(window.device.geometry.planes):
        having = [lit for lit, mask in zip(taken, spec.planes, strict=True) if mask >> plane & 1]
        if not having or len(having) == len(taken):
            on.append(bool(having))
        else:
            lit = logic.boolean()
            logic.cp.add(sum(having) == lit)
            on.append(lit)
    return tuple(on)


def _number(window: Window, values: tuple[int, ...]) -> Number:
    return window.logic.choice(values) if values else NOTHING
