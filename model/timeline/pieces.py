"""From spans: fragments of operations, segments of planes, and events."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from model.event import NOTHING, Ended, Ints, Spans
from model.timeline.columns import stack, take
from model.timeline.layout import Layout
from model.timeline.live import Live


class EventKind(IntEnum):
    """What an event says, in the order in which events of one tick are told."""

    OP_END = 0
    OP_ABORT = 1
    OP_SUSPENDED = 2
    OP_RESUMED = 3
    OP_START = 4
    STATE = 5


@dataclass(frozen=True, slots=True)
class Fragments:
    """One row per fragment: [start, end), how it ended, what is left of CORE_BUSY then (NOTHING: it has none).

    `op` is the row of the operation among the live ones; `first` and `last` are its spans' first and last row.
    """

    op: Ints
    fragment: Ints
    start: Ints
    end: Ints
    ended: Ints
    remaining: Ints
    first: Ints
    last: Ints


@dataclass(frozen=True, slots=True)
class Segments:
    """One row per state of a state-affecting operation and die: the planes of `mask` are in it in [start, end)."""

    start: Ints
    end: Ints
    op_uid: Ints
    name: Ints
    state: Ints
    die: Ints
    mask: Ints


@dataclass(frozen=True, slots=True)
class Events:
    """One row per event. `kind` is an `EventKind`; `state` is NOTHING but for STATE; `mask` are the held planes.

    `die` is NOTHING where the payload has none; `remaining` is NOTHING for operations without CORE_BUSY. `followed`:
    the operation was suspended at least once (1) or not (0).
    """

    time: Ints
    kind: Ints
    op_uid: Ints
    name: Ints
    state: Ints
    die: Ints
    mask: Ints
    fragment: Ints
    remaining: Ints
    followed: Ints


def in_fragments(spans: Spans) -> tuple[Spans, Ints]:
    """The spans in order of (op_uid, fragment, state), and the first row of each fragment."""
    spans = take(spans, np.lexsort((spans.state, spans.fragment, spans.op_uid)))
    new = np.ones(len(spans), dtype=np.bool_)
    new[1:] = (spans.op_uid[1:] != spans.op_uid[:-1]) | (spans.fragment[1:] != spans.fragment[:-1])
    return spans, np.flatnonzero(new)


def fragments_of(layout: Layout, live: Live, spans: Spans, first: Ints) -> Fragments:
    """The fragments of spans that stand fragment by fragment, each from its row in `first` on."""
    last = np.append(first[1:], len(spans)) - 1 if len(first) else first
    op = live.find(spans.op_uid[first])
    name = live.name[op]
    at_last = np.where(spans.state[last] < layout.core[name], layout.core_busy[name], spans.remaining[last])
    return Fragments(
        op=op,
        fragment=spans.fragment[first],
        start=spans.start[first],
        end=spans.end[last],
        ended=spans.ended[last],
        remaining=np.where(layout.core[name] > 0, at_last, NOTHING),
        first=first,
        last=last,
    )


def segments_of(layout: Layout, live: Live, spans: Spans, op: Ints) -> Segments:
    """The segments of spans; `op` is each span's row among the live operations. Empty intervals are none."""
    rows = np.flatnonzero(layout.affects[live.name[op]] & (spans.end > spans.start))
    which = op[rows]
    row, die = layout.per_die(live.die[which], live.mask[which])
    rows, which = rows[row], which[row]
    return Segments(
        spans.start[rows], spans.end[rows], spans.op_uid[rows], live.name[which], spans.state[rows], die,
        live.mask[which],
    )  # fmt: skip


def events_of(layout: Layout, live: Live, spans: Spans, fragments: Fragments) -> Events:
    """All events of fragments, in no order. An abort while suspended is not among them."""
    begun = np.where(fragments.fragment == 0, EventKind.OP_START, EventKind.OP_RESUMED)
    name = live.name[fragments.op]
    nominal = np.where(layout.core[name] > 0, layout.core_busy[name], NOTHING)
    left = np.where(fragments.fragment == 0, nominal, spans.planned[fragments.first])
    suspended = fragments.ended == Ended.SUSPENDED
    ended = np.where(suspended, EventKind.OP_SUSPENDED, EventKind.OP_END)
    ended = np.where(fragments.ended == Ended.ABORTED, EventKind.OP_ABORT, ended)
    followed = suspended | (fragments.fragment > 0)
    return stack(
        [
            _events(layout, live, fragments, fragments.start, begun, left, followed),
            _events(layout, live, fragments, fragments.end, ended, fragments.remaining, followed),
            _state_events(layout, live, spans, fragments, followed),
        ]
    )


def _events(
    layout: Layout, live: Live, fragments: Fragments, time: Ints, kind: Ints, remaining: Ints, followed: Ints
) -> Events:
    name = live.name[fragments.op]
    return Events(
        time, kind.astype(np.int64), live.op_uid[fragments.op], name, np.full(len(time), NOTHING, dtype=np.int64),
        live.die[fragments.op], np.where(layout.holds[name], live.mask[fragments.op], 0), fragments.fragment,
        remaining, followed.astype(np.int64),
    )  # fmt: skip


def _state_events(layout: Layout, live: Live, spans: Spans, fragments: Fragments, followed: Ints) -> Events:
    """The STATE events of spans, which stand fragment by fragment."""
    told = np.repeat(np.arange(len(fragments.op), dtype=np.int64), fragments.last - fragments.first + 1)
    op = fragments.op[told]
    name = live.name[op]
    core = layout.core[name]
    left = np.where(spans.state < core, layout.core_busy[name], np.where(spans.state == core, spans.planned, 0))
    return Events(
        spans.start, np.full(len(spans), EventKind.STATE, dtype=np.int64), spans.op_uid, name, spans.state,
        live.die[op], np.where(layout.holds[name], live.mask[op], 0), spans.fragment,
        np.where(core > 0, left, NOTHING), followed[told].astype(np.int64),
    )  # fmt: skip


def in_order(events: Events) -> Events:
    """Events as they are told: by time, kind, op_uid, state."""
    return take(events, np.lexsort((events.state, events.op_uid, events.kind, events.time)))


def busy_times(layout: Layout, segments: Segments) -> Ints:
    """Ticks that each plane (die * planes + plane) spends in segments."""
    row, die, plane = layout.expand(segments.die, segments.mask)
    length = (segments.end - segments.start)[row]
    total = np.zeros(layout.lanes, dtype=np.int64)
    np.add.at(total, die * layout.planes + plane, length)
    return total
