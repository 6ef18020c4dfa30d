"""Which op_names addresses, celltypes and planes let happen at all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from model.config import Config, load
from model.device import Device
from planner.targets.possible import Possible
from tests.window.small import small_config

INSTANCES = Path(__file__).parents[2] / "benchmarks" / "instances"


def _rule(config: Config, name: str) -> str | None:
    device = Device(config)
    return Possible.of(device).forbidden_by[device.catalogue.name_index[name]]


def test_what_nothing_programs_cannot_be_read(shipped: Config) -> None:
    assert _rule(shipped, "Read_FWSLC") == "read-programmed"
    assert _rule(shipped, "Read_SLC") is None


def test_a_die_that_is_not_there_has_no_status(shipped: Config) -> None:
    assert _rule(shipped, "LUN_Status_Read_for_LUN2") == "absent-lun"
    assert _rule(shipped, "LUN_Status_Read_for_LUN1") is None


def test_one_plane_has_no_multi_plane_operations() -> None:
    assert _rule(load(INSTANCES / "narrow.yaml"), "Block_Erase_Multi_Plane_ONFI_SLC") == "multi-address"


def test_bad_blocks_can_leave_no_row_of_two_planes(shipped: Config) -> None:
    shape = shipped.topology
    bad = frozenset((die, block) for die in range(2) for block in range(64) if block % 4)
    config = replace(shipped, topology=replace(shape, bad_blocks=bad))
    assert _rule(config, "Block_Erase_Multi_Plane_ONFI_SLC") == "bad-block"
    assert _rule(config, "Block_Erase_SLC") is None


def test_nothing_is_programmed_that_was_not_erased(tmp_path: Path) -> None:
    config = small_config(tmp_path, {"Page_Program_SLC": (1, 1), "Read_SLC": (1, 1, 1)})
    assert _rule(config, "Page_Program_SLC") == "program-after-erase"
    assert _rule(config, "Read_SLC") == "read-programmed"


def test_a_block_erased_as_slc_takes_its_relatives(tmp_path: Path) -> None:
    ticks = {"Block_Erase_SLC": (1, 1), "Page_Program_A0SLC": (1, 1), "Page_Program_AESLC": (1, 1)}
    config = small_config(tmp_path, ticks)
    assert _rule(config, "Page_Program_A0SLC") is None
    assert _rule(config, "Page_Program_AESLC") == "celltype"


def test_a_copyback_goes_to_another_block(tmp_path: Path) -> None:
    ticks = {"Block_Erase_SLC": (1, 1), "Page_Program_SLC": (1, 1)}
    ticks |= {"Copyback_Read_SLC": (1, 1, 1), "Copyback_Program_SLC": (1, 1)}  # type: ignore[dict-item]
    assert _rule(small_config(tmp_path, ticks, rows=1), "Copyback_Program_SLC") == "chain"
    assert _rule(small_config(tmp_path, ticks, rows=2), "Copyback_Program_SLC") is None


def test_a_cache_program_needs_a_page_to_close_with(tmp_path: Path) -> None:
    ticks = {"Block_Erase_SLC": (1, 1), "Page_Program_SLC": (1, 1), "Cache_Program_SLC": (1, 1, 1)}
    assert _rule(small_config(tmp_path, ticks, pages=1), "Cache_Program_SLC") == "cache"
    assert _rule(small_config(tmp_path, ticks, pages=2), "Cache_Program_SLC") is None
