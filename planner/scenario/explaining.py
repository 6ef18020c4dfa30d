"""Why a scenario cannot be, and which scenario near to it can."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from model.boundary import Boundary
from model.config import Config
from model.device import Device
from model.rules import RULES
from planner.explain import Conflict, smallest
from planner.scenario.acts import Act
from planner.scenario.advice import advice_on
from planner.scenario.answer import No, NotFound, Reason, Way
from planner.scenario.bounds import least_time
from planner.scenario.expand import Hopeless
from planner.scenario.language import Distance, Place, Scenario, Wanted
from planner.scenario.outline import Outline
from planner.scenario.plans import Clock, Plan, horizon_of, plans
from planner.scenario.solving import NEARBY, attempt
from planner.scenario.ways import too_many
from planner.window import statements
from planner.window.logic import Contradiction
from planner.window.statements import Effort

MOST_PLANS = 64
"""Plans that a proof looks at; with more of them there is none."""
FIRST_TRY = Effort(20_000, None, 0, 1.0)
SECOND_TRY = Effort(60_000, None, 7, 4.0)
"""How far a proof may go; what takes longer is not blamed, nor cleared."""
LEAST_SLACK = Effort(20_000, None, 0, 0.3)
_ORDER = "order"


class Explainer:
    """The proof that a scenario cannot be, whatever the planner chooses."""

    def __init__(self, device: Device, scenario: Scenario, boundary: Boundary, clock: Clock) -> None:
        self._device, self._scenario = device, scenario
        self._boundary, self._clock = boundary, clock
        self._plans = list(islice(plans(device, scenario), MOST_PLANS + 1))

    def answer(self, why: str) -> No | NotFound:
        """No with its reasons, where there is a proof. TimeUp."""
        if len(self._plans) > MOST_PLANS or too_many(self._device, self._scenario):
            return self._open(f"{why}; there are too many ways to choose dies, bases and planes for a proof")
        conflict = smallest(self.labels(), lambda on: self.impossible(on, True), lambda on: self.impossible(on, False))
        if conflict is None or not conflict.confirmed:
            return self._open(why)
        reasons = tuple(self._reason(label) for label in conflict.labels)
        return No(reasons, conflict.confirmed, tuple(self._nearest(conflict)), conflict.minimal)

    def _outline(self, plan: Plan, only: frozenset[str] | None, slack: frozenset[int] = frozenset()) -> Outline:
        horizon = horizon_of(self._scenario, plan.acts)
        return Outline(
            self._device, self._scenario, plan.acts, horizon,
            listed=plan.listed, ranges=True, only=only, slack_of=slack,
        )  # fmt: skip

    def labels(self) -> list[str]:
        """All labels, those of the user first: they are the last to be left out of a conflict."""
        found: dict[str, None] = {}
        for plan in self._plans:
            try:
                found.update(self._outline(plan, frozenset()).logic.labels)
            except Contradiction:
                continue
        known = [label for label in found if label != "structure"]
        return sorted(known, key=lambda label: (not label.startswith("said"), label == _ORDER))

    def impossible(self, on: frozenset[str], first: bool) -> bool | None:
        """Whether no plan has an outline with these labels; the second proof searches in another way."""
        for place, plan in enumerate(self._plans):
            try:
                outline = self._outline(plan, on)
            except Contradiction:
                continue
            found = self._search(outline, first)
            if not found.impossible:
                self._plans.insert(0, self._plans.pop(place))  # the next question is likely to end with it, too
                return False if found.values else None
        return True

    def _search(self, outline: Outline, first: bool) -> statements.Found:
        """The earliest schedule first, which is quick where there is one; then without any order of search."""
        starts = [stay.start for stay in outline.stays.values()]
        if not first:
            return self._clock.search(outline.logic, SECOND_TRY)
        found = self._clock.search(outline.logic, Effort(500, None, 0, 1.0), presolve=False, starts=starts)
        if found.values or found.impossible:
            return found
        return self._clock.search(outline.logic, FIRST_TRY, starts=starts)

    # -- words -----------------------------------------------------------------------------------------------------

    def _reason(self, label: str) -> Reason:
        place = said_at(self._scenario, self._plan_with(label), label)
        if place is not None:
            return Reason("", place.words, str(place))
        return rule_reason(self._device.config, label)

    def _plan_with(self, label: str) -> Plan:
        """A plan that has what a label stands for."""
        said, kind, key = f"{label}||".split("|")[:3]
        if said != "said" or kind == "statement":
            return self._plans[0]
        return next(plan for plan in self._plans if stands_for(plan, kind, key))

    def _open(self, why: str) -> NotFound:
        """Neither yes nor no, with the time that no repetition is below. TimeUp."""
        return NotFound(why, least_time(self._device, self._scenario, self._clock), advice_on(self._scenario))

    # -- what would do ---------------------------------------------------------------------------------------------

    def _nearest(self, conflict: Conflict) -> Iterator[Way]:
        for label in conflict.labels:
            plan = self._plan_with(label)
            place = said_at(self._scenario, plan, label)
            if place is None:
                continue
            _, kind, index = f"{label}||".split("|")[:3]
            statement = self._scenario.statements[int(index)] if kind == "statement" else None
            if isinstance(statement, Distance):
                way = self._relaxed(int(index), statement)
                if way is not None:
                    yield way
                    continue
            other = _without(self._scenario, plan, label)
            if other is not None and self._does(other):
                yield Way(f"leave out: {place.words}", str(place), True)

    def _does(self, scenario: Scenario) -> bool:
        """Whether a scenario near by is carried out soon."""
        try:
            once = replace(scenario, repeat=1, minimize="")
            return attempt(self._device, once, self._boundary, self._clock, NEARBY)[0] is not None
        except Hopeless:
            return False

    def _relaxed(self, number: int, statement: Distance) -> Way | None:
        """The least ticks by which a distance has to give way, carried out."""
        found = self._least_slack(number)
        if found is None:
            return None
        slack, exact = found
        us = self._device.clock.us
        for ticks in (slack, slack + slack // 50 + 1, 2 * slack + 1):
            least = None if statement.least is None else statement.least - ticks
            most = None if statement.most is None else statement.most + ticks
            changed = replace(statement, least=least, most=most)
            parts = list(self._scenario.statements)
            parts[number] = changed
            if self._does(replace(self._scenario, statements=tuple(parts))):
                proven = "no less will do" if ticks == slack and exact else f"{us(ticks)} us more room"
                words = f"{statement.place.words} with {_limits(changed, us)} instead: {proven}"
                return Way(words, str(statement.place), True)
        return None

    def _least_slack(self, number: int) -> tuple[int, bool] | None:
        """The least ticks by which a distance has to be broken, and whether no less would do."""
        least: list[int] = []
        bounds: list[float] = []
        for plan in self._plans:
            try:
                outline = self._outline(plan, None, frozenset({number}))
            except Contradiction:
                continue
            if number in outline.slacks:
                found = self._clock.search(outline.logic, LEAST_SLACK, minimize=1 * outline.slacks[number])
                if found.values:
                    least.append(round(found.objective))
                if not found.impossible:
                    bounds.append(found.bound)
        return (min(least), min(bounds) > min(least) - 1) if least else None


def _limits(said: Distance, us: Callable[[int], str]) -> str:
    """The limits of a distance in words."""
    if said.least is not None and said.least < 0:
        early = f"{said.to} up to {us(-said.least)} us before {said.start}"
        return early if said.most is None else f"{early}, max {us(said.most)} us"
    limits = [f"{word} {us(limit)}" for word, limit in (("min", said.least), ("max", said.most)) if limit is not None]
    return " and ".join(limits) + " us"


def said_at(scenario: Scenario, plan: Plan, label: str) -> Place | None:
    """Where the user said what a label stands for; None for a rule."""
    if label == _ORDER:
        return scenario.order_place
    if not label.startswith("said|"):
        return None
    _, kind, key = label.split("|")
    if kind == "statement":
        return scenario.statements[int(key)].place
    act = _act_of(plan, key)
    assert act is not None, label
    if kind == "inside" and act.hosted is not None:
        return act.hosted.inside.place
    if kind == "block":
        return act.wanted.place if act.wanted is not None else None
    return act.cuts[int(kind.removeprefix("cut"))].place


def _act_of(plan: Plan, key: str) -> Act | None:
    return next((act for act in plan.acts if act.key == key), None)


def stands_for(plan: Plan, kind: str, key: str) -> bool:
    """Whether a plan has the act, and what is said of it, that a label names."""
    act = _act_of(plan, key)
    if act is None:
        return False
    if kind == "inside":
        return act.hosted is not None
    return act.wanted is not None if kind == "block" else len(act.cuts) > int(kind.removeprefix("cut"))


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
    _, kind, key = label.split("|")
    if kind == "statement":
        parts = [one for number, one in enumerate(scenario.statements) if number != int(key)]
        return replace(scenario, statements=tuple(parts))
    act = _act_of(plan, key)
    if act is None or act.wanted is None or act.kind.name == "RECOVERY":
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
    said = [Reason("", place.words, str(place)) for place in (error.place, *error.against) if place is not None]
    if error.rule == "config":
        return No((*said, Reason("", str(error), config.at("op_names"))), True, searched=False)
    reason = rule_reason(config, error.rule)
    return No((*said, Reason(reason.rule, f"{reason.sentence} Here: {error}", reason.where)), True, searched=False)
