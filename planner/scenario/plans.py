"""The choices that are made before an order is looked for: dies, op_names, the ends of chains; the time limit."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from model.device import Device
from planner.scenario.acts import Act
from planner.scenario.expand import Expander, die_ways
from planner.scenario.language import Scenario
from planner.window.statements import Effort

MOST_VARIANTS = 12
"""Other op_names that are tried for a plan."""
LONGEST = 20.0
"""Seconds that one search may take; only searches that have gone astray come to that."""
LEAST_ROOM = 100
"""Ticks of room beside twice what the operations of a repetition need."""
CONFLICTS = 5_000


@dataclass(frozen=True, slots=True)
class Plan:
    """The acts of a scenario with one choice of dies, op_names and chain ends."""

    acts: tuple[Act, ...]
    listed: tuple[Act, ...]
    banned: frozenset[int]
    dies: Mapping[str, int]
    closer: int


class Clock:
    """What is left of a time limit in seconds; None: no limit."""

    def __init__(self, limit: float | None) -> None:
        self._until = None if limit is None else time.monotonic() + limit

    @property
    def left(self) -> float | None:
        """Seconds left, never less than 0."""
        return None if self._until is None else max(0.0, self._until - time.monotonic())

    @property
    def over(self) -> bool:
        """Whether nothing is left."""
        left = self.left
        return left is not None and left <= 0

    def effort(self, seed: int = 0, conflicts: int = CONFLICTS, work: float = 4.0, most: float = LONGEST) -> Effort:
        """An effort within the limit."""
        left = self.left
        return Effort(conflicts, most if left is None else min(left, most), seed, work)


def horizon_of(scenario: Scenario, acts: Sequence[Act]) -> int:
    """Room in time for one repetition, in ticks."""
    lengths = sum(max(name.length for name in act.names) for act in acts)
    said = sum(getattr(s, "least", None) or 0 for s in scenario.statements)
    return 2 * (lengths + said) + LEAST_ROOM


def plans(device: Device, scenario: Scenario) -> Iterator[Plan]:
    """Every choice of dies and of the ends of chains, each with the first op_names. Hopeless."""
    for dies in die_ways(device, scenario):
        for closer in (0, 1):
            plan = _plan(device, scenario, dies, closer)
            if closer and not _has_closers(plan):
                continue
            yield plan


def variants(device: Device, scenario: Scenario, plan: Plan) -> Iterator[Plan]:
    """The same plan with another op_name for one of the wanted acts."""
    tried = 0
    for index, act in enumerate(plan.acts):
        if act.wanted is None:
            continue
        for other in range(1, len(act.names)):
            varied = _plan(device, scenario, plan.dies, plan.closer)
            names = varied.acts[index].names
            if names[other].multi != names[0].multi or names[other].base is not names[0].base:
                continue
            varied.acts[index].names = (names[other], *names[:other], *names[other + 1 :])
            yield varied
            tried += 1
            if tried == MOST_VARIANTS:
                return


def _has_closers(plan: Plan) -> bool:
    return any(act.wanted is None and act.base.name.startswith("ONESHOT_PROGRAM") for act in plan.acts)


def _plan(device: Device, scenario: Scenario, dies: Mapping[str, int], closer: int) -> Plan:
    expander = Expander(device, scenario, dies, closer)
    acts = expander.acts_of()
    return Plan(tuple(acts), tuple(expander.listed), expander.banned, dict(dies), closer)
