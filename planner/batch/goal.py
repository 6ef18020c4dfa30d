"""Coverage as the goal of a campaign: how the cells that are left are dealt to the runs of a round."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from model.event import Ints
from planner.batch.campaign import Campaign
from planner.coverage.chart import CHARTS
from planner.targets.cells import Status


@dataclass(frozen=True, slots=True)
class Goal:
    """The cells that count, a mask of [op_state, op_name, bin], and the share of them that is wanted."""

    counts: npt.NDArray[np.bool_]
    share: float

    def covered(self, hits: Ints) -> float:
        """The share of the cells that is hit; 1 where there are none."""
        total = int(np.count_nonzero(self.counts))
        return self.hit(hits) / total if total else 1.0

    def hit(self, hits: Ints) -> int:
        """How many of the cells are hit."""
        return int(np.count_nonzero(self.counts & (hits > 0)))

    def reached(self, hits: Ints) -> bool:
        """Whether enough is covered."""
        return self.covered(hits) >= self.share

    def left(self, hits: Ints) -> Ints:
        """The cells that nobody has hit, as positions in the flat array, ascending."""
        return np.flatnonzero(self.counts & (hits == 0))


def goal_of(campaign: Campaign) -> Goal | None:
    """The goal that a campaign has: the cells of its device that are not known to be out of reach."""
    if campaign.cover is None:
        return None
    status = CHARTS.of(campaign.config).status
    return Goal((status == Status.REACHABLE) | (status == Status.OPEN), campaign.cover)


def deal(cells: Ints, runs: int, turn: int) -> tuple[tuple[int, ...], ...]:
    """The cells, one after the other, to `runs` runs; with every `turn` each cell goes to the run after.

    So what a run could not reach comes to another site in the next round.
    """
    first = [-turn % runs] * runs
    return tuple(tuple(cells[(first[run] + run) % runs :: runs].tolist()) for run in range(runs))
