"""Solving a scenario: an outline orders its acts, a window puts all rules to that order, one repetition at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from model.boundary import Boundary
from model.device import Device
from planner.scenario.expand import Hopeless
from planner.scenario.language import Scenario
from planner.scenario.layout import in_order
from planner.scenario.outline import Outline
from planner.scenario.plans import Clock, Plan, horizon_of, plans, plans_elsewhere, variants
from planner.scenario.runner import Proposal, Runner, Solution
from planner.window import statements
from planner.window.logic import Contradiction
from planner.window.statements import Effort, linear


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
    work: float = 4.0


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

QUICK, SLOW = MANNERS[:4], MANNERS[4:]
NEARBY = (MANNERS[0], MANNERS[2], MANNERS[3])
"""How orders are looked for in a scenario that is only offered."""
MOST_WORK = 10.0
"""Units of the solver's work after which nothing new is tried."""


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
    starts = [stay.start for stay in outline.stays.values()] if manner.early else []
    found = clock.search(
        outline.logic,
        Effort(manner.conflicts, None, manner.seed, manner.work),
        minimize=goal if manner.short else None,
        presolve=not manner.early,
        starts=starts,
    )
    if not found.values:
        return tidy or not found.impossible
    times = {key: statements.value(found.values, stay.start) for key, stay in outline.stays.items()}
    offsets = {}
    for act in plan.acts:
        for suspend, span in zip(act.suspends, outline.stays[act.key].cores, strict=False):
            offsets[suspend.key] = times[suspend.key] - statements.value(found.values, span.start)
    return Proposal(tuple(in_order(plan.acts, times)), offsets)


def attempt(
    device: Device, scenario: Scenario, boundary: Boundary, clock: Clock, manners: Sequence[Manner] = MANNERS
) -> tuple[Solution | None, str]:
    """A solution, or why none was found. Hopeless, TimeUp."""
    able = [plan for plan in plans(device, scenario) if could_be(device, scenario, plan, clock)]
    if not able:
        return None, "no order of the operations was found"
    why = ""
    until = clock.work + MOST_WORK
    for plan, some in _tries(device, scenario, able, manners):
        solution, said = carried_out(device, scenario, boundary, clock, plan, some)
        if solution is not None:
            return solution, ""
        why = said or why
        if clock.work > until:
            break
    return None, why or "no times were found for its operations"


def _tries(
    device: Device, scenario: Scenario, able: Sequence[Plan], manners: Sequence[Manner]
) -> Iterator[tuple[Plan, Sequence[Manner]]]:
    """What is tried, the likeliest first: plans as they are, other op_names and planes, more ways, other dies."""
    quick = [manner for manner in manners if manner in QUICK]
    slow = [manner for manner in manners if manner in SLOW]
    for plan in able:
        yield plan, quick
        yield from ((varied, quick) for varied in variants(device, scenario, plan))
    for plan in able if slow else ():
        yield plan, slow
    yield from ((plan, quick) for plan in plans_elsewhere(device, scenario))


def could_be(device: Device, scenario: Scenario, plan: Plan, clock: Clock) -> bool:
    """Whether the outline of a plan may have an order with some of its op_names. TimeUp."""
    horizon = horizon_of(scenario, plan.acts)
    try:
        outline = Outline(device, scenario, plan.acts, horizon, listed=plan.listed, ranges=True)
    except Contradiction:
        return False
    starts = [stay.start for stay in outline.stays.values()]
    return not clock.search(outline.logic, Effort(500), presolve=False, starts=starts).impossible


def carried_out(
    device: Device,
    scenario: Scenario,
    boundary: Boundary,
    clock: Clock,
    plan: Plan,
    manners: Sequence[Manner] = MANNERS,
) -> tuple[Solution | None, str]:
    """A solution of one plan, or why not. TimeUp."""
    why = ""
    for manner in manners:
        clock.check()
        proposal = propose(device, scenario, plan, manner, clock)
        if proposal is False:
            return None, why
        if isinstance(proposal, Proposal):
            runner = Runner(device, scenario, boundary, clock)
            try:
                if runner.run(plan, proposal):
                    return runner.solution, ""
            except Hopeless as error:
                runner.why = str(error)
            why = runner.why or why
    return None, why
