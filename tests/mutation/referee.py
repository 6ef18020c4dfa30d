"""The independent referee: the loose window with all starts and addresses fixed says whether operations are legal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ortools.sat.python import cp_model

from model.boundary import Boundary
from model.device import Device
from model.event import NOTHING, ExpVal
from model.operations import STATUS_READS
from planner.solve import Budget, Solved, solve_built
from planner.window.build import build
from planner.window.logic import Contradiction
from planner.window.parts import Op
from planner.window.spec import OpSpec, WindowSpec
from planner.window.variables import Window
from tests.mutation.history import Row

BUDGET = Budget(conflicts=100_000)


@dataclass(frozen=True, slots=True)
class Word:
    """What the referee says: the rules that are broken, or that cannot all hold together; none where all is legal.

    None: it cannot tell.
    """

    broken: frozenset[str] | None

    @property
    def legal(self) -> bool:
        """Whether it finds the operations legal."""
        return self.broken is not None and not self.broken


def ask(device: Device, boundary: Boundary, rows: Sequence[Row]) -> Word:
    """The referee's word on rows that go on from a boundary. Starts must differ."""
    ordered = sorted(rows, key=lambda row: row.time)
    ops = tuple(_spec(device, row) for row in ordered)
    spec = WindowSpec(ops, ordered=False, floor=boundary.time, ceiling=ordered[-1].time + 1)
    try:
        outcome = solve_built(build(device, boundary, spec), BUDGET)
    except Contradiction:
        return Word(_broken(device, boundary, spec))
    if isinstance(outcome, Solved):
        told = zip(outcome.window.new, ordered, strict=True)
        wrong = any(row.exp != _value(outcome, op) for op, row in told if op.base.name in STATUS_READS)
        return Word(frozenset({"sr-value"} if wrong else ()))
    return Word(_broken(device, boundary, spec))


def _value(solved: Solved, status: Op) -> int:
    """What a status read shows, from the runs of the operations beside it."""
    start, value = solved.time(status.start), ExpVal.READY
    for other in solved.window.others(status):
        for run in other.runs:
            if solved.holds(run.present) and solved.time(run.start) <= start < solved.time(run.end):
                value = min(value, ExpVal.BUSY if run.core else ExpVal.EXTRDY)
    return int(value)


def _broken(device: Device, boundary: Boundary, spec: WindowSpec) -> frozenset[str] | None:
    """The union of disjoint sets of rules, none of which can hold whole; None where there is no proof in the budget."""
    try:
        window = build(device, boundary, spec, assuming=True)
    except Contradiction as broken:
        return frozenset({broken.rule})
    assumed = {literal.index: rule for rule, literal in window.logic.assumptions.items()}
    found: set[str] = set()
    while assumed:
        core = _core(window, [window.logic.assumptions[rule] for rule in assumed.values()])
        if core is None:
            return None
        if not core:
            break
        found |= {assumed.pop(index) for index in core}
    return frozenset(found)


def _core(window: Window, assumed: list[cp_model.IntVar]) -> list[int] | None:
    """Literals that cannot all hold; none where all can."""
    window.logic.cp.clear_assumptions()
    window.logic.cp.add_assumptions(assumed)
    solver = cp_model.CpSolver()
    solver.parameters.catch_sigint_signal = False
    solver.parameters.num_workers = 1
    solver.parameters.cp_model_presolve = False
    solver.parameters.max_number_of_conflicts = BUDGET.conflicts
    status = solver.solve(window.logic.cp)
    if status == cp_model.INFEASIBLE:
        return list(solver.sufficient_assumptions_for_infeasibility())
    return [] if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else None


def _spec(device: Device, row: Row) -> OpSpec:
    base = device.catalogue.names[row.op].base
    block = row.entries[0].block if row.entries else NOTHING
    return OpSpec(
        row.op,
        row.die if base.has_die else NOTHING,
        (row.mask,),
        () if block == NOTHING else (device.geometry.row_of(block),),
        () if row.page == NOTHING else (row.page,),
        earliest=row.time,
        latest=row.time,
    )
