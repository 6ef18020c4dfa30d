"""Times that no repetition of a scenario can be shorter than."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import islice

from model.device import Device
from planner.scenario.acts import Act
from planner.scenario.language import Scenario
from planner.scenario.order import known_order
from planner.scenario.outline import Outline
from planner.scenario.plans import Clock, Plan, horizon_of, plans
from planner.scenario.ways import too_many
from planner.window.logic import Contradiction
from planner.window.statements import Effort, linear

MOST_PLANS = 64
EFFORT = Effort(2_000, None, 0, 2.0)


def least_time(device: Device, scenario: Scenario, clock: Clock | None = None) -> int | None:
    """A time (ticks) from begin to finish that no repetition is below; None where there is none for all plans.

    Without a clock nothing is searched: only what the bus and the operations that exclude each other take is added up.
    Hopeless, TimeUp.
    """
    every = list(islice(plans(device, scenario), MOST_PLANS + 1))
    if len(every) > MOST_PLANS or too_many(device, scenario):
        return None
    found = [_of_plan(device, scenario, plan, clock) for plan in every]
    return min((bound for bound in found if bound is not None), default=None)


def _of_plan(device: Device, scenario: Scenario, plan: Plan, clock: Clock | None) -> int | None:
    """The bound of one plan; None where the plan is impossible. TimeUp."""
    added_up = on_the_bus(plan)
    if clock is None:
        return added_up
    try:
        outline = Outline(device, scenario, plan.acts, horizon_of(scenario, plan.acts), listed=plan.listed, ranges=True)
    except Contradiction:
        return None
    goal = linear(outline.finish) - linear(outline.begin)
    found = clock.search(outline.logic, EFFORT, minimize=goal)
    return None if found.impossible else max(added_up, math.ceil(found.bound - 1e-6))


def on_the_bus(plan: Plan) -> int:
    """What the ISSUEs from the first wanted act on take of the bus together, in ticks."""
    return sum(min(name.issue for name in act.names) for act in _later(plan.acts) if act.base.bus[0])


def _later(acts: Sequence[Act]) -> Iterator[Act]:
    """The acts that start with the first wanted one or after it."""
    after = known_order(acts, ())
    late = {key for act in acts if act.wanted is not None for key in (act.key, *after[act.key])}
    return (act for act in acts if act.key in late)
