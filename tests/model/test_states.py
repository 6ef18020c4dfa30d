"""What starts and ends on a die, and what that sets, clears and forbids."""

from __future__ import annotations

import pytest

from model.addresses import BlockArrays
from model.boundary import Boundary
from model.config import Config
from model.device import Device
from model.event import NOTHING, Ended
from model.forbidden import forbidden_by_die, forbidden_on
from model.states import DieTrack
from tests.model.replay import die, replayed, ticks

SLC_PAGES = (
    ("Block_Erase_Multi_Plane_Legacy_SLC", 0, 0, 15, 0, 0),
    ("Page_Program_Multi_Plane_Legacy_SLC", 7010, 0, 15, 0, 0),
    ("Page_Program_Multi_Plane_Legacy_SLC", 7400, 0, 15, 0, 1),
)
TLC_BLOCK = (("Block_Erase_TLC", 0, 0, 1, 0, 0),)
SHOT = (
    *TLC_BLOCK,
    ("One_Shot_PGM_LSB", 7100, 0, 1, 0, 0),
    ("One_Shot_PGM_CSB", 7200, 0, 1, 0, 0),
)
CACHE_READ = (
    *SLC_PAGES,
    ("Read_SLC", 8000, 0, 1, 0, 0),
    ("Read_Cache_Random_SLC", 8050, 0, 1, 0, 1),
)


@pytest.fixture(scope="module")
def device(shipped: Config) -> Device:
    """The shipped device."""
    return Device(shipped)


def allowed(device: Device, boundary: Boundary, plane: int = 0) -> set[str]:
    """The bases that the lasting states of a plane of die 0 leave."""
    track = DieTrack(device, 0, boundary.dies[0], BlockArrays(boundary.blocks))
    mask = forbidden_by_die(track) | forbidden_on(track, plane, boundary.time)
    return {base.name for base in device.catalogue.bases if not mask >> base.index & 1}


def pages(boundary: Boundary, plane: int = 0) -> tuple[int | None, int | None]:
    """The pages in the data and the cache register of a plane of die 0."""
    state = die(boundary).planes[plane]
    return (None if state.data is None else state.data.page, None if state.cache is None else state.cache.page)


def test_a_read_holds_its_planes_only(device: Device) -> None:
    after, _ = replayed(device, [*SLC_PAGES, ("Read_SLC", 8000, 0, 1, 0, 0)], 8050)
    names = device.catalogue.bases
    assert names[die(after).planes[0].last].name == "READ"
    assert names[die(after).planes[1].last].name == "PROGRAM_SLC"


def test_undelivered_data_forbid_from_the_end_of_core_busy(device: Device) -> None:
    told = [*SLC_PAGES, ("Read_SLC", 8000, 0, 1, 0, 0)]
    during, _ = replayed(device, told, 8025)
    assert "ERASE" in allowed(device, during)
    after, _ = replayed(device, told, 8026)
    assert "ERASE" not in allowed(device, after)
    assert "ERASE" in allowed(device, after, plane=1)


def test_a_dout_ends_the_read_latch(device: Device) -> None:
    told = [*SLC_PAGES, ("Read_SLC", 8000, 0, 1, 0, 0), ("Plane_Level_Read_Column_Enhanced", 8040, 0, 1, 0, 0)]
    after, _ = replayed(device, told, 8050)
    assert "ERASE" in allowed(device, after)


def test_a_cache_read_moves_the_page_before(device: Device) -> None:
    after, _ = replayed(device, CACHE_READ, 8100)
    assert pages(after) == (1, 0)


def test_the_end_of_cache_reads_empties_the_data_register(device: Device) -> None:
    told = [
        *CACHE_READ,
        ("Plane_Level_Read_Column_Enhanced", 8100, 0, 1, 0, 0),
        ("Read_Cache_End", 8120, 0, 1, 0, 1),
    ]
    during, _ = replayed(device, told, 8150)
    assert pages(during) == (None, 1)
    assert die(during).planes[0].cache_read is not None
    after, _ = replayed(device, told, 8180)
    assert die(after).planes[0].cache_read is None


def test_a_dout_delivers_the_cache_register_first(device: Device) -> None:
    after, _ = replayed(device, [*CACHE_READ, ("Plane_Level_Read_Column_Enhanced", 8100, 0, 1, 0, 0)], 8110)
    state = die(after).planes[0]
    assert state.cache is not None
    assert state.data is not None
    assert state.cache.delivered
    assert not state.data.delivered


def test_a_successor_takes_over_an_open_window(device: Device) -> None:
    told = [
        *CACHE_READ,
        ("Plane_Level_Read_Column_Enhanced", "8070.12", 0, 1, 0, 0),
        ("Read_Cache_Random_SLC", "8080.1", 0, 1, 0, 0),
    ]
    _, spans = replayed(device, told, 8081)
    assert (5, 0, 2, ticks("8070.12"), ticks("8080.1"), ticks(10), 0, Ended.HANDED_OVER) in spans


def test_a_cache_program_handed_over_has_advanced_its_page(device: Device) -> None:
    told = [
        ("Block_Erase_SLC", 0, 0, 1, 0, 0),
        ("Cache_Program_SLC", 7100, 0, 1, 0, 0),
        ("Cache_Program_SLC", 7412, 0, 1, 0, 1),
    ]
    after, _ = replayed(device, told, 7412)
    assert after.blocks.last[0, 0] == 0
    opened = die(after).cache_program
    assert opened is not None
    assert opened.page == 1


def test_a_program_closes_the_cache_programs_with_its_end(device: Device) -> None:
    told = [
        ("Block_Erase_SLC", 0, 0, 1, 0, 0),
        ("Cache_Program_SLC", 7100, 0, 1, 0, 0),
        ("Page_Program_SLC", 7450, 0, 1, 0, 1),
    ]
    during, _ = replayed(device, told, 7700)
    assert "READ" not in allowed(device, during)
    after, _ = replayed(device, told, 7800)
    assert die(after).cache_program is None
    assert "READ" in allowed(device, after)


def test_a_step_sets_its_latch_with_its_end(device: Device) -> None:
    during, _ = replayed(device, SHOT[:2], 7120)
    assert die(during).shot is not None
    assert "ERASE" in allowed(device, during)
    after, _ = replayed(device, SHOT[:2], 7150)
    assert "ERASE" not in allowed(device, after)
    assert "ONESHOT_PROGRAM_CSB" in allowed(device, after)


def test_a_later_step_replaces_the_latch(device: Device) -> None:
    after, _ = replayed(device, SHOT, 7250)
    assert "ONESHOT_PROGRAM_CSB" not in allowed(device, after)
    assert "ONESHOT_PROGRAM_MSB_23H" in allowed(device, after)


def test_steps_advance_no_page_and_the_executing_one_does(device: Device) -> None:
    before, _ = replayed(device, SHOT, 7250)
    assert before.blocks.last[0, 0] == -1
    after, _ = replayed(device, [*SHOT, ("One_Shot_PGM_MSB_23h", 7300, 0, 1, 0, 0)], 9400)
    assert after.blocks.last[0, 0] == 0
    assert die(after).shot is None


def test_a_suspend_leaves_the_one_shot_latch_alone(device: Device) -> None:
    told = [*SHOT, ("One_Shot_PGM_MSB_23h", 7300, 0, 1, 0, 0), ("Program_Suspend_Reset", 8000)]
    after, _ = replayed(device, told, 8200)
    shot = die(after).shot
    assert shot is not None
    assert device.catalogue.bases[shot.latch].name == "ONESHOT_PROGRAM_CSB"


def test_a_one_shot_cache_program_keeps_the_chain_open(device: Device) -> None:
    after, _ = replayed(device, [*SHOT, ("Cache_Program_MSB", 7300, 0, 1, 0, 0)], 9400)
    shot = die(after).shot
    assert shot is not None
    assert shot.cached
    assert shot.latch == NOTHING
    assert "ONESHOT_PROGRAM_LSB" in allowed(device, after)
    assert "READ" not in allowed(device, after)


def test_a_reset_clears_latches_and_chains(device: Device) -> None:
    after, _ = replayed(device, [*SHOT, ("Super_Reset", 7300)], 7400)
    assert die(after).shot is None
    assert "ERASE" in allowed(device, after)


def test_a_reset_leaves_the_block_of_an_aborted_step(device: Device) -> None:
    after, _ = replayed(device, [*SHOT[:2], ("Super_Reset", 7120)], 7400)
    assert after.blocks.kind[0, 0] == replayed(device, SHOT[:1], 7050)[0].blocks.kind[0, 0]


def test_a_copyback_program_takes_the_page(device: Device) -> None:
    told = [*SLC_PAGES, ("Block_Erase_SLC", 8000, 0, 1, 1, 0), ("Copyback_Read_SLC", 15_100, 0, 1, 0, 0)]
    held, _ = replayed(device, told, 15_200)
    assert pages(held) == (0, None)
    after, _ = replayed(device, [*told, ("Copyback_Program_SLC", 15_300, 0, 1, 1, 0)], 15_310)
    assert pages(after) == (None, None)


def test_suspended_begins_with_the_end_of_the_suspend(device: Device) -> None:
    told = [("Block_Erase_SLC", 0, 0, 1, 0, 0), ("Erase_Suspend_Reset", 1000)]
    during, _ = replayed(device, told, 1050)
    assert "ERASE_RESUME" not in allowed(device, during)
    after, _ = replayed(device, told, 1101)
    assert "ERASE_RESUME" in allowed(device, after)
    assert "ERASE" not in allowed(device, after)


def test_all_word_lines_fill_the_block(device: Device) -> None:
    told = [("Block_Erase_SLC", 0, 0, 1, 0, 0), ("All_WL_Dummy_Program", 7100, 0, 1, 0, 0)]
    after, _ = replayed(device, told, 7500)
    assert after.blocks.last[0, 0] == device.geometry.pages - 1


def test_a_continuation_empties_the_registers_of_its_planes(device: Device) -> None:
    told = [
        *SLC_PAGES,
        ("Block_Erase_SLC", 8000, 0, 1, 1, 0),
        ("Erase_Suspend_Reset", 9000),
        ("Read_SLC", 9200, 0, 2, 0, 0),
        ("Plane_Level_Read_Column_Enhanced", 9300, 0, 2, 0, 0),
        ("Erase_Resume", 9400),
    ]
    before, _ = replayed(device, told, 9500)
    assert pages(before, 1) == (0, None)
    after, _ = replayed(device, told, 9600)
    assert pages(after, 1) == (None, None)
