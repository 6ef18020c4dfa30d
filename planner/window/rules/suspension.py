"""Suspend and resume: whom a SUSPEND cuts, whom a RESUME continues, and what rests meanwhile."""

from __future__ import annotations

from functools import partial

from model.operations import ERASE_AXIS, RECOVERY_READS, SUSPENDS
from planner.window.logic import Lit, negated
from planner.window.parts import Op
from planner.window.rules.addresses import USERS
from planner.window.rules.delivery import resumed_registers
from planner.window.rules.issue import suspend_events, suspended_before
from planner.window.variables import Window


def suspend_target(window: Window) -> None:
    """[suspend-target] A SUSPEND cuts a CORE_BUSY of its axis: start < t < end, at least a tick remains."""
    logic = window.logic
    for op in window.new:
        if op.base.name not in SUSPENDS:
            continue
        axis = op.base.name.removesuffix("_SUSPEND")
        logic.require_any([lit for victim, lit in op.victim if window.axis_of(victim) == axis])
        for victim, lit in op.victim:
            for run in victim.runs:
                for cutter, cuts in run.cut_by or ((op, True),):
                    if cutter is op and run.core and (not window.ordered or run.closed_from == op.pos):
                        logic.after(op.start, run.start, 1, lit, cuts)
            if isinstance(victim.left, int):
                logic.require(victim.left >= 1, lit)


def resume_order(window: Window) -> None:
    """[resume-order] The ERASE axis rests while a PROGRAM is suspended."""
    logic = window.logic
    for die in range(len(window.by_die)):
        initial = suspended_before(window, die, "PROGRAM")
        for op, events in window.along(window.by_die[die], initial, partial(suspend_events, "PROGRAM")):
            if op.base.name in ("ERASE_RESUME", "ERASE_SUSPEND"):
                for event, lit in window.latest(op, events):
                    logic.deny(lit, event.value)


def residual(window: Window) -> None:
    """[residual] The rest runs on at RESUME's end (by its runs); no undelivered data may be lost to it."""
    resumed_registers(window)


def suspended_block(window: Window) -> None:
    """[suspended-block] Nothing uses the blocks of a suspended operation, but recovery reads and their delivery."""
    for op in window.new:
        name = op.base.name
        if name not in USERS and name not in ERASE_AXIS:
            continue
        for other in window.unended(op):
            if other is op or window.axis_of(other) is None or name in RECOVERY_READS:
                continue
            rests = window.is_suspended(other, op)
            if rests is not False:
                window.logic.deny(rests, window.share_block(op, other))


def recovery(window: Window) -> None:
    """[recovery] RECOVERY_RD reads the page of a suspended PROGRAM on planes of it, with its celltype."""
    logic = window.logic
    for op in window.new:
        if op.base.name not in RECOVERY_READS:
            continue
        ways: list[Lit] = []
        for other in window.unended(op):
            if other.die == op.die and window.axis_of(other) == "PROGRAM" and other.celltype == op.celltype:
                ways.append(_reads(window, op, other))
        logic.require_any(ways)


def _reads(window: Window, op: Op, program: Op) -> Lit:
    logic = window.logic
    planes = range(window.device.geometry.planes)
    within = [negated(logic.all_of(op.payload(p), negated(program.payload(p)))) for p in planes]
    same = logic.equal(op.row, program.row), logic.equal(op.page, program.page)
    return logic.all_of(window.is_suspended(program, op), *same, *within)
