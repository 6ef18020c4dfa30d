"""Why a scenario cannot be, and which scenario near to it can."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from model.boundary import Boundary
from model.config import Config
from model.device import Device
from model.rules import RULES
from planner.explain import Conflict, smallest
from planner.scenario.answer import No, NotFound, Reason, Way
from planner.scenario.expand import Hopeless, many_dies
from planner.scenario.language import Distance, Place, Scenario, Wanted
from planner.scenario.outline import Outline
from planner.scenario.plans import Clock, Plan, horizon_of, plans
from planner.scenario.solving import attempt, shortest
from planner.window import statements
from planner.window.logic import Contradiction

MOST_PLANS = 32
"""Plans that a proof looks at; with more of them there is none."""
FIRST_TRY, SECOND_TRY = 20_000, 60_000
"""Conflicts that a proof may take."""
PATIENCE = 2.0
"""Seconds that one question of a proof may take; what takes longer is not blamed, nor cleared."""
NEAREST = 5.0
"""Seconds that carrying out a scenario near by may take."""
_ORDER = "order"


class Explainer:
    """The proof that a scenario cannot be, whatever the planner chooses."""

    def __init__(self, device: Device, scenario: Scenario, boundary: Boundary, clock: Clock) -> None:
        self._device, self._scenario = device, scenario
        self._boundary, self._clock = boundary, clock
        self._plans: list[Plan] = []

    def answer(self, why: str) -> No | NotFound:
        """No with its reasons, where there is a proof."""
        for plan in plans(self._device, self._scenario):
            self._plans.append(plan)
            if len(self._plans) > MOST_PLANS:
                break
        if len(self._plans) > MOST_PLANS or many_dies(self._device, self._scenario):
            return self._open(f"{why}; there are too many ways to choose dies for a proof")
        labels = self._labels()
        conflict = smallest(labels, lambda on: self._impossible(on, True), lambda on: self._impossible(on, False))
        if conflict is None or not conflict.confirmed:
            return self._open(why)
        reasons = tuple(self._reason(label) for label in conflict.labels)
        return No(reasons, conflict.confirmed, tuple(self._nearest(conflict)))

    def _outline(self, plan: Plan, only: frozenset[str] | None, slack: frozenset[int] = frozenset()) -> Outline:
        horizon = horizon_of(self._scenario, plan.acts)
        return Outline(
            self._device, self._scenario, plan.acts, horizon,
            listed=plan.listed, ranges=True, only=only, slack_of=slack,
        )  # fmt: skip

    def _labels(self) -> list[str]:
        """All labels, those of the user first: they are the last to be left out of a conflict."""
        found: dict[str, None] = {}
        for plan in self._plans:
            try:
                found.update(self._outline(plan, frozenset()).logic.labels)
            except Contradiction:
                continue
        known = [label for label in found if label != "structure"]
        return sorted(known, key=lambda label: (not label.startswith("said"), label == _ORDER))

    def _impossible(self, on: frozenset[str], first: bool) -> bool | None:
        """Whether no plan has an outline with these labels; the second proof searches in another way."""
        for plan in self._plans:
            try:
                outline = self._outline(plan, on)
            except Contradiction:
                continue
            found = self._search(outline, first)
            if not found.impossible:
                return False if found.values else None
        return True

    def _search(self, outline: Outline, first: bool) -> statements.Found:
        """The earliest schedule first, which is quick where there is one; then without any order of search."""
        starts = [stay.start for stay in outline.stays.values()]
        if not first:
            return statements.search(outline.logic, self._clock.effort(7, SECOND_TRY, most=4 * PATIENCE))
        found = statements.search(
            outline.logic, self._clock.effort(0, 500, 1.0, PATIENCE), presolve=False, starts=starts
        )
        if found.values or found.impossible:
            return found
        return statements.search(outline.logic, self._clock.effort(0, FIRST_TRY, 1.0, PATIENCE), starts=starts)

    # -- words -----------------------------------------------------------------------------------------------------

    def _reason(self, label: str) -> Reason:
        place = said_at(self._scenario, self._plans[0], label)
        if place is not None:
            return Reason("", place.words, str(place))
        return rule_reason(self._device.config, label)

    def _open(self, why: str) -> NotFound:
        bounds = [shortest(self._device, self._scenario, plan, self._clock) for plan in self._plans[:MOST_PLANS]]
        advice = (
            "fix what is free: dies, planes, the points of suspensions",
            "say the order, or let it free (`order: free`)",
            "leave statements out one by one, or raise --time-limit",
        )
        return NotFound(why, min((bound for bound in bounds if bound is not None), default=None), advice)

    # -- what would do ---------------------------------------------------------------------------------------------

    def _nearest(self, conflict: Conflict) -> Iterator[Way]:
        for label in conflict.labels:
            place = said_at(self._scenario, self._plans[0], label)
            if place is None or self._clock.over:
                continue
            _, kind, index = f"{label}||".split("|")[:3]
            statement = self._scenario.statements[int(index)] if kind == "statement" else None
            if isinstance(statement, Distance):
                way = self._relaxed(int(index), statement)
                if way is not None:
                    yield way
                    continue
            other = _without(self._scenario, self._plans[0], label)
            if other is not None and self._does(other):
                yield Way(f"leave out: {place.words}", str(place), True)

    def _does(self, scenario: Scenario) -> bool:
        left = self._clock.left
        clock = Clock(NEAREST if left is None else min(left, NEAREST))
        try:
            once = replace(scenario, repeat=1, minimize="")
            return attempt(self._device, once, self._boundary, clock)[0] is not None
        except Hopeless:
            return False

    def _relaxed(self, number: int, statement: Distance) -> Way | None:
        """The least ticks by which a distance has to give way, carried out."""
        slack = self._least_slack(number)
        if slack is None:
            return None
        us = self._device.clock.us
        for ticks in (slack, slack + slack // 50 + 1, 2 * slack + 1):
            least = None if statement.least is None else statement.least - ticks
            most = None if statement.most is None else statement.most + ticks
            changed = replace(statement, least=least, most=most)
            parts = list(self._scenario.statements)
            parts[number] = changed
            if self._does(replace(self._scenario, statements=tuple(parts))):
                limits = [
                    f"min {us(least)}" if least is not None else "",
                    f"max {us(most)}" if most is not None else "",
                ]
                said = " and ".join(limit for limit in limits if limit)
                words = f"{statement.place.words} with {said} us instead: {us(ticks)} us more room"
                return Way(words, str(statement.place), True)
        return None

    def _least_slack(self, number: int) -> int | None:
        least: list[int] = []
        for plan in self._plans:
            try:
                outline = self._outline(plan, None, frozenset({number}))
            except Contradiction:
                continue
            if number in outline.slacks:
                effort = self._clock.effort(conflicts=FIRST_TRY, most=NEAREST)
                found = statements.search(outline.logic, effort, minimize=1 * outline.slacks[number])
                if found.values:
                    least.append(round(found.objective))
        return min(least, default=None)


def said_at(scenario: Scenario, plan: Plan, label: str) -> Place | None:
    """Where the user said what a label stands for; None for a rule."""
    if label == _ORDER:
        return scenario.order_place
    if not label.startswith("said|"):
        return None
    _, kind, index = label.split("|")
    if kind == "statement":
        return scenario.statements[int(index)].place
    act = plan.acts[int(index)]
    if kind == "inside" and act.hosted is not None:
        return act.hosted.inside.place
    if kind == "block":
        return act.wanted.place if act.wanted is not None else None
    return act.cuts[int(kind.removeprefix("cut"))].place


def rule_reason(config: Config, label: str) -> Reason:
    """A rule with its sentence, and the place in the config that makes it so."""
    rule, _, key = label.partition("|")
    sentences = {known.id: known for known in RULES}
    known = sentences.get(rule)
    if known is None:
        return Reason(rule, f"the config has no op_name for it ({rule})", config.at(key) if key else config.at(""))
    keys = [key] if key else [plain for plain in known.config_keys if "*" not in plain]
    return Reason(rule, known.sentence, config.at(keys[0]) if keys else "")


def _without(scenario: Scenario, plan: Plan, label: str) -> Scenario | None:
    """The scenario without what a label stands for."""
    if label == _ORDER:
        return replace(scenario, listed=False)
    _, kind, index = label.split("|")
    if kind == "statement":
        parts = [one for number, one in enumerate(scenario.statements) if number != int(index)]
        return replace(scenario, statements=tuple(parts))
    act = plan.acts[int(index)]
    if act.wanted is None or act.kind.name == "RECOVERY":
        return None
    if kind == "inside":
        return _with(scenario, replace(act.wanted, inside=None, die=act.die))
    if kind == "block":
        return _with(scenario, replace(act.wanted, block=None))
    cuts = [replace(cut, offset=None) if f"cut{i}" == kind else cut for i, cut in enumerate(act.wanted.cuts)]
    return _with(scenario, replace(act.wanted, cuts=tuple(cuts)))


def _with(scenario: Scenario, changed: Wanted) -> Scenario:
    wanted: Sequence[Wanted] = [changed if one.id == changed.id else one for one in scenario.wanted]
    return replace(scenario, wanted=tuple(wanted))


def hopeless(config: Config, error: Hopeless) -> No:
    """No, because of what stands in the scenario and one rule alone."""
    reason = rule_reason(config, error.rule)
    said = [Reason("", error.place.words, str(error.place))] if error.place is not None else []
    return No((*said, Reason(reason.rule, f"{reason.sentence} Here: {error}", reason.where)), True)
