"""Operations whose order on each die is given: what the order decides about their moments.

Each die is walked once. A holder that comes later starts after the end of the holders before it, unless the data
say that it cuts, takes over or aborts one of them; suspended operations go on where their RESUME ends.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from model.event import NOTHING
from model.operations import ERASE_AXIS, RESETS, RESUMES, SUSPENDS
from planner.window.logic import Contradiction, Lit, Point, negated
from planner.window.operations import asked_for, carried_in, room, run_on
from planner.window.parts import FAR, Op, Run
from planner.window.spec import Inside, Moment, OpSpec
from planner.window.variables import Window


@dataclass(slots=True)
class _Die:
    """What is under way on a die during the walk: operations that may still run, and suspended ones per axis."""

    live: list[Op] = field(default_factory=list)
    suspended: dict[bool, list[Op]] = field(default_factory=lambda: {False: [], True: []})
    last: Op | None = None


def place(window: Window) -> None:
    """Makes the window's operations, in their given order, with their runs and ends."""
    dies = _carry_in(window)
    carried = [list(ops) for ops in window.by_die]
    for index, spec in enumerate(window.spec.ops):
        host, run = _host(window, spec, carried)
        op = asked_for(window, index, _start(window, spec, run))
        _keep_distances(window, op, spec, run)
        run_on(op, op.issue_end)
        for number in window.dies_of(op):
            window.by_die[number].append(op)
            _take_place(window, dies[number], op, host, run)
        under_way = [dies[number] for number in window.dies_of(op)]
        op.live = tuple(dict.fromkeys(other for die in under_way for other in die.live))
        op.waiting = tuple(other for die in under_way for stack in die.suspended.values() for other in stack)
        _settle(window, dies, op)


def _carry_in(window: Window) -> list[_Die]:
    """What runs and what is suspended on each die when the window begins."""
    dies = [_Die() for _ in window.by_die]
    carried: dict[int, Op] = {}
    for number, state in enumerate(window.boundary.dies):
        for live in state.running:
            op = carried.get(live.op_uid) or carried_in(window, live, suspended=False)
            carried[live.op_uid] = op
            window.by_die[number].append(op)
            dies[number].live.append(op)
        for live in state.suspended:
            op = carried_in(window, live, suspended=True)
            op.suspended.append((NOTHING, FAR))
            window.by_die[number].append(op)
            dies[number].suspended[_on_erase_axis(op)].append(op)
    for die in dies:
        for op in [op for op in die.live if op.base.name in RESUMES]:
            _go_on(window, die, op)
    return dies


def _on_erase_axis(op: Op) -> bool:
    return op.base.name in ERASE_AXIS


def _host(window: Window, spec: OpSpec, carried: list[list[Op]]) -> tuple[Op | None, Run | None]:
    """The operation, and its current run, that the wanted one starts in."""
    inside = spec.inside
    if inside is None:
        return None, None
    host = window.new[inside.op] if inside.op >= 0 else carried[spec.die][-1 - inside.op]
    if inside.state == 0 and not host.base.bus[0]:
        return host, Run(0, False, host.start, host.issue_end)
    for run in reversed(host.runs):
        if run.state == inside.state:
            return host, run
    raise Contradiction("window", f"{host.name.name} is not in the state in which an operation is wanted")


def _start(window: Window, spec: OpSpec, run: Run | None) -> Point:
    inside = spec.inside
    if run is not None and inside is not None and inside.lo == inside.hi:
        start = run.start.plus(inside.lo)
        if window.logic.bounds(start)[1] < 0:
            raise Contradiction("window", "an operation is wanted before the window begins")
        return start
    low, high = room(window, spec)
    if run is not None and inside is not None:
        begin, end = window.logic.bounds(run.start)
        return window.logic.time(max(low, begin + inside.lo), min(high, end + inside.hi))
    return window.logic.time(low, high)


def _keep_distances(window: Window, op: Op, spec: OpSpec, run: Run | None) -> None:
    logic = window.logic
    logic.rule = "window"
    inside: Inside | None = spec.inside
    if op.start.var is None or (inside is not None and inside.lo == inside.hi):
        low, high = room(window, spec)
        logic.after(op.start, Point(None, low), 0)
        logic.after(Point(None, high), op.start, 0)
    if run is not None and inside is not None and inside.lo != inside.hi:
        logic.after(op.start, run.start, inside.lo)
        logic.after(run.start.plus(inside.hi), op.start, 0)
    for link in spec.after:
        moment = window.point(window.new[link.op], link.moment)
        if moment is None:
            raise Contradiction("window", f"{op.name.name} waits for something that does not come")
        logic.after(op.start, moment, link.gap)


def _take_place(window: Window, die: _Die, op: Op, host: Op | None, run: Run | None) -> None:
    """What the start of `op` tells about the operations under way on one die."""
    if die.last is not None and die.last.pos != op.pos:
        window.logic.rule = "bus"
        previous = die.last
        bus = previous.base.bus[0] and op.base.bus[0]
        window.logic.after(op.start, previous.issue_end if bus else previous.start, 0)
    die.last = op
    op.host, op.host_run = host, run
    ended_by_data = {window.new[link.op].pos for link in window.spec.ops[op.index].after if link.moment is Moment.END}
    for other in list(die.live):
        if other is host:
            continue
        if other.pos in ended_by_data:
            _ended(die, other, op)
        elif op.base.name in RESETS and host is not None:
            continue
        elif op.base.holds and _excludes(window, op, other):
            _ended(die, other, op)


def _excludes(window: Window, op: Op, other: Op) -> bool:
    """Whether the two may not hold their planes at the same time; records which rule says so."""
    if not other.base.holds:
        return False
    if window.share_target(op, other) is not False:
        op.ends_plane.append(other)
        return True
    if op.base.affects_state and other.base.affects_state and not window.may_overlap(op, other):
        op.ends_die.append(other)
        return True
    return False


def _ended(die: _Die, other: Op, op: Op) -> None:
    other.ended_from = min(other.ended_from, op.pos)
    die.live.remove(other)


def _settle(window: Window, dies: list[_Die], op: Op) -> None:
    """What `op` does to the operations under way, once all dies know of it."""
    name = op.base.name
    for number in window.dies_of(op):
        die = dies[number]
        if name in RESETS:
            _abort(window, die, op)
        elif name in SUSPENDS:
            _cut(die, op)
        elif op.host is not None and op.host_run is not None and op.base.affects_state:
            _take_over(die, op)
        if name in RESUMES:
            _go_on(window, die, op)
        if op.runs or not op.base.bus[0]:
            die.live.append(op)


def _abort(window: Window, die: _Die, op: Op) -> None:
    """The reset stops what it starts in and what is suspended; of the others what has not ended."""
    for other in die.live + die.suspended[False] + die.suspended[True]:
        over: Lit = False
        if other is op.host and op.host_run is not None:
            _close(other, op.host_run, op)
        elif other.end is not None:
            over = window.logic.at_most(other.end, op.start)
        other.completes = over
        other.aborted.append((op, negated(over)))
        other.ended_from = min(other.ended_from, op.pos)
        if over is False:
            other.end = op.start
    die.live.clear()
    die.suspended = {False: [], True: []}


def _close(other: Op, run: Run, op: Op) -> None:
    """The run ends at the start of `op`; the states after it are taken away."""
    run.end = op.start
    run.closed_from = op.pos
    run.cut_by.append((op, True))
    del other.runs[other.runs.index(run) + 1 if run.state else 0 :]


def _cut(die: _Die, op: Op) -> None:
    other, run = op.host, op.host_run
    if other is None or run is None:
        return
    _close(other, run, op)
    op.victim.append((other, True))
    other.core_end = other.end = None
    executed = run.end.off - run.start.off
    if run.start.var is not run.end.var or not isinstance(other.left, int):
        raise Contradiction("suspend-target", "the length of a fragment is not given")
    other.left -= executed
    other.suspended.append((op.pos, FAR))
    die.live.remove(other)
    die.suspended[_on_erase_axis(other)].append(other)


def _take_over(die: _Die, op: Op) -> None:
    other, run = op.host, op.host_run
    if other is None or run is None or run.core:
        return
    _close(other, run, op)
    other.end = op.start
    other.ended_from = op.pos
    op.takes_over.append((other, True))
    die.live.remove(other)


def _go_on(window: Window, die: _Die, op: Op) -> None:
    stack = die.suspended[op.base.name == "ERASE_RESUME"]
    if not stack or op.end is None:
        return
    other = stack.pop()
    first, _ = other.suspended.pop()
    other.suspended.append((first, op.pos))
    op.resumes.append((other, True))
    op.still_suspended = bool(stack)
    known = len(other.runs)
    run_on(other, op.end)
    for run in other.runs[known:]:
        run.opened_from = op.pos
    die.live.append(other)
