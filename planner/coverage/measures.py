"""What hits come to: the five counts, coverage, evenness, economy."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from model.event import Ints
from planner.coverage.chart import Chart
from planner.targets.cells import Status

DIGITS = 6
"""Decimals of shares in what is written."""


@dataclass(frozen=True, slots=True)
class Measures:
    """Coverage at one grain. `hit` counts cells that are to be hit and were; `lower_bound` the operations that any
    sequence needs for these cells, where none was hit for all that can be: reachable and open."""

    grain: str
    excluded: int
    disabled: int
    unreachable: int
    reachable: int
    open: int
    hit: int
    evenness: float
    operations: int
    lower_bound: int

    @staticmethod
    def of(chart: Chart, hits: Ints, operations: int) -> Measures:
        """The measures of hits [op_state, op_name, bin] that so many operations made."""
        from planner.targets.economy import lower_bound  # noqa: PLC0415 - the solver is needed only now

        status = chart.with_hits(hits)
        counts = np.bincount(status.ravel(), minlength=len(Status)).tolist()
        right = status == Status.REACHABLE
        hit = right & (hits > 0)
        aim = hit if hit.any() else right | (status == Status.OPEN)
        return Measures(
            grain=chart.grain,
            excluded=counts[Status.EXCLUDED],
            disabled=counts[Status.DISABLED],
            unreachable=counts[Status.UNREACHABLE],
            reachable=counts[Status.REACHABLE],
            open=counts[Status.OPEN],
            hit=int(hit.sum()),
            evenness=evenness(hits[right]),
            operations=operations,
            lower_bound=lower_bound(chart.device, aim),
        )

    @property
    def coverage(self) -> float:
        """Cells hit, as a share of all that are or may be reachable; 1 where there are none."""
        aim = self.reachable + self.open
        return self.hit / aim if aim else 1.0

    @property
    def economy(self) -> float | None:
        """Operations used, as a multiple of the lower bound; None where nothing was hit."""
        return self.operations / self.lower_bound if self.hit and self.lower_bound else None

    @property
    def operations_per_hit_cell(self) -> float | None:
        """Operations used for each cell that was hit; None where none was."""
        return self.operations / self.hit if self.hit else None

    def to_json(self) -> dict[str, Any]:
        """The keys of `nandplan coverage --json`."""
        return {
            "grain": self.grain,
            "excluded": self.excluded,
            "unreachable": self.unreachable,
            "reachable": self.reachable,
            "open": self.open,
            "hit": self.hit,
            "coverage": rounded(self.coverage),
            "evenness": rounded(self.evenness),
            "operations": self.operations,
            "lower_bound": self.lower_bound,
            "economy": rounded(self.economy),
        }

    def section(self) -> dict[str, Any]:
        """The same with what else the run page tells."""
        plain = self.to_json()
        return {
            "grain": plain.pop("grain"),
            "excluded": plain.pop("excluded"),
            "disabled": self.disabled,
            **plain,
            "operations_per_hit_cell": rounded(self.operations_per_hit_cell),
        }


def rounded(share: float | None) -> float | None:
    """A share as it is written."""
    return None if share is None else round(share, DIGITS)


def evenness(hits: Ints) -> float:
    """H(p) / ln(n) over n cells, p the shares of their hits: 1 where all were hit equally often, 0 where one took all.

    A cell that was not hit adds nothing to the entropy H = -sum p ln p. Without a hit it is 0; one cell alone that was
    hit is as even as can be: 1.
    """
    total = int(hits.sum())
    if total == 0:
        return 0.0
    if len(hits) == 1:
        return 1.0
    share = hits[hits > 0] / total
    return max(0.0, float(-(share * np.log(share)).sum())) / math.log(len(hits))
