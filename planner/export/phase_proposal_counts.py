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
        self._op_states = words.op_states(",")
        self._lanes = words.lanes("{die},{plane},")
        self._names = words.op_names(",1\n")

    def rows(self, settled: Settled) -> text.Lines:
        """The aims of a chunk."""
        words, hits = self._words, settled.hits
        aimed = np.flatnonzero(settled.aim[hits.op] >= 0) if words.annotated else np.zeros(0, dtype=np.int64)
        op = hits.op[aimed]
        return text.rows(
            self._op_states[settled.aim[op]],
            self._op_states[hits.op_state[aimed]],
            self._lanes[hits.lane[aimed]],
            words.us(settled.commands.time, ",")[op],
            self._names[settled.commands.op[op]],
        )

    def end(self) -> text.Lines:
        """Nothing."""
        return text.NO_LINES
