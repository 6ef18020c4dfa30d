"""The picture `heatmap`: hits of coverage by op_state and op_name."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap, LogNorm, to_hex, to_rgb
from matplotlib.figure import Figure

from planner.plots.drawing import DPI, INK
from planner.plots.families import LOOKS
from planner.report.facts import Facts

CELL = 0.1
"""Inches per cell."""
SHUT = "#dcdcdc"
Cells = npt.NDArray[np.int64]
LABEL = 5.0
"""Size of letters, in points."""


def draw_heatmap(hits: pl.DataFrame, shut: pl.DataFrame | None, facts: Facts, title: str) -> Figure:
    """A cell per op_state and op_name, darker the more hits it has; white: none yet; grey: there can be none.

    `shut`: the pairs none of whose cells can be hit (op_state, op_name), None where the files do not tell. With the
    device known all its op_states and op_names are there, else those that were hit.
    """
    states = _axis(facts.op_states, hits["op_state"])
    names = _axis([name for name in facts.op_names if facts.bases[name] not in facts.silent], hits["op_name"])
    counts = _counts(hits, states, names)
    figure, axes, beside = _page(states, names)
    closed = np.zeros_like(counts) if shut is None else _counts(shut.with_columns(count=1), states, names)
    _heading(axes, title, counts, closed, told=shut is not None)
    axes.imshow(np.ma.masked_equal(closed, 0), cmap=ListedColormap([SHUT]), aspect="auto", interpolation="nearest")
    image = axes.imshow(
        np.ma.masked_equal(counts, 0), cmap=_colours(), aspect="auto", interpolation="nearest",
        norm=LogNorm(vmin=1, vmax=max(2, int(counts.max(initial=1)))),
    )  # fmt: skip
    _labels(axes, states, names, facts)
    bar = figure.colorbar(image, cax=beside)
    bar.set_label("hits", fontsize=8)
    bar.ax.tick_params(labelsize=7)
    bar.ax.yaxis.set_major_formatter("{x:.0f}")
    bar.ax.minorticks_off()
    return figure


def _heading(axes: Axes, title: str, counts: Cells, closed: Cells, *, told: bool) -> None:
    hit = int(np.count_nonzero(counts))
    if told:
        possible = int(np.count_nonzero((closed == 0) | (counts > 0)))
        pairs = f"{hit:,} of {possible:,} pairs of op_state and op_name that can be hit; grey: cannot be hit"
    else:
        pairs = f"{hit:,} of {counts.size:,} pairs of op_state and op_name"
    axes.set_title(f"{title}: {int(counts.sum()):,} hits, {pairs}", loc="left", fontsize=11, color=INK)


def _labels(axes: Axes, states: list[str], names: list[str], facts: Facts) -> None:
    """Names of rows and columns in the colours of their families, and lines between the cells."""
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize=LABEL)
    axes.set_yticks(range(len(states)), states, fontsize=LABEL)
    for labels, bases in (
        (axes.get_yticklabels(), [base_of(state, facts) for state in states]),
        (axes.get_xticklabels(), [facts.bases.get(name, "") for name in names]),
    ):
        for label, base in zip(labels, bases, strict=True):
            label.set_color(_ink(LOOKS[facts.family(base)].colour) if base else INK)
    axes.set_xticks(np.arange(-0.5, len(names)), minor=True)
    axes.set_yticks(np.arange(-0.5, len(states)), minor=True)
    axes.grid(which="minor", color="#e4e4e4", linewidth=0.3)
    axes.tick_params(which="both", length=0)
    axes.set_xlabel("op_name issued", fontsize=8, color=INK)
    axes.set_ylabel("op_state found", fontsize=8, color=INK)
    for side in axes.spines.values():
        side.set_color("#cccccc")


def _page(states: list[str], names: list[str]) -> tuple[Figure, Axes, Axes]:
    """A figure, the axes of the map, and those of the colour bar: room for the longest labels, and no more.

    Laid out here, since measuring hundreds of labels takes seconds.
    """
    letter = LABEL / 72 * 0.62
    left, below = (0.5 + letter * max(map(len, labels), default=0) for labels in (states, names))
    across, down = CELL * max(len(names), 60), CELL * max(len(states), 20)
    width, height = left + across + 0.9, below + down + 0.45
    figure = Figure(figsize=(width, height), dpi=DPI)
    axes = figure.add_axes((left / width, below / height, across / width, down / height))
    tall = min(down, 4.0)
    place = ((left + across + 0.15) / width, (below + down - tall) / height, 0.12 / width, tall / height)
    return figure, axes, figure.add_axes(place)


def _colours() -> ListedColormap:
    """From a blue that stands out from white to a dark one."""
    return ListedColormap(colormaps["YlGnBu"](np.linspace(0.3, 1, 256)), name="hits")


def _ink(colour: str) -> str:
    """A colour dark enough for small letters."""
    red, green, blue = to_rgb(colour)
    return to_hex((red * 0.7, green * 0.7, blue * 0.7))


def base_of(op_state: str, facts: Facts) -> str:
    """The base of an op_state, also where op_states are counted by op_name."""
    host = op_state.rpartition(".")[0]
    return facts.bases.get(host, host)


def _axis(known: Sequence[str], found: pl.Series) -> list[str]:
    """The known words in their order, then those that were found beside them."""
    return list(dict.fromkeys([*(word for word in known if word != "DEFAULT"), *found.to_list()]))


def _counts(hits: pl.DataFrame, states: list[str], names: list[str]) -> Cells:
    row = {state: i for i, state in enumerate(states)}
    column = {name: i for i, name in enumerate(names)}
    counts = np.zeros((len(states), len(names)), dtype=np.int64)
    for state, name, count in hits.select("op_state", "op_name", "count").rows():
        if state in row and name in column:
            counts[row[state], column[name]] += count
    return counts
