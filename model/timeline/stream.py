"""The timeline of a run, chunk after chunk: everything that can be derived from commands and spans, once each.

What starts at or after a chunk's horizon waits for the next one, so that all tables come out in order of time
whatever the chunks are. Only what is open is kept: memory does not grow with the run.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from model.event import NOTHING, Chunk, Commands, Ended, Ints, Spans
from model.timeline import issue
from model.timeline.columns import (
    FOREVER,
    Bools,
    empty,
    no_commands,
    stack,
    stack_commands,
    starts,
    take,
    take_commands,
)
from model.timeline.layout import Layout
from model.timeline.live import Live, live_at, live_of, stack_live
from model.timeline.pieces import (
    EventKind,
    Events,
    Fragments,
    Segments,
    events_of,
    fragments_of,
    in_fragments,
    in_order,
    segments_of,
)

if TYPE_CHECKING:
    from model.boundary import Boundary

Row = TypeVar("Row", Spans, Segments, Events)


@dataclass(frozen=True, slots=True)
class Settled:
    """What a chunk settled, every table in order of time.

    `commands` with their `source` and `aim`; `ops`: the operations that the other tables speak of, `op_of` the row
    there of each command. `hits.op` is a row of `commands`, `fragments.op` one of `ops`.
    """

    commands: Commands
    source: Ints
    aim: Ints
    ops: Live
    op_of: Ints
    hits: issue.Seen
    fragments: Fragments
    segments: Segments
    events: Events


class Timeline:
    """Turns chunks into settled tables. Start from a boundary to go on with a history."""

    def __init__(self, layout: Layout, start: Boundary | None = None) -> None:
        self._layout = layout
        none = np.zeros(0, dtype=np.int64)
        self._commands, self._source, self._aim = no_commands(), none, none
        self._live = live_of(layout, no_commands(), none, none)
        self._spans, self._segments, self._events = empty(Spans), empty(Segments), empty(Events)
        self._markers = issue.unused(layout)
        if start is not None:
            self._live = live_at(layout, start)
            last = [(plane.last, plane.last_name) for die in start.dies for plane in die.planes]
            self._markers = issue.used(layout, *np.array(last, dtype=np.int64).T)

    def settle(self, chunk: Chunk) -> Settled:
        """What is settled with this chunk. ValueError: a span of an operation that was never sent."""
        self._commands = stack_commands([self._commands, chunk.commands])
        self._source = np.concatenate([self._source, chunk.source])
        self._aim = np.concatenate([self._aim, chunk.aim])
        self._spans = stack([self._spans, chunk.spans])
        return self._until(chunk.horizon)

    def finish(self, planned: Spans | None = None) -> Settled:
        """Everything that still waits.

        `planned` are spans as they are planned of what is still running: they are told by whoever settles them, here
        they only say what was found by the operations issued inside them.
        """
        return self._until(FOREVER, planned)

    @property
    def unfinished(self) -> tuple[int, ...]:
        """The numbers of operations that were sent and whose end is not known yet."""
        open_ones = self._live.op_uid[self._live.ended_at == FOREVER].tolist()
        return tuple(sorted([*self._commands.op_uid.tolist(), *open_ones]))

    def _until(self, horizon: int, planned: Spans | None = None) -> Settled:
        commands, source, aim = self._sent(horizon)
        before = len(self._live)
        sent = live_of(self._layout, commands, source, aim)
        self._live = stack_live([self._live, sent])
        fragments, spans, op = self._released(horizon)
        self._note_ends(fragments)
        self._extend(fragments, spans, op)
        if planned is not None:
            self._mark(planned, self._live.find(planned.op_uid))
        seen = issue.see(self._layout, self._markers, sent, commands.time)
        self._markers = issue.next_carry(self._layout, self._markers, horizon)
        self._remember(seen, before, sent)
        segments, self._segments = _split(self._segments, self._segments.start < horizon)
        events, self._events = _split(self._events, self._events.time < horizon)
        settled = Settled(
            commands, source, aim, self._live, np.arange(before, len(self._live), dtype=np.int64),
            issue.hits(self._layout, seen, sent), take(fragments, np.lexsort((fragments.op, fragments.start))),
            take(segments, np.lexsort((segments.state, segments.die, segments.op_uid, segments.start))),
            in_order(events),
        )  # fmt: skip
        self._live = self._live.keep(self._live.ended_at >= horizon)
        return settled

    def _sent(self, horizon: int) -> tuple[Commands, Ints, Ints]:
        """Takes the commands that start before the horizon, in order."""
        commands, source, aim = self._commands, self._source, self._aim
        if not _ordered(commands):
            order = np.lexsort((commands.op_uid, commands.time))
            commands, source, aim = take_commands(commands, order), source[order], aim[order]
        cut, count = int(np.searchsorted(commands.time, horizon)), len(commands)
        self._commands, self._source, self._aim = commands.slice(cut, count), source[cut:], aim[cut:]
        return commands.slice(0, cut), source[:cut], aim[:cut]

    def _released(self, horizon: int) -> tuple[Fragments, Spans, Ints]:
        """Takes the fragments that start before the horizon, whole; and of each of their spans the live row."""
        spans, first = in_fragments(self._spans)
        sizes = np.diff(np.append(first, len(spans)))
        now = spans.start[first] < horizon
        spans, self._spans = _split(spans, np.repeat(now, sizes))
        fragments = fragments_of(self._layout, self._live, spans, starts(sizes[now])[:-1])
        return fragments, spans, np.repeat(fragments.op, sizes[now])

    def _extend(self, fragments: Fragments, spans: Spans, op: Ints) -> None:
        """Adds the markers, segments and events of the released fragments to those that wait."""
        live, layout = self._live, self._layout
        self._mark(spans, op)
        self._segments = stack([self._segments, segments_of(layout, live, spans, op)])
        events = [self._events, events_of(layout, live, spans, fragments)]
        self._events = stack([*events, self._aborts_of_suspended(fragments)])

    def _mark(self, spans: Spans, op: Ints) -> None:
        """Adds the markers of spans, each of the operation in row `op` of the live ones."""
        live = self._live
        marks = issue.markers_of(
            self._layout, live.die[op], live.mask[op], live.name[op], spans.state, spans.op_uid, spans.start,
            spans.end, spans.planned, spans.ended,
        )  # fmt: skip
        self._markers = stack([self._markers, marks])

    def _note_ends(self, fragments: Fragments) -> None:
        """Writes down which operations are suspended and which have ended."""
        order = np.lexsort((fragments.fragment, fragments.op))
        latest = np.ones(len(order), dtype=np.bool_)
        latest[:-1] = fragments.op[order][1:] != fragments.op[order][:-1]
        last = take(fragments, order[latest])
        cut = last.ended == Ended.SUSPENDED
        live = self._live
        at, fragment, remaining = live.cut_at.copy(), live.cut_fragment.copy(), live.cut_remaining.copy()
        ended = live.ended_at.copy()
        at[last.op] = np.where(cut, last.end, NOTHING)
        fragment[last.op], remaining[last.op] = last.fragment, last.remaining
        ended[last.op] = np.where(cut, FOREVER, last.end)
        self._live = replace(live, cut_at=at, cut_fragment=fragment, cut_remaining=remaining, ended_at=ended)

    def _aborts_of_suspended(self, fragments: Fragments) -> Events:
        """OP_ABORT of the operations that a RESET finds suspended; their end is written down."""
        live, layout = self._live, self._layout
        resets = np.flatnonzero((fragments.fragment == 0) & layout.resets[live.name[fragments.op]])
        waiting = np.flatnonzero((live.cut_at >= 0) & (live.ended_at == FOREVER))
        if not len(resets) or not len(waiting):
            return empty(Events)
        rows: list[tuple[int, ...]] = []
        ended = live.ended_at.copy()
        dies = live.die[fragments.op[resets]].tolist()
        calls = sorted(zip(fragments.start[resets].tolist(), dies, strict=True))
        for op in waiting.tolist():
            cut, die = int(live.cut_at[op]), int(live.die[op])
            time = next((time for time, of in calls if time >= cut and of in (die, NOTHING)), None)
            if time is None:
                continue
            held = int(live.mask[op]) if layout.holds[live.name[op]] else 0
            rows.append((
                time, EventKind.OP_ABORT, int(live.op_uid[op]), int(live.name[op]), NOTHING, die, held,
                int(live.cut_fragment[op]), int(live.cut_remaining[op]), 1,
            ))  # fmt: skip
            ended[op] = time
        self._live = replace(live, ended_at=ended)
        return Events(*np.array(rows, dtype=np.int64).reshape(len(rows), 10).T)

    def _remember(self, seen: issue.Seen, before: int, sent: Live) -> None:
        """Writes the op_state found at the issue into the timeline rows of the operations just sent."""
        lanes = self._layout.lanes
        op = np.repeat(np.arange(len(sent), dtype=np.int64), np.diff(sent.first))
        row = op * lanes + sent.row_die * self._layout.planes + sent.row_plane
        key = seen.op * lanes + seen.lane
        at = np.minimum(np.searchsorted(key, row), max(len(key) - 1, 0))
        state = self._live.row_state.copy()
        if len(row):
            state[len(state) - len(row) :] = np.where(key[at] == row, seen.op_state[at], NOTHING)
        self._live = replace(self._live, row_state=state)


def _ordered(commands: Commands) -> bool:
    """Whether commands stand by (time, op_uid)."""
    later, as_late = np.diff(commands.time) > 0, np.diff(commands.time) == 0
    return bool((later | (as_late & (np.diff(commands.op_uid) >= 0))).all())


def _split(table: Row, now: Bools) -> tuple[Row, Row]:
    """The rows of a mask, and the others."""
    return take(table, np.flatnonzero(now)), take(table, np.flatnonzero(~now))
