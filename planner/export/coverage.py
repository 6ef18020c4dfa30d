"""coverage: every cell of the universe with its status, hits, and why it is not to be hit."""

from __future__ import annotations

import numpy as np

from model.event import Ints
from model.timeline import Settled
from planner.coverage import HitCounter
from planner.coverage.chart import CHARTS, Chart
from planner.export import text
from planner.export.sink import Words
from planner.targets.cells import BINS, Status


class CoverageTable:
    """Rows ordered by op_state, op_name (as in the config), bin. The run's own counter tells the hits."""

    name = "coverage"
    columns = ("op_state", "op_name", "bin", "status", "hits", "reason")

    def __init__(self, words: Words, hits: HitCounter) -> None:
        self._words = words
        self._hits = hits

    def rows(self, settled: Settled) -> text.Lines:
        """Nothing yet."""
        return text.NO_LINES

    def end(self) -> text.Lines:
        """All cells."""
        return cell_rows(CHARTS.of(self._words.config), self._hits.hits)


def cell_rows(chart: Chart, hits: Ints) -> text.Lines:
    """The rows of all cells of a chart, for hits [op_state, op_name, bin]."""
    op_state, name, place = np.unravel_index(chart.cells, chart.status.shape)
    reason, reasons = chart.reasons
    return text.rows(
        text.fields(chart.device.op_states.names, ",")[op_state],
        text.fields((name.name for name in chart.device.catalogue.names), ",")[name],
        text.texts(map(str, range(BINS)), ",")[place],
        text.texts((status.name.lower() for status in Status), ",")[chart.with_hits(hits).ravel()[chart.cells]],
        text.Small(end=",")(hits.ravel()[chart.cells]),
        text.fields(reasons, "\n")[reason],
    )
