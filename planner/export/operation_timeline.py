"""operation_timeline: one payload plane (where none is named, one target plane) of one fragment per row."""

from __future__ import annotations

import numpy as np

from model.event import Ints
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
        planes = range(words.layout.planes)
        self._lanes = text.texts(f"{die},{plane}" for die in range(words.layout.dies) for plane in planes)
        named = zip(words.op_names[:-1].tolist(), words.op_bases[:-1].tolist(), strict=True)
        self._sources = len(words.sources)
        self._asked = text.texts(f"{name},{base},{source}" for name, base in named for source in words.sources)

    def rows(self, settled: Settled) -> str:
        """The fragments of a chunk."""
        ops, words, fragments = settled.ops, self._words, settled.fragments
        owner, row = grouped(ops.first, fragments.op)
        op = fragments.op[owner]
        found = ops.row_state[row]
        used = np.where(ops.aim[op] >= 0, ops.aim[op], found) if words.annotated else np.full_like(found, -1)
        source = ops.source[op] if words.annotated else np.full_like(found, -1)
        lane = ops.row_die[row] * words.layout.planes + ops.row_plane[row]
        times = words.us(np.concatenate([fragments.start, fragments.end]))
        return text.rows(
            "%s,%s,%s,%s,%s,%d,%s",
            times[: len(fragments.start)][owner],
            times[len(fragments.start) :][owner],
            self._lanes[lane],
            _addresses(ops.row_block[row], ops.row_page[row]),
            self._asked[ops.name[op] * self._sources + source % self._sources],
            ops.op_uid[op],
            self._keys(found, used),
        )

    def end(self) -> str:
        """Nothing."""
        return ""

    def _keys(self, found: Ints, used: Ints) -> text.Texts:
        """`op_state,phase_key_used,phase_key_virtual` of each row; there are few different ones."""
        states = self._words.op_states
        width = len(states)
        codes, back = np.unique((found + 1) * width + used + 1, return_inverse=True)
        founds, useds = states[codes // width - 1], states[codes % width - 1]
        return text.texts(f"{state},{key},{state}" for state, key in zip(founds, useds, strict=True))[back]


def _addresses(block: Ints, page: Ints) -> text.Texts:
    """`block,page`; both empty where there is no address."""
    made = np.full(len(block), ",", dtype=object)
    named = np.flatnonzero((block >= 0) & (page >= 0))
    made[named] = text.lines("%d,%d", block[named], page[named])
    return made
