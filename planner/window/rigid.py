"""The rigid form of a window: motifs, in which every distance is given, and one start variable for each.

What the rules ask for on one die is in the motif already; what is left to be decided is when each one starts:

- motifs of one die follow each other: start(k + 1) >= start(k) + distance(k)
- [bus] the ISSUEs of all dies do not overlap: NoOverlap over intervals that start at start(motif) + offset
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ortools.sat.python import cp_model

from planner.solve import Budget, Infeasible, OutOfTime

MERGED = 5_000
"""ISSUEs of a motif that are closer than this (ticks) are one interval to the others: nobody fits in between."""


@dataclass(frozen=True, slots=True)
class Rigid:
    """A motif as the window sees it.

    `die` is NOTHING for one of all dies, which starts after all others. `earliest` is the first tick at which it may
    start, `length` the distance to the start of the next one of its die at least, `issues` are (offset, length) of
    its ISSUEs in order.
    """

    die: int
    earliest: int
    length: int
    issues: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Placement:
    """The start of every motif, in ticks."""

    starts: tuple[int, ...]


def blocks(issues: Sequence[tuple[int, int]], merged: int = MERGED) -> list[tuple[int, int]]:
    """ISSUEs that lie close to each other taken together, as (offset, length)."""
    found: list[tuple[int, int]] = []
    for offset, length in issues:
        if not length:
            continue
        if found and offset - (found[-1][0] + found[-1][1]) < merged:
            first = found[-1][0]
            found[-1] = first, max(found[-1][1], offset + length - first)
        else:
            found.append((offset, length))
    return found


def place(motifs: Sequence[Rigid], budget: Budget) -> Placement | Infeasible | OutOfTime:
    """Starts for all motifs, each as early as the ones before it leave room."""
    floor = min(motif.earliest for motif in motifs)
    horizon = max(motif.earliest for motif in motifs) - floor + sum(motif.length for motif in motifs)
    cp = cp_model.CpModel()
    starts = [cp.new_int_var(motif.earliest - floor, horizon, "") for motif in motifs]
    _in_order(cp, motifs, starts)
    if len({motif.die for motif in motifs}) > 1:
        intervals = [
            cp.new_fixed_size_interval_var(start + offset, length, "")
            for motif, start in zip(motifs, starts, strict=True)
            for offset, length in blocks(motif.issues)
        ]
        cp.add_no_overlap(intervals)
    cp.add_decision_strategy(starts, cp_model.CHOOSE_LOWEST_MIN, cp_model.SELECT_MIN_VALUE)
    solver = cp_model.CpSolver()
    parameters = solver.parameters
    parameters.num_workers = 1
    parameters.catch_sigint_signal = False
    parameters.random_seed = budget.seed
    parameters.cp_model_presolve = False
    parameters.linearization_level = 0
    parameters.max_number_of_conflicts = budget.conflicts
    parameters.search_branching = cp_model.FIXED_SEARCH
    status = solver.solve(cp)
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Placement(tuple(floor + value for value in tuple(solver.response_proto.solution)[: len(motifs)]))
    return Infeasible("bus", "no times fit") if status == cp_model.INFEASIBLE else OutOfTime()


def _in_order(cp: cp_model.CpModel, motifs: Sequence[Rigid], starts: Sequence[cp_model.IntVar]) -> None:
    """The motifs of a die one after the other, and those of all dies behind and before everything."""
    before: dict[int, int] = {}
    everywhere = -1
    for index, motif in enumerate(motifs):
        earlier = list(before.values()) if motif.die < 0 else [before.get(motif.die, everywhere)]
        for other in earlier:
            if other >= 0:
                cp.add(starts[index] >= starts[other] + motifs[other].length)
        if motif.die < 0:
            before, everywhere = {}, index
        else:
            before[motif.die] = index
