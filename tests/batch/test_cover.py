"""A campaign that aims at coverage: rounds, dealt cells, an early end."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from planner.batch.goal import deal, goal_of
from planner.batch.job import Done, Job, Setup
from planner.batch.ledger import NAME, Ledger
from planner.batch.local import Local
from tests.batch.campaigns import SMALL, Inline, carried, kept, rows, tree

MANY = replace(SMALL, runs=50, cover=0.15, keep="sequence")
"""At most 50 rounds of two runs of one window; each hits a few hundred of the 13,000 cells."""


class Watched(Inline):
    """Remembers what each run was dealt."""

    dealt: dict[tuple[int, int], tuple[int, ...] | None] = {}  # noqa: RUF012 - cleared by each test

    def submit(self, job: Job) -> None:
        """Takes a job."""
        self.dealt[job.site, job.run] = job.cells
        super().submit(job)


def test_it_ends_after_the_round_that_covers_enough(room: Path) -> None:
    Watched.dealt.clear()
    outcome = carried(MANY, room, Watched)
    assert outcome.standing.covered is not None
    assert outcome.standing.covered >= 0.15
    rounds = len(rows(room, 0))
    assert 1 < rounds < 50
    assert len(rows(room, 1)) == rounds


def test_what_nobody_has_hit_is_dealt_again_in_the_next_round(room: Path) -> None:
    Watched.dealt.clear()
    carried(MANY, room, Watched)
    goal = goal_of(MANY)
    assert goal is not None
    first = deal(goal.left(np.zeros(goal.counts.shape, dtype=np.int64)), 2, 1)
    assert [Watched.dealt[site, 1] for site in range(2)] == list(first)
    everything = set(Watched.dealt[0, 1] or ()) | set(Watched.dealt[1, 1] or ())
    left = set(Watched.dealt[0, 2] or ()) | set(Watched.dealt[1, 2] or ())
    assert left < everything
    ledger = Ledger(room / NAME, write=False)
    assert left == set((ledger.round(2) if ledger.round(2) is not None else np.zeros(0)).tolist())  # type: ignore[union-attr]
    ledger.close()


def test_two_workers_deal_and_end_as_one_does(room: Path) -> None:
    carried(MANY, room / "one")
    carried(MANY, room / "two", partial(Local, workers=2))
    assert tree(room / "one") == tree(room / "two")
    assert kept(room / "one") == kept(room / "two")


class Failing(Inline):
    """Breaks off at its n-th run."""

    def __init__(self, setup: Setup, after: int) -> None:
        super().__init__(setup)
        self._after = after

    def outcomes(self, timeout: float) -> list[Any]:
        """Makes a run, or breaks off."""
        self._after -= 1
        if self._after < 0:
            raise KeyboardInterrupt
        return super().outcomes(timeout)


def test_a_round_that_was_broken_off_is_dealt_as_it_was(room: Path) -> None:
    Watched.dealt.clear()
    carried(MANY, room / "whole", Watched)
    wanted = dict(Watched.dealt)
    Watched.dealt.clear()
    for after in (3, 1):  # in the middle of the second round, then of the third
        try:
            carried(MANY, room / "broken", partial(Failing, after=after), resume=True)
        except KeyboardInterrupt:
            continue
    carried(MANY, room / "broken", Watched, resume=True)
    assert Watched.dealt.items() <= wanted.items()
    assert tree(room / "broken") == tree(room / "whole")
    assert kept(room / "broken") == kept(room / "whole")


class Fruitless(Watched):
    """Hits the same cell in every run."""

    def outcomes(self, timeout: float) -> list[Any]:
        """A run that hits cell 17 once."""
        job, self._job = self._job, None
        assert job is not None
        one = np.ones(1, dtype=np.int32)
        return [Done(job, (), 80, 0, 0, 10, 0.1, (17 * one).tobytes(), one.tobytes())]


def test_cells_that_nobody_finds_in_twelve_rounds_are_given_up(room: Path) -> None:
    carried(replace(MANY, runs=500), room, Fruitless)
    assert 12 <= len(rows(room, 0)) <= 13  # cell 17 may be one that counts: then the first round has found one


def test_a_campaign_that_has_covered_enough_does_not_go_on(room: Path) -> None:
    carried(MANY, room)
    Watched.dealt.clear()
    carried(MANY, room, Watched, resume=True)
    assert Watched.dealt == {}


@pytest.mark.long
def test_a_campaign_covers_everything_that_can_be_hit(room: Path) -> None:
    outcome = carried(replace(MANY, sites=4, ops=2_000, cover=1.0), room, partial(Local, workers=2))
    assert outcome.standing.covered == 1.0
    assert outcome.standing.done < 200
