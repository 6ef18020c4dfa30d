"""Plots of a comparison: rate by size, coverage by operations, stages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from planner.bench import figures
from planner.bench.figures import REST
from planner.bench.sample import COVER, RATE, STRATEGIES, Sample
from planner.plots.drawing import DPI, GRID, INK

COLOURS = {"cpsat": "#1f6f8b", "sampler": "#c4622d", "greedy": "#6a8f3c"}
LINES: dict[str, dict[str, Any]] = {
    "cpsat": {"lw": 2.6, "alpha": 0.5},
    "sampler": {"lw": 1.0, "alpha": 0.8},
    "greedy": {"lw": 0.9, "ls": "--"},
}
"""Lines that lie on each other can both be seen."""
SHADES = ("#1f6f8b", "#4f9bb5", "#8fc1d0", "#6a8f3c", "#a9bf7a", "#d9b44a", "#c4622d", "#8b5a7a", "#b9b9b9", "#5b6770")


def pictures(samples: Sequence[Sample]) -> dict[str, Figure]:
    """All plots that there is something for, by name."""
    found: dict[str, Figure] = {}
    if any(figures.done(members) for members in figures.rows_of(samples, RATE).values()):
        found["rates"] = rates(samples)
        found["stages"] = stages(samples)
    if any(figures.done(members) for members in figures.rows_of(samples, COVER).values()):
        found["coverage"] = coverage(samples)
    return found


def _panels(names: Sequence[str], title: str) -> tuple[Figure, list[Axes]]:
    across = min(3, len(names))
    down = -(-len(names) // across)
    figure = Figure(figsize=(1.2 + 4.6 * across, 1.0 + 3.2 * down), dpi=DPI, layout="constrained")
    figure.suptitle(title, x=0.01, ha="left", fontsize=11, color=INK)
    panels = figure.subplots(down, across, squeeze=False).flatten().tolist()
    for axes in panels[len(names) :]:
        axes.set_visible(False)
    for axes, name in zip(panels, names, strict=False):
        axes.set_title(name, loc="left", fontsize=9, color=INK)
        axes.grid(color=GRID, linewidth=0.5)
        axes.set_axisbelow(True)
        axes.tick_params(labelsize=7, length=2)
        for side in ("top", "right"):
            axes.spines[side].set_visible(False)
    return figure, panels


def rates(samples: Sequence[Sample]) -> Figure:
    """Operations per second by size: the median, and the range as a band."""
    found = figures.rows_of(samples, RATE)
    names = list(dict.fromkeys(instance for instance, _, _ in found))
    figure, panels = _panels(names, "Operations per second of whole processes, judged and exported")
    for axes, name in zip(panels, names, strict=False):
        for strategy in STRATEGIES:
            own = [
                (key[2], figures.spread(s, lambda x: x.rate)) for key, s in found.items() if key[:2] == (name, strategy)
            ]
            points = [(size, value) for size, value in own if value is not None]
            sizes: Any = [size for size, _ in points]
            axes.plot(sizes, [v.middle for _, v in points], "o-", ms=3, lw=1.2, color=COLOURS[strategy], label=strategy)
            low, high = [v.low for _, v in points], [v.high for _, v in points]
            axes.fill_between(sizes, low, high, color=COLOURS[strategy], alpha=0.2, linewidth=0)
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_xlabel("operations", fontsize=8)
    panels[0].set_ylabel("operations per second", fontsize=8)
    panels[0].legend(fontsize=8, frameon=False)
    return figure


def coverage(samples: Sequence[Sample]) -> Figure:
    """The share of the cells that can be hit by operations: a line per seed."""
    found = figures.rows_of(samples, COVER)
    names = list(dict.fromkeys(instance for instance, _, _ in found))
    figure, panels = _panels(names, "Share of the cells that can be hit, a line per seed")
    for axes, name in zip(panels, names, strict=False):
        for strategy in STRATEGIES:
            own = [s for key, members in found.items() if key[:2] == (name, strategy) for s in figures.done(members)]
            for number, sample in enumerate(own):
                label = strategy if not number else None
                line: Any = sample.curve
                axes.plot(*zip(*line, strict=True), color=COLOURS[strategy], label=label, **LINES[strategy])
        axes.set_xscale("log")
        axes.set_ylim(0, 1.02)
        axes.set_xlabel("operations", fontsize=8)
    panels[0].set_ylabel("share of the cells", fontsize=8)
    panels[0].legend(fontsize=8, frameon=False)
    return figure


def stages(samples: Sequence[Sample]) -> Figure:
    """Microseconds per operation of each stage, at the largest size that came to its end."""
    found = {key: members for key, members in figures.rows_of(samples, RATE).items() if figures.done(members)}
    largest = {key[:2]: key[2] for key in found}
    names = list(dict.fromkeys(instance for instance, _, _ in found))
    figure, panels = _panels(names, "Microseconds per operation, stage by stage")
    words = [*figures.stages_of([s for members in found.values() for s in figures.done(members)]), REST]
    for axes, name in zip(panels, names, strict=False):
        shown = [(strategy, largest[name, strategy]) for strategy in STRATEGIES if (name, strategy) in largest]
        labels: Any = [f"{strategy}\n{size:,}" for strategy, size in shown]
        bottom = [0.0] * len(shown)
        for colour, stage in zip(SHADES * 2, words, strict=False):
            heights = [max(0.0, figures.per_operation(found[name, *key], stage)) for key in shown]
            axes.bar(labels, heights, bottom=bottom, color=colour, width=0.6, label=stage)
            bottom = [low + height for low, height in zip(bottom, heights, strict=True)]
    panels[0].set_ylabel("us per operation", fontsize=8)
    handles, told = panels[0].get_legend_handles_labels()
    figure.legend(handles[::-1], told[::-1], loc="outside right upper", fontsize=7, frameon=False)
    return figure
