"""Cells of a picture: each shows the piece that lasts longest in it."""

from __future__ import annotations

import numpy as np
import pytest

from planner.plots.raster import BUS, GAP, IDLE, KINDS, PLANE, Lane, edges_of, raster
from planner.plots.ticks import even_times, in_us, round_step
from planner.recorded.history import History
from planner.report.facts import FAMILIES
from tests.recorded.made import history_of, planned, story, us


def lane(history: History, name: str, begin: int, end: int, columns: int) -> Lane:
    """One lane of a picture."""
    return next(lane for lane in raster(history, begin, end, columns).lanes if lane.name == name)


def words(lane_: Lane) -> list[tuple[int, int, str]]:
    """The busy runs of a lane: first column, the one after the last, family and kind."""
    return [
        (run.low, run.high, f"{FAMILIES[run.code // len(KINDS)]} {KINDS[run.code % len(KINDS)]}")
        for run in lane_.runs()
        if run.code != IDLE
    ]


def test_with_a_column_per_us_a_plane_shows_its_states() -> None:
    assert words(lane(story(), "d1-p1", 0, us(151), 151)) == [
        (60, 61, "read ISSUE"), (61, 81, "read CORE_BUSY"), (81, 86, "read DATA"), (130, 131, "other ISSUE"),
        (131, 141, "other CORE_BUSY"),
    ]  # fmt: skip


def test_a_suspended_operation_has_a_lane_of_its_die() -> None:
    assert words(lane(story(), "d0~", 0, us(151), 151)) == [(31, 53, "erase CORE_BUSY")]


def test_lanes_are_bus_planes_and_what_is_suspended_die_by_die() -> None:
    lanes = raster(story(), 0, us(151), 10).lanes
    assert [(each.name, each.kind) for each in lanes] == [
        ("bus", BUS), ("d0-p0", PLANE), ("d0-p1", PLANE), ("d0~", GAP), ("d1-p0", PLANE), ("d1-p1", PLANE),
    ]  # fmt: skip


def test_of_two_pieces_in_a_column_the_longer_is_shown() -> None:
    # columns of 50 us: erase 31 of 0..50; erase 47 of 50..100; erase 23, camread 11 of 100..150
    shown = lane(story(), "d0-p0", 0, us(150), 3)
    assert shown.op_uid.tolist() == [1, 1, 1]


def test_a_short_piece_in_an_idle_column_is_seen() -> None:
    # a status read of 0.5 us in a column of 10 us
    assert lane(story(), "bus", us(10), us(20), 1).op_uid.tolist() == [2]


@pytest.mark.parametrize("columns", [1, 7, 100, 1000])
def test_cells_are_those_of_a_slow_search(columns: int) -> None:
    history = history_of(planned())
    begin, end = 5_000 * us(1), 30_000 * us(1)
    picture = raster(history, begin, end, columns)
    for shown in (each for each in picture.lanes if each.kind == PLANE):
        die, plane = (int(part[1:]) for part in shown.name.split("-"))
        rows = history.segments.filter(die=die, plane=plane).select("start", "end", "op_uid").rows()
        for column in range(0, columns, max(columns // 20, 1)):
            low, high = int(picture.edges[column]), int(picture.edges[column + 1])
            inside = [
                (min(stop, high) - max(start, low), uid) for start, stop, uid in rows if start < high > low < stop
            ]
            longest = max((length for length, _ in inside), default=0)
            assert int(shown.op_uid[column]) in ({uid for length, uid in inside if length == longest} or {0})


def test_columns_are_equal_to_a_tick_and_never_finer() -> None:
    widths = np.diff(edges_of(0, 1_000, 7))
    assert (widths.min(), widths.max(), widths.sum()) == (142, 143, 1_000)
    assert edges_of(5, 8, 100).tolist() == [5, 6, 7, 8]


def test_times_on_an_axis_are_round() -> None:
    assert even_times(us(13), us(48), 4, 4) == [(us(20), "20"), (us(30), "30"), (us(40), "40")]
    assert even_times(us(0.3), us(0.8), 4, 3) == [(us(0.4), "0.4"), (us(0.6), "0.6")]


@pytest.mark.parametrize(("least", "step"), [(1, 1), (2, 2), (3, 5), (6, 10), (11, 20), (501, 1000)])
def test_steps_are_1_2_5_times_a_power_of_ten(least: int, step: int) -> None:
    assert round_step(least) == step


@pytest.mark.parametrize(("ticks", "text"), [(0, "0"), (12_345_000, "1,234.5"), (10_000_000, "1,000"), (1, "0.0001")])
def test_a_time_is_written_without_empty_zeros(ticks: int, text: str) -> None:
    assert in_us(ticks, 4) == text
