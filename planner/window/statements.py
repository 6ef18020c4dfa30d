"""What a user says about the moments of operations, as constraints of any model that has points for them.

A `Stay` is an operation seen from outside: its moments, and what it spends in each state. Both the whole window and
the scenario's own simpler model offer their operations as stays, so that each statement is encoded once.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from ortools.sat.python import cp_model

from planner.window.logic import IntVar, Linear, Lit, Logic, Point
from planner.window.variables import Window


@dataclass(frozen=True, slots=True)
class Span:
    """One stay in a state: [start, end), and its planned length in ticks."""

    start: Point
    end: Point
    length: Linear


@dataclass(slots=True)
class Stay:
    """An operation: its moments (None: they never come), its pieces of CORE_BUSY in order, its DATA window."""

    start: Point
    issue_end: Point
    core_end: Point | None
    end: Point | None
    cores: list[Span] = field(default_factory=list)
    data: Span | None = None
    on_bus: bool = True


def stays(window: Window) -> list[Stay]:
    """The new operations of a window of given order as stays, in the order of its specification."""
    return [
        Stay(
            op.start,
            op.issue_end,
            op.core_end,
            op.end,
            *_spans(op.name.core_busy, op.name.data, op.runs),
            op.base.bus[0],
        )
        for op in window.new
    ]


def _spans(left: int, data: int, runs: Iterable) -> tuple[list[Span], Span | None]:  # type: ignore[type-arg]
    cores: list[Span] = []
    window = None
    for run in runs:
        if run.core:
            cores.append(Span(run.start, run.end, left))
            left -= run.end.off - run.start.off if run.start.var is run.end.var else 0
        else:
            window = Span(run.start, run.end, data)
    return cores, window


def linear(point: Point) -> Linear:
    """A moment as a linear expression."""
    return point.off if point.var is None else point.var + point.off


def distance(
    logic: Logic, start: Point, to: Point, least: int | None, most: int | None, slack: IntVar | int = 0
) -> None:
    """`least` - slack <= to - start <= `most` + slack."""
    if isinstance(slack, int):
        if least is not None:
            logic.after(to, start, least - slack)
        if most is not None:
            logic.after(start, to, -most - slack)
        return
    gap = linear(to) - linear(start)
    if least is not None:
        logic.add(gap + slack >= least)
    if most is not None:
        logic.add(gap - slack <= most)


def within(
    logic: Logic,
    at: Point,
    spans: Sequence[Span],
    share: tuple[Fraction, Fraction, bool, bool] | None,
    slack: IntVar | int = 0,
) -> None:
    """`at` lies in one of the spans, within a part of it.

    `share` is (first, last, whether they are fractions of the planned length, whether the last does not belong to
    it); a place between two ticks means the tick before it.
    """
    ways: list[Lit] = [True] if len(spans) == 1 else [logic.boolean() for _ in spans]
    if not spans:
        logic.deny()
    for span, way in zip(spans, ways, strict=True):
        logic.after(at, span.start, 0, way)
        logic.after(span.end, at, 1, way)
        if share is not None:
            _in_part(logic, at, span, share, slack, way)
    if len(spans) > 1:
        logic.require_any(ways)


def _in_part(
    logic: Logic, at: Point, span: Span, share: tuple[Fraction, Fraction, bool, bool], slack: IntVar | int, way: Lit
) -> None:
    lo, hi, of_length, open_end = share
    into = linear(at) - linear(span.start)
    for value, upper in ((lo, False), (hi, True)):
        scale = value.denominator
        target = value.numerator * (span.length if of_length else 1)
        if upper:
            logic.add(_bounded(scale * into - scale * slack - target, -1 if open_end else 0, upper=True), way)
        elif lo == hi:
            logic.add(_bounded(scale * into + scale * slack - target, 1 - scale, upper=False), way)
        else:
            logic.add(_bounded(scale * into + scale * slack - target, 0, upper=False), way)


def _bounded(expression: Linear, limit: int, *, upper: bool) -> cp_model.BoundedLinearExpression | bool:
    return expression <= limit if upper else expression >= limit


def quiet(logic: Logic, issues: Iterable[Stay], start: Point, to: Point) -> None:
    """No ISSUE overlaps [start, to)."""
    for stay in issues:
        if stay.on_bus:
            logic.require_any([logic.at_most(stay.issue_end, start), logic.at_most(to, stay.start)])


def first_start(logic: Logic, every: Sequence[Stay], latest: int) -> Point:
    """The earliest start of all."""
    point = _fresh(logic, 0, latest)
    logic.cp.add_min_equality(linear(point), [linear(stay.start) for stay in every])
    return point


def last_end(logic: Logic, every: Sequence[Stay], latest: int) -> Point:
    """The latest end of all."""
    point = _fresh(logic, 0, latest)
    ends = [linear(stay.end if stay.end is not None else stay.issue_end) for stay in every]
    logic.cp.add_max_equality(linear(point), ends)
    return point


def _fresh(logic: Logic, low: int, high: int) -> Point:
    return Point(logic.cp.new_int_var(low, high, ""), 0)


LATEST = 1.0
"""Seconds in which a thread that was started at all has begun."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How far a search may go: conflicts, the solver's own units of work, seconds (None: no limit), and its seed."""

    conflicts: int = 20_000
    seconds: float | None = None
    seed: int = 0
    work: float = 4.0


@dataclass(frozen=True, slots=True)
class Found:
    """What a search came to: values by variable (empty: none found), whether there is provably none, and the bound.

    `work`: what it took, in the solver's own units; `late`: the seconds ran out.
    """

    values: tuple[int, ...]
    impossible: bool
    optimal: bool = False
    objective: float = 0.0
    bound: float = 0.0
    work: float = 0.0
    late: bool = False


def search(
    logic: Logic,
    effort: Effort,
    *,
    minimize: Linear | None = None,
    presolve: bool = True,
    starts: Sequence[Point] = (),
) -> Found:
    """Searches a model, one worker; `starts` are fixed in order of time, the earliest moment first.

    The same arguments give the same result, unless the seconds run out.
    """
    cp = logic.cp
    cp.clear_objective()  # type: ignore[no-untyped-call]
    if minimize is not None and not isinstance(minimize, int):
        cp.minimize(minimize)
    cp.proto.search_strategy.clear()
    variables = [point.var for point in starts if point.var is not None]
    if variables:
        cp.add_decision_strategy(variables, cp_model.CHOOSE_LOWEST_MIN, cp_model.SELECT_MIN_VALUE)
    solver = _solver(effort, presolve=presolve, in_order=bool(variables))
    status = _solved(solver, cp)
    known = minimize is not None and not isinstance(minimize, int)
    bound = solver.best_objective_bound if known else 0.0
    work = solver.response_proto.deterministic_time
    late = _late(solver, effort, work)
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        values = tuple(solver.response_proto.solution)
        return Found(
            values, False, status == cp_model.OPTIMAL, solver.objective_value if known else 0.0, bound, work, late
        )
    return Found((), status == cp_model.INFEASIBLE, bound=bound, work=work, late=late)


def _solver(effort: Effort, *, presolve: bool, in_order: bool) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    parameters = solver.parameters
    if in_order:
        parameters.search_branching = cp_model.FIXED_SEARCH
    parameters.num_workers = 1
    parameters.catch_sigint_signal = False
    parameters.random_seed = effort.seed
    parameters.cp_model_presolve = presolve
    parameters.max_number_of_conflicts = effort.conflicts
    parameters.max_deterministic_time = effort.work
    if effort.seconds is not None:
        parameters.max_time_in_seconds = max(effort.seconds, 0.01)
    return solver


def _late(solver: cp_model.CpSolver, effort: Effort, work: float) -> bool:
    """Whether a search that came to nothing was ended by its seconds: nothing else can have ended it."""
    if effort.seconds is None or solver.wall_time < _SOME * effort.seconds:
        return False
    return solver.num_conflicts < _MOST * effort.conflicts and work < _MOST * effort.work


_SOME, _MOST = 0.5, 0.9
"""Of a limit. The solver ends a little before its seconds are over, and counts a little beside its other limits."""


def _solved(solver: cp_model.CpSolver, cp: cp_model.CpModel) -> object:
    """The status; Ctrl-C ends the search, whenever it comes: no thread is left behind."""
    ended: list[object] = []
    begun, over = threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        try:
            ended.append(solver.solve(cp))
        finally:
            over.set()

    try:
        threading.Thread(target=work).start()
        over.wait()  # Thread.join takes a thread for ended when it is interrupted
    except BaseException:
        if begun.wait(LATEST):
            while not over.wait(0.02):
                solver.stop_search()  # in vain as long as the search has not begun
        raise
    return ended[0]


def value(values: Sequence[int], point: Point) -> int:
    """When a moment comes, in ticks after the model's beginning."""
    return point.off if point.var is None else point.off + values[point.var.index]
