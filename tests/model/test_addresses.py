"""Life of a block."""

from __future__ import annotations

from model.addresses import BlockArrays, erasable, next_page, readable, takes
from model.boundary import BAD, ERASED, GOOD, PROGRAMMED, UNDEFINED, Boundary
from model.config import Config
from model.device import Device
from model.event import NOTHING

WORDS = ("NONE", "SLC", "A0SLC", "ACSLC", "TLC")


def test_a_block_erased_as_slc_takes_its_kin() -> None:
    assert [takes(1, celltype, WORDS) for celltype in range(5)] == [False, True, True, True, False]


def test_a_block_erased_as_something_else_takes_its_own() -> None:
    assert [takes(4, celltype, WORDS) for celltype in range(5)] == [False, False, False, False, True]


def test_the_next_page_is_the_one_after_the_last() -> None:
    assert next_page(ERASED, -1, 8) == 0
    assert next_page(PROGRAMMED, 3, 8) == 4


def test_a_full_block_takes_no_page() -> None:
    assert next_page(PROGRAMMED, 7, 8) == NOTHING


def test_blocks_that_were_not_erased_take_no_page() -> None:
    assert {next_page(kind, -1, 8) for kind in (GOOD, BAD, UNDEFINED)} == {NOTHING}


def test_a_read_stays_below_the_guard() -> None:
    assert readable(PROGRAMMED, 5, 2) == 3
    assert readable(PROGRAMMED, 1, 2) == NOTHING
    assert readable(ERASED, -1, 0) == NOTHING


def test_only_bad_blocks_are_not_erased() -> None:
    assert [kind for kind in range(5) if not erasable(kind)] == [BAD]


def test_block_arrays_are_copied_at_the_first_change(shipped: Config) -> None:
    blocks = Boundary.fresh(Device(shipped)).blocks
    life = BlockArrays(blocks)
    assert life.blocks is blocks
    life.erased(0, 3, 1)
    assert blocks.kind[0, 3] == GOOD
    assert life.blocks.kind[0, 3] == ERASED
