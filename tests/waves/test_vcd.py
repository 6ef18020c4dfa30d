"""A value change dump, read back by vcdvcd, shows what the timeline says."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from planner.errors import UnusableInput
from planner.recorded.history import History
from planner.waves.signals import edges
from planner.waves.vcd import timescale, write_vcd
from tests.recorded.made import history_of, planned, story, us
from tests.waves.readers import IDLE, Wave


def dumped(history: History, path: Path, begin: int | None = None, end: int | None = None) -> Wave:
    """The dump of a history, read back."""
    with path.open("w", encoding="utf-8") as file:
        write_vcd(history, file, history.span[0] if begin is None else begin, history.span[1] if end is None else end)
    return Wave(path)


@cache
def whole() -> History:
    """Runs of the shipped device."""
    return history_of(planned())


def united(rows: Sequence[tuple[Any, ...]]) -> list[tuple[int, int]]:
    """The union of intervals, by painting them: slow, and plainly right."""
    moments = sorted({time for row in rows for time in row[:2]})
    made: list[tuple[int, int]] = []
    for low, high in pairwise(moments):
        if any(row[0] <= low and high <= row[1] for row in rows):
            made = [*made[:-1], (made[-1][0], high)] if made and made[-1][1] == low else [*made, (low, high)]
    return made


def test_the_unit_is_the_tick(tmp_path: Path) -> None:
    assert dumped(story(), tmp_path / "w.vcd").seconds_per_tick == Decimal("1e-10")  # 10^-4 us


@pytest.mark.parametrize(
    ("decimals", "scale"), [(0, "1 us"), (4, "100 ps"), (5, "10 ps"), (6, "1 ps"), (7, "100 fs"), (9, "1 fs")]
)
def test_every_tick_down_to_a_femtosecond_has_a_timescale(decimals: int, scale: str) -> None:
    assert timescale(decimals) == scale


def test_a_finer_tick_is_refused() -> None:
    with pytest.raises(UnusableInput, match=r"allowed: 10\^-9 us"):
        timescale(10)


def test_every_plane_shows_its_states_at_all_times(tmp_path: Path) -> None:
    wave = dumped(whole(), tmp_path / "w.vcd")
    for die, plane in whole().lanes:
        own = whole().segments.filter((pl.col("start") < pl.col("end")), die=die, plane=plane)
        spells = wave.spells(f"device.d{die}.p{plane}.op_uid", "0")
        assert united(spells) == united(own.select("start", "end").rows())
        for start, base, state, uid in own.select("start", "base", "state", "op_uid").rows():
            assert wave.at(f"device.d{die}.p{plane}.op_state", start) == f"{base}.{state}"
            assert wave.at(f"device.d{die}.p{plane}.op_uid", start) == str(uid)


def test_states_of_a_plane_change_where_segments_do(tmp_path: Path) -> None:
    wave = dumped(story(), tmp_path / "w.vcd")
    assert wave.changes("device.d1.p1.op_state") == [
        (0, IDLE), (us(60), "READ.ISSUE"), (us(61), "READ.CORE_BUSY"), (us(81), "READ.DATA_OUT"), (us(86), IDLE),
        (us(130), "CAMREAD.ISSUE"), (us(131), "CAMREAD.CORE_BUSY"), (us(141), IDLE),
    ]  # fmt: skip


def test_names_with_spaces_and_commas_are_whole(tmp_path: Path) -> None:
    wave = dumped(story(), tmp_path / "w.vcd")
    assert wave.at("device.d1.p1.op_name", us(70)).replace("\\x20", " ") == "Read, slow"


def test_the_bus_shows_who_sends(tmp_path: Path) -> None:
    wave = dumped(whole(), tmp_path / "w.vcd")
    rows = whole().bus.filter(pl.col("start") < pl.col("end")).select("start", "end", "op_uid").rows()
    assert wave.spells("device.bus.op_uid", "0") == [(start, end, str(uid)) for start, end, uid in rows]
    assert [(low, high) for low, high, _ in wave.spells("device.bus.busy", "0")] == united(rows)


def test_ready_busy_is_low_while_a_plane_is_in_core_busy(tmp_path: Path) -> None:
    wave = dumped(whole(), tmp_path / "w.vcd")
    busy = whole().segments.filter(state="CORE_BUSY")
    for die in (0, 1):
        low = [(start, end) for start, end, _ in wave.spells(f"device.d{die}.rb_n", "1")]
        assert low == united(busy.filter(die=die).select("start", "end").rows())
    low = [(start, end) for start, end, _ in wave.spells("device.rb_n", "1")]
    assert low == united(busy.select("start", "end").rows())


def test_a_die_is_suspended_from_the_end_of_the_suspend_to_that_of_the_resume(tmp_path: Path) -> None:
    wave = dumped(story(), tmp_path / "w.vcd")
    assert wave.spells("device.d0.erase_suspended", "0") == [(us(36), us(53), "1")]
    assert wave.spells("device.d0.program_suspended", "0") == []
    assert wave.spells("device.d1.erase_suspended", "0") == []


def test_a_plane_is_suspended_from_the_cut_to_the_continuation(tmp_path: Path) -> None:
    wave = dumped(story(), tmp_path / "w.vcd")
    assert wave.spells("device.d0.p0.suspended", "0") == [(us(31), us(53), "1")]
    assert wave.spells("device.d1.p0.suspended", "0") == []


def test_suspensions_of_a_plan_are_all_there(tmp_path: Path) -> None:
    wave = dumped(whole(), tmp_path / "w.vcd")
    for die, plane in whole().lanes:
        own = whole().gaps.filter(pl.col("planes").str.contains(str(plane)), die=die)
        shown = [(start, end) for start, end, _ in wave.spells(f"device.d{die}.p{plane}.suspended", "0")]
        assert shown == united(own.select("start", "end").rows())


def test_a_range_begins_with_the_values_that_it_finds(tmp_path: Path) -> None:
    wave = dumped(story(), tmp_path / "w.vcd", us(20), us(40))
    assert wave.changes("device.d0.p0.op_state") == [
        (us(20), "ERASE.CORE_BUSY"), (us(31), "ERASE_SUSPEND.ISSUE"), (us(32), "ERASE_SUSPEND.CORE_BUSY"),
        (us(36), IDLE),
    ]  # fmt: skip
    assert wave.end == us(40)


def test_the_same_history_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.vcd", "b.vcd"):
        dumped(story(), tmp_path / name)
    assert (tmp_path / "a.vcd").read_bytes() == (tmp_path / "b.vcd").read_bytes()


def test_intervals_that_touch_or_overlap_are_one() -> None:
    assert list(edges([(5, 7), (1, 3), (2, 5), (9, 9)])) == [(1, True), (7, False)]
