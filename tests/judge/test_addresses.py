"""The life of blocks, and RESET: what may be erased, programmed, read, loaded, checked, and when."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.judge.script import Script

DOUT = "Change_Read_Column_Random_Data_Output"
LSB, CSB, MSB, MSB_23H = "One_Shot_PGM_LSB", "One_Shot_PGM_CSB", "One_Shot_PGM_MSB", "One_Shot_PGM_MSB_23h"


def test_a_program_is_legal_from_the_end_of_the_erase_on(s: Script) -> None:
    erase = s.op("Block_Erase_SLC", 0)
    s.op("Page_Program_SLC", erase.end)
    assert s.broken() == set()


def test_a_program_one_tick_before_the_end_of_the_erase(free: Script) -> None:
    erase = free.op("Block_Erase_SLC", 0)
    free.op("Page_Program_SLC", erase.end - 1)
    assert {"block-in-flight", "program-after-erase", "plane-busy"} == free.broken()


@pytest.mark.parametrize("name", ["Page_Program_SLC", "All_WL_Dummy_Program", "Cache_Program_SLC", "Read_SLC"])
def test_a_block_never_erased_takes_only_an_erase(s: Script, name: str) -> None:
    s.op(name, 0)
    assert s.broken() == {"read-programmed" if name == "Read_SLC" else "program-after-erase"}


def test_an_erase_names_page_0(s: Script) -> None:
    s.op("Block_Erase_SLC", 0, page=1)
    assert s.broken() == {"erase"}


def test_pages_are_written_in_order(s: Script) -> None:
    s.programmed(pages=2)
    s.op("Page_Program_SLC", page=3)
    assert s.broken() == {"page-order"}


def test_no_page_is_written_twice(s: Script) -> None:
    s.programmed(pages=2)
    s.op("Page_Program_SLC", page=1)
    assert s.broken() == {"page-order"}


def test_an_erase_begins_anew(s: Script) -> None:
    s.programmed(pages=2)
    s.programmed("TLC", pages=1)
    assert s.broken() == set()


def test_a_full_block_takes_no_program(device: Callable[..., Script]) -> None:
    s = device(lambda data: data["topology"].update(pages_per_block=2))
    s.programmed(pages=2)
    assert s.broken() == set()
    s.op("Page_Program_SLC", page=1)
    assert "program-after-erase" in s.broken()


def test_all_wl_fills_the_block(s: Script) -> None:
    s.programmed(pages=1)
    s.op("All_WL_Dummy_Program", page=1)
    s.op("Read_SLC", page=255)
    s.op(DOUT, page=255)
    assert s.broken() == set()
    s.op("Page_Program_SLC", page=2)
    assert "program-after-erase" in s.broken()


@pytest.mark.parametrize(
    ("erased", "program", "legal"),
    [
        ("Block_Erase_SLC", "Page_Program_SLC", True),
        ("Block_Erase_SLC", "Page_Program_A0SLC", True),
        ("Block_Erase_SLC", "Page_Program_ACSLC", True),
        ("Block_Erase_SLC", "Page_Program_AESLC", False),
        ("Block_Erase_SLC", LSB, False),
        ("Block_Erase_AESLC", "Page_Program_AESLC", True),
        ("Block_Erase_AESLC", "Page_Program_SLC", False),
        ("Block_Erase_TLC", LSB, True),
        ("Block_Erase_TLC", "Page_Program_SLC", False),
    ],
)
def test_what_an_erase_prepares_for(s: Script, erased: str, program: str, legal: bool) -> None:
    s.op(erased, 0)
    s.op(program)
    assert s.broken() == (set() if legal else {"celltype"})


def test_later_pages_keep_the_celltype_of_the_first(s: Script) -> None:
    s.op("Block_Erase_SLC", 0)
    s.op("Page_Program_A0SLC")
    s.op("Page_Program_SLC", page=1)
    assert s.broken() == {"celltype"}


def test_a_read_has_the_celltype_of_the_program(s: Script) -> None:
    s.op("Block_Erase_SLC", 0)
    s.op("Page_Program_A0SLC")
    s.op("Read_SLC")
    assert s.broken() == {"read-programmed"}


@pytest.mark.parametrize(("page", "legal"), [(0, True), (1, True), (2, False)])
def test_a_read_takes_a_programmed_page(s: Script, page: int, legal: bool) -> None:
    s.programmed(pages=2)
    s.op("Read_SLC", page=page)
    assert s.broken() == (set() if legal else {"read-programmed"})


@pytest.mark.parametrize(("page", "legal"), [(1, True), (2, False)])
def test_the_guard_keeps_reads_below_the_last_page(device: Callable[..., Script], page: int, legal: bool) -> None:
    s = device(lambda data: data["policies"].update(read_offset_guard=1))
    s.programmed(pages=3)
    s.op("Read_SLC", page=page)
    assert s.broken() == (set() if legal else {"read-programmed"})


def test_a_read_of_a_page_whose_program_runs(free: Script) -> None:
    free.programmed(pages=1)
    program = free.op("Page_Program_SLC", page=1)
    free.op("Read_SLC", program.end - 1, page=1)
    assert {"block-in-flight", "read-programmed", "plane-busy"} == free.broken()


def test_an_earlier_page_of_a_suspended_program_s_block_is_not_in_flight(free: Script) -> None:
    free.programmed(pages=1)
    program = free.op("Page_Program_SLC", page=1)
    free.op("Program_Suspend_Reset", program.issue_end + 1000)
    free.op("Read_SLC", page=0)
    assert free.broken() == {"suspended-block"}


def test_the_page_of_an_open_chain_is_not_read(s: Script) -> None:
    s.programmed("TLC")
    s.op(LSB, page=1)
    s.op("Read_LSB", page=1)
    assert s.broken() == {"open-chain-page", "block-in-flight", "read-programmed"}


def test_the_page_before_an_open_chain_is_read(s: Script) -> None:
    s.programmed("TLC")
    s.op(LSB, page=1)
    s.op("Read_LSB", page=0)
    assert s.broken() == set()


def test_lsb_alone_never_advances_a_page(s: Script) -> None:
    s.op("Block_Erase_TLC", 0)
    s.op(LSB)
    s.op("Super_Reset")
    s.op(LSB)
    s.op(CSB)
    s.op(MSB_23H)
    s.op(LSB, page=1)
    assert s.broken() == set()


def test_blocks_of_a_multi_plane_operation_lie_in_one_row(s: Script) -> None:
    tlc = s.config.celltypes.index("TLC")
    s.op("Block_Erase_Multi_Plane_ONFI_TLC", 0, entries=[(0, 0, 0, 0, tlc), (0, 1, 5, 0, tlc)])
    assert s.broken() == {"multi-address"}


def test_pages_of_a_multi_plane_operation_are_equal(s: Script) -> None:
    s.op("Block_Erase_Multi_Plane_ONFI_SLC", 0, planes=(0, 1))
    slc = s.config.celltypes.index("SLC")
    s.op("Page_Program_Multi_Plane_ONFI_SLC", entries=[(0, 0, 0, 0, slc), (0, 1, 1, 1, slc)])
    assert s.broken() == {"multi-address"}


@pytest.mark.parametrize("planes", [(1, 0), (0, 0), (2, 1)])
def test_planes_are_ascending(s: Script, planes: tuple[int, ...]) -> None:
    s.op("Block_Erase_Multi_Plane_ONFI_SLC", 0, planes=planes)
    assert "multi-address" in s.broken()


def test_a_payload_names_one_die(s: Script) -> None:
    slc = s.config.celltypes.index("SLC")
    s.op("Block_Erase_Multi_Plane_ONFI_SLC", 0, entries=[(0, 0, 0, 0, slc), (1, 1, 1, 0, slc)])
    assert s.broken() == {"multi-address"}


@pytest.mark.parametrize(
    ("name", "planes", "legal"),
    [
        ("Block_Erase_Multi_Plane_ONFI_SLC", (0,), False),
        ("Block_Erase_Multi_Plane_ONFI_SLC", (1, 3), True),
        ("Block_Erase_Multi_Plane_ONFI_SLC", (0, 1, 2, 3), True),
        ("Block_Erase_SLC", (0, 1), False),
        ("Read_Status_Enhanced_72h", (0, 1), False),
    ],
)
def test_how_many_planes_an_op_name_takes(s: Script, name: str, planes: tuple[int, ...], legal: bool) -> None:
    s.op(name, 0, planes=planes)
    assert ("multi-address" not in s.broken()) == legal


def test_maxplanes_bounds_a_multi_plane_operation(device: Callable[..., Script]) -> None:
    s = device(lambda data: data["policies"].update(maxplanes=3))
    s.op("Block_Erase_Multi_Plane_ONFI_SLC", 0, planes=(0, 1, 2))
    s.op("Block_Erase_Multi_Plane_ONFI_SLC", planes=(0, 1, 2, 3))
    assert s.judge().by_rule == {"multi-address": 1}


def with_bad_block(tmp_path: Path) -> Callable[[dict[str, Any]], None]:
    """Block 0 of die 0 is bad."""

    def change(data: dict[str, Any]) -> None:
        path = tmp_path / "bad.csv"
        path.write_text("die,block\n0,0\n", encoding="utf-8")
        data["topology"]["bad_blocks"] = str(path)

    return change


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("Block_Erase_SLC", "erase"),
        ("Page_Program_SLC", "program-after-erase"),
        ("Read_SLC", "read-programmed"),
        ("Change_Row_Address", "datain"),
        ("DSL_Vth_Check", "dsl"),
    ],
)
def test_a_bad_block_is_never_touched(device: Callable[..., Script], tmp_path: Path, name: str, rule: str) -> None:
    s = device(with_bad_block(tmp_path))
    s.op(name, 0, celltype="TLC" if name == "DSL_Vth_Check" else "SLC")
    assert s.broken() == {"bad-block", rule}


@pytest.mark.parametrize("name", ["Block_Erase_SLC", "Page_Program_SLC"])
@pytest.mark.parametrize("reset", [True, False])
def test_a_bad_block_stays_bad(device: Callable[..., Script], tmp_path: Path, name: str, reset: bool) -> None:
    s = device(with_bad_block(tmp_path))
    touched = s.op(name, 0)
    s.op("Super_Reset", touched.end - 1 if reset else touched.end)
    s.op("Block_Erase_SLC")
    assert s.judge().by_rule["bad-block"] == 2


def test_the_same_block_of_another_die_is_not_bad(device: Callable[..., Script], tmp_path: Path) -> None:
    s = device(with_bad_block(tmp_path))
    s.op("Block_Erase_SLC", 0, die=1)
    assert s.broken() == set()


@pytest.mark.parametrize(
    ("name", "rules"),
    [
        ("Block_Erase_SLC", set()),
        ("Page_Program_SLC", {"undefined-block", "program-after-erase"}),
        ("Read_SLC", {"undefined-block", "read-programmed"}),
        ("Change_Row_Address", {"undefined-block", "datain"}),
        ("DSL_Vth_Check", {"undefined-block", "dsl"}),
    ],
)
def test_a_block_whose_erase_a_reset_cut_takes_only_an_erase(s: Script, name: str, rules: set[str]) -> None:
    erase = s.op("Block_Erase_SLC", 0)
    s.op("Super_Reset", erase.end - 1)
    s.op(name, celltype="TLC" if name == "DSL_Vth_Check" else "SLC")
    assert s.broken() == rules


def test_a_reset_at_the_very_end_of_an_erase_cuts_nothing(s: Script) -> None:
    erase = s.op("Block_Erase_SLC", 0)
    s.op("Reset_LUN", erase.end)
    s.op("Page_Program_SLC")
    assert s.broken() == set()


def test_a_reset_spoils_the_block_of_a_suspended_operation(s: Script) -> None:
    erase = s.op("Block_Erase_SLC", 0)
    s.op("Erase_Suspend_Reset", erase.issue_end + 1000)
    s.op("Super_Reset")
    s.op("Page_Program_SLC")
    assert "undefined-block" in s.broken()
    assert "suspend-state" not in s.broken()


def test_a_reset_spoils_a_program_in_its_data_window(s: Script) -> None:
    s.op("Block_Erase_SLC", 0)
    cache = s.op("Cache_Program_SLC")
    s.op("Super_Reset", cache.core_end + 5)
    s.op("Page_Program_SLC", page=1)
    assert "undefined-block" in s.broken()


def test_a_reset_ends_only_its_own_die(s: Script) -> None:
    erase = s.op("Block_Erase_SLC", 0, die=1)
    s.op("Super_Reset", erase.issue_end + 1000, die=0)
    s.op("Page_Program_SLC", erase.end, die=1)
    assert s.broken() == set()


def test_a_camread_aborted_on_one_die_is_aborted_on_all(free: Script) -> None:
    camread = free.op("VPP_Parameter_Read_Target_Level", 0)
    reset = free.op("Super_Reset", camread.issue_end + 1000, die=0)
    free.op("Block_Erase_SLC", reset.issue_end, die=1)
    assert free.broken() == set()


def test_camread_holds_every_plane_of_every_die(free: Script) -> None:
    camread = free.op("VPP_Parameter_Read_Target_Level", 0)
    free.op("Block_Erase_SLC", camread.end - 1, die=1)
    assert free.broken() == {"plane-busy"}


@pytest.mark.parametrize(("page", "legal"), [(0, False), (1, True), (2, False)])
def test_datain_names_the_page_that_comes_next(s: Script, page: int, legal: bool) -> None:
    s.programmed(pages=1)
    s.op("Change_Row_Address", page=page)
    assert s.broken() == (set() if legal else {"datain"})


def test_datain_changes_nothing(s: Script) -> None:
    s.programmed(pages=1)
    s.op("Change_Row_Address", page=1)
    s.op("Change_Write_Column", page=1)
    s.op("Page_Program_SLC", page=1)
    assert s.broken() == set()


@pytest.mark.parametrize(("celltype", "legal"), [("A0SLC", True), ("SLC", False)])
def test_datain_has_the_celltype_of_the_block(s: Script, celltype: str, legal: bool) -> None:
    s.op("Block_Erase_SLC", 0)
    s.op("Page_Program_A0SLC")
    s.op("Change_Row_Address", page=1, celltype=celltype)
    assert s.broken() == (set() if legal else {"payload"})


def test_dsl_checks_any_page_of_a_good_block(s: Script) -> None:
    s.op("DSL_Vth_Check", 0, page=200)
    assert s.broken() == set()


def test_dies_have_blocks_of_their_own(s: Script) -> None:
    s.op("Block_Erase_SLC", 0, die=0)
    s.op("Page_Program_SLC", die=1)
    assert s.broken() == {"program-after-erase"}
