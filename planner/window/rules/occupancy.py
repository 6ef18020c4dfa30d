"""Who may hold the bus and the planes at the same time."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from ortools.sat.python import cp_model

from planner.window.logic import Linear, Lit, Point, negated
from planner.window.parts import Op
from planner.window.variables import Window

Stretch = tuple[Point, Point, Lit]
"""From when to when, and whether at all."""


def bus(window: Window) -> None:
    """[bus] States on the bus never overlap, over all dies: no_overlap of their intervals."""
    intervals = [
        _interval(window, start, end, present)
        for op in window.ops
        for start, end, present in _on_bus(op)
        if start != end
    ]
    window.logic.cp.add_no_overlap(intervals)


def _on_bus(op: Op) -> Iterator[Stretch]:
    if op.new and op.base.bus[0]:
        yield op.start, op.issue_end, True
    for run in op.runs:
        if op.base.bus[run.state]:
            yield run.start, run.end, run.present


def _interval(window: Window, start: Point, end: Point, present: Lit) -> cp_model.IntervalVar:
    """The interval of a stretch; where rules are assumed, it is there only with its rule."""
    logic = window.logic
    assumed = logic.assumption()
    here = logic.all_of(present, True if assumed is None else assumed)
    if start.var is end.var:
        size = end.off - start.off
        if here is True:
            return logic.cp.new_fixed_size_interval_var(_linear(start), size, "")
        return logic.cp.new_optional_fixed_size_interval_var(_linear(start), size, here, "")
    length = logic.number(0, logic.horizon)
    return logic.cp.new_optional_interval_var(_linear(start), length, _linear(end), here, "")


def _linear(point: Point) -> Linear:
    return point.off if point.var is None else point.var + point.off


def plane_busy(window: Window) -> None:
    """[plane-busy] Holds of one plane never overlap: start(b) >= end(a) or start(a) >= end(b)."""
    if window.ordered:
        for op in window.new:
            _after_all(window, op, op.ends_plane)
        return
    for a, b in combinations([op for op in window.ops if op.base.holds], 2):
        if not set(window.dies_of(a)).isdisjoint(window.dies_of(b)):
            _apart(window, a, b, window.share_target(a, b))


def multi_plane(window: Window) -> None:
    """[multi-plane] Operations on different planes of a die overlap only where both are single and listed."""
    if window.ordered:
        for op in window.new:
            _after_all(window, op, op.ends_die)
        return
    for a, b in combinations([op for op in window.ops if op.base.affects_state], 2):
        one_die = not set(window.dies_of(a)).isdisjoint(window.dies_of(b))
        if one_die and not window.may_overlap(a, b):
            _apart(window, a, b, True)


def _after_all(window: Window, op: Op, others: list[Op]) -> None:
    for other in others:
        if other.end is not None:
            window.logic.after(op.start, other.end, 0)


def _apart(window: Window, a: Op, b: Op, shared: Lit) -> None:
    logic = window.logic
    if shared is False:
        return
    for start_a, end_a, here_a in _holds(a):
        for start_b, end_b, here_b in _holds(b):
            ways = [logic.at_most(end_a, start_b), logic.at_most(end_b, start_a)]
            logic.require_any(ways, shared, here_a, here_b)


def _holds(op: Op) -> Iterator[Stretch]:
    """The stretches in which an operation holds its planes: from ISSUE, or a RESUME's end, to the end or a cut."""
    if not op.runs:
        yield op.start, op.issue_end, True
    if op.stopped is not False and op.end is not None:
        yield op.start, op.end, op.stopped
    for place, run in enumerate(op.runs):
        yield (op.start if op.new and place == 0 else run.start), run.end, run.present


def handover(window: Window) -> None:
    """[handover] Who starts inside a DATA window takes all of the window's planes, and its group allows it."""
    logic = window.logic
    by_state = window.device.exclusions.by_state
    for op in window.new:
        for other, lit in op.takes_over:
            if by_state[other.base.index][len(other.base.states) - 1] >> op.base.index & 1:
                logic.deny(lit)
            for plane in range(window.device.geometry.planes):
                logic.deny(lit, other.target(plane), negated(op.target(plane)))
