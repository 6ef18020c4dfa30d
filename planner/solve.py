"""A window's model, solved: one worker, seeded, capped by conflicts and never by the clock."""

from __future__ import annotations

from dataclasses import dataclass

from ortools.sat.python import cp_model

from model.boundary import Boundary
from model.device import Device
from planner.window.build import build
from planner.window.logic import Contradiction, Lit, Point
from planner.window.parts import Number
from planner.window.spec import WindowSpec
from planner.window.variables import Window


@dataclass(frozen=True, slots=True)
class Budget:
    """How far one solve may go: a cap on conflicts, and the seed of the search."""

    conflicts: int = 2_000
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Solved:
    """A way to carry the window out: values of all variables by index."""

    window: Window
    values: tuple[int, ...]

    def time(self, point: Point) -> int:
        """When a moment comes, in absolute ticks."""
        base = self.window.spec.floor + point.off
        return base if point.var is None else base + self.values[point.var.index]

    def number(self, value: Number) -> int:
        """The value of a number."""
        return value if isinstance(value, int) else self.values[value.index]

    def holds(self, lit: Lit) -> bool:
        """Whether a literal is true."""
        if isinstance(lit, bool):
            return lit
        index = lit.index
        return bool(self.values[index]) if index >= 0 else not self.values[-1 - index]


@dataclass(frozen=True, slots=True)
class Infeasible:
    """No way exists; `rule` is known where the data alone break one."""

    rule: str
    why: str


@dataclass(frozen=True, slots=True)
class OutOfTime:
    """Neither a way nor a proof within the budget."""


Outcome = Solved | Infeasible | OutOfTime


def solve(device: Device, boundary: Boundary, spec: WindowSpec, budget: Budget) -> Outcome:
    """Builds and solves a window. The same arguments give the same outcome."""
    try:
        window = build(device, boundary, spec)
    except Contradiction as broken:
        return Infeasible(broken.rule, str(broken))
    return solve_built(window, budget)


def solve_built(window: Window, budget: Budget) -> Outcome:
    """Solves a window that is built: starts as early as the earliest open one allows, in order of time."""
    cp = window.logic.cp
    starts = [op.start.var for op in window.new if op.start.var is not None]
    if window.ordered and starts:
        cp.add_decision_strategy(starts, cp_model.CHOOSE_LOWEST_MIN, cp_model.SELECT_MIN_VALUE)
    solver = cp_model.CpSolver()
    parameters = solver.parameters
    parameters.num_workers = 1
    parameters.catch_sigint_signal = False
    parameters.random_seed = budget.seed
    parameters.cp_model_presolve = False
    parameters.linearization_level = 0 if window.ordered else 1
    parameters.max_number_of_conflicts = budget.conflicts
    parameters.use_precedences_in_disjunctive_constraint = False  # it creeps tick by tick to the end of time
    if window.ordered:
        parameters.search_branching = cp_model.FIXED_SEARCH
    status = solver.solve(cp)
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Solved(window, tuple(solver.response_proto.solution))
    if status == cp_model.INFEASIBLE:
        return Infeasible("", "no times fit")
    return OutOfTime()
