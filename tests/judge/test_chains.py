"""[chain], [transfer], [dout], [cache-chain]: with the shipped groups, and without any group's help."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.judge.script import Script, Step

DOUT, DOUT4K = "Change_Read_Column_Random_Data_Output", "Enhanced_Random_Data_Output_4K_Secondary"
LSB, CSB, MSB = "One_Shot_PGM_LSB", "One_Shot_PGM_CSB", "One_Shot_PGM_MSB"
MSB_23H, EXEC, CACHE = "One_Shot_PGM_MSB_23h", "One_Shot_PGM_Execution_MSB", "Cache_Program_MSB"


@pytest.mark.parametrize(
    ("steps", "legal"),
    [
        ((LSB, CSB, MSB, EXEC), True),
        ((LSB, CSB, EXEC), True),
        ((LSB, CSB, MSB_23H), True),
        ((LSB, CSB, MSB, MSB_23H), False),
        ((LSB, MSB_23H), False),
        ((LSB, MSB), False),
        ((LSB, LSB), False),
        ((CSB,), False),
        ((EXEC,), False),
        ((LSB, CSB, CSB), False),
    ],
)
def test_the_order_of_one_shot_steps(free: Script, steps: tuple[str, ...], legal: bool) -> None:
    free.op("Block_Erase_TLC", 0)
    for name in steps:
        free.op(name)
    assert ("chain" not in free.broken()) == legal


def test_a_one_shot_cache_program_goes_on_with_the_next_page(s: Script) -> None:
    s.op("Block_Erase_TLC", 0)
    s.op(LSB)
    s.op(CSB)
    cache = s.op(CACHE)
    s.op(LSB, cache.core_end + 7, page=1)
    s.op(CSB, page=1)
    s.op(MSB, page=1)
    s.op(CACHE, page=1)
    s.op(LSB, page=2)
    s.op(CSB, page=2)
    s.op(EXEC, page=2)
    s.op("Read_MSB", page=2)
    assert s.broken() == set()


def test_the_next_page_of_a_one_shot_cache_program_stays_on_its_block(s: Script) -> None:
    s.op("Block_Erase_TLC", 0, row=1)
    s.op("Block_Erase_TLC")
    s.op(LSB)
    s.op(CSB)
    s.op(CACHE)
    s.op(LSB, row=1)
    assert {"chain", "cache"} == s.broken()


def test_one_shot_steps_stay_on_one_block(free: Script) -> None:
    free.op("Block_Erase_TLC", 0, row=1)
    free.op("Block_Erase_TLC")
    free.op(LSB)
    free.op(CSB, row=1)
    assert free.broken() == {"chain"}


def test_one_shot_steps_stay_on_one_set_of_planes(free: Script) -> None:
    free.op("Block_Erase_Multi_Plane_ONFI_TLC", 0, planes=(0, 1))
    free.op("One_Shot_PGM_Multi_Plane_LSB", planes=(0, 1))
    free.op(CSB, planes=0)
    assert free.broken() == {"chain"}


def test_one_shot_steps_stay_on_one_page(free: Script) -> None:
    free.programmed("TLC", pages=1)
    free.op("One_Shot_PGM_LSB", page=1)
    free.op("One_Shot_PGM_CSB", page=2)
    assert free.broken() == {"chain", "page-order"}


def test_a_step_starts_after_the_step_before(free: Script) -> None:
    free.op("Block_Erase_TLC", 0)
    step = free.op(LSB)
    free.op(CSB, step.end - 1)
    assert {"chain", "plane-busy"} == free.broken()


def test_one_die_has_one_open_one_shot_chain(free: Script) -> None:
    free.op("Block_Erase_TLC", 0, row=1)
    free.op("Block_Erase_TLC")
    free.op(LSB)
    free.op(LSB, row=1)
    assert free.broken() == {"chain"}


def test_two_dies_have_chains_of_their_own(s: Script) -> None:
    s.op("Block_Erase_TLC", 0, die=1)
    s.op("Block_Erase_TLC")
    s.op(LSB)
    s.op(LSB, die=1)
    s.op(CSB)
    s.op(CSB, die=1)
    assert s.broken() == set()


def test_a_reset_discharges_a_chain(s: Script) -> None:
    s.op("Block_Erase_TLC", 0)
    s.op(LSB)
    s.op("Reset_LUN")
    s.op(LSB)
    assert s.broken() == set()


def test_a_cache_program_is_closed_on_its_block_by_the_next_page(s: Script) -> None:
    s.op("Block_Erase_SLC", 0)
    for page in range(3):
        s.op("Cache_Program_SLC", page=page)
    s.op("All_WL_Dummy_Program", page=3)
    assert s.broken(open_end=False) == set()


@pytest.mark.parametrize(
    ("name", "latched", "legal"),
    [
        ("Data_transfer_to_cache_for_1st_Page_TLC", (LSB,), True),
        ("Data_transfer_to_cache_for_1st_Page_TLC", (LSB, CSB), False),
        ("Data_transfer_to_cache_for_2nd_Page_TLC", (LSB, CSB), True),
        ("Data_transfer_to_cache_for_3rd_Page_TLC", (LSB, CSB, MSB), True),
        ("Data_transfer_to_cache_for_3rd_Page_TLC", (), False),
    ],
)
def test_a_transfer_needs_the_latch_at_its_step(free: Script, name: str, latched: tuple[str, ...], legal: bool) -> None:
    free.op("Block_Erase_TLC", 0)
    for step in latched:
        free.op(step)
    free.op(name)
    assert free.broken() == (set() if legal else {"transfer"})


# Copyback


def copyback(s: Script, source: int = 0, planes: int = 0) -> Step:
    """A source page of row 0, an erased target in row 1, and the COPYBACK_READ."""
    s.op("Block_Erase_SLC", 0, row=1, planes=planes)
    s.programmed(planes=planes)
    return s.op("Copyback_Read_SLC", row=source, planes=planes)


def test_a_copyback_goes_into_another_block(s: Script) -> None:
    copyback(s)
    s.op("Copyback_Program_SLC", row=1)
    assert s.broken(open_end=False) == set()


def test_a_copyback_may_change_the_celltype(s: Script) -> None:
    copyback(s)
    s.op("Copyback_Program_ACSLC", row=1)
    assert s.broken(open_end=False) == set()


def test_copyback_data_may_be_delivered_and_programmed(s: Script) -> None:
    copyback(s)
    s.op(DOUT)
    s.op("Copyback_Program_SLC", row=1)
    assert s.broken(open_end=False) == set()


def test_a_copyback_into_its_own_block(s: Script) -> None:
    copyback(s)
    s.op("Copyback_Program_SLC", row=0, page=1)
    assert s.broken() == {"chain"}


def test_a_copyback_into_its_own_page(s: Script) -> None:
    copyback(s)
    s.op("Copyback_Program_SLC", row=0, page=0)
    assert {"chain", "page-order"} == s.broken()


def test_one_copyback_read_serves_one_program(s: Script) -> None:
    copyback(s)
    s.op("Copyback_Program_SLC", row=1)
    s.op("Copyback_Program_SLC", row=1, page=1)
    assert s.broken() == {"chain"}


def test_overwritten_copyback_data_serves_no_program(s: Script) -> None:
    copyback(s)
    s.op(DOUT)
    s.op("Read_SLC")
    s.op(DOUT)
    s.op("Copyback_Program_SLC", row=1)
    assert s.broken() == {"chain"}


def test_several_reads_may_feed_a_multi_plane_copyback(s: Script) -> None:
    s.op("Block_Erase_Multi_Plane_ONFI_SLC", 0, planes=(0, 1), row=1)
    s.programmed(planes=(0, 1))
    s.op("Copyback_Read_SLC", planes=0)
    s.op("Copyback_Read_SLC", planes=1)
    s.op("Copyback_Program_Multi_Plane_SLC_ONFI", planes=(0, 1), row=1)
    assert s.broken(open_end=False) == set()


def test_a_copyback_on_one_plane_empties_the_others(s: Script) -> None:
    s.op("Block_Erase_Multi_Plane_ONFI_SLC", 0, planes=(0, 1), row=1)
    s.programmed(planes=(0, 1))
    s.op("Copyback_Read_Multi_Plane_ONFI_SLC", planes=(0, 1))
    s.op("Copyback_Program_SLC", planes=0, row=1)
    assert s.broken() == {"dout"}


def folding(s: Script, *, reads: int = 3) -> None:
    """One-shot copyback of an SLC page into a TLC block, with so many reads."""
    s.op("Block_Erase_TLC", 0, row=1)
    s.programmed()
    steps = (
        "One_Shot_Copyback_Program_LSB",
        "One_Shot_Copyback_Program_CSB",
        "One_Shot_Copyback_Program_Execution_MSB",
    )
    for i, step in enumerate(steps):
        if i < reads:
            s.op("Copyback_Read_SLC")
        s.op(step, row=1)


def test_a_one_shot_copyback_reads_before_each_step(s: Script) -> None:
    folding(s)
    assert s.broken(open_end=False) == set()


def test_a_one_shot_copyback_step_without_its_read(s: Script) -> None:
    folding(s, reads=2)
    assert s.broken() == {"chain"}


def test_copyback_and_plain_steps_do_not_mix(free: Script) -> None:
    free.op("Block_Erase_TLC", 0, row=1)
    free.programmed()
    free.op("Copyback_Read_SLC")
    free.op("One_Shot_Copyback_Program_LSB", row=1)
    free.op(CSB, row=1)
    assert free.broken() == {"chain"}


# Data out


def test_a_read_is_delivered_plane_by_plane(s: Script) -> None:
    s.programmed(planes=(0, 1, 2))
    s.op("Read_Multi_Plane_ONFI_SLC", planes=(0, 1, 2))
    for plane in range(3):
        s.op(DOUT, planes=plane)
    assert s.broken(open_end=False) == set()


def test_planes_are_delivered_in_order(s: Script) -> None:
    s.programmed(planes=(0, 1))
    s.op("Read_Multi_Plane_ONFI_SLC", planes=(0, 1))
    s.op(DOUT, planes=1)
    s.op(DOUT, planes=0)
    assert s.judge(open_end=False).by_rule == {"dout": 1}


def test_data_is_delivered_once(s: Script) -> None:
    s.programmed()
    s.op("Read_SLC")
    s.op(DOUT)
    s.op(DOUT)
    assert s.broken() == {"dout"}


def test_data_is_not_delivered_while_it_is_being_delivered(s: Script) -> None:
    s.programmed()
    s.op("Read_SLC")
    out = s.op(DOUT)
    s.op(DOUT, out.start + 1)
    report = s.judge()
    assert set(report.by_rule) == {"bus", "dout"}
    assert any("is being delivered already" in finding.message for finding in report.findings)


def test_data_out_without_a_read(s: Script) -> None:
    s.programmed()
    s.op(DOUT)
    assert s.broken() == {"dout"}


def test_data_out_before_the_read_leaves_core_busy(free: Script) -> None:
    free.programmed()
    read = free.op("Read_SLC")
    free.op(DOUT, read.core_end - 1)
    assert free.broken() == {"dout"}


def test_data_out_inside_the_read_s_window(s: Script) -> None:
    s.programmed()
    read = s.op("Read_SLC")
    s.op(DOUT, read.core_end)
    assert s.broken(open_end=False) == set()


@pytest.mark.parametrize(("what", "value"), [("page", 1), ("row", 1), ("celltype", "TLC")])
def test_data_out_names_what_was_read(s: Script, what: str, value: Any) -> None:
    s.programmed(row=1, pages=2)
    s.programmed(pages=2)
    s.op("Read_SLC")
    s.op(DOUT, **{what: value})
    assert "dout" in s.broken()


@pytest.mark.parametrize(
    ("read", "dout", "legal"),
    [
        ("4KB_Page_Read_confirm_SLC", DOUT4K, True),
        ("4KB_Page_Read_confirm_SLC", DOUT, False),
        ("Read_SLC", DOUT4K, False),
        ("Plane_Level_4KB_Page_Read_SLC", DOUT4K, True),
    ],
)
def test_four_kilobytes_go_by_themselves(s: Script, read: str, dout: str, legal: bool) -> None:
    s.programmed()
    s.op(read)
    s.op(dout)
    assert s.broken() == (set() if legal else {"dout"})


@pytest.mark.parametrize("name", ["Read_SLC", "Block_Erase_SLC", "VPP_Parameter_Read_Target_Level", "DSL_Vth_Check"])
def test_undelivered_data_is_not_overwritten(free: Script, name: str) -> None:
    free.programmed()
    free.op("Read_SLC")
    free.op(name, row=0 if name == "Read_SLC" else 1)
    assert free.broken() == {"dout"}


@pytest.mark.parametrize("name", ["Set_Features", "Read_Status_Enhanced_70h", "Data_Out_Termination", "Super_Reset"])
def test_what_overwrites_nothing(s: Script, name: str) -> None:
    s.programmed()
    s.op("Read_SLC")
    s.op(name)
    assert s.broken() == set()


def test_a_read_on_another_plane_overwrites_nothing(s: Script) -> None:
    s.programmed(planes=(0, 1))
    s.op("Read_SLC", planes=0)
    s.op("Read_SLC", planes=1)
    s.op(DOUT, planes=1)
    s.op(DOUT, planes=0)
    assert s.broken(open_end=False) == set()


def test_a_continuation_empties_the_registers(free: Script) -> None:
    free.programmed(row=1)
    erase = free.op("Block_Erase_SLC")
    free.op("Erase_Suspend_Reset", erase.issue_end + 1000)
    free.op("Read_SLC", row=1)
    free.op("Erase_Resume")
    assert free.judge().by_rule == {"residual": 1, "dout": 1}


# Cache reads


def cached(s: Script, first: str = "Read_SLC") -> None:
    """READ p = 0 on a block with four pages."""
    s.programmed(pages=4)
    s.op(first, page=0)


def test_the_first_page_is_delivered_before_the_cache_read(s: Script) -> None:
    cached(s)
    s.op(DOUT, page=0)
    s.op("Read_Cache_Random_SLC", page=1)
    s.op("Read_Cache_End", page=1)
    s.op(DOUT, page=1)
    assert s.broken(open_end=False) == set()


def test_the_first_page_is_delivered_inside_the_cache_read_s_window(s: Script) -> None:
    cached(s)
    read = s.op("Read_Cache_Random_SLC", page=1)
    s.op(DOUT, read.core_end, page=0)
    s.op("Read_Cache_Random_SLC", page=3)
    s.op(DOUT, page=1)
    s.op("Read_Cache_End", page=3)
    s.op(DOUT, page=3)
    assert s.broken(open_end=False) == set()


def test_a_cache_read_s_own_page_is_not_due_yet(s: Script) -> None:
    cached(s)
    s.op(DOUT, page=0)
    s.op("Read_Cache_Random_SLC", page=1)
    s.op(DOUT, page=1)
    assert s.broken() == {"dout"}


@pytest.mark.parametrize(("name", "page"), [("Read_Cache_Random_SLC", 2), ("Read_Cache_End", 1)])
def test_an_undelivered_cache_register_is_not_overwritten(s: Script, name: str, page: int) -> None:
    cached(s)
    s.op("Read_Cache_Random_SLC", page=1)
    s.op(name, page=page)
    assert s.broken() == {"cache-chain"}


def test_a_cache_read_needs_a_page_before(s: Script) -> None:
    s.programmed()
    s.op("Read_Cache_Random_SLC")
    assert s.broken() == {"cache-chain"}


@pytest.mark.parametrize(
    ("first", "second", "legal"),
    [
        ("Plane_Level_Page_Read_SLC", "Plane_Level_Cache_Read_SLC", True),
        ("Plane_Level_Page_Read_SLC", "Read_Cache_Random_SLC", False),
        ("Read_SLC", "Plane_Level_Cache_Read_SLC", False),
        ("4KB_Page_Read_confirm_SLC", "Read_Cache_Random_SLC", False),
        ("Copyback_Read_SLC", "Read_Cache_Random_SLC", False),
    ],
)
def test_which_page_a_cache_read_moves_on(s: Script, first: str, second: str, legal: bool) -> None:
    cached(s, first)
    s.op(DOUT4K if first.startswith("4KB") else DOUT, page=0)
    s.op(second, page=1)
    assert s.broken() == (set() if legal else {"cache-chain"})


def test_a_cache_read_keeps_the_planes(free: Script) -> None:
    free.programmed(pages=2, planes=(0, 1))
    free.op("Read_Multi_Plane_ONFI_SLC", planes=(0, 1))
    free.op(DOUT, planes=0)
    free.op(DOUT, planes=1)
    free.op("Read_Cache_Random_SLC", planes=0, page=1)
    assert free.broken() == {"cache-chain"}


def test_a_cache_read_after_something_emptied_the_register(s: Script) -> None:
    cached(s)
    s.op(DOUT, page=0)
    s.op("Block_Erase_SLC", row=1)
    s.op("Read_Cache_Random_SLC", page=1)
    assert s.broken() == {"cache-chain"}


def test_a_suspend_and_resume_empty_nothing(free: Script) -> None:
    free.programmed(pages=2, row=1)
    erase = free.op("Block_Erase_SLC")
    free.op("Erase_Suspend_Reset", erase.issue_end + 1000)
    free.op("Read_SLC", row=1)
    free.op(DOUT, row=1)
    free.op("Erase_Resume")
    free.op("Read_Cache_Random_SLC", free.steps[-1].end + 70_000_000, row=1, page=1)
    assert free.broken() == {"cache-chain"}


def test_an_end_needs_an_open_cache_read(s: Script) -> None:
    cached(s)
    s.op(DOUT, page=0)
    s.op("Read_Cache_End", page=0)
    assert s.broken() == {"cache-chain"}


def test_an_end_of_the_other_kind(free: Script) -> None:
    cached(free)
    free.op(DOUT, page=0)
    free.op("Read_Cache_Random_SLC", page=1)
    free.op("Plane_Level_Cache_Read_End", page=1)
    assert free.broken() == {"cache-chain"}


def test_an_end_names_the_last_page(s: Script) -> None:
    cached(s)
    s.op(DOUT, page=0)
    s.op("Read_Cache_Random_SLC", page=1)
    s.op("Read_Cache_End", page=0)
    assert s.broken() == {"multi-address"}


def test_an_end_names_all_planes_of_its_cache_read(s: Script) -> None:
    s.programmed(pages=2, planes=(0, 1))
    s.op("Read_Multi_Plane_ONFI_SLC", planes=(0, 1))
    s.op(DOUT, planes=0)
    s.op(DOUT, planes=1)
    s.op("Read_Cache_Random_Multi_Plane_ONFI_SLC", planes=(0, 1), page=1)
    s.op("Read_Cache_End", planes=(0, 1), page=1)
    s.op(DOUT, planes=0, page=1)
    s.op(DOUT, planes=1, page=1)
    assert s.broken(open_end=False) == set()


def test_an_end_that_names_too_few_planes(s: Script) -> None:
    s.programmed(pages=2, planes=(0, 1))
    s.op("Read_Multi_Plane_ONFI_SLC", planes=(0, 1))
    s.op(DOUT, planes=0)
    s.op(DOUT, planes=1)
    s.op("Read_Cache_Random_Multi_Plane_ONFI_SLC", planes=(0, 1), page=1)
    s.op("Read_Cache_End", planes=0, page=1)
    assert "multi-address" in s.broken()


def test_an_end_has_the_celltype_of_its_cache_read(s: Script) -> None:
    cached(s)
    s.op(DOUT, page=0)
    s.op("Read_Cache_Random_SLC", page=1)
    s.op("Read_Cache_End", page=1, celltype="TLC")
    assert "payload" in s.broken()


def test_a_cache_read_may_be_of_any_block(s: Script) -> None:
    s.programmed(row=1)
    cached(s)
    s.op(DOUT, page=0)
    s.op("Read_Cache_Random_SLC", row=1, page=0)
    s.op("Read_Cache_End", row=1, page=0)
    s.op(DOUT, row=1, page=0)
    assert s.broken(open_end=False) == set()


def test_a_cache_read_of_a_page_not_programmed(s: Script) -> None:
    cached(s)
    s.op(DOUT, page=0)
    s.op("Read_Cache_Random_SLC", page=4)
    assert s.broken() == {"read-programmed"}


def test_a_reset_closes_a_cache_read(s: Script, device: Callable[..., Script]) -> None:
    cached(s)
    s.op(DOUT, page=0)
    s.op("Read_Cache_Random_SLC", page=1)
    s.op("Super_Reset")
    s.op("Read_SLC", page=2)
    s.op(DOUT, page=2)
    assert s.broken(open_end=False) == set()
