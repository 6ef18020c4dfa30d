"""What the timeline derives: segments, events, and what each operation found when it was issued."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.event import Chunk, Commands, Ended, Spans
from model.timeline import EventKind, Layout, Settled, Timeline, busy_times
from tests.export.histories import history
from tests.export.tiny import US, Script

START, END, SUSPENDED, RESUMED, ABORT = (
    EventKind.OP_START, EventKind.OP_END, EventKind.OP_SUSPENDED, EventKind.OP_RESUMED, EventKind.OP_ABORT,
)  # fmt: skip


def settled(script: Script) -> Settled:
    """Everything that a script comes to."""
    return Timeline(Layout.of(script.config)).settle(script.chunk())


def found(script: Script, uid: int) -> list[tuple[str, int]]:
    """The cells (op_state, bin) that an operation hits, lowest plane first."""
    layout, tables = Layout.of(script.config), settled(script)
    hits = [i for i, op in enumerate(tables.hits.op) if tables.commands.op_uid[op] == uid]
    names = layout.op_states.names
    return [(names[tables.hits.op_state[i]], int(tables.hits.input_time[i]) // 10) for i in hits]


def told(script: Script, uid: int) -> list[tuple[float, EventKind, int, float]]:
    """The events of an operation but STATE: (us, kind, fragment, remaining us)."""
    events = settled(script).events
    return [
        (events.time[i] / US, EventKind(events.kind[i]), int(events.fragment[i]), events.remaining[i] / US)
        for i in range(len(events.time))
        if events.op_uid[i] == uid and events.kind[i] != EventKind.STATE
    ]


def segments(script: Script, lane: int) -> list[tuple[float, float, int, int]]:
    """The segments of a plane: (start us, end us, op_uid, state)."""
    layout, rows = Layout.of(script.config), settled(script).segments
    row, die, plane = layout.expand(rows.die, rows.mask)
    here = row[die * layout.planes + plane == lane]
    return [(rows.start[i] / US, rows.end[i] / US, int(rows.op_uid[i]), int(rows.state[i])) for i in here]


@pytest.fixture
def suspended_erase() -> Script:
    """An erase of 100 us, cut after 30 us, resumed at 53 us; op_uids 1 (erase), 2 (suspend), 3 (resume)."""
    script = Script()
    script.send(0, "Erase", 0, [1], 1, 0, states=1)
    script.span(1, 0, 1, 1, 31, 100, Ended.SUSPENDED)
    script.send(31, "Suspend", 0)
    script.send(50, "Resume", 0)
    script.span(1, 1, 1, 53, 123, 70)
    return script


def test_the_pieces_of_a_suspended_erase_are_segments_of_every_plane_of_its_die(suspended_erase: Script) -> None:
    expected = [(0, 1, 1, 0), (1, 31, 1, 1), (31, 32, 2, 0), (32, 36, 2, 1), (50, 51, 3, 0), (51, 53, 3, 1)]
    expected.append((53, 123, 1, 1))
    assert segments(suspended_erase, 0) == segments(suspended_erase, 1) == expected
    assert segments(suspended_erase, 2) == []


def test_a_suspended_operation_starts_and_ends_once(suspended_erase: Script) -> None:
    assert told(suspended_erase, 1) == [
        (0, START, 0, 100),
        (31, SUSPENDED, 0, 70),
        (53, RESUMED, 1, 70),
        (123, END, 1, 0),
    ]


def test_a_suspend_finds_the_state_that_it_cuts(suspended_erase: Script) -> None:
    assert found(suspended_erase, 2) == [("ERASE.CORE_BUSY", 3)]


def test_inside_the_issue_of_a_suspend_the_erase_is_over(suspended_erase: Script) -> None:
    suspended_erase.send(31.5, "Status", 0, exp_val=2)
    assert found(suspended_erase, 4) == [("ERASE.END", 0)]


def test_a_continuation_is_a_segment_of_its_own(suspended_erase: Script) -> None:
    suspended_erase.send(53, "Status", 0, exp_val=0)
    suspended_erase.send(88, "Status", 0, exp_val=0)
    assert found(suspended_erase, 4) == [("ERASE.CORE_BUSY", 0)]
    assert found(suspended_erase, 5) == [("ERASE.CORE_BUSY", 5)]


def test_at_the_planned_end_a_state_is_over(suspended_erase: Script) -> None:
    suspended_erase.send(122.9999, "Status", 0, exp_val=0)
    suspended_erase.send(123, "Status", 0, exp_val=2)
    assert found(suspended_erase, 4) == [("ERASE.CORE_BUSY", 9)]
    assert found(suspended_erase, 5) == [("ERASE.END", 0)]


def test_a_reset_aborts_what_is_suspended() -> None:
    script = Script()
    script.send(0, "Erase", 0, [1], 1, 0, states=1)
    script.span(1, 0, 1, 1, 31, 100, Ended.SUSPENDED)
    script.send(31, "Suspend", 0)
    script.send(60, "Reset", 0)
    assert told(script, 1) == [(0, START, 0, 100), (31, SUSPENDED, 0, 70), (60, ABORT, 0, 70)]


def test_a_reset_of_the_other_die_aborts_nothing_here() -> None:
    script = Script()
    script.send(0, "Erase", 0, [1], 1, 0, states=1)
    script.span(1, 0, 1, 1, 31, 100, Ended.SUSPENDED)
    script.send(31, "Suspend", 0)
    script.send(60, "Reset", 1)
    assert told(script, 1)[-1] == (31, SUSPENDED, 0, 70)


def test_a_reset_finds_and_aborts_what_runs() -> None:
    script = Script()
    script.send(0, "Erase", 0, [0], 1, 0, states=1)
    script.span(1, 0, 1, 1, 41, 100, Ended.ABORTED)
    script.send(41, "Reset", 0)
    assert told(script, 1)[-1] == (41, ABORT, 0, 60)
    assert found(script, 2) == [("ERASE.CORE_BUSY", 4)]


def test_a_handover_ends_the_window_and_is_found_in_it() -> None:
    script = Script()
    script.send(0, "Read, slow", 0, [0], 1, 0, states=2)
    script.span(1, 0, 2, 21, 23, 5, Ended.HANDED_OVER)
    script.send(23, "Cache_Read", 0, [0], 1, 1)
    script.send(23.5, "Status", 0, exp_val=2)
    assert found(script, 2) == [("READ.DATA_OUT", 4)]
    assert found(script, 3) == [("READ.END", 0)]
    assert told(script, 1)[-1] == (23, END, 0, 0)


def test_a_status_read_without_plane_counts_for_the_busiest_plane() -> None:
    script = Script()
    script.send(0, "Read, slow", 0, [1], 1, 0)
    script.send(2, "Status", 0, exp_val=0)
    script.send(3, "Status_Plane", 0, [0], exp_val=0)
    assert found(script, 2) == [("READ.CORE_BUSY", 0)]
    assert found(script, 3) == [("DEFAULT", 0)]


def test_a_die_wide_operation_counts_for_each_distinct_cell_of_its_planes() -> None:
    script = Script()
    script.send(0, "Read, slow", 0, [0], 1, 0)
    script.send(50, "Read_Multi", 0, [0, 1], 1, 0)
    script.send(100, "Erase", 0, [0], 1, 0)
    assert found(script, 2) == [("READ.END", 0), ("DEFAULT", 0)]
    assert found(script, 3) == [("READ.END", 0)]


def test_an_operation_without_a_die_looks_at_all_planes_of_all_dies() -> None:
    script = Script()
    script.send(0, "Read, slow", 1, [0], 1, 0)
    script.send(50, "Cam_Read")
    assert found(script, 2) == [("DEFAULT", 0), ("READ.END", 0)]
    assert [segments(script, lane)[-1] for lane in range(4)] == [(51, 61, 2, 1)] * 4


def test_nop_waits_on_no_plane() -> None:
    script = Script()
    script.send(0, "Wait")
    tables = settled(script)
    assert found(script, 1) == []
    assert np.diff(tables.ops.first).tolist() == [0]
    assert tables.events.mask.tolist() == [0, 0, 0]


def test_busy_time_counts_segments_per_plane(suspended_erase: Script) -> None:
    tables = settled(suspended_erase)
    busy = busy_times(Layout.of(suspended_erase.config), tables.segments)
    assert (busy / US).tolist() == [109, 109, 0, 0]


def test_spans_of_an_unknown_operation_are_refused() -> None:
    script = Script()
    nothing = np.zeros(0, dtype=np.int64)
    chunk = Chunk(Commands.of([]), Spans.of([(7, 0, 0, 0, 5, 5, 0, 0)]), 10, nothing, nothing)
    with pytest.raises(ValueError, match="op_uid 7"):
        Timeline(Layout.of(script.config)).settle(chunk)


seeds = st.integers(min_value=0, max_value=2**32)


@given(seed=seeds, cuts=st.lists(st.integers(min_value=1, max_value=1200 * US), max_size=6))
@settings(max_examples=60, deadline=None)
def test_chunks_make_no_difference(seed: int, cuts: list[int]) -> None:
    script = history(seed)
    timeline = Timeline(Layout.of(script.config))
    pieces = [timeline.settle(chunk) for chunk in script.chunks(sorted(cuts))]
    pieces.append(timeline.finish())
    whole = settled(script)
    for part in ("segments", "events"):
        assert _rows([getattr(piece, part) for piece in pieces]) == _rows([getattr(whole, part)])
    assert [row for piece in pieces for row in _told_hits(piece)] == _told_hits(whole)
    assert [row for piece in pieces for row in _told_fragments(piece)] == _told_fragments(whole)


@given(seed=seeds)
@settings(max_examples=60, deadline=None)
def test_what_is_found_is_what_a_look_at_all_segments_says(seed: int) -> None:
    script = history(seed)
    layout, tables = Layout.of(script.config), settled(script)
    for op, lane, state in _seen(tables, layout):
        assert state == _looked_up(script, tables, layout, op, lane)


@given(seed=seeds)
@settings(max_examples=30, deadline=None)
def test_segments_of_a_plane_never_overlap_and_executed_pieces_add_up(seed: int) -> None:
    script = history(seed)
    for lane in range(4):
        rows = segments(script, lane)
        assert all(before[1] <= after[0] for before, after in pairwise(rows))
    events = settled(script).events
    for uid in range(1, len(script.rows) + 1):
        kinds = events.kind[events.op_uid == uid].tolist()
        assert kinds.count(START) == 1
        assert kinds.count(END) + kinds.count(ABORT) == 1
        assert kinds.count(SUSPENDED) - kinds.count(RESUMED) in (0, 1)


def _rows(tables: list[Any]) -> list[tuple[int, ...]]:
    assert all(is_dataclass(table) for table in tables)
    columns = [np.concatenate([getattr(table, field.name) for table in tables]) for field in fields(tables[0])]
    return list(zip(*(column.tolist() for column in columns), strict=True))


def _told_hits(tables: Settled) -> list[tuple[int, ...]]:
    uids = tables.commands.op_uid[tables.hits.op]
    columns = (uids, tables.hits.lane, tables.hits.op_state, tables.hits.input_time)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def _told_fragments(tables: Settled) -> list[tuple[Any, ...]]:
    rows = []
    for i, op in enumerate(tables.fragments.op.tolist()):
        states = tables.ops.row_state[tables.ops.first[op] : tables.ops.first[op + 1]].tolist()
        rows.append((int(tables.ops.op_uid[op]), int(tables.fragments.start[i]), int(tables.fragments.end[i]), states))
    return rows


def _seen(tables: Settled, layout: Layout) -> list[tuple[int, int, int]]:
    """(row of the operation, plane, op_state) of all timeline rows."""
    rows = []
    for op in range(len(tables.ops)):
        for i in range(int(tables.ops.first[op]), int(tables.ops.first[op + 1])):
            lane = int(tables.ops.row_die[i]) * layout.planes + int(tables.ops.row_plane[i])
            rows.append((op, lane, int(tables.ops.row_state[i])))
    return rows


def _looked_up(script: Script, tables: Settled, layout: Layout, op: int, lane: int) -> int:
    """The op_state of a plane just before operation `op`, by looking at every span there is."""
    uid = int(tables.ops.op_uid[op])
    now = script.rows[uid - 1][0]
    state, key = layout.op_states.default, (-1, -1, -1)
    for owner, _, index, start, end, _, _, ended in script.spans:
        name, die = script.rows[owner - 1][2], script.rows[owner - 1][3]
        base = script.catalogue.names[name].base
        planes = {entry[1] for entry in script.rows[owner - 1][5]}
        here = base.affects_state and die == lane // 2 and (base.scope == "DIE_WIDE" or lane % 2 in planes)
        if not here or index == 0 or (start, owner) >= (now, uid) or (start, owner, index) < key:
            continue
        cutters = [row[1] for row in script.rows if row[0] == now and row[3] == die and row[1] < uid]
        cut_by_others = any(script.catalogue.names[script.rows[i - 1][2]].base.affects_state for i in cutters)
        inside = now < end or (now == end and ended != Ended.NORMALLY and not cut_by_others)
        key = (start, owner, index)
        state = int(layout.op_states.of_state[name, index] if inside else layout.op_states.end[name])
    return state
