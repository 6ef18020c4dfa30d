"""Solving a scenario: an outline orders its acts, a window puts all rules to that order, one repetition at a time."""

from __future__ import annotations

from dataclasses import dataclass

from model.boundary import Boundary
from model.device import Device
from planner.scenario.language import Scenario
from planner.scenario.layout import in_order
from planner.scenario.outline import Outline
from planner.scenario.plans import Clock, Plan, horizon_of, plans, variants
from planner.scenario.runner import Proposal, Runner, Solution
from planner.window import statements
from planner.window.logic import Contradiction
from planner.window.statements import linear


@dataclass(frozen=True, slots=True)
class Manner:
    """How an order is looked for.

    `tidy`: additions in their place of the list. `even`: suspensions at even distances, where they are free. `early`:
    starts are fixed in order of time; otherwise the shortest order is looked for, or any (`short`).
    """

    tidy: bool
    even: bool
    early: bool
    short: bool
    conflicts: int
    seed: int = 0


MANNERS = (
    Manner(True, True, True, False, 2_000),
    Manner(True, False, True, False, 2_000),
    Manner(False, True, True, False, 2_000),
    Manner(False, False, True, False, 5_000),
    Manner(False, False, False, True, 1_500),
    Manner(False, False, False, False, 5_000, 1),
    Manner(False, False, False, True, 5_000, 2),
)
"""How orders are looked for, one after the other."""


def propose(device: Device, scenario: Scenario, plan: Plan, manner: Manner, clock: Clock) -> Proposal | bool:
    """An order of the acts; False where the outline has none for this plan, True where that stays open."""
    tidy = manner.tidy and scenario.listed
    if manner.tidy and not tidy:
        return True
    even = manner.even and any(cut.offset is None for act in plan.acts for cut in act.cuts)
    if manner.even and not even and not manner.tidy:
        return True
    tidy = tidy or even
    try:
        outline = Outline(
            device,
            scenario,
            plan.acts,
            horizon_of(scenario, plan.acts),
            listed=plan.listed,
            tidy=manner.tidy,
            even=even,
        )
    except Contradiction:
        return tidy
    goal = linear(outline.finish) - linear(outline.begin) + linear(outline.finish)
    effort = clock.effort(manner.seed, manner.conflicts)
    starts = [stay.start for stay in outline.stays.values()] if manner.early else []
    found = statements.search(
        outline.logic, effort, minimize=goal if manner.short else None, presolve=not manner.early, starts=starts
    )
    if not found.values:
        return tidy or not found.impossible
    times = {key: statements.value(found.values, stay.start) for key, stay in outline.stays.items()}
    offsets = {}
    for act in plan.acts:
        for suspend, span in zip(act.suspends, outline.stays[act.key].cores, strict=False):
            offsets[suspend.key] = times[suspend.key] - statements.value(found.values, span.start)
    return Proposal(tuple(in_order(plan.acts, times)), offsets)


def attempt(device: Device, scenario: Scenario, boundary: Boundary, clock: Clock) -> tuple[Solution | None, str]:
    """A solution, or why none was found. Hopeless."""
    why = "no order of the operations was found"
    for plan in plans(device, scenario):
        if not could_be(device, scenario, plan, clock):
            continue
        solution, said, _ = _try(device, scenario, boundary, clock, plan)
        why = said or why
        for varied in () if solution else variants(device, scenario, plan):
            solution, said, _ = _try(device, scenario, boundary, clock, varied)
            if solution is not None or clock.over:
                break
        if solution is not None or clock.over:
            return solution, why
    return None, why


def could_be(device: Device, scenario: Scenario, plan: Plan, clock: Clock) -> bool:
    """Whether the outline of a plan may have an order with some of its op_names."""
    horizon = horizon_of(scenario, plan.acts)
    try:
        outline = Outline(device, scenario, plan.acts, horizon, listed=plan.listed, ranges=True)
    except Contradiction:
        return False
    starts = [stay.start for stay in outline.stays.values()]
    return not statements.search(outline.logic, clock.effort(conflicts=500), presolve=False, starts=starts).impossible


def shortest(device: Device, scenario: Scenario, plan: Plan, clock: Clock) -> int | None:
    """A time (ticks) that no repetition of a plan can be shorter than; None where that stays open."""
    horizon = horizon_of(scenario, plan.acts)
    try:
        outline = Outline(device, scenario, plan.acts, horizon, listed=plan.listed, ranges=True)
    except Contradiction:
        return None
    goal = linear(outline.finish) - linear(outline.begin)
    found = statements.search(outline.logic, clock.effort(conflicts=2_000, most=5.0), minimize=goal)
    return int(found.bound) if found.values else None


def _try(
    device: Device, scenario: Scenario, boundary: Boundary, clock: Clock, plan: Plan
) -> tuple[Solution | None, str, bool]:
    """A solution of one plan, or why not, and whether its outline is possible as far as it is known."""
    why = ""
    for manner in MANNERS:
        if clock.over:
            return None, "the time limit came first", True
        proposal = propose(device, scenario, plan, manner, clock)
        if proposal is False:
            return None, why, False
        if isinstance(proposal, Proposal):
            runner = Runner(device, scenario, boundary, clock)
            if runner.run(plan, proposal):
                return runner.solution, "", True
            why = runner.why or why
    return None, why, True
