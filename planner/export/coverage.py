"""coverage: every cell of the universe with its status, hits, and why it is not to be hit."""

from __future__ import annotations

import numpy as np

from model.event import Ints
from model.timeline import Settled
from planner.coverage import HitCounter
from planner.coverage.chart import CHARTS, Chart
from planner.export import text
from planner.export.sink import Words
from planner.targets.cells import Status, Statuses

WORDS = tuple(status.name.lower() for status in Status)


class CoverageTable:
    """Rows ordered by op_state, op_name (as in the config), bin. The run's own counter tells the hits."""

    name = "coverage"
    columns = ("op_state", "op_name", "bin", "status", "hits", "reason")

    def __init__(self, words: Words, hits: HitCounter) -> None:
        self._words = words
        self._hits = hits

    def rows(self, settled: Settled) -> str:
        """Nothing yet."""
        return ""

    def end(self) -> str:
        """All cells."""
        lines = LINES.of(CHARTS.of(self._words.config)).with_hits(self._hits.hits)
        return "\n".join([*lines, ""])


class Lines:
    """The lines of a chart. Almost all are the same for every run: they are made once, and what was hit is put in."""

    def __init__(self, chart: Chart) -> None:
        self.chart = chart
        shape = chart.status.shape
        names = text.fields(name.name for name in chart.device.catalogue.names)
        op_state, name, place = np.unravel_index(chart.cells, shape)
        states = text.fields(chart.device.op_states.names)
        self._heads = text.lines("%s,%s,%s", states[op_state], names[name], place) if len(chart.cells) else []
        reason, reasons = chart.reasons
        self._reasons = [text.field(each) for each in reasons]
        self._reason: list[int] = reason.tolist()
        kinds = chart.status.ravel()[chart.cells].tolist()
        ends: dict[tuple[int, int], str] = {}
        for key in zip(kinds, self._reason, strict=True):
            if key not in ends:
                ends[key] = f",{WORDS[key[0]]},0,{self._reasons[key[1]]}"
        tails = [ends[key] for key in zip(kinds, self._reason, strict=True)]
        self._lines = [head + tail for head, tail in zip(self._heads, tails, strict=True)]

    def with_hits(self, hits: Ints) -> list[str]:
        """One line per cell, without line ends, for hits [op_state, op_name, bin]."""
        status: Statuses = self.chart.with_hits(hits).ravel()[self.chart.cells]
        count = hits.ravel()[self.chart.cells]
        lines = self._lines.copy()
        for row in np.flatnonzero(count).tolist():
            reason = self._reasons[self._reason[row]]
            lines[row] = f"{self._heads[row]},{WORDS[status[row]]},{count[row]},{reason}"
        return lines


class LinesOf:
    """The lines of the chart that was asked for last."""

    def __init__(self) -> None:
        self._made: Lines | None = None

    def of(self, chart: Chart) -> Lines:
        """The lines of a chart."""
        if self._made is None or self._made.chart is not chart:
            self._made = Lines(chart)
        return self._made


LINES = LinesOf()
