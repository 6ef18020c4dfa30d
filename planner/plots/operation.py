"""The picture `operation`: operations on their payload planes, their fragments linked, and what passes by."""

from __future__ import annotations

import polars as pl
from matplotlib.figure import Figure

from planner.plots.drawing import COLUMNS, Label, bars, heading, legend, timeline_page
from planner.plots.raster import GAP, PLANE, Lane, Run, edges_of, lane_of
from planner.recorded.history import History


def draw_operation(history: History, begin: int, end: int) -> Figure:
    """A lane per plane. Thick bars: operations that hold it. Thin bars above: those that only pass by."""
    edges = edges_of(begin, end, COLUMNS)
    rows = history.fragments.with_columns(state=pl.lit("CORE_BUSY"))
    rows = history.clipped(rows, begin, end)
    holds = pl.col("op_uid").is_in(history.segments["op_uid"].unique().implode())
    names = [f"d{die}-p{plane}" for die, plane in history.lanes]
    page = timeline_page(heading(history, "operations", edges), names, edges, history.decimals)
    label = _label(history)
    codes: set[int] = set()
    gaps = _gaps(history, begin, end)
    for row, (die, plane) in enumerate(history.lanes):
        own = rows.filter(die=die, plane=plane)
        holding = lane_of(names[row], PLANE, die, history, own.filter(holds), edges)
        passing = lane_of(names[row], PLANE, die, history, own.filter(~holds), edges)
        paused = lane_of(names[row], GAP, die, history, gaps.filter(die=die, plane=plane), edges)
        bars(page, row, holding, top=0.2, height=0.5, label=label)
        bars(page, row, passing, top=0.44, height=0.18)
        bars(page, row, paused, top=-0.32, height=0.12)
        codes |= {int(code) for lane in (holding, passing) for code in lane.cells}
    legend(page, codes, gaps=len(gaps) > 0)
    return page.figure


def _gaps(history: History, begin: int, end: int) -> pl.DataFrame:
    """From each cut to the continuation, on the payload planes of the operation."""
    gaps = history.clipped(history.gaps, begin, end).drop("die", "planes")
    lanes = history.fragments.select("op_uid", "die", "plane").unique(maintain_order=True)
    made = gaps.join(lanes, on="op_uid", how="inner", maintain_order="left_right")
    return made.with_columns(state=pl.lit("CORE_BUSY"))


def _label(history: History) -> Label:
    names = dict(history.ops.select("op_uid", "op_name").rows())

    def label(run: Run, lane: Lane) -> list[str]:
        name = names.get(run.op_uid, "")
        return [f"{name} ({run.op_uid})", name, str(run.op_uid)]

    return label
