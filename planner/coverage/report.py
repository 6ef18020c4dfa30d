"""What `nandplan coverage` tells of some folders, or of the universe alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from model.config import Config
from model.device import Device
from planner.coverage.chart import CHARTS, Chart, known_reachable
from planner.coverage.compare import differences
from planner.coverage.counting import HitCounter
from planner.coverage.histories import histories_in
from planner.coverage.measures import Measures
from planner.coverage.recount import Observer, Recount, recount
from planner.coverage.shares import Distribution, worst_holes
from planner.errors import UnusableInput
from planner.targets.cells import Status
from planner.targets.reachable import in_grain

BASE = "base"
CELL_COLUMNS = ("op_state", "op_name", "bin", "status", "hits", "reason", "witness")


@dataclass(frozen=True, slots=True)
class Outcome:
    """The recount of some folders (None: none were given) and, per grain asked for, its chart and measures.

    `own` is the chart of the config's own grain, in which coverage files are written.
    """

    config: Config
    found: Recount | None
    charts: tuple[Chart, ...]
    measures: tuple[Measures, ...]
    own: Chart

    @staticmethod
    def of(
        config: Config, paths: Sequence[Path], grains: Sequence[str], *, snapshot: Path | None = None,
        observer: Observer | None = None, told: Callable[[int, int], None] = lambda hit, wanted: None,
    ) -> Outcome:  # fmt: skip
        """Counts what the folders hold. Without any, a plan in memory finds what can be hit (`told` how far it is).

        UnusableInput, SnapshotError.
        """
        own = str(config.coverage.hosts)
        found = None
        if paths:
            histories = histories_in(paths, config, snapshot)
            found = recount(histories, config, tuple(dict.fromkeys((*grains, own, BASE))), observer)
        elif snapshot is not None:
            raise UnusableInput("--snapshot says where a sequence begins; give a folder with one, too")
        each = [in_grain(config, grain) for grain in grains]
        charts = tuple(CHARTS.of(one) if paths else Chart.of(one, known_reachable(Device(one), told)) for one in each)
        measures = tuple(
            Measures.of(chart, _hits(found, chart), found.operations if found is not None else 0) for chart in charts
        )
        return Outcome(config, found, charts, measures, CHARTS.of(config))

    def base_chart(self) -> Chart:
        """The chart at base grain."""
        return CHARTS.of(in_grain(self.config, BASE))

    def hits(self, chart: Chart) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
        """The hits [op_state, op_name, bin] at the grain of a chart."""
        return _hits(self.found, chart)

    def text(self, holes: int) -> Iterator[str]:
        """The report for people."""
        for chart, measures in zip(self.charts, self.measures, strict=True):
            yield from _summary(measures)
            if self.found is not None:
                yield from _weights(Distribution.of(chart, self.hits(chart)))
            yield from _holes(chart, self, holes)

    def cell_rows(self) -> Iterator[Sequence[str | int]]:
        """Header and one row per cell of the first grain. Witness: file and operation that hit it first."""
        yield CELL_COLUMNS
        chart = self.charts[0]
        hits, states, names = self.hits(chart), chart.device.op_states.names, chart.device.catalogue.names
        flat, status = hits.ravel(), chart.with_hits(hits).ravel()
        words = [kind.name.lower() for kind in Status]
        at = np.unravel_index(chart.cells, hits.shape)
        reason_of, reasons = chart.reasons
        columns = (chart.cells.tolist(), *(index.tolist() for index in at), reason_of.tolist())
        for cell, state, name, place, reason in zip(*columns, strict=True):
            yield (
                states[state], names[name].name, place, words[status[cell]], int(flat[cell]), reasons[reason],
                self._witness(chart, cell) if flat[cell] else "",
            )  # fmt: skip

    def _witness(self, chart: Chart, cell: int) -> str:
        if self.found is None:
            return ""
        count = self.found.grains[chart.grain]
        file = self.found.files[int(count.witness_file[cell])]
        run = f", run {int(count.witness_run[cell])}" if file.packed else ""
        return f"{file.path}{run}: op_uid {int(count.witness_uid[cell])}"

    def complaints(self) -> Iterator[tuple[Iterator[str], str]]:
        """What is wrong, by kind: texts, and what more of them would be called."""
        if self.found is None:
            return
        yield iter(_violations(self.found)), "files"
        yield differences(self.found, self.own), "cells"
        for chart in self.charts:
            yield self._wrongly_hit(chart), "cells"

    def _wrongly_hit(self, chart: Chart) -> Iterator[str]:
        hits = self.hits(chart)
        for cell in chart.wrongly_hit(hits).tolist():
            state, name, place = (int(index) for index in np.unravel_index(cell, hits.shape))
            kind = Status(int(chart.status[state, name, place])).name.lower()
            why = f" ({reason})" if (reason := chart.why(cell)) else ""
            yield f"{self._witness(chart, cell)} hits {chart.name(cell)}, which is {kind}{why}"


def _hits(found: Recount | None, chart: Chart) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    return found.grains[chart.grain].hits if found is not None else HitCounter(chart.device.config).hits


def _violations(found: Recount) -> list[str]:
    if not found.violations:
        return []
    told = "; ".join(found.examples[:3])
    return [f"{found.violations:,} violations; hits of illegal operations are counted, too: {told}"]


def _summary(measures: Measures) -> Iterator[str]:
    counts = ("excluded", "disabled", "unreachable", "reachable", "open")
    yield f"grain {measures.grain}: " + ", ".join(f"{name} {getattr(measures, name):,}" for name in counts)
    aim = measures.reachable + measures.open
    yield f"  hit {measures.hit:,} of {aim:,}: coverage {_percent(measures.coverage)}, evenness {measures.evenness:.3f}"
    per_cell, economy = measures.operations_per_hit_cell, measures.economy
    if economy is None or per_cell is None:
        yield f"  whatever hits all of them needs {measures.lower_bound:,} operations or more"
    else:
        yield (
            f"  {measures.operations:,} operations, {per_cell:.2f} per hit cell; "
            f"whatever hits these cells needs {measures.lower_bound:,} or more: economy {economy:.2f}"
        )


def _weights(found: Distribution) -> Iterator[str]:
    if not found.hits:
        return
    yield (
        f"  weights: chi-square {found.chi_square:,.1f} with {found.freedom:,} degrees of freedom over "
        f"{found.op_states:,} op_states; {found.unwanted:,} hits with weight 0"
    )
    for gap in found.gaps:
        yield f"    {gap.op_name} in {gap.op_state}: wanted {_percent(gap.wanted)} of its hits, got {_percent(gap.got)}"


def _holes(chart: Chart, outcome: Outcome, most: int) -> Iterator[str]:
    holes = worst_holes(chart, outcome.hits(chart), most)
    if holes:
        yield "  worst holes:" if outcome.found is not None else "  most to hit:"
    for hole in holes:
        unsettled = f", {hole.open:,} of them open" if hole.open else ""
        yield f"    {hole.base} in {hole.op_state}: {hole.missing:,} of {hole.cells:,} cells not hit{unsettled}"


def _percent(share: float) -> str:
    return f"{share:.1%}" if share in (0.0, 1.0) or 0.001 <= share <= 0.999 else f"{share:.4%}"
