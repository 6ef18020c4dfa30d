"""What is still wanted, and what is not any more."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from model.device import Device
from planner.targets.closing.left import END_KEY, Left

Wanted = npt.NDArray[np.bool_]


@pytest.fixture
def wanted(tiny_device: Device) -> Wanted:
    """Two bins of a status read in an erase, and an erase after an erase."""
    cells = np.zeros((len(tiny_device.op_states), len(tiny_device.catalogue.names), 10), dtype=np.bool_)
    busy, end, status, erase = _positions(tiny_device)
    cells[busy, status, [2, 7]] = True
    cells[end, erase, 0] = True
    return cells


def _positions(device: Device) -> tuple[int, int, int, int]:
    names, states = list(device.catalogue.names), device.op_states
    erase = next(name.index for name in names if name.name == "Block_Erase_SLC")
    status = next(name.index for name in names if name.name == "Read_Status_Enhanced_78h")
    return int(states.of_state[erase, 1]), int(states.end[erase]), status, erase


def test_all_that_is_wanted_is_left(tiny_device: Device, wanted: Wanted) -> None:
    busy, end, status, erase = _positions(tiny_device)
    left = Left(tiny_device, wanted)
    assert left.count == 3
    assert [left.bins[busy][place] for place in (2, 3, 7)] == [1 << status, 0, 1 << status]
    assert (left.names[busy], left.names[end]) == (1 << status, 1 << erase)


def test_a_base_is_wanted_as_long_as_a_bin_of_one_of_its_op_names_is(tiny_device: Device, wanted: Wanted) -> None:
    busy, _, status, erase = _positions(tiny_device)
    names = tiny_device.catalogue.names
    left = Left(tiny_device, wanted)
    assert left.take(busy, status, 2)
    assert left.bases[busy] == 1 << names[status].base.index
    assert left.take(busy, status, 7)
    assert left.bases[busy] == left.names[busy] == left.by_key[4 * names[erase].base.index + 1] == 0


def test_a_cell_is_taken_once(tiny_device: Device, wanted: Wanted) -> None:
    busy, _, status, _ = _positions(tiny_device)
    left = Left(tiny_device, wanted)
    assert left.take(busy, status, 2)
    assert not left.take(busy, status, 2)
    assert not left.take(busy, status, 3)
    assert left.count == 2


def test_what_is_undone_is_left_as_before(tiny_device: Device, wanted: Wanted) -> None:
    busy, end, status, erase = _positions(tiny_device)
    left, fresh = Left(tiny_device, wanted), Left(tiny_device, wanted)
    for cell in ((busy, status, 2), (busy, status, 7), (end, erase, 0)):
        left.take(*cell)
    left.undo()
    assert (left.count, left.bins, left.names) == (fresh.count, fresh.bins, fresh.names)
    assert (left.bases, left.by_key) == (fresh.bases, fresh.by_key)


def test_what_was_kept_is_not_undone(tiny_device: Device, wanted: Wanted) -> None:
    busy, end, status, erase = _positions(tiny_device)
    left = Left(tiny_device, wanted)
    left.take(busy, status, 2)
    assert left.kept() == [(busy, status, 2)]
    left.take(end, erase, 0)
    left.undo()
    assert left.count == 2
    assert not left.bins[busy][2]


def test_wanting_anew_replaces_what_was_left(tiny_device: Device, wanted: Wanted) -> None:
    busy, end, status, erase = _positions(tiny_device)
    left = Left(tiny_device, wanted)
    left.take(busy, status, 2)
    wanted[busy] = False
    left.want(wanted)
    assert (left.count, left.names[busy], left.names[end]) == (1, 0, 1 << erase)


def test_the_end_of_a_base_has_a_key_of_its_own(tiny_device: Device, wanted: Wanted) -> None:
    _, end, _, erase = _positions(tiny_device)
    base = tiny_device.catalogue.names[erase].base.index
    left = Left(tiny_device, wanted)
    assert left.members(4 * base + END_KEY) == [end]
    assert left.by_key[4 * base + END_KEY] == 1 << base
