"""Operations whose order is open: fragments, ends and who cuts, resumes, takes over or aborts whom are variables."""

from __future__ import annotations

from model.operations import RESUMES, SUSPENDS
from planner.window.disturbed import disturb
from planner.window.logic import Lit, Point, negated
from planner.window.operations import asked_for, carried_in, room, run_on
from planner.window.parts import Op
from planner.window.spec import OpSpec
from planner.window.variables import Window


def place(window: Window) -> None:
    """Makes the window's operations with open order, their possible runs and their ends."""
    suspended = _carry_in(window)
    logic = window.logic
    for index, spec in enumerate(window.spec.ops):
        op = asked_for(window, index, logic.time(*room(window, spec)))
        run_on(op, op.issue_end)
        for die in window.dies_of(op):
            window.by_die[die].append(op)
    # resumes first: what they resume goes on at their ends
    for op in sorted(window.ops, key=lambda op: op.base.name not in RESUMES):
        disturb(window, op, op in suspended)
    for die in range(len(window.by_die)):
        _pair_up(window, die)
    for op in window.new:
        _keep_distances(window, op, window.spec.ops[op.index])


def _carry_in(window: Window) -> list[Op]:
    known: dict[int, Op] = {}
    suspended = []
    for die, state in enumerate(window.boundary.dies):
        for live in state.running:
            op = known.get(live.op_uid) or carried_in(window, live, suspended=False)
            known[live.op_uid] = op
            window.by_die[die].append(op)
        for live in state.suspended:
            op = carried_in(window, live, suspended=True)
            suspended.append(op)
            window.by_die[die].append(op)
    for resume in [op for op in window.ops if op.base.name in RESUMES and op.end is not None]:
        _go_on(window, resume, suspended)
    return suspended


def _go_on(window: Window, resume: Op, suspended: list[Op]) -> None:
    """A RESUME that runs when the window begins: its victim goes on at its end."""
    axis = resume.base.name.removesuffix("_RESUME")
    mine = [op for op in suspended if op.die == resume.die and window.axis_of(op) == axis]
    if mine:
        resume.resumes.append((mine[-1], True))
        resume.still_suspended = len(mine) > 1


def _pair_up(window: Window, die: int) -> None:
    """Each SUSPEND cuts once, each RESUME resumes once, the latest suspended operation of its axis first."""
    logic = window.logic
    for op in window.by_die[die]:
        if op.base.name in SUSPENDS and op.new:
            cuts = [
                (other, lit) for other in window.by_die[die] for run in other.runs for c, lit in run.cut_by if c is op
            ]
            logic.cp.add_at_most_one([lit for _, lit in cuts])
            op.victim = cuts
        elif op.base.name in RESUMES and op.new:
            logic.cp.add_at_most_one([lit for _, lit in op.resumes])
    rests = [rest for op in window.by_die[die] for rest in op.rests if rest[0] is op]
    for resume in window.by_die[die]:
        if resume.base.name in RESUMES and resume.new:
            _latest_first(window, resume, rests)


def _latest_first(window: Window, resume: Op, rests: list[tuple[Op, int, Lit, Point]]) -> None:
    logic = window.logic
    still: list[Lit] = []
    axis = resume.base.name.removesuffix("_RESUME")
    for victim, fragment, cut, at in rests:
        if window.axis_of(victim) != axis:
            continue
        mine = [lit for v, f, lit, _ in resume.rests if v is victim and f == fragment]
        before = _resumed_before(window, resume, victim, fragment)
        open_now = logic.all_of(cut, logic.at_most(at, resume.start), negated(before), *[negated(lit) for lit in mine])
        still.append(open_now)
        for other, other_fragment, lit, other_at in resume.rests:
            if (other, other_fragment) != (victim, fragment):
                logic.deny(lit, open_now, negated(logic.at_most(at, other_at)))
    resume.still_suspended = logic.any_of(*still) if still else False


def _resumed_before(window: Window, resume: Op, victim: Op, fragment: int) -> Lit:
    logic = window.logic
    earlier: list[Lit] = []
    for other in window.ops:
        if other is resume or other.base.name != resume.base.name:
            continue
        for v, f, lit, _ in other.rests:
            if v is victim and f == fragment:
                earlier.append(logic.all_of(lit, logic.at_most(other.start, resume.start)))
    for reset, lit in victim.aborted:
        earlier.append(logic.all_of(lit, logic.at_most(reset.start, resume.start)))
    return logic.any_of(*earlier) if earlier else False


def _keep_distances(window: Window, op: Op, spec: OpSpec) -> None:
    logic = window.logic
    for link in spec.after:
        moment = window.point(window.new[link.op], link.moment)
        if moment is not None:
            logic.after(op.start, moment, link.gap)
    if spec.inside is None:
        return
    host = window.new[spec.inside.op]
    ways = []
    for run in host.runs:
        if run.state == spec.inside.state:
            here = window.in_run(op, host, run)
            early = logic.at_most(run.start.plus(spec.inside.lo), op.start)
            late = logic.at_most(op.start, run.start.plus(spec.inside.hi))
            ways.append(logic.all_of(here, early, late))
    logic.require_any(ways)
