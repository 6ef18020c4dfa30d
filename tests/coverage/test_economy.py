"""The lower bound on operations: never above the fewest that there are, and worth something."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model.config import Config
from model.device import Device
from model.event import NOTHING, Chunk
from model.judge import Judge
from model.sequence import read_sequence
from model.timeline import FINE, Layout, Timeline
from planner.coverage import BINS, HitCounter
from planner.run import plan
from planner.targets.economy import lower_bound
from planner.targets.economy_counts import Count
from planner.targets.reachable import in_grain
from tests.coverage.fewest import Fewest, mask
from tests.window.small import small_config

Ticks = Mapping[str, Sequence[int]]
PROGRAMS: Ticks = {"Block_Erase_SLC": (1, 1), "Page_Program_SLC": (1, 1)}
DOUT: Ticks = {"Change_Read_Column_Random_Data_Output": (1,)}
RESET: Ticks = {"Super_Reset": (1, 1)}
STATUS: Ticks = {"Read_Status_Enhanced_70h": (1,)}

DEVICES: dict[str, tuple[Ticks, dict[str, Any]]] = {
    "reads": ({**PROGRAMS, "Read_SLC": (1, 1, 1), **DOUT, **STATUS}, {"pages": 2}),
    "suspended erases": (
        {"Block_Erase_SLC": (1, 2), "Erase_Suspend_Reset": (1, 1), "Erase_Resume": (1, 1), **RESET, **STATUS},
        {"pages": 1},
    ),
    "suspended programs": (
        {**PROGRAMS, "Program_Suspend_Reset": (1, 1), "Program_Resume": (1, 1), **RESET, **STATUS},
        {"pages": 1},
    ),
    "reads of two planes": ({**PROGRAMS, "Plane_Level_Page_Read_SLC": (1, 2, 1), **RESET}, {"pages": 1, "planes": 2}),
    "reads without tables": (
        {**PROGRAMS, "Read_SLC": (1, 1, 1), **RESET},
        {"pages": 1, "planes": 2, "empty": ("op_state", "latch_state")},
    ),
    "cache reads": (
        {
            **PROGRAMS, "Read_SLC": (1, 1, 2), "Read_Cache_Random_SLC": (1, 1, 2), "Read_Cache_End": (1, 1),
            **DOUT, **RESET,
        },
        {"pages": 1},
    ),
    "one-shot programs": (
        {
            "Block_Erase_TLC": (1, 1), "One_Shot_PGM_LSB": (1, 1), "One_Shot_PGM_CSB": (1, 1),
            "One_Shot_PGM_MSB": (1, 1), "One_Shot_PGM_MSB_23h": (1, 1), "One_Shot_PGM_Execution_MSB": (1, 1), **RESET,
        },
        {"pages": 1},
    ),
    "copybacks": (
        {**PROGRAMS, "Copyback_Read_SLC": (1, 1, 1), "Copyback_Program_SLC": (1, 1), **DOUT, **RESET},
        {"pages": 1, "rows": 2},
    ),
}  # fmt: skip
SMALL = tuple(DEVICES)[:3]


def searched(name: str, folder: Path) -> tuple[Fewest, tuple[int, int, int]]:
    """The search of a device, and the shape of its cells."""
    ticks, topology = DEVICES[name]
    config = small_config(folder, ticks, **{"rows": 1, **topology})
    device = Device(config)
    return Fewest(config), (len(device.op_states), len(device.catalogue.names), BINS)


@pytest.mark.parametrize("name", DEVICES)
def test_never_above_the_fewest_operations_that_hit_a_cell(name: str, tmp_path: Path) -> None:
    search, shape = searched(name, tmp_path)
    fewest = search.singles(60_000)
    assert fewest
    for cell, operations in sorted(fewest.items()):
        assert lower_bound(search.device, mask(shape, [cell])) <= operations, cell


@pytest.mark.parametrize("name", SMALL)
def test_most_single_cells_are_bounded_by_what_they_really_need(name: str, tmp_path: Path) -> None:
    search, shape = searched(name, tmp_path)
    fewest = search.singles(60_000)
    exact = [cell for cell, least in fewest.items() if lower_bound(search.device, mask(shape, [cell])) == least]
    assert len(exact) > len(fewest) / 2


@pytest.mark.parametrize("name", SMALL)
def test_never_above_the_fewest_operations_that_hit_several_cells(name: str, tmp_path: Path) -> None:
    search, shape = searched(name, tmp_path)
    rng, cells = random.Random(1), sorted(search.singles(60_000))
    for size in (2, 2, 3, 3, 4):
        wanted = rng.sample(cells, size)
        least = search.together(wanted, 400_000)
        assert least is not None
        assert lower_bound(search.device, mask(shape, wanted)) <= least, wanted


@pytest.mark.long
@pytest.mark.parametrize("name", DEVICES)
def test_never_above_the_fewest_for_many_sets_of_cells(name: str, tmp_path: Path) -> None:
    search, shape = searched(name, tmp_path)
    rng, cells = random.Random(2), sorted(search.singles(60_000))
    for size in (2, 3, 3, 4, 5):
        wanted = rng.sample(cells, min(size, len(cells)))
        least = search.together(wanted, 1_000_000)
        assert least is not None
        assert lower_bound(search.device, mask(shape, wanted)) <= least, wanted


def cells_of(sequence: Path, config: Config) -> list[tuple[int, tuple[int, int, int]]]:
    """Every hit of a sequence: the operation's number and the cell."""
    layout, commands = Layout.of(config), read_sequence(sequence, config).commands
    judge = Judge(config)
    judge.feed(commands)
    judge.finish(open_end=True)
    spans, horizon = judge.settled()
    nothing = np.full(len(commands), NOTHING, dtype=np.int64)
    settled = Timeline(layout).settle(Chunk(commands, spans, horizon, nothing, nothing))
    hits = settled.hits
    rows = zip(hits.op.tolist(), hits.op_state.tolist(), hits.input_time.tolist(), strict=True)
    return [
        (int(settled.commands.op_uid[op]), (state, int(settled.commands.op[op]), time // (FINE // BINS)))
        for op, state, time in rows
        if state != layout.op_states.default
    ]


@pytest.mark.parametrize("grain", ["base", "op_name"])
def test_never_above_the_operations_of_a_plan_wherever_it_stops(grain: str, shipped: Config, tmp_path: Path) -> None:
    """Any part of the cells that its first n operations hit needs no more than n."""
    plan(shipped, out=tmp_path, seed=11, ops=300, date="260101")
    config = in_grain(shipped, grain)
    device, shape = Device(config), HitCounter(config).hits.shape
    found = cells_of(tmp_path / "operation_sequence_260101_0000001.csv", config)
    for count in (1, 3, 8, 21, 55, 144, 300):
        cells = mask(shape, [cell for uid, cell in found if uid <= count])
        part = cells & (np.random.default_rng(count).random((shape[0], 1, 1)) < 0.4)
        assert lower_bound(device, cells) <= count
        assert lower_bound(device, part) <= count


def test_nothing_needs_nothing(shipped: Config) -> None:
    assert lower_bound(Device(shipped), np.zeros(HitCounter(shipped).hits.shape, dtype=np.bool_)) == 0


def test_a_die_wide_operation_hits_the_ends_of_several_reads_at_once(shipped: Config) -> None:
    """After a read, a 4K read and a copyback read, each on a plane of its own, one erase hits three cells. After a
    die-wide operation all planes are in the same state: three of these need three erases."""
    device = Device(shipped)
    index, erase = device.op_states.index, device.catalogue.name_index["Block_Erase_SLC"]
    shape = HitCounter(shipped).hits.shape

    def erases(*bases: str) -> int:
        cells = [(index[f"{base}.END"], erase, 0) for base in bases]
        return Count(device, mask(shape, cells)).issues()[erase]

    assert erases("READ", "READ4K", "COPYBACK_READ") == 1
    assert erases("PROGRAM_SLC", "ERASE", "CAMREAD") == 3


def test_each_reset_in_a_busy_time_needs_a_host_of_its_own(shipped: Config) -> None:
    """Ten bins of an erase's CORE_BUSY: ten erases, ten resets; the first erase of all hits nothing."""
    device = Device(shipped)
    state, reset = device.op_states.index["ERASE.CORE_BUSY"], device.catalogue.name_index["Super_Reset"]
    cells = [(state, reset, place) for place in range(BINS)]
    assert lower_bound(device, mask(HitCounter(shipped).hits.shape, cells)) == 20
