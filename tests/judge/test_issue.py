"""[op-state], [end-state], [latch], [cache], [suspend-state], [odt]: what a state forbids, from which tick to which."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.judge.script import Script, Step

SR = "Read_Status_Enhanced_70h"
DOUT = "Change_Read_Column_Random_Data_Output"
LSB, CSB, MSB_23H = "One_Shot_PGM_LSB", "One_Shot_PGM_CSB", "One_Shot_PGM_MSB_23h"


def only(rule: str, found: set[str]) -> bool:
    """Whether a script breaks this rule and no other, where it breaks any."""
    return found <= {rule}


def test_a_segment_forbids_what_its_group_forbids(s: Script) -> None:
    erase = s.op("Block_Erase_SLC", 0)
    s.op(DOUT, erase.end - 1)
    assert "op-state" in s.broken()


def test_a_segment_forbids_nothing_from_its_end_on(s: Script) -> None:
    erase = s.op("Block_Erase_SLC", 0)
    s.op(DOUT, erase.end)
    assert "op-state" not in s.broken()


def test_core_busy_begins_at_the_end_of_issue(device: Callable[..., Script]) -> None:
    def off_bus(data: dict[str, Any]) -> None:
        data["op_bases"]["ERASE"]["states"] = {"ISSUE": {}, "CORE_BUSY": {}}

    for early in (0, 1):
        s = device(off_bus)
        erase = s.op("Block_Erase_SLC", 0)
        s.op("ODT_Disable", erase.issue_end - early)
        assert ("op-state" in s.broken()) == (early == 0)


def test_a_finding_names_state_group_base_and_config_line(s: Script) -> None:
    erase = s.op("Block_Erase_SLC", 0)
    s.op("Set_Features", erase.end - 1)
    (finding,) = s.judge().findings
    line = s.config.line("exclusion_groups.on_erase")
    assert (finding.rule, finding.op_uid, finding.time) == ("op-state", 2, erase.end - 1)
    for word in ("SETFEATURE Set_Features (op 2)", "plane 0+1+2+3", "ERASE.CORE_BUSY of op 1", "on_erase"):
        assert word in finding.message
    assert line > 0
    assert finding.config == f"config.yaml:{line}"


def end_forbids_features(data: dict[str, Any]) -> None:
    """Let the END of an erase forbid SETFEATURE."""
    data["exclusion_groups"]["after_erase"] = {"forbid": ["SETFEATURE"]}
    data["exclusions_by_op_state"]["ERASE.END"] = "after_erase"


def test_an_end_state_lasts_from_the_end_of_the_segment(device: Callable[..., Script]) -> None:
    s = device(end_forbids_features)
    erase = s.op("Block_Erase_SLC", 0)
    s.op("Set_Features", erase.end + 123_456)
    assert s.broken() == {"end-state"}


def test_an_end_state_lasts_until_the_next_segment(device: Callable[..., Script]) -> None:
    s = device(end_forbids_features)
    s.op("Block_Erase_SLC", 0)
    s.op("Page_Program_SLC")
    s.op("Set_Features")
    assert s.broken() == set()


def test_operations_without_segments_leave_an_end_state_alone(device: Callable[..., Script]) -> None:
    s = device(end_forbids_features)
    s.op("Block_Erase_SLC", 0)
    s.op("Get_Features")
    s.op("Set_Features")
    assert s.broken() == {"end-state"}


def read_once(s: Script) -> Step:
    """A programmed page, read."""
    s.programmed(planes=(0, 1))
    return s.op("Read_SLC", planes=0)


def test_the_read_latch_is_on_until_the_delivery_has_ended(device: Callable[..., Script]) -> None:
    def off_bus(data: dict[str, Any]) -> None:
        data["op_bases"]["DOUT"]["states"] = {"ISSUE": {}}

    for early, on in ((0, False), (1, True)):
        s = device(off_bus)
        read_once(s)
        dout = s.op(DOUT)
        s.op("Change_Row_Address", dout.end - early, row=0, page=1, planes=0)
        assert ("latch" in s.broken()) == on


def test_the_read_latch_comes_on_when_the_read_leaves_core_busy(device: Callable[..., Script]) -> None:
    def only_latch(data: dict[str, Any]) -> None:
        groups = data["exclusion_groups"]
        data["exclusion_groups"] = {name: {"forbid": []} for name in groups}
        data["exclusion_groups"]["after_read"] = {"forbid": ["SETFEATURE"]}

    for early, on in ((0, True), (1, False)):
        s = device(only_latch)
        read = read_once(s)
        s.op("Set_Features", read.core_end - early)
        assert ("latch" in s.broken()) == on


def test_the_read_latch_is_one_plane_s(s: Script) -> None:
    read_once(s)
    s.op("Read_SLC", planes=1)
    assert s.broken() == set()


def test_a_reset_clears_the_read_latch(s: Script) -> None:
    read_once(s)
    s.op("Super_Reset")
    s.op("Read_SLC")
    assert s.broken() == set()


def test_the_copyback_program_that_consumes_clears_the_read_latch(s: Script) -> None:
    s.op("Block_Erase_SLC", 0, row=1)
    s.programmed()
    s.op("Copyback_Read_SLC")
    s.op("Copyback_Program_SLC", row=1)
    s.op("Block_Erase_SLC", row=2)
    assert s.broken() == set()


def test_a_one_shot_latch_is_set_at_the_end_of_its_step(s: Script) -> None:
    s.op("Block_Erase_TLC", 0)
    s.op(LSB)
    s.op("Read_ID_JEDEC")
    assert s.broken() == {"latch"}


def test_a_one_shot_latch_stands_on_every_plane_of_its_die_and_on_no_other_die(s: Script) -> None:
    s.op("Block_Erase_TLC", 0)
    s.op(LSB)
    s.op("Plane_Level_Set_Parameter", planes=3)
    s.op("Plane_Level_Set_Parameter", planes=3, die=1)
    assert s.judge().by_rule == {"latch": 1}


def test_only_the_latest_step_s_latch_counts(s: Script) -> None:
    s.op("Block_Erase_TLC", 0)
    s.op(LSB)
    s.op(CSB)
    s.op("Data_transfer_to_cache_for_2nd_Page_TLC")
    s.op(MSB_23H)
    assert s.broken() == set()


def test_a_one_shot_latch_is_cleared_by_the_executing_step(s: Script) -> None:
    s.programmed("TLC")
    s.op("Read_ID_JEDEC")
    assert s.broken() == set()


def test_read_latch_and_one_shot_latch_are_independent(s: Script) -> None:
    s.programmed(row=1)
    s.op("Block_Erase_TLC")
    s.op(LSB)
    s.op("Read_SLC", row=1)
    s.op(DOUT, row=1)
    s.op("Read_SLC", row=1)
    s.op(DOUT, row=1)
    s.op("Read_ID_JEDEC")
    assert s.judge().by_rule == {"latch": 1}


def test_a_suspend_leaves_the_one_shot_latch_alone(s: Script) -> None:
    s.op("Block_Erase_TLC", 0)
    s.op(LSB)
    s.op(CSB)
    program = s.op(MSB_23H)
    s.op("Program_Suspend_Reset", program.issue_end + 1000)
    s.op("Read_ID_JEDEC")
    assert s.judge().by_rule == {"latch": 1}


def cached_program(s: Script) -> Step:
    """An erased block and a first cache program on it."""
    s.op("Block_Erase_SLC", 0)
    return s.op("Cache_Program_SLC", page=0)


def test_the_cache_state_of_a_program_lasts_from_its_start(s: Script) -> None:
    cache = cached_program(s)
    s.op("ODT_Disable", cache.end)
    assert s.broken() == {"cache"}


def test_the_cache_state_of_a_program_ends_with_the_next_plain_program(s: Script) -> None:
    cached_program(s)
    s.op("Page_Program_SLC", page=1)
    s.op("Read_ID_JEDEC")
    assert s.broken() == set()


def test_an_operation_is_not_judged_by_the_cache_state_that_it_sets(device: Callable[..., Script]) -> None:
    def cache_forbids_itself(data: dict[str, Any]) -> None:
        data["exclusion_groups"]["after_cache_program"] = {"forbid": ["CACHE_PROGRAM_SLC"]}

    s = device(cache_forbids_itself)
    cached_program(s)
    assert s.broken() == set()
    s.op("Cache_Program_SLC", page=1)
    assert s.broken() == {"cache"}


def open_cache_read(s: Script) -> Step:
    """READ p, DOUT p, CACHE_READ q."""
    s.programmed(pages=3)
    s.op("Read_SLC", page=0)
    s.op(DOUT, page=0)
    return s.op("Read_Cache_Random_SLC", page=1)


def test_the_cache_state_of_a_read_lasts_until_its_end_has_ended(s: Script) -> None:
    open_cache_read(s)
    s.op("Read_ID_JEDEC")
    s.op("Read_Cache_End", page=1)
    s.op("Read_ID_JEDEC")
    assert s.judge().by_rule == {"cache": 1}


def test_the_cache_state_of_a_read_is_one_plane_s(s: Script) -> None:
    open_cache_read(s)
    s.op("Plane_Level_Set_Parameter", planes=1)
    s.op("Plane_Level_Set_Parameter", planes=0)
    assert s.judge().by_rule == {"cache": 1}


def test_a_cached_program_keeps_its_block(s: Script) -> None:
    s.op("Block_Erase_SLC", 0, row=1)
    cached_program(s)
    s.op("Page_Program_SLC", row=1)
    assert {"cache", "chain"} <= s.broken()


def test_a_cached_program_keeps_its_planes(s: Script) -> None:
    s.op("Block_Erase_Multi_Plane_ONFI_SLC", 0, planes=(0, 1))
    s.op("Cache_Program_SLC", planes=0)
    s.op("Page_Program_SLC", planes=1)
    assert "cache" in s.broken()


def test_a_cached_program_keeps_its_celltype(s: Script) -> None:
    cached_program(s)
    s.op("Page_Program_A0SLC", page=1)
    assert {"cache", "celltype"} <= s.broken()


def test_a_cached_read_keeps_its_celltype(s: Script) -> None:
    s.programmed("AESLC", row=1)
    open_cache_read(s)
    s.op("Read_Cache_Random_AESLC", row=1)
    assert {"cache", "cache-chain"} <= s.broken()


@pytest.mark.parametrize(("page", "broken"), [(2, set()), (3, {"cache"})])
def test_a_cache_program_never_opens_on_the_last_page(
    device: Callable[..., Script], page: int, broken: set[str]
) -> None:
    s = device(lambda data: data["topology"].update(pages_per_block=4))
    s.programmed(pages=page)
    s.op("Cache_Program_SLC", page=page)
    assert s.broken() == broken


def test_suspended_counts_from_the_end_of_the_suspend(s: Script) -> None:
    s.programmed(row=1)
    erase = s.op("Block_Erase_SLC")
    s.op("Erase_Suspend_Reset", erase.issue_end + 1000)
    s.op("Set_Features")
    assert s.broken() == {"suspend-state"}


def test_a_resume_may_start_at_the_very_end_of_its_suspend(s: Script) -> None:
    erase = s.op("Block_Erase_SLC", 0)
    suspend = s.op("Erase_Suspend_Reset", erase.issue_end + 1000)
    s.op("Erase_Resume", suspend.end)
    assert s.broken() == set()


def test_a_resume_before_the_end_of_its_suspend(s: Script) -> None:
    erase = s.op("Block_Erase_SLC", 0)
    suspend = s.op("Erase_Suspend_Reset", erase.issue_end + 1000)
    s.op("Erase_Resume", suspend.end - 1)
    assert "suspend-state" in s.broken()


def test_a_resume_with_nothing_suspended(s: Script, free: Script) -> None:
    for script in (s, free):
        script.op("Erase_Resume", 0)
        script.op("Program_Resume")
        assert script.judge().by_rule == {"suspend-state": 2}


def test_not_suspended_counts_from_the_end_of_the_resume(s: Script) -> None:
    erase = s.op("Block_Erase_SLC", 0)
    suspend = s.op("Erase_Suspend_Reset", erase.issue_end + 1000)
    resume = s.op("Erase_Resume")
    s.op("Set_Features", resume.end + erase.end - suspend.start)
    assert s.broken() == set()


def test_odt_counts_from_the_end_of_disable_to_the_end_of_enable(s: Script) -> None:
    s.op("ODT_Disable", 0)
    s.op("Block_Erase_SLC")
    s.op("ODT_Reenable", die=1)
    s.op("Block_Erase_SLC", die=1)
    assert s.judge().by_rule == {"odt": 1}


def test_odt_is_one_switch_for_all_dies_that_no_reset_touches(s: Script) -> None:
    s.op("ODT_Disable", 0)
    s.op("Super_Reset", die=0)
    s.op("Super_Reset", die=1)
    s.op("Block_Erase_SLC", die=1)
    assert s.broken() == {"odt"}


def test_odt_does_not_count_before_the_end_of_disable(device: Callable[..., Script]) -> None:
    def off_bus(data: dict[str, Any]) -> None:
        data["op_bases"]["ODTDISABLE"]["states"] = {"ISSUE": {}}

    for early, broken in ((0, {"odt"}), (1, set())):
        s = device(off_bus)
        disable = s.op("ODT_Disable", 0)
        s.op("Block_Erase_SLC", disable.end - early)
        assert s.broken() == broken


def test_camread_is_judged_on_every_die(s: Script) -> None:
    erase = s.op("Block_Erase_SLC", 0, die=1)
    s.op("VPP_Parameter_Read_Target_Level", erase.end - 1)
    assert {"op-state", "plane-busy"} == s.broken()
