"""op_event_resume: the events of operations that were suspended, target by target, to follow them."""

from __future__ import annotations

import numpy as np

from model.event import Ints
from model.timeline import EventKind, Settled
from model.timeline.columns import grouped, take
from planner.export import text
from planner.export.sink import Words


class OpEventResume:
    """Rows in the order of events, then planes; without the STATE events. `is_resumed`: in a continuation."""

    name = "op_event_resume"
    columns = (
        "op_name", "op_id", "op_uid", "die", "plane", "block", "page", "is_resumed", "event", "triggered_us",
    )  # fmt: skip

    def __init__(self, words: Words) -> None:
        self._words = words
        named = zip(words.op_names[:-1].tolist(), words.opcodes, strict=True)
        self._names = text.texts(f"{name},{opcode}" for name, opcode in named)
        self._kinds = text.texts(kind.name for kind in EventKind)
        self._resumed = text.texts(("false", "true"))

    def rows(self, settled: Settled) -> str:
        """The rows of a chunk."""
        ops, events = settled.ops, settled.events
        followed = np.flatnonzero((events.followed == 1) & (events.kind != EventKind.STATE))
        if not len(followed):
            return ""
        events = take(events, followed)
        owner, row = grouped(ops.first, ops.find(events.op_uid))
        return text.rows(
            "%s,%d,%d,%d,%s,%s,%s,%s,%s",
            self._names[events.name[owner]],
            events.op_uid[owner],
            ops.row_die[row],
            ops.row_plane[row],
            _numbers(ops.row_block[row]),
            _numbers(ops.row_page[row]),
            self._resumed[(events.fragment[owner] > 0).astype(np.int64)],
            self._kinds[events.kind[owner]],
            self._words.us(events.time)[owner],
        )

    def end(self) -> str:
        """Nothing."""
        return ""


def _numbers(values: Ints) -> list[str]:
    return [str(value) if value >= 0 else "" for value in values.tolist()]
