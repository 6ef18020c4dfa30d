"""operation_timeline: one payload plane (where none is named, one target plane) of one fragment per row."""

from __future__ import annotations

import numpy as np

from model.event import NOTHING, SOURCES, Ints
from model.timeline import Settled
from model.timeline.columns import grouped
from planner.export import text
from planner.export.sink import Words


class OperationTimeline:
    """Rows ordered by start, operation, plane. A continuation keeps the op_state and the keys of its issue."""

    name = "operation_timeline"
    columns = (
        "start", "end", "die", "plane", "block", "page", "op_name", "op_base", "source", "op_uid", "op_state",
        "phase_key_used", "phase_key_virtual",
    )  # fmt: skip

    def __init__(self, words: Words) -> None:
        self._words = words
        self._lanes = words.lanes("{die},{plane},")
        named = (f"{text.field(name.name)},{text.field(name.base.name)}" for name in words.catalogue.names)
        self._names = text.texts(named, ",")
        self._sources = text.texts(SOURCES, ",")
        self._numbers = text.Small(end=",")
        self._op_states = [text.field(name) for name in words.layout.op_states.names] + [""]

    def rows(self, settled: Settled) -> text.Lines:
        """The fragments of a chunk."""
        ops, words, fragments = settled.ops, self._words, settled.fragments
        owner, row = grouped(ops.first, fragments.op)
        op = fragments.op[owner]
        found = ops.row_state[row]
        used = np.where(ops.aim[op] >= 0, ops.aim[op], found) if words.annotated else np.full_like(found, -1)
        source = ops.source[op] if words.annotated else np.full_like(found, -1)
        return text.rows(
            words.us(fragments.start, ",")[owner],
            words.us(fragments.end, ",")[owner],
            self._lanes[ops.row_die[row] * words.layout.planes + ops.row_plane[row]],
            *self._addresses(ops.row_block[row], ops.row_page[row]),
            self._names[ops.name[op]],
            self._sources[source],
            text.numbers(ops.op_uid, ",")[op],
            self._keys(found, used),
        )

    def end(self) -> text.Lines:
        """Nothing."""
        return text.NO_LINES

    def _addresses(self, block: Ints, page: Ints) -> tuple[text.Texts, text.Texts]:
        """`block,` and `page,`; both empty where either is not named."""
        named = (block >= 0) & (page >= 0)
        return self._numbers(np.where(named, block, NOTHING)), self._numbers(np.where(named, page, NOTHING))

    def _keys(self, found: Ints, used: Ints) -> text.Texts:
        """`op_state,phase_key_used,phase_key_virtual` of each row; there are few different ones."""
        states = self._op_states
        width = len(states)
        codes, back = text.distinct((found + 1) * width + used + 1)
        pairs = ((states[code // width - 1], states[code % width - 1]) for code in codes.tolist())
        return text.texts(f"{state},{key},{state}\n" for state, key in pairs)[back]
