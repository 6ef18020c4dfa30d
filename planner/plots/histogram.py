"""The picture `histogram`: when in an op_state operations were issued (input time, 0 to 1 of its planned length)."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from planner.plots.drawing import DPI, INK
from planner.plots.families import LOOKS
from planner.plots.heatmap import base_of
from planner.report.facts import Facts

BARS = 20
FINE = 100
MOST = 15
"""Panels for single op_states, the most frequent ones; one more for all together."""
ACROSS = 4
POINTLIKE = (".END", "DEFAULT")
ALL = "#5b6770"


def draw_histogram(hits: pl.DataFrame, facts: Facts, title: str) -> Figure:
    """A panel for all op_states that last, and one for each of the most frequent; END and DEFAULT have no length."""
    pointlike = pl.any_horizontal(pl.col("op_state").str.ends_with(end) for end in POINTLIKE)
    lasting = hits.filter(~pointlike)
    totals = lasting.group_by("op_state", maintain_order=True).agg(pl.col("count").sum())
    totals = totals.sort("count", descending=True, maintain_order=True)
    shown = totals.head(MOST)["op_state"].to_list()
    down = -(-(len(shown) + 1) // ACROSS)
    figure = Figure(figsize=(16, 1.2 + 2.3 * down), dpi=DPI, layout="constrained")
    panels = figure.subplots(down, ACROSS, squeeze=False, sharex=True).flatten().tolist()
    left = f"; the {len(shown)} most frequent of {len(totals)} op_states" if len(totals) > len(shown) else ""
    figure.suptitle(f"{title}{left}", x=0.01, ha="left", fontsize=11, color=INK)
    _panel(panels[0], "all op_states that last", lasting, ALL)
    for axes, state in zip(panels[1:], shown, strict=False):
        colour = LOOKS[facts.family(base_of(state, facts))].colour
        _panel(axes, state, lasting.filter(op_state=state), colour)
    for axes in panels[len(shown) + 1 :]:
        axes.set_visible(False)
    figure.supxlabel("input time: share of the op_state's planned length", fontsize=9, color=INK)
    figure.supylabel("operations issued", fontsize=9, color=INK)
    return figure


def bars_of(hits: pl.DataFrame) -> npt.NDArray[np.int64]:
    """Counts in BARS equal parts of the input time."""
    counts = np.zeros(BARS, dtype=np.int64)
    np.add.at(counts, hits["fine"].to_numpy() * BARS // FINE, hits["count"].to_numpy())
    return counts


def _panel(axes: Axes, name: str, hits: pl.DataFrame, colour: str) -> None:
    counts = bars_of(hits)
    edges: Any = np.arange(BARS) / BARS
    axes.bar(edges, counts, width=1 / BARS, align="edge", color=colour, edgecolor="white", linewidth=0.4)
    axes.set_title(f"{name}  ({int(counts.sum()):,})", fontsize=8, color=INK, loc="left")
    axes.set_xlim(0, 1)
    axes.set_ylim(0, max(int(counts.max()), 1) * 1.08)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=4, integer=True))
    axes.tick_params(labelsize=7, length=2, color="#bbbbbb")
    axes.grid(axis="y", color="#e6e6e6", linewidth=0.5)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
