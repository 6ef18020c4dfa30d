"""The order of runs, and the cells that they are dealt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest

from planner.batch.campaign import Campaign
from planner.batch.goal import Goal, deal
from planner.batch.schedule import Schedule
from tests.batch.campaigns import SMALL, with_bootstrap

INDEPENDENT = replace(SMALL, chained=False)


def schedule(campaign: Campaign, gaps: Iterable[int] = (), fresh: int = 1, limit: int | None = None) -> Schedule:
    """A schedule with the same left of every site."""
    return Schedule(campaign, {site: (list(gaps), fresh) for site in range(campaign.sites)}, limit)


def test_a_chained_run_begins_when_the_run_before_is_made() -> None:
    runs = schedule(SMALL)
    assert [runs.next(), runs.next(), runs.next()] == [(0, 1), (1, 1), None]
    runs.made(1, 1)
    assert [runs.next(), runs.next()] == [(1, 2), None]


def test_independent_runs_begin_at_any_time_the_lowest_numbers_first() -> None:
    runs = schedule(INDEPENDENT)
    assert [runs.next() for _ in range(7)] == [(0, 1), (1, 1), (0, 2), (1, 2), (0, 3), (1, 3), None]


def test_independent_runs_wait_for_the_bootstrap_of_their_site() -> None:
    runs = schedule(replace(INDEPENDENT, config=with_bootstrap(SMALL.config)))
    assert [runs.next(), runs.next(), runs.next()] == [(0, 1), (1, 1), None]
    runs.made(0, 1)
    assert [runs.next(), runs.next(), runs.next(), runs.next()] == [(0, 2), (0, 3), (0, 4), None]


def test_gaps_come_before_what_is_new() -> None:
    runs = schedule(INDEPENDENT, gaps=[1], fresh=3)
    assert [runs.next() for _ in range(5)] == [(0, 1), (1, 1), (0, 3), (1, 3), None]


def test_a_site_stops_at_a_chained_run_that_is_given_up() -> None:
    runs = schedule(SMALL)
    assert [runs.next(), runs.next()] == [(0, 1), (1, 1)]
    runs.given_up(0, 1)
    runs.made(1, 1)
    assert [runs.next(), runs.next()] == [(1, 2), None]


def test_a_run_that_is_to_be_tried_again_comes_first() -> None:
    runs = schedule(INDEPENDENT)
    assert [runs.next(), runs.next(), runs.next()] == [(0, 1), (1, 1), (0, 2)]
    runs.again(1, 1)
    assert runs.next() == (1, 1)


def test_runs_above_the_limit_wait_for_the_next_round() -> None:
    runs = schedule(INDEPENDENT, limit=1)
    assert [runs.next(), runs.next(), runs.next()] == [(0, 1), (1, 1), None]
    assert runs.waiting
    runs.limit = 2
    assert runs.next() == (0, 2)


@pytest.mark.parametrize("turn", [0, 1, 5])
def test_every_cell_is_dealt_once(turn: int) -> None:
    dealt = deal(np.arange(100, 111), 4, turn)
    assert sorted(cell for cells in dealt for cell in cells) == list(range(100, 111))
    assert max(map(len, dealt)) - min(map(len, dealt)) <= 1  # 11 cells for 4 runs: 3, 3, 3, 2


def test_a_cell_comes_to_another_site_in_the_next_round() -> None:
    cells = np.arange(10)
    owners = [[site for site in range(4) if 6 in deal(cells, 4, turn)[site]] for turn in range(4)]
    assert owners == [[2], [3], [0], [1]]  # 6 mod 4 = 2, then one further with each turn


def test_no_cells_are_dealt_to_nobody() -> None:
    assert deal(np.arange(0), 3, 1) == ((), (), ())


def test_the_goal_counts_only_its_own_cells() -> None:
    counts = np.zeros((2, 1, 10), dtype=np.bool_)
    counts[0, 0, :4] = True
    hits = np.zeros((2, 1, 10), dtype=np.int64)
    hits[0, 0, 1:6] = 3  # three of the four that count, and two others
    goal = Goal(counts, 0.75)
    assert goal.covered(hits) == 0.75
    assert goal.reached(hits)
    assert goal.left(hits).tolist() == [0]
    assert not Goal(counts, 0.76).reached(hits)
