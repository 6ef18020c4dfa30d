"""What the pictures of timelines share: a figure, lanes of bars, a time axis, a legend, the file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from planner.plots.families import LOOKS
from planner.plots.raster import GAP, IDLE, KINDS, PLANE, Cells, Lane, Run
from planner.plots.shades import DARK, readable_on, shade
from planner.plots.ticks import even_times, in_us
from planner.recorded.folder import title_of
from planner.recorded.history import History

DPI = 150
WIDTH = 16.0
COLUMNS = 2100
"""About as many as the picture has pixels: nothing is drawn that cannot be seen."""
LANE = 0.42
"""Inches per lane."""
SMALL, TINY = 8.0, 6.0
"""Sizes of letters, in points."""
LETTER = 0.66
"""The width of a letter over its size, about."""
CROWD = 150
"""Bars of one colour on a lane from which on there is no room for edges."""
INK, GRID, GROUND = DARK, "#d8d8d8", "#f6f6f4"

Label = Callable[[Run, Lane], Sequence[str]]
"""What may be written on a bar: the longest first; the first that fits is."""


@dataclass(frozen=True, slots=True)
class Page:
    """A figure with one pair of axes; `edges` are the ticks between its columns."""

    figure: Figure
    axes: Axes
    edges: Cells

    @property
    def room(self) -> float:
        """Points per column, about."""
        return WIDTH * 72 * 0.9 / (len(self.edges) - 1)


def timeline_page(title: str, lanes: Sequence[str], edges: Cells, decimals: int) -> Page:
    """An empty timeline: lanes from top to bottom, time in us from left to right."""
    figure = Figure(figsize=(WIDTH, 1.6 + LANE * len(lanes)), dpi=DPI, layout="constrained")
    axes = figure.add_subplot()
    axes.set_title(title, loc="left", fontsize=11, color=INK)
    axes.set_xlim(0, len(edges) - 1)
    axes.set_ylim(len(lanes) - 0.5, -0.5)
    axes.set_yticks(range(len(lanes)), lanes, fontsize=SMALL, family="monospace")
    begin, end = int(edges[0]), int(edges[-1])
    times = even_times(begin, end, decimals, 12)
    axes.set_xticks([place(edges, time) for time, _ in times], [text for _, text in times], fontsize=SMALL)
    axes.set_xlabel("time, us", fontsize=SMALL, color=INK)
    axes.grid(axis="x", color=GRID, linewidth=0.5)
    axes.set_axisbelow(True)
    axes.set_facecolor(GROUND)
    axes.tick_params(length=2, color=GRID)
    for side in ("top", "right", "left", "bottom"):
        axes.spines[side].set_visible(False)
    return Page(figure, axes, edges)


def place(edges: Cells, time: int) -> float:
    """Where a time lies on the axis, in columns."""
    begin, end = int(edges[0]), int(edges[-1])
    return (time - begin) * (len(edges) - 1) / (end - begin)


def bars(page: Page, row: int, lane: Lane, *, top: float, height: float, label: Label | None = None) -> None:
    """The runs of a lane as bars; `top` and `height` in lanes, `top` from the middle of the lane upwards."""
    gap = lane.kind == GAP
    by_code: dict[int, list[tuple[float, float]]] = {}
    for run in lane.runs():
        if run.code != IDLE:
            by_code.setdefault(run.code, []).append((run.low, run.high - run.low))
    for code, places in sorted(by_code.items()):
        colour = shade(code, plain=lane.kind != PLANE)
        page.axes.broken_barh(
            places, (row - top, height), facecolors="none" if gap else colour, edgecolors=colour if gap else "white",
            linewidth=0.3 if gap or len(places) < CROWD else 0, hatch="////" if gap else None, zorder=2,
        )  # fmt: skip
    if label is not None:
        _write(page, row - top + height / 2, lane, label)


def _write(page: Page, y: float, lane: Lane, label: Label) -> None:
    for run in whole(lane.runs()):
        if run.code == IDLE:
            continue
        room = (run.high - run.low) * page.room
        text = next((text for text in label(run, lane) if (len(text) + 1) * TINY * LETTER < room), "")
        if text:
            colour = INK if lane.kind == GAP else readable_on(shade(run.code, plain=lane.kind != PLANE))
            page.axes.text(
                (run.low + run.high) / 2, y, text, ha="center", va="center", fontsize=TINY, color=colour, clip_on=True,
                zorder=3, bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6} if lane.kind == GAP else None,
            )  # fmt: skip


def whole(runs: Iterable[Run]) -> list[Run]:
    """Runs without those that only continue the lane's ISSUE: nothing is written on an ISSUE."""
    return [
        run for run in runs if run.code == IDLE or KINDS[run.code % len(KINDS)] != "ISSUE" or run.high - run.low > 1
    ]


def legend(page: Page, codes: Iterable[int], *, gaps: bool) -> None:
    """Which colours mean what, below the picture."""
    shown = sorted({code // len(KINDS) for code in codes if code != IDLE})
    patches = [Patch(color=shade(family * len(KINDS), plain=True), label=LOOKS[family].family) for family in shown]
    if gaps:
        patches.append(Patch(facecolor="none", edgecolor=INK, hatch="////", linewidth=0.3, label="suspended"))
    page.figure.legend(handles=patches, loc="outside lower center", ncols=12, fontsize=SMALL, frameon=False)


def heading(history: History, what: str, edges: Cells) -> str:
    """The name of the folder, the runs, and what is shown from when to when."""
    begin, end = (in_us(int(tick), history.decimals) for tick in (edges[0], edges[-1]))
    return f"{what}: {title_of(list(history.runs), begin, end)}"


def save(figure: Figure, file: BinaryIO) -> None:
    """Writes a figure as PNG; the same figure gives the same bytes."""
    FigureCanvasAgg(figure)
    figure.savefig(file, format="png", metadata={"Software": "nandplan"})
