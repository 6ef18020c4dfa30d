"""Plants single faults all over legal sequences, and asks judge and referee about each."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from model.boundary import Boundary
from tests.mutation.history import History, judged
from tests.mutation.makers import MAKERS
from tests.mutation.referee import ask
from tests.mutation.site import AFTER, Fault, Maker, Site

BEFORE = 24
"""Most rows of a window before its fault; a few more where something is just being sent."""
MORE = 12
TRIES = 60
"""Places that are tried for a kind of fault."""
WANTED_SHARE = 0.99
NAMED = {"resume-order": "suspend-state", "cache-chain": "multi-address"}
"""Two things that the encoder says by the one rule and the device's rules name by the other: a RESUME with nothing to
resume, and an END that names another page than its cache read."""


class Outcome(StrEnum):
    """What became of a fault."""

    CAUGHT = "caught"
    OTHERWISE = "caught by other rules only"
    MISSED = "missed"
    HARMLESS = "breaks nothing"
    FALSE_ALARM = "false alarm"
    UNDECIDED = "undecided"


BREAKING = (Outcome.CAUGHT, Outcome.OTHERWISE, Outcome.MISSED)


@dataclass(frozen=True, slots=True)
class Trial:
    """One fault: where it was planted, what was due, what the judge found."""

    history: int
    at: int
    low: int
    fault: Fault
    due: frozenset[str]
    found: frozenset[str]
    outcome: Outcome


@dataclass(slots=True)
class Tally:
    """All trials of a campaign by kind of fault."""

    counts: dict[str, dict[Outcome, int]] = field(default_factory=dict)
    rules: dict[str, int] = field(default_factory=dict)
    odd: list[Trial] = field(default_factory=list)
    known: int = 0

    def add(self, trial: Trial) -> None:
        """Counts a trial; what is not as it should be is kept."""
        row = self.counts.setdefault(trial.fault.what, dict.fromkeys(Outcome, 0))
        row[trial.outcome] += 1
        self.known += bool(trial.fault.expected)
        for rule in trial.found & trial.due:
            self.rules[rule] = self.rules.get(rule, 0) + 1
        if trial.outcome not in (Outcome.CAUGHT, Outcome.HARMLESS):
            self.odd.append(trial)

    def total(self, *outcomes: Outcome) -> int:
        """How many trials came to one of the outcomes; all where none is named."""
        return sum(row[outcome] for row in self.counts.values() for outcome in outcomes or Outcome)

    @property
    def breaking(self) -> int:
        """How many faults break a rule."""
        return self.total(*BREAKING)

    @property
    def share(self) -> float:
        """The share of the faults that break a rule which the judge has caught by that rule."""
        return self.total(Outcome.CAUGHT) / max(1, self.breaking)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a fault is made: its row, the first row of its window, and the seed of its maker."""

    at: int
    low: int
    seed: int
    maker: Maker

    def fault(self, history: History, low: int) -> Fault | None:
        """The fault, its window beginning with row `low`."""
        return self.maker(Site(history, low, self.at, random.Random(self.seed)))


def campaign(histories: Iterable[History], faults: int, seed: int) -> Iterator[Trial]:
    """So many faults in each history, spread over its whole length. The same seed plants the same faults."""
    for number, history in enumerate(histories):
        rng = random.Random(f"{seed}.{number}")
        makers = [maker for maker, weight in MAKERS for _ in range(weight)]
        places = [place for _ in range(faults) if (place := _place(history, rng.choice(makers), rng)) is not None]
        boundary, reached = Boundary.fresh(history.device), 0
        for place in sorted(places, key=lambda place: place.at):
            first = place.at - BEFORE - MORE
            boundary, reached = history.onward(boundary, reached, first), first
            trial = _trial(history, number, boundary, place)
            if trial is not None:
                yield trial


def _place(history: History, maker: Maker, rng: random.Random) -> _Place | None:
    for _ in range(TRIES):
        at = rng.randrange(BEFORE + MORE, len(history.rows) - AFTER)
        place = _Place(at, at - rng.choice((0, 1, 2, 4, 8, BEFORE)), rng.getrandbits(32), maker)
        if place.fault(history, place.low) is not None:
            return place
    return None


def _trial(history: History, number: int, boundary: Boundary, place: _Place) -> Trial | None:
    first = place.at - BEFORE - MORE
    for low in range(place.low, first - 1, -1):
        start = history.onward(boundary, first, low)
        if not start.passing:
            break
    else:
        return None
    fault = place.fault(history, low)
    if fault is None:
        return None
    legal = judged(history.config, start, history.rows[low : place.at + AFTER])
    assert legal.legal, f"the judge refuses the window of a legal history: {legal.findings}"
    found = frozenset(judged(history.config, start, fault.rows).by_rule)
    due, outcome = _settled(fault, found) if fault.expected else _decided(history, start, place.at, low, fault, found)
    return Trial(number, place.at, low, fault, due, found, outcome)


def _settled(fault: Fault, found: frozenset[str]) -> tuple[frozenset[str], Outcome]:
    """What came of a fault that breaks a rule by the way in which it was made."""
    if found & fault.expected:
        return fault.expected, Outcome.CAUGHT
    return fault.expected, Outcome.OTHERWISE if found else Outcome.MISSED


def _decided(
    history: History, start: Boundary, at: int, low: int, fault: Fault, found: frozenset[str]
) -> tuple[frozenset[str], Outcome]:
    """What came of a fault that the referee decides on."""
    whole = ask(history.device, start, history.rows[low : at + AFTER])
    word = ask(history.device, start, fault.rows)
    if word.broken is None or not whole.legal:
        return word.broken or frozenset(), Outcome.UNDECIDED
    if word.legal:
        return frozenset(), Outcome.FALSE_ALARM if found else Outcome.HARMLESS
    due = word.broken | {NAMED[rule] for rule in word.broken if rule in NAMED}
    return due, Outcome.CAUGHT if found & due else Outcome.OTHERWISE if found else Outcome.MISSED
