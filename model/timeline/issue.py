"""What a plane is in when an operation is issued: op_state and bin of each target plane, and the hits of coverage.

A *marker* says from when on a plane is in a state: one per plane and state after ISSUE of a state-affecting
operation. Time inside an ISSUE counts to the state before it, so that ISSUE has none, unless nothing follows it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from model.event import NOTHING, Ended, Ints
from model.timeline.columns import FOREVER, Bools, stack, take
from model.timeline.layout import Layout
from model.timeline.live import Live

FINE = 100
"""Input times are told in hundredths of a segment's planned length, rounded down; a bin is ten of them."""


@dataclass(frozen=True, slots=True)
class Markers:
    """From (start, op_uid) on, the plane `lane` is in `op_state` until `end`, and from then on in `after`.

    `planned` is the length planned for the state; `cut`: it ended before (1) or did not (0).
    """

    lane: Ints
    start: Ints
    op_uid: Ints
    end: Ints
    planned: Ints
    cut: Ints
    op_state: Ints
    after: Ints


@dataclass(frozen=True, slots=True)
class Seen:
    """What each target plane of each operation was in: `op` is the row of the operation, in order of (op, lane).

    `input_time` is in `FINE` parts of the planned length, 0 in END and DEFAULT.
    """

    op: Ints
    lane: Ints
    op_state: Ints
    input_time: Ints


def unused(layout: Layout) -> Markers:
    """The markers of planes that were never used: DEFAULT since always."""
    lanes = np.arange(layout.lanes, dtype=np.int64)
    default = np.full(layout.lanes, layout.op_states.default, dtype=np.int64)
    zero = np.zeros(layout.lanes, dtype=np.int64)
    before = np.full(layout.lanes, -FOREVER, dtype=np.int64)
    return Markers(lanes, before, zero, before, zero, zero, default, default)


def used(layout: Layout, last: Ints, name: Ints) -> Markers:
    """The markers of planes in the END of op_name `name[lane]`, or never used (base `last[lane]` is NOTHING).

    Where only the base is known (name NOTHING), it is the END of the base's first op_name.
    """
    after = np.where(last >= 0, layout.op_states.base_end[last], NOTHING)
    after = np.where((last >= 0) & (name >= 0), layout.op_states.end[name], after)
    after = np.where(after >= 0, after, layout.op_states.default)
    return replace(unused(layout), after=after)


def see(layout: Layout, markers: Markers, live: Live, time: Ints) -> Seen:
    """What every operation of `live` found at its `time` on its target planes, just before its own effect."""
    op, die, plane = layout.expand(live.die, live.mask)
    lane = die * layout.planes + plane
    at, uid = time[op], live.op_uid[op]
    order, last = _last_markers(markers, lane, at, uid)
    affects = layout.affects[live.name][op]
    marker = take(markers, last)
    first_to_cut = _first_of_their_tick(order, len(markers.lane), lane, at, affects)
    inside = (at < marker.end) | ((at == marker.end) & (marker.cut == 1) & first_to_cut)
    share = (at - marker.start) * FINE // np.maximum(marker.planned, 1)
    input_time = np.where(inside & (marker.planned > 0), np.minimum(share, FINE - 1), 0)
    return Seen(op, lane, np.where(inside, marker.op_state, marker.after), input_time)


def _last_markers(markers: Markers, lane: Ints, at: Ints, uid: Ints) -> tuple[Ints, Ints]:
    """Markers and questions in one order of (lane, time, op_uid, question first), and each question's last marker."""
    count = len(markers.lane)
    kind = np.repeat(np.array([1, 0]), [count, len(lane)])
    keys = (
        kind,
        np.concatenate([markers.op_uid, uid]),
        np.concatenate([markers.start, at]),
        np.concatenate([markers.lane, lane]),
    )
    order = np.lexsort(keys)
    position = np.where(order < count, np.arange(len(order), dtype=np.int64), -1)
    latest = order[np.maximum.accumulate(position)]
    last = np.empty(len(lane), dtype=np.int64)
    asks = order >= count
    last[order[asks] - count] = latest[asks]
    return order, last


def _first_of_their_tick(order: Ints, count: int, lane: Ints, at: Ints, affects: Bools) -> Bools:
    """Whether no state-affecting operation came before on the same plane at the same tick.

    An operation that starts exactly where a state was cut still finds that state, unless another one cut it.
    """
    asked = order[order >= count] - count
    sums = np.cumsum(affects[asked], dtype=np.int64) - affects[asked]
    new = np.ones(len(asked), dtype=np.bool_)
    new[1:] = (lane[asked][1:] != lane[asked][:-1]) | (at[asked][1:] != at[asked][:-1])
    base = np.maximum.accumulate(np.where(new, sums, 0))
    first = np.empty(len(asked), dtype=np.bool_)
    first[asked] = sums == base
    return first


def hits(layout: Layout, seen: Seen, live: Live) -> Seen:
    """The rows of `seen` that count: each distinct (op_state, bin) of an operation once, its lowest plane.

    An operation of scope NONE or PLANE_SET with a die and no plane counts for the busiest plane only. DEFAULT is
    among them.
    """
    if not len(seen.op):
        return seen
    single = ~layout.die_wide[live.name] & (live.die >= 0) & (live.named == 0)
    rows = np.flatnonzero(~_only_busiest(layout, seen, single))
    bins = len(layout.op_states) * 10
    key = seen.op[rows] * bins + seen.op_state[rows] * 10 + seen.input_time[rows] // 10
    _, first = np.unique(key, return_index=True)
    return take(seen, np.sort(rows[first]))


def _only_busiest(layout: Layout, seen: Seen, single: Bools) -> Bools:
    """Rows that a busier (or equal and lower) plane of the same operation hides."""
    rank = layout.op_states.rank[seen.op_state] * layout.lanes + seen.lane
    first = np.flatnonzero(np.diff(seen.op, prepend=-1))
    least = np.minimum.reduceat(rank, first)
    counts = np.diff(np.append(first, len(seen.op)))
    hidden: Bools = single[seen.op] & (rank != np.repeat(least, counts))
    return hidden


def next_carry(layout: Layout, markers: Markers, horizon: int) -> Markers:
    """The markers that matter after `horizon`: per plane the last one before it, and all later ones."""
    order = np.lexsort((markers.op_uid, markers.start, markers.lane))
    before = order[markers.start[order] < horizon]
    last = before[np.append(markers.lane[before][1:] != markers.lane[before][:-1], True)]
    return stack([take(markers, last), take(markers, np.flatnonzero(markers.start >= horizon))])


def markers_of(
    layout: Layout, die: Ints, mask: Ints, name: Ints, state: Ints, op_uid: Ints, start: Ints, end: Ints,
    planned: Ints, ended: Ints,
) -> Markers:  # fmt: skip
    """The markers of spans of state-affecting operations (columns of equal length, one row per span)."""
    issue = state == 0
    aborted = issue & (ended == Ended.ABORTED)
    matters = layout.affects[name] & (~issue | aborted | (layout.states[name] == 1))
    rows = np.flatnonzero(matters)
    span, of, plane = layout.expand(die[rows], mask[rows])
    row = rows[span]
    after = layout.op_states.end[name[row]]
    return Markers(
        lane=of * layout.planes + plane,
        start=np.where(issue[row], end[row], start[row]),
        op_uid=np.where(aborted[row], FOREVER, op_uid[row]),
        end=end[row],
        planned=np.where(issue[row], 0, planned[row]),
        cut=(~issue[row] & (ended[row] != Ended.NORMALLY)).astype(np.int64),
        op_state=np.where(issue[row], after, layout.op_states.of_state[name[row], state[row]]),
        after=after,
    )
