"""Runs on the tiny device whose coverage is known, and hits written by hand."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from model.event import Ints
from planner.coverage.chart import Chart

Named = tuple[str, str, int]


def hits_of(chart: Chart, named: Mapping[Named, int]) -> Ints:
    """Hits [op_state, op_name, bin] from (op_state, op_name, bin) -> count."""
    hits = np.zeros(chart.status.shape, dtype=np.int64)
    for cell, count in named.items():
        hits[at(chart, cell)] = count
    return hits


def at(chart: Chart, cell: Named) -> tuple[int, int, int]:
    """The index of a cell."""
    op_state, op_name, place = cell
    return chart.device.op_states.index[op_state], chart.device.catalogue.name_index[op_name], place
