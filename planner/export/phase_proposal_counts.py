"""phase_proposal_counts: what was aimed at, and what was found there."""

from __future__ import annotations

import numpy as np

from model.timeline import Settled
from planner.export import text
from planner.export.sink import Words


class PhaseProposalCounts:
    """One row per operation that aimed at an op_state and distinct cell that it found, in order of time."""

    name = "phase_proposal_counts"
    columns = ("phase_key_used", "phase_key_virtual", "die", "plane", "propose_time", "op_name", "count")

    def __init__(self, words: Words) -> None:
        self._words = words
        planes = range(words.layout.planes)
        self._lanes = text.texts(f"{die},{plane}" for die in range(words.layout.dies) for plane in planes)

    def rows(self, settled: Settled) -> str:
        """The aims of a chunk."""
        words, hits = self._words, settled.hits
        aimed = np.flatnonzero(settled.aim[hits.op] >= 0) if words.annotated else np.zeros(0, dtype=np.int64)
        op = hits.op[aimed]
        return text.rows(
            "%s,%s,%s,%s,%s,1",
            words.op_states[settled.aim[op]],
            words.op_states[hits.op_state[aimed]],
            self._lanes[hits.lane[aimed]],
            words.us(settled.commands.time[op]),
            words.op_names[settled.commands.op[op]],
        )

    def end(self) -> str:
        """Nothing."""
        return ""
