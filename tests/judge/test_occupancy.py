"""[bus], [plane-busy], [handover], [multi-plane]."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from model.event import Ended
from tests.judge.script import Script

SR = "Read_Status_Enhanced_70h"


def bus_everywhere(data: dict[str, Any]) -> None:
    """Let DATA_OUT of READ use the bus, too."""
    data["op_bases"]["READ"]["states"] = {"ISSUE": {"bus": True}, "CORE_BUSY": {}, "DATA_OUT": {"bus": True}}


def issue_off_bus(data: dict[str, Any]) -> None:
    """Let no state use the bus."""
    for base in data["op_bases"].values():
        base["states"] = {state: {} for state in base["states"]}


def test_two_issues_may_touch(s: Script) -> None:
    first = s.op("Block_Erase_SLC", 0)
    s.op("Block_Erase_SLC", first.issue_end, die=1)
    assert s.broken() == set()


def test_two_issues_of_two_dies_overlap_by_one_tick(s: Script) -> None:
    first = s.op("Block_Erase_SLC", 0)
    s.op("Block_Erase_SLC", first.issue_end - 1, die=1)
    assert s.broken() == {"bus"}


def test_a_short_issue_inside_a_long_one_leaves_the_bus_taken(s: Script) -> None:
    long = s.op("Temperature_Sensor_Slow_mode", 0)
    s.op("ODT_Reenable", 100, die=1)
    s.op("ODT_Reenable", long.issue_end - 1, die=1)
    assert s.judge().by_rule == {"bus": 2}


def test_an_issue_of_no_length_may_stand_at_either_edge_of_another(device: Callable[..., Script]) -> None:
    def instant_erase(data: dict[str, Any]) -> None:
        data["op_names"]["Block_Erase_SLC"]["durations"]["ISSUE"] = 0

    s = device(instant_erase)
    s.op("Block_Erase_SLC", 0, die=0)
    status = s.op(SR, 0, die=1)
    s.op("Block_Erase_SLC", status.end, die=1)
    assert s.broken() == set()


def test_an_issue_of_no_length_inside_another_needs_the_bus(device: Callable[..., Script]) -> None:
    def instant_erase(data: dict[str, Any]) -> None:
        data["op_names"]["Block_Erase_SLC"]["durations"]["ISSUE"] = 0

    s = device(instant_erase)
    s.op(SR, 0, die=1)
    s.op("Block_Erase_SLC", 1, die=0)
    assert s.broken() == {"bus"}


@pytest.mark.parametrize(("early", "broken"), [(0, set()), (1, {"bus"})])
def test_a_later_state_may_use_the_bus_too(device: Callable[..., Script], early: int, broken: set[str]) -> None:
    s = device(bus_everywhere)
    s.programmed()
    read = s.op("Read_SLC")
    erase = s.catalogue.name("Block_Erase_SLC")
    s.op("Block_Erase_SLC", read.core_end - erase.issue + early, die=1)
    assert s.broken() == broken


def test_a_short_state_inside_a_long_one_leaves_the_bus_taken(device: Callable[..., Script]) -> None:
    s = device(bus_everywhere)
    s.programmed()
    read = s.op("Read_SLC")
    s.op("ODT_Reenable", read.core_end + 10, die=1)
    s.op("ODT_Reenable", read.end - 1, die=1)
    assert s.judge().by_rule == {"bus": 2}


def test_data_cut_by_a_reset_leaves_the_bus(device: Callable[..., Script]) -> None:
    def change(data: dict[str, Any]) -> None:
        bus_everywhere(data)
        data["op_bases"]["RESET"]["states"] = {"ISSUE": {}, "CORE_BUSY": {}}

    s = device(change)
    s.programmed()
    read = s.op("Read_SLC")
    s.op("Super_Reset", read.core_end + 10)
    s.op("Block_Erase_SLC", read.core_end + 10, die=1)
    assert s.broken() == set()


def test_a_plane_is_free_from_the_end_of_its_holder_on(s: Script) -> None:
    erase = s.op("Block_Erase_SLC", 0)
    s.op("Block_Erase_SLC", erase.end, row=1)
    assert s.broken() == set()


def test_a_plane_is_held_to_the_last_tick(free: Script) -> None:
    erase = free.op("Block_Erase_SLC", 0)
    free.op("Block_Erase_SLC", erase.end - 1, row=1)
    assert free.broken() == {"plane-busy"}


def test_die_wide_operations_hold_the_planes_that_they_do_not_name(free: Script) -> None:
    free.programmed(planes=1)
    free.op("Block_Erase_SLC", planes=0, row=1)
    free.op("Read_SLC", at=free.steps[-1].issue_end, planes=1)
    assert "plane-busy" in free.broken()


def test_an_operation_without_segments_holds_its_plane_too(device: Callable[..., Script]) -> None:
    s = device(issue_off_bus)
    s.programmed(planes=1)
    held = s.op("Plane_Level_Set_Parameter", planes=1)
    s.op("Read_SLC", held.end - 1, planes=1)
    assert s.broken() == {"plane-busy"}


def test_a_plane_not_used_yet_can_be_held(s: Script) -> None:
    held = s.op("Plane_Level_Set_Parameter", 0)
    s.op("Plane_Level_Set_Parameter", held.end - 1)
    report = s.judge()
    assert set(report.by_rule) == {"bus", "plane-busy"}
    assert any("(DEFAULT)" in finding.message for finding in report.findings)


def test_an_operation_without_segments_holds_no_other_plane(device: Callable[..., Script]) -> None:
    s = device(issue_off_bus)
    s.programmed(planes=1)
    held = s.op("Plane_Level_Set_Parameter", planes=0)
    s.op("Read_SLC", held.end - 1, planes=1)
    assert s.broken() == set()


def test_a_wait_stands_on_no_plane(s: Script) -> None:
    s.op("Block_Erase_SLC", 0)
    s.op("Delay", 2000)
    s.op("Auto_Read_by_38h_Cmd_Target_Level", 80_000_000)
    s.op("Delay", 80_001_000)
    assert s.broken() == set()


def test_plane_reads_run_beside_each_other(s: Script) -> None:
    s.programmed(planes=(0, 1))
    first = s.op("Plane_Level_Page_Read_SLC", planes=0)
    s.op("Plane_Level_4KB_Page_Read_SLC", first.issue_end, planes=1)
    assert s.broken() == set()


def test_other_reads_do_not_run_beside_each_other(s: Script) -> None:
    s.programmed(planes=(0, 1))
    first = s.op("Plane_Level_Page_Read_SLC", planes=0)
    s.op("Read_SLC", first.issue_end, planes=1)
    assert s.broken() == {"multi-plane"}


def test_operations_on_different_planes_may_touch(s: Script) -> None:
    s.programmed(planes=(0, 1))
    s.op("Read_SLC", planes=0)
    s.op("Read_SLC", planes=1)
    assert s.broken() == set()


def test_a_multi_plane_read_does_not_run_beside_a_plane_read(s: Script) -> None:
    s.programmed(planes=(0, 1, 2))
    first = s.op("Plane_Level_Page_Read_SLC", planes=0)
    s.op("Read_Multi_Plane_ONFI_SLC", first.issue_end, planes=(1, 2))
    assert s.broken() == {"multi-plane"}


def cache_read_in_window(s: Script, at: int | None = None) -> tuple[int, int]:
    """READ p, DOUT p, CACHE_READ q, and a second CACHE_READ inside its window; start and end of that window."""
    s.programmed(pages=3)
    s.op("Read_SLC", page=0)
    s.op("Change_Read_Column_Random_Data_Output", page=0)
    read = s.op("Read_Cache_Random_SLC", page=1)
    s.op("Read_Cache_Random_SLC", read.core_end + (0 if at is None else at), page=2)
    return read.core_end, read.end


@pytest.mark.parametrize("at", [0, 1, 99_999])
def test_a_cache_read_takes_its_window_over(s: Script, at: int) -> None:
    start, end = cache_read_in_window(s, at)
    assert end - start == 100_000
    assert s.broken() == set()


def test_a_handover_ends_window_and_operation_there(s: Script) -> None:
    start, _ = cache_read_in_window(s, 500)
    windows = [row for row in s.spans() if row[7] == Ended.HANDED_OVER]
    assert [(row[2], row[3], row[4], row[5]) for row in windows] == [(2, start, start + 500, 100_000)]


def test_a_handover_one_tick_before_the_window_is_none(free: Script) -> None:
    cache_read_in_window(free, -1)
    assert free.broken() == {"plane-busy"}


def test_the_window_of_a_plain_read_is_not_handed_over(s: Script) -> None:
    s.programmed()
    read = s.op("Copyback_Read_SLC")
    s.op("Block_Erase_SLC", read.core_end + 10, row=1)
    assert {"op-state", "plane-busy"} <= s.broken()


def test_a_handover_takes_all_planes_of_the_window(free: Script) -> None:
    free.programmed(planes=(0, 1))
    read = free.op("Copyback_Read_Multi_Plane_ONFI_SLC", planes=(0, 1))
    free.op("Plane_Level_Page_Read_SLC", read.core_end + 10, planes=0)
    assert "handover" in free.broken()


def test_a_reset_is_no_handover(s: Script) -> None:
    s.programmed()
    read = s.op("Read_SLC")
    s.op("Super_Reset", read.core_end + 10)
    ended = {row[7] for row in s.spans() if row[4] == read.core_end + 10}
    assert s.broken() == set()
    assert ended == {Ended.ABORTED}


def test_effects_of_a_handed_over_program_happen_at_the_handover(s: Script) -> None:
    s.op("Block_Erase_SLC", 0)
    cache = s.op("Cache_Program_SLC", page=0)
    s.op("Cache_Program_SLC", cache.core_end + 50, page=1)
    s.op("Page_Program_SLC", page=2)
    assert s.broken() == set()
