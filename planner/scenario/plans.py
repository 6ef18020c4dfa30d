"""The choices that are made before an order is looked for: dies, op_names, the ends of chains; the time limit."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from model.device import Device
from planner.scenario.acts import Act
from planner.scenario.expand import Expander, Hopeless
from planner.scenario.language import Scenario
from planner.scenario.ways import Way, other_dies, ways
from planner.window import statements
from planner.window.logic import Linear, Logic, Point
from planner.window.statements import Effort

MOST_VARIANTS = 12
"""Other op_names that are tried for a plan."""
LEAST_ROOM = 100
"""Ticks of room beside twice what the operations of a repetition need."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The acts of a scenario with one choice of dies, op_names and ends of chains."""

    acts: tuple[Act, ...]
    listed: tuple[Act, ...]
    banned: Mapping[int, frozenset[int]]
    way: Way
    closer: int
    in_order: bool = True


class TimeUp(Exception):  # noqa: N818 - an answer
    """The time limit came before the answer."""


class Clock:
    """A time limit in seconds (None: none). It ends an answer, and never chooses one.

    `work`: what all searches took so far, in the solver's own units; that may choose.
    """

    def __init__(self, limit: float | None) -> None:
        self._until = None if limit is None else time.monotonic() + limit
        self.work = 0.0

    @property
    def left(self) -> float | None:
        """Seconds left, never less than 0."""
        return None if self._until is None else max(0.0, self._until - time.monotonic())

    def check(self) -> None:
        """TimeUp: nothing is left."""
        if self.left == 0:
            raise TimeUp

    def search(
        self,
        logic: Logic,
        effort: Effort,
        *,
        minimize: Linear | None = None,
        presolve: bool = True,
        starts: Sequence[Point] = (),
    ) -> statements.Found:
        """A search as far as its effort goes. TimeUp: the limit cut it short."""
        self.check()
        limited = replace(effort, seconds=self.left)
        found = statements.search(logic, limited, minimize=minimize, presolve=presolve, starts=starts)
        self.work += found.work
        if not found.impossible and not (found.values and (found.optimal or minimize is None)):
            self.check()
            if found.late:
                raise TimeUp
        return found


def horizon_of(scenario: Scenario, acts: Sequence[Act]) -> int:
    """Room in time for one repetition, in ticks."""
    lengths = sum(max(name.length for name in act.names) for act in acts)
    said = sum(getattr(s, "least", None) or 0 for s in scenario.statements)
    return 2 * (lengths + said) + LEAST_ROOM


def plans(device: Device, scenario: Scenario) -> Iterator[Plan]:
    """Every way that a proof looks at, with each way to end its chains. Hopeless: what rules out all of them."""
    yield from _plans(device, scenario, ways(device, scenario))


def plans_elsewhere(device: Device, scenario: Scenario) -> Iterator[Plan]:
    """The same on other dies, which only their blocks tell apart."""
    with suppress(Hopeless):
        yield from _plans(device, scenario, other_dies(device, scenario))


def _plans(device: Device, scenario: Scenario, ways_open: Iterable[Way]) -> Iterator[Plan]:
    first: Hopeless | None = None
    found = False
    for way in ways_open:
        known: list[tuple[tuple[str, str], ...]] = []
        for closer in (0, 1):
            try:
                plan = plan_of(device, scenario, way, closer)
            except Hopeless as error:
                first = first or error
                continue
            acts = tuple((act.key, act.base.name) for act in plan.acts)
            if acts not in known:
                known.append(acts)
                found = True
                yield plan
    if first is not None and not found:
        raise first


def variants(device: Device, scenario: Scenario, plan: Plan) -> Iterator[Plan]:
    """The same plan with another op_name for one of the wanted acts, and with free planes spread."""
    tried = 0
    for key, choice in plan.way.choices.items():
        for other in range(1, len(choice.names)):
            names = (choice.names[other], *choice.names[:other], *choice.names[other + 1 :])
            choices = {**plan.way.choices, key: replace(choice, names=names)}
            with suppress(Hopeless):
                yield plan_of(device, scenario, replace(plan.way, choices=choices), plan.closer)
            tried += 1
            if tried == MOST_VARIANTS:
                return
    if not plan.way.spread and device.geometry.planes > 1:
        with suppress(Hopeless):
            yield plan_of(device, scenario, replace(plan.way, spread=True), plan.closer)


def plan_of(device: Device, scenario: Scenario, way: Way, closer: int) -> Plan:
    """The acts of a scenario in one way. Hopeless."""
    expander = Expander(device, scenario, way, closer)
    acts = expander.acts_of()
    return Plan(tuple(acts), tuple(expander.listed), expander.banned, way, closer, scenario.listed)
