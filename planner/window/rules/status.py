"""Status reads: the die that they ask, and that what they see does not change while they look."""

from __future__ import annotations

import re

from model.operations import RESUMES, STATUS_READS, SUSPENDS
from planner.window.logic import Lit, Point, negated
from planner.window.parts import Op, Run
from planner.window.variables import Window

_LUN = re.compile(r"LUN_Status_Read_for_LUN(\d+)")


def absent_lun(window: Window) -> None:
    """[absent-lun] A status read of LUN n reads die n."""
    for op in window.new:
        named = _LUN.fullmatch(op.name.name)
        if named is not None:
            window.logic.require(op.die == int(named[1]))


def sr_stable(window: Window) -> None:
    """[sr-stable] The value is the same at every moment of the status read's ISSUE.

    Over [s, e): CORE_BUSY of some plane throughout, or none of them at any moment; then likewise the DATA windows.
    """
    for op in window.new:
        if op.base.name in STATUS_READS:
            _stable(window, op)


def _stable(window: Window, op: Op) -> None:
    logic = window.logic
    runs = [(other, run) for other in _reachable(window, op) for run in other.runs if _may_meet(window, op, run)]
    core = [run for _, run in runs if run.core]
    data = [run for _, run in runs if not run.core]
    end = op.issue_end
    seen = core or data
    if op.host_run is not None and seen == [op.host_run]:
        logic.after(op.host_run.end, end, 0)
    else:
        _steady(window, op, core, data)
    if window.device.config.pattern.exp_val_suspend:
        _same_flags(window, op, end)


def _steady(window: Window, op: Op, core: list[Run], data: list[Run]) -> None:
    """Busy throughout; or never busy, and then in a DATA window throughout or never."""
    logic, end = window.logic, op.issue_end
    idle = _throughout_idle(window, op, core, end)
    busy = _throughout(window, op, core, end)
    quiet = _throughout_idle(window, op, data, end)
    waiting = _throughout(window, op, data, end)
    logic.require_any([busy, logic.all_of(idle, logic.any_of(quiet, waiting))])


def _reachable(window: Window, op: Op) -> list[Op]:
    """The operations whose runs can meet the ISSUE of `op`: those that may run, and what a RESUME lets go on."""
    if not window.ordered:
        return [other for other in window.ops if other.die == op.die or other.die < 0]
    found = list(op.live)
    for other in op.live:
        found += [victim for victim, _ in other.resumes if victim not in found]
    return found


def _may_meet(window: Window, op: Op, run: Run) -> bool:
    if not window.ordered:
        return True
    if not run.opened_from < op.pos < run.closed_from:
        return False
    host = op.host
    if host is not None and op.host_run is not None and run in host.runs:
        return host.runs.index(run) >= host.runs.index(op.host_run)
    return True


def _holds_at(window: Window, op: Op, run: Run, at: Point) -> Lit:
    """Whether the run is on at a moment within the ISSUE of `op`."""
    logic = window.logic
    if window.ordered and op.host_run is run and at is op.start:
        return True
    return logic.all_of(run.present, logic.at_most(run.start, at), negated(logic.at_most(run.end, at)))


def _throughout(window: Window, op: Op, runs: list[Run], end: Point) -> Lit:
    """At the start some run is on, and whichever ends within the ISSUE ends while another one is on."""
    logic = window.logic
    if not runs:
        return False
    parts = [logic.any_of(*[_holds_at(window, op, run, op.start) for run in runs])]
    for run in runs:
        at_end = [logic.at_most(end, run.end), _over_before(window, op, run), negated(run.present)]
        others = [_holds_at(window, op, other, run.end) for other in runs if other is not run]
        parts.append(logic.any_of(*at_end, *others))
    return logic.all_of(*parts)


def _over_before(window: Window, op: Op, run: Run) -> Lit:
    if window.ordered and op.host_run is run:
        return False
    return window.logic.at_most(run.end, op.start)


def _throughout_idle(window: Window, op: Op, runs: list[Run], end: Point) -> Lit:
    """Every run is over before the ISSUE or begins after it."""
    logic = window.logic
    return logic.all_of(
        *[
            logic.any_of(negated(run.present), _over_before(window, op, run), logic.at_most(end, run.start))
            for run in runs
        ]
    )


def _same_flags(window: Window, op: Op, end: Point) -> None:
    """No SUSPEND or RESUME ends within the ISSUE."""
    logic = window.logic
    for other in window.others(op):
        if other.base.name in SUSPENDS or other.base.name in RESUMES:
            over = window.logic.at_most(other.end, op.start) if other.end is not None else True
            later = logic.at_most(end, other.end) if other.end is not None else True
            logic.require_any([over, later])
