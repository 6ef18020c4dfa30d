"""op_state_name_input_time_count: hits of coverage by op_state, op_name and place in the segment."""

from __future__ import annotations

import numpy as np

from model.timeline import FINE, Settled
from planner.coverage import cells_only
from planner.export import text
from planner.export.sink import Words
from planner.export.tally import Tally


class InputTimeCount:
    """Rows ordered by op_state, key used, op_name (as in the config), input time (rounded down: its first decimal
    is the bin)."""

    name = "op_state_name_input_time_count"
    columns = ("op_state", "phase_key_used", "phase_key_virtual", "op_name", "input_time", "count")

    def __init__(self, words: Words) -> None:
        self._words = words
        self._tally = Tally()
        self._states = len(words.layout.op_states)
        self._names = len(words.catalogue.names)

    def rows(self, settled: Settled) -> text.Lines:
        """Nothing yet: counts."""
        words = self._words
        hits = cells_only(words.config, words.layout, settled.hits)
        aim = settled.aim[hits.op]
        used = np.where(aim >= 0, aim, hits.op_state) if words.annotated else np.full_like(aim, -1)
        key = (hits.op_state * (self._states + 1) + used + 1) * self._names + settled.commands.op[hits.op]
        self._tally.add(key * FINE + hits.input_time)
        return text.NO_LINES

    def end(self) -> text.Lines:
        """All counts."""
        keys, counts = self._tally.sorted()
        keys, time = np.divmod(keys, FINE)
        keys, name = np.divmod(keys, self._names)
        state, used = np.divmod(keys, self._states + 1)
        op_states = self._words.op_states(",")
        return text.rows(
            op_states[state],
            op_states[used - 1],
            op_states[state],
            self._words.op_names(",")[name],
            text.texts((f"0.{share:02d}" for share in range(FINE)), ",")[time],
            text.numbers(counts, "\n"),
        )
