"""A timeline as cells: for every lane and every column of equal length, what it shows there.

A cell shows the piece that lasts longest in it; a lane is idle in a cell only where nothing at all happens. So a
picture has as many cells as it can show, however many pieces there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from planner.recorded.history import NOTHING, History

Cells = npt.NDArray[np.int64]

KINDS = ("ISSUE", "CORE_BUSY", "DATA")
"""What the states of a family are told apart by; DATA: DATA_OUT and DATA_IN."""
IDLE = -1
BUS, PLANE, GAP = "bus", "plane", "gap"


class Run(NamedTuple):
    """Equal cells of a lane: the first column, the one after the last, what they show, and whose it is."""

    low: int
    high: int
    code: int
    op_uid: int


@dataclass(frozen=True, slots=True)
class Lane:
    """A line of the picture. `kind`: BUS, PLANE or GAP (what is suspended on a die).

    `cells`: family * 3 + place in KINDS, or IDLE; of a GAP that of the suspended operation. `op_uid`: 0 where idle.
    """

    name: str
    kind: str
    die: int
    cells: Cells
    op_uid: Cells

    def runs(self) -> list[Run]:
        """The runs of equal cells, from left to right."""
        change = np.flatnonzero((np.diff(self.cells) != 0) | (np.diff(self.op_uid) != 0)) + 1
        bounds = pairwise([0, *change.tolist(), len(self.cells)])
        return [Run(low, high, int(self.cells[low]), int(self.op_uid[low])) for low, high in bounds]


@dataclass(frozen=True, slots=True)
class Raster:
    """The lanes from top to bottom. `edges`: the ticks between columns, one more than there are."""

    lanes: tuple[Lane, ...]
    edges: Cells

    @property
    def columns(self) -> int:
        """How many columns there are."""
        return len(self.edges) - 1


def raster(history: History, begin: int, end: int, columns: int) -> Raster:
    """The lanes of [begin, end) in that many columns; fewer where the range has fewer ticks."""
    edges = edges_of(begin, end, columns)
    segments = history.clipped(history.segments, begin, end)
    by_lane = segments.partition_by("die", "plane", as_dict=True)
    gaps = history.clipped(history.gaps, begin, end).with_columns(state=pl.lit("CORE_BUSY"))
    lanes = [lane_of("bus", BUS, NOTHING, history, history.clipped(history.bus, begin, end), edges)]
    for die in sorted({die for die, _ in history.lanes}):
        for plane in (plane for of, plane in history.lanes if of == die):
            own = by_lane.get((die, plane), segments.clear())
            lanes.append(lane_of(f"d{die}-p{plane}", PLANE, die, history, own, edges))
        cut = gaps.filter(pl.col("die").is_in((die, NOTHING)))
        if len(cut):
            lanes.append(lane_of(f"d{die}~", GAP, die, history, cut, edges))
    return Raster(tuple(lanes), edges)


def edges_of(begin: int, end: int, columns: int) -> Cells:
    """The ticks between so many equal columns; fewer where the range has fewer ticks."""
    columns = max(1, min(columns, end - begin))
    return begin + (np.arange(columns + 1, dtype=object) * (end - begin) // columns).astype(np.int64)


def codes_of(history: History, frame: pl.DataFrame) -> Cells:
    """The code of each row's base and state."""
    families = {base: history.facts.family(base) for base in frame["base"].unique()}
    kinds = {state: KINDS.index(state) if state in KINDS else KINDS.index("DATA") for state in frame["state"].unique()}
    made = [families[base] * len(KINDS) + kinds[state] for base, state in frame.select("base", "state").rows()]
    return np.array(made, dtype=np.int64)


def lane_of(name: str, kind: str, die: int, history: History, frame: pl.DataFrame, edges: Cells) -> Lane:
    """A lane of pieces (start, end, base, state, op_uid): per column the one that lasts longest in it.

    Of equal ones it is the later.
    """
    columns = len(edges) - 1
    cells, uids = np.full(columns, IDLE, dtype=np.int64), np.zeros(columns, dtype=np.int64)
    if len(frame):
        start, end = frame["start"].to_numpy(), frame["end"].to_numpy()
        low = np.clip(np.searchsorted(edges, start, side="right") - 1, 0, columns - 1)
        high = np.clip(np.searchsorted(edges, end, side="left"), low + 1, columns)
        count = high - low
        row = np.repeat(np.arange(len(start)), count)
        column = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count) + low[row]
        lasts = np.minimum(end[row], edges[column + 1]) - np.maximum(start[row], edges[column])
        order = np.lexsort((row, lasts, column))
        winner = order[np.append(np.diff(column[order]) != 0, True)]
        cells[column[winner]] = codes_of(history, frame)[row[winner]]
        uids[column[winner]] = frame["op_uid"].to_numpy()[row[winner]]
    return Lane(name, kind, die, cells, uids)
