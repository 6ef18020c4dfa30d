"""[suspend-target], [resume-order], [residual], [op-end-once], [suspended-block], [recovery], [drained]."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from model.event import Ended
from tests.judge.script import Script, Step

SR = "Read_Status_Enhanced_70h"
DOUT = "Change_Read_Column_Random_Data_Output"
LSB, CSB, MSB_23H = "One_Shot_PGM_LSB", "One_Shot_PGM_CSB", "One_Shot_PGM_MSB_23h"
E_SUSPEND, E_RESUME, P_SUSPEND, P_RESUME = (
    "Erase_Suspend_Reset",
    "Erase_Resume",
    "Program_Suspend_Reset",
    "Program_Resume",
)


def pieces(s: Script, uid: int) -> list[tuple[int, int, int, int]]:
    """CORE_BUSY of an operation, fragment by fragment: start, end, remaining, how it ended."""
    return [(row[3], row[4], row[6], row[7]) for row in s.spans() if row[0] == uid and row[2] == 1]


@pytest.mark.parametrize(
    ("after", "legal"), [(0, False), (1, True), (69_999_999, True), (70_000_000, False), (70_000_001, False)]
)
def test_a_suspend_starts_strictly_inside_core_busy(s: Script, after: int, legal: bool) -> None:
    erase = s.op("Block_Erase_SLC", 0)
    s.op(E_SUSPEND, erase.issue_end + after)
    assert ("suspend-target" not in s.broken()) == legal


def test_a_suspend_of_the_other_axis(s: Script) -> None:
    erase = s.op("Block_Erase_SLC", 0)
    s.op(P_SUSPEND, erase.issue_end + 1000)
    assert "suspend-target" in s.broken()


def test_a_suspend_of_another_die(s: Script) -> None:
    erase = s.op("Block_Erase_SLC", 0)
    s.op(E_SUSPEND, erase.issue_end + 1000, die=1)
    assert "suspend-target" in s.broken()


def test_a_suspend_inside_data_in(s: Script, free: Script) -> None:
    for script in (s, free):
        script.op("Block_Erase_SLC", 0)
        cache = script.op("Cache_Program_SLC")
        script.op(P_SUSPEND, cache.core_end + 10)
        assert "suspend-target" in script.broken()


def test_a_suspend_in_issue(device: Callable[..., Script]) -> None:
    def off_bus(data: dict[str, Any]) -> None:
        data["op_bases"]["ERASE"]["states"] = {"ISSUE": {}, "CORE_BUSY": {}}

    s = device(off_bus)
    erase = s.op("Block_Erase_SLC", 0)
    s.op(E_SUSPEND, erase.issue_end - 1)
    assert "suspend-target" in s.broken()


@pytest.mark.parametrize("after", [1, 35_000_000, 69_999_999])
def test_the_pieces_of_an_erase_add_up(s: Script, after: int) -> None:
    erase = s.op("Block_Erase_SLC", 0)
    suspend = s.op(E_SUSPEND, erase.issue_end + after)
    resume = s.op(E_RESUME, suspend.end + 777)
    assert pieces(s, 1) == [
        (erase.issue_end, suspend.start, 70_000_000 - after, Ended.SUSPENDED),
        (resume.end, resume.end + 70_000_000 - after, 0, Ended.NORMALLY),
    ]
    assert s.broken() == set()


def test_a_suspend_at_the_very_start_of_a_continuation_takes_nothing_off(s: Script) -> None:
    erase = s.op("Block_Erase_SLC", 0)
    s.op(E_SUSPEND, erase.issue_end + 1000)
    resume = s.op(E_RESUME)
    s.op(E_SUSPEND, resume.end)
    assert "suspend-target" in s.broken()


def test_ten_suspensions_of_one_program(s: Script) -> None:
    s.op("Block_Erase_TLC", 0)
    s.op(LSB)
    s.op(CSB)
    program = s.op(MSB_23H)
    at = program.issue_end
    for _ in range(10):
        s.op(P_SUSPEND, at + 1_000_000)
        at = s.op(P_RESUME).end
    s.op("Read_LSB", at + program.name.core_busy - 10_000_000)
    parts = pieces(s, program.op_uid)
    left = [part[2] for part in parts]
    assert left == sorted(set(left), reverse=True)
    assert sum(end - start for start, end, _, _ in parts) == program.name.core_busy
    assert s.broken() == set()


def test_the_effect_comes_once_at_the_true_end(s: Script) -> None:
    s.op("Block_Erase_SLC", 0)
    program = s.op("Page_Program_SLC")
    suspend = s.op(P_SUSPEND, program.issue_end + 1000)
    resume = s.op(P_RESUME)
    end = resume.end + program.core_end - suspend.start
    s.op("Page_Program_SLC", end, page=1)
    assert s.broken() == set()


def test_no_effect_one_tick_before_the_true_end(s: Script) -> None:
    s.op("Block_Erase_SLC", 0)
    program = s.op("Page_Program_SLC")
    suspend = s.op(P_SUSPEND, program.issue_end + 1000)
    resume = s.op(P_RESUME)
    s.op("Page_Program_SLC", resume.end + program.core_end - suspend.start - 1, page=1)
    assert {"plane-busy", "page-order"} <= s.broken()


def test_later_states_follow_the_rest_with_their_full_length(s: Script) -> None:
    s.op("Block_Erase_SLC", 0)
    cache = s.op("Cache_Program_SLC")
    s.op(P_SUSPEND, cache.issue_end + 1_000_000)
    resume = s.op(P_RESUME)
    rows = [row for row in s.spans() if row[0] == cache.op_uid and row[1] == 1]
    assert [(row[2], row[3], row[4]) for row in rows] == [
        (1, resume.end, resume.end + 2_000_000),
        (2, resume.end + 2_000_000, resume.end + 2_100_000),
    ]
    assert all(row[2] != 2 for row in s.spans() if row[0] == cache.op_uid and row[1] == 0)


def test_die_wide_operations_are_cut_and_continued_on_every_plane(s: Script) -> None:
    erase = s.op("Block_Erase_SLC", 0, planes=0)
    s.op(E_SUSPEND, erase.issue_end + 1000)
    resume = s.op(E_RESUME)
    s.op("Plane_Level_Set_Parameter", resume.end + 10, planes=3)
    assert {"op-state", "plane-busy"} == s.broken()


def nested(s: Script) -> tuple[Step, Step]:
    """An erase suspended, then a program in another block, suspended too."""
    s.op("Block_Erase_SLC", 0, row=1)
    erase = s.op("Block_Erase_SLC", row=0)
    s.op(E_SUSPEND, erase.issue_end + 1000)
    program = s.op("Page_Program_SLC", row=1)
    s.op(P_SUSPEND, program.issue_end + 1000)
    return erase, program


def test_the_latest_suspended_goes_on_first(s: Script) -> None:
    _, program = nested(s)
    resume = s.op(P_RESUME)
    s.op(E_RESUME, resume.end + program.name.core_busy - 1000)
    assert s.broken() == set()


def test_an_erase_is_not_resumed_while_a_program_is_suspended(s: Script, free: Script) -> None:
    for script in (s, free):
        nested(script)
        script.op(E_RESUME)
        assert "resume-order" in script.broken()


def test_an_erase_is_not_suspended_while_a_program_is(free: Script) -> None:
    free.op("Block_Erase_SLC", 0, row=1)
    program = free.op("Page_Program_SLC", row=1)
    free.op(P_SUSPEND, program.issue_end + 1000)
    erase = free.op("Block_Erase_SLC", row=2)
    free.op(E_SUSPEND, erase.issue_end + 1000)
    assert free.broken() == {"resume-order"}


def test_one_axis_resumes_in_reverse_order(free: Script) -> None:
    first = free.op("Block_Erase_SLC", 0, row=0)
    free.op(E_SUSPEND, first.issue_end + 1000)
    second = free.op("Block_Erase_SLC", row=1)
    free.op(E_SUSPEND, second.issue_end + 2000)
    resume = free.op(E_RESUME)
    again = free.op(E_RESUME, resume.end + 70_000_000 - 2000)
    assert free.broken() == set()
    assert pieces(free, second.op_uid)[1][0] == resume.end
    assert pieces(free, first.op_uid)[1][0] == again.end


def test_reads_inside_a_suspension(s: Script) -> None:
    s.programmed(row=1)
    erase = s.op("Block_Erase_SLC")
    s.op(E_SUSPEND, erase.issue_end + 1000)
    s.op("Read_SLC", row=1)
    s.op(DOUT, row=1)
    resume = s.op(E_RESUME)
    assert s.broken() == set()
    s.op("Read_SLC", resume.end, row=1)
    assert {"op-state", "plane-busy"} <= s.broken()


def test_a_resume_waits_for_undelivered_data(s: Script, free: Script) -> None:
    for script in (s, free):
        script.programmed(row=1)
        erase = script.op("Block_Erase_SLC")
        script.op(E_SUSPEND, erase.issue_end + 1000)
        script.op("Read_SLC", row=1)
        script.op(E_RESUME)
        assert "residual" in script.broken()


@pytest.mark.parametrize("name", ["Block_Erase_SLC", "Page_Program_SLC", "Read_SLC", "Change_Row_Address"])
def test_the_block_of_a_suspended_erase_is_left_alone(free: Script, name: str) -> None:
    erase = free.op("Block_Erase_SLC", 0)
    free.op(E_SUSPEND, erase.issue_end + 1000)
    free.op(name, celltype="SLC")
    assert "suspended-block" in free.broken()


def test_other_blocks_are_free_inside_a_suspension(s: Script) -> None:
    s.op("Block_Erase_SLC", 0, row=1)
    erase = s.op("Block_Erase_SLC")
    s.op(E_SUSPEND, erase.issue_end + 1000)
    s.op("Page_Program_SLC", row=1)
    assert s.broken() == set()


def test_the_block_of_a_suspended_program_is_not_checked(free: Script) -> None:
    free.op("Block_Erase_SLC", 0)
    program = free.op("Page_Program_SLC")
    free.op(P_SUSPEND, program.issue_end + 1000)
    free.op("DSL_Vth_Check")
    assert {"suspended-block", "block-in-flight"} == free.broken()


RECOVER = "Read_write_conflict_Fire_N_Forget_LSB"


def suspended_tlc(s: Script) -> None:
    """A one-shot program on page 1, suspended."""
    s.programmed("TLC")
    s.op(LSB, page=1)
    s.op(CSB, page=1)
    program = s.op(MSB_23H, page=1)
    s.op(P_SUSPEND, program.issue_end + 1000)


def test_recovery_reads_the_suspended_page_and_is_delivered(s: Script) -> None:
    suspended_tlc(s)
    s.op(RECOVER, page=1)
    s.op(DOUT, page=1)
    s.op(P_RESUME)
    assert s.broken() == set()


def test_recovery_of_another_page(s: Script) -> None:
    suspended_tlc(s)
    s.op(RECOVER, page=0)
    assert {"recovery", "suspended-block"} == s.broken()


def test_recovery_outside_a_suspension(s: Script) -> None:
    s.programmed("TLC")
    s.op(RECOVER)
    assert "recovery" in s.broken()


def test_recovery_on_a_plane_that_was_not_programmed(s: Script) -> None:
    s.op("Block_Erase_TLC", 0, planes=1)
    suspended_tlc(s)
    s.op(RECOVER, planes=1, page=1)
    assert s.broken() == {"recovery"}


def test_followers_wait_for_the_true_end(free: Script) -> None:
    free.op("Block_Erase_SLC", 0)
    cache = free.op("Cache_Program_SLC")
    free.op(P_SUSPEND, cache.issue_end + 1000)
    free.op("Page_Program_SLC", page=1)
    assert {"chain", "suspended-block", "page-order"} <= free.broken()


def test_a_cache_program_suspended_twice_keeps_its_followers_in_order(s: Script) -> None:
    s.op("Block_Erase_SLC", 0)
    cache = s.op("Cache_Program_SLC", page=0)
    s.op(P_SUSPEND, cache.issue_end + 1_000_000)
    resume = s.op(P_RESUME)
    s.op(P_SUSPEND, resume.end + 500_000)
    resume = s.op(P_RESUME)
    window = resume.end + 1_500_000
    s.op("Cache_Program_SLC", window + 10, page=1)
    s.op("Page_Program_SLC", page=2)
    assert s.broken(open_end=False) == set()


def test_a_finished_plan_leaves_nothing_suspended(s: Script) -> None:
    erase = s.op("Block_Erase_SLC", 0)
    s.op(E_SUSPEND, erase.issue_end + 1000)
    assert s.broken(open_end=False) == {"drained"}
    assert s.broken(open_end=True) == set()


@pytest.mark.parametrize("name", ["Read_SLC", "Cache_Program_SLC", "ODT_Disable", "Copyback_Read_SLC"])
def test_a_finished_plan_leaves_nothing_open(s: Script, name: str) -> None:
    s.programmed()
    s.op(name, page=1 if name.startswith("Cache") else 0)
    assert s.broken(open_end=False) == {"drained"}


def test_a_finished_plan_leaves_no_chain_open(s: Script) -> None:
    s.op("Block_Erase_TLC", 0)
    s.op(LSB)
    assert s.broken(open_end=False) == {"drained"}


def test_a_finished_plan_leaves_no_cache_read_open(s: Script) -> None:
    s.programmed(pages=2)
    s.op("Read_SLC")
    s.op(DOUT)
    s.op("Read_Cache_Random_SLC", page=1)
    assert s.judge(open_end=False).by_rule == {"drained": 2}


def test_a_reset_discharges_everything_but_odt(s: Script) -> None:
    s.op("Block_Erase_TLC", 0)
    s.op(LSB)
    s.op("Super_Reset")
    assert s.broken(open_end=False) == set()
