"""Where hits are, and where they are missing: the distribution against the one wanted, and the worst holes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from model.event import Ints
from planner.coverage.chart import Chart, Mask
from planner.coverage.measures import Measures, rounded
from planner.targets.cells import Status

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Gap:
    """An op_name's share of the hits in an op_state: wanted and got."""

    op_state: str
    op_name: str
    wanted: float
    got: float

    def section(self) -> dict[str, Any]:
        """For the run page."""
        wanted, got = rounded(self.wanted), rounded(self.got)
        return {"op_state": self.op_state, "op_name": self.op_name, "wanted": wanted, "got": got}


@dataclass(frozen=True, slots=True)
class Distribution:
    """Hits against the wanted weights, op_state by op_state.

    The weights of an op_state are shared among the op_names that can be issued there; expected are its hits times
    these shares. `chi_square` is the sum of (hits - expected)^2 / expected over all op_states with a hit, `freedom`
    its degrees of freedom: for each op_state its op_names less one. `gaps`: where most hits are missing or too many,
    the largest first. `unwanted` counts hits of cells with weight 0.
    """

    hits: int
    op_states: int
    chi_square: float
    freedom: int
    unwanted: int
    gaps: tuple[Gap, ...]

    @staticmethod
    def of(chart: Chart, hits: Ints, most: int = 5) -> Distribution:
        """The distribution of hits [op_state, op_name, bin], with at most so many gaps."""
        status = chart.with_hits(hits)
        possible = ((status == Status.REACHABLE) | (status == Status.OPEN)).any(axis=2)
        got = np.where(possible, hits.sum(axis=2), 0)
        used = np.flatnonzero(got.sum(axis=1))
        weights = np.zeros(got.shape, dtype=np.float64)
        for row in used.tolist():
            weights[row] = chart.device.config.wanted(chart.weight_key(row))
        weights = np.where(possible, weights, 0.0)
        whole = weights.sum(axis=1)
        share = weights / np.where(whole > 0, whole, 1.0)[:, None]
        total = np.where(whole > 0, got.sum(axis=1), 0)
        expected = share * total[:, None]
        there = expected > 0
        square = float(((got - expected)[there] ** 2 / expected[there]).sum())
        freedom = int(there.sum() - there.any(axis=1).sum())
        off = np.where(total[:, None] > 0, np.abs(got - expected), 0.0)
        gaps = _gaps(chart, np.argsort(-off, axis=None, kind="stable")[:most], share, got)
        unwanted = int(hits[status == Status.DISABLED].sum())
        return Distribution(int(total.sum()), len(used), square, freedom, unwanted, gaps)

    def section(self) -> dict[str, Any]:
        """For the run page."""
        return {
            "hits": self.hits,
            "op_states": self.op_states,
            "chi_square": rounded(self.chi_square),
            "degrees_of_freedom": self.freedom,
            "unwanted": self.unwanted,
            "largest_gap": self.gaps[0].section() if self.gaps else None,
        }


def _gaps(chart: Chart, at: Ints, share: Floats, got: Ints) -> tuple[Gap, ...]:
    states, names = chart.device.op_states.names, chart.device.catalogue.names
    gaps: list[Gap] = []
    for row, name in zip(*np.unravel_index(at, got.shape), strict=True):
        total = int(got[row].sum())
        if total:
            gaps.append(Gap(states[row], names[name].name, float(share[row, name]), float(got[row, name] / total)))
    return tuple(gaps)


@dataclass(frozen=True, slots=True)
class Hole:
    """Cells of one op_state and base that can be hit, how many of them were not, and whether any is open."""

    op_state: str
    base: str
    missing: int
    cells: int
    open: int


def worst_holes(chart: Chart, hits: Ints, most: int) -> list[Hole]:
    """The op_states and bases with the most cells not hit, the largest first, then in order of the config."""
    status = chart.with_hits(hits)
    aim = (status == Status.REACHABLE) | (status == Status.OPEN)
    bases = chart.device.catalogue.bases
    base_of = np.array([name.base.index for name in chart.device.catalogue.names], dtype=np.int64)

    def by_base(cells: Mask) -> Ints:
        table = np.zeros((cells.shape[0], len(bases)), dtype=np.int64)
        np.add.at(table.T, base_of, cells.sum(axis=2).T)
        return table

    missing, cells, unsettled = by_base(aim & (hits == 0)), by_base(aim), by_base(status == Status.OPEN)
    order = np.argsort(-missing, axis=None, kind="stable")[:most]
    found: list[Hole] = []
    for state, base in zip(*np.unravel_index(order, missing.shape), strict=True):
        if missing[state, base]:
            counts = (int(missing[state, base]), int(cells[state, base]), int(unsettled[state, base]))
            found.append(Hole(chart.device.op_states.names[state], bases[base].name, *counts))
    return found


def run_section(chart: Chart, hits: Ints, operations: int) -> dict[str, Any]:
    """The section `coverage` of the run page."""
    section = Measures.of(chart, hits, operations).section()
    return {**section, "wrongly_hit": len(chart.wrongly_hit(hits)), "weights": Distribution.of(chart, hits).section()}
