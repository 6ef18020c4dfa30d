"""Which cells (op_state, op_name, bin) were hit, and how often."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from model.config import Config
from model.event import Ints
from model.timeline import FINE, Layout, Seen, Settled
from model.timeline.columns import take

BINS = 10


def cells_only(config: Config, layout: Layout, hits: Seen) -> Seen:
    """The hits that are in a cell: DEFAULT is in none, unless the config says so."""
    if config.coverage.default_state:
        return hits
    return take(hits, np.flatnonzero(hits.op_state != layout.op_states.default))


class HitCounter:
    """Hits per cell, as an array [op_state, op_name, bin]. Adding up is independent of order."""

    def __init__(self, config: Config, layout: Layout | None = None) -> None:
        self._config = config
        self._layout = Layout.of(config) if layout is None else layout
        self.hits: Ints = np.zeros((len(self._layout.op_states), len(config.names), BINS), dtype=np.int64)

    def add(self, settled: Settled) -> None:
        """Counts the hits of a chunk."""
        found = cells_only(self._config, self._layout, settled.hits)
        at = (found.op_state, settled.commands.op[found.op], found.input_time // (FINE // BINS))
        np.add.at(self.hits, at, 1)

    def merge(self, others: Iterable[HitCounter]) -> None:
        """Adds the hits of other counters of the same config."""
        for other in others:
            self.hits += other.hits

    @property
    def cells(self) -> int:
        """How many cells were hit."""
        return int(np.count_nonzero(self.hits))

    @property
    def total(self) -> int:
        """How many hits there were."""
        return int(self.hits.sum())
