"""op_state_timeline: one segment of one plane per row."""

from __future__ import annotations

from model.timeline import Settled
from planner.export import text
from planner.export.sink import Words


class OpStateTimeline:
    """Rows ordered by start, operation, plane. `op_name` holds the base."""

    name = "op_state_timeline"
    columns = ("start", "end", "die", "plane", "op_state", "lane", "op_name", "duration", "op_uid")

    def __init__(self, words: Words) -> None:
        self._words = words
        bases = words.catalogue.bases
        self._widest = max((len(base.states) for base in bases), default=0)
        self._planes = words.lanes("{die},{plane},")
        self._lanes = words.lanes("d{die}-p{plane},")
        self._bases = words.bases(",")
        states = (
            text.field(f"{base.name}.{base.states[state]}") if state < len(base.states) else ""
            for base in bases
            for state in range(self._widest)
        )
        self._states = text.texts(states, ",")

    def rows(self, settled: Settled) -> text.Lines:
        """The segments of a chunk."""
        segments, words = settled.segments, self._words
        row, die, plane = words.layout.expand(segments.die, segments.mask)
        lane = die * words.layout.planes + plane
        base = words.layout.base[segments.name]
        return text.rows(
            words.us(segments.start, ",")[row],
            words.us(segments.end, ",")[row],
            self._planes[lane],
            self._states[base * self._widest + segments.state][row],
            self._lanes[lane],
            self._bases[base][row],
            words.us(segments.end - segments.start, ",")[row],
            text.numbers(segments.op_uid, "\n")[row],
        )

    def end(self) -> text.Lines:
        """Nothing."""
        return text.NO_LINES
