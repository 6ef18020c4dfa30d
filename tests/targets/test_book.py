"""The search for addresses among the blocks in work."""

from __future__ import annotations

from random import Random

import pytest

from model.boundary import BAD, ERASED, PROGRAMMED, UNDEFINED, Boundary
from model.config import Config
from model.device import Device
from planner.targets.book import Book
from planner.targets.history import History
from planner.targets.picker import Picker
from planner.targets.tables import tables_of

ALL = 0b1111


@pytest.fixture(scope="module")
def device(shipped: Config) -> Device:
    """The shipped device."""
    return Device(shipped)


def book(device: Device, *blocks: tuple[int, int, str, int], seed: int = 1) -> Book:
    """A book of die 0 in which some blocks are (block, kind, celltype, last page), all others good."""
    state = Boundary.fresh(device).blocks.copy()
    for block, kind, celltype, last in blocks:
        state.kind[0, block] = kind
        state.celltype[0, block] = device.celltypes.index(celltype)
        state.last[0, block] = last
    picker = Picker(tables_of(device), History.empty(device), Random(seed))
    return Book(device, 0, state, (), picker)


def slc(device: Device) -> int:
    """The index of SLC."""
    return device.celltypes.index("SLC")


def test_nothing_can_be_read_from_a_fresh_device(device: Device) -> None:
    assert book(device).to_read(slc(device), False, ALL) is None


def test_a_read_takes_a_programmed_page(device: Device) -> None:
    found = book(device, (6, PROGRAMMED, "SLC", 0)).to_read(slc(device), False, ALL)
    assert found == (0b0100, 1, 0)


def test_a_read_never_goes_beyond_the_last_page(device: Device) -> None:
    pages = {book(device, (6, PROGRAMMED, "SLC", 3), seed=s).to_read(slc(device), False, ALL)[2] for s in range(99)}  # type: ignore[index]
    assert pages == {0, 1, 2, 3}


def test_a_read_of_several_planes_stays_below_the_least_last_page(device: Device) -> None:
    blocks = (4, PROGRAMMED, "SLC", 9), (5, PROGRAMMED, "SLC", 0)
    assert book(device, *blocks).to_read(slc(device), True, ALL) == (0b0011, 1, 0)


def test_a_program_takes_the_next_page_of_blocks_of_equal_page(device: Device) -> None:
    blocks = (4, PROGRAMMED, "SLC", 2), (5, PROGRAMMED, "SLC", 2), (6, PROGRAMMED, "SLC", 1)
    assert book(device, *blocks).to_program(slc(device), True) == (0b0011, 1, 3)


def test_a_program_does_not_mix_celltypes(device: Device) -> None:
    blocks = (4, PROGRAMMED, "A0SLC", 2), (5, PROGRAMMED, "TLC", 2)
    assert book(device, *blocks).to_program(slc(device), False) is None


def test_a_program_that_needs_another_page_leaves_the_last_one(device: Device) -> None:
    last = device.geometry.pages - 2
    assert book(device, (4, PROGRAMMED, "SLC", last)).to_program(slc(device), False, spare=1) is None
    assert book(device, (4, PROGRAMMED, "SLC", last)).to_program(slc(device), False) == (1, 1, last + 1)


def test_locked_blocks_are_left_alone(device: Device) -> None:
    one = book(device, (4, ERASED, "SLC", -1))
    one.lock_writes = {1: 0b0001}
    assert one.to_program(slc(device), False) is None


def test_bad_blocks_are_not_erased(device: Device) -> None:
    bad = [(block, BAD, "NONE", -1) for block in range(1, device.geometry.blocks)]
    assert book(device, *bad).to_erase(False) == (1, 0, 0)
    assert book(device, *bad).to_erase(True) is None


def test_cut_blocks_are_erased_first(device: Device) -> None:
    others = [(block, PROGRAMMED, "TLC", 0) for block in range(1, 16)]
    cut = book(device, (0, UNDEFINED, "NONE", -1), *others)
    assert any(cut.to_erase(False) == (1, 0, 0) for _ in range(50))


def test_effects_are_seen_at_once(device: Device) -> None:
    one = book(device)
    one.erased(0, 4, slc(device))
    assert one.to_program(slc(device), False) == (1, 1, 0)
    one.programmed(0, 4, slc(device), 0)
    assert one.to_read(slc(device), False, ALL) == (1, 1, 0)
    one.undefined(0, 4)
    assert one.to_read(slc(device), False, ALL) is None
