"""op_event_resume: the events of operations that were suspended, target by target, to follow them."""

from __future__ import annotations

import numpy as np

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
        named = zip(words.catalogue.names, words.opcodes, strict=True)
        self._names = text.texts((f"{text.field(name.name)},{opcode}" for name, opcode in named), ",")
        self._lanes = words.lanes("{die},{plane},")
        self._numbers = text.Small(end=",")
        self._resumed = text.texts(("false", "true"), ",")
        self._kinds = text.texts((kind.name for kind in EventKind), ",")

    def rows(self, settled: Settled) -> text.Lines:
        """The rows of a chunk."""
        ops, events = settled.ops, settled.events
        followed = np.flatnonzero((events.followed == 1) & (events.kind != EventKind.STATE))
        if not len(followed):
            return text.NO_LINES
        events = take(events, followed)
        owner, row = grouped(ops.first, ops.find(events.op_uid))
        return text.rows(
            self._names[events.name[owner]],
            text.numbers(events.op_uid, ",")[owner],
            self._lanes[ops.row_die[row] * self._words.layout.planes + ops.row_plane[row]],
            self._numbers(ops.row_block[row]),
            self._numbers(ops.row_page[row]),
            self._resumed[(events.fragment[owner] > 0).astype(np.int64)],
            self._kinds[events.kind[owner]],
            self._words.us(events.time, "\n")[owner],
        )

    def end(self) -> text.Lines:
        """Nothing."""
        return text.NO_LINES
