"""The chooser: everything legal happens, nothing else, the same for the same seed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from model.advance import Issued, advance, run_out
from model.boundary import Boundary
from model.config import Config, load, shipped_path
from model.device import Device
from model.event import NOTHING
from planner.targets.choose import Aim, History, choose
from planner.targets.tables import tables_of
from tests.targets.walking import bases_of, steps

Write = Callable[[str], Path]


@pytest.fixture(scope="module")
def device(shipped: Config) -> Device:
    """The shipped device."""
    return Device(shipped)


def changed(write_config: Write, topology: dict[str, int], **sections: object) -> Device:
    """The shipped device with another topology, and sections of the config replaced."""
    raw = yaml.safe_load(shipped_path().read_text(encoding="utf-8"))
    raw["topology"] = topology
    raw["policies"]["maxplanes"] = topology["planes"]
    raw.update(sections)
    return Device(load(write_config(yaml.safe_dump(raw, sort_keys=False))))


def names_and_bases(device: Device, seed: int, operations: int) -> tuple[Counter[int], Counter[str]]:
    """How often each op_name and each base was asked for."""
    names: Counter[int] = Counter()
    bases: Counter[str] = Counter()
    for _, asked, _, _ in steps(device, seed, operations):
        names.update(op.name for op in asked.ops)
        bases.update(bases_of(device, asked))
    return names, bases


def test_every_base_that_can_happen_happens_five_times_in_20000_operations(device: Device) -> None:
    _, bases = names_and_bases(device, 1, 20_000)
    usable = [base.name for base in device.catalogue.bases if tables_of(device).usable >> base.index & 1]
    assert {base: bases[base] for base in usable if bases[base] < 5} == {}


def test_nearly_every_op_name_that_can_happen_happens_in_20000_operations(device: Device) -> None:
    names, _ = names_and_bases(device, 2, 20_000)
    usable = [name for group in tables_of(device).names for name in group]
    assert sum(1 for name in usable if not names[name]) <= len(usable) // 100


def test_op_names_that_cannot_happen_are_never_asked_for(device: Device) -> None:
    usable = {device.catalogue.names[n].name for group in tables_of(device).names for n in group}
    assert {name.name for name in device.catalogue.names} - usable == {
        "Read_FWSLC",
        "Read_Multi_Plane_ONFI_FWSLC",
        "4KB_Page_Read_confirm_FWSLC",
        "Read_Cache_Random_FWSLC",
        "Read_Cache_Random_Multi_Plane_ONFI_FWSLC",
        "LUN_Status_Read_for_LUN2",
        "LUN_Status_Read_for_LUN3",
    }


def test_the_same_seed_chooses_the_same_window(device: Device) -> None:
    boundary = Boundary.fresh(device)
    windows = [choose(device, boundary, History.empty(device), Random(7), Aim()) for _ in range(2)]
    assert windows[0] == windows[1]


def test_another_seed_chooses_another_window(device: Device) -> None:
    boundary = Boundary.fresh(device)
    one, other = (choose(device, boundary, History.empty(device), Random(seed), Aim()) for seed in (1, 2))
    assert one != other


def test_choosing_leaves_the_history_as_it_was(device: Device) -> None:
    history = History.empty(device)
    choose(device, Boundary.fresh(device), history, Random(3), Aim())
    assert history.total == 0
    assert set(history.names) == {0}


def test_a_window_is_tight(device: Device) -> None:
    window = choose(device, Boundary.fresh(device), History.empty(device), Random(4), Aim())
    assert window.ordered
    assert all(len(op.planes) == 1 and len(op.rows) <= 1 and len(op.pages) <= 1 for op in window.ops)


def test_references_point_to_earlier_operations(device: Device) -> None:
    for _, asked, _, _ in steps(device, 5, 2_000):
        for index, op in enumerate(asked.ops):
            assert all(link.op < index for link in op.after)
            assert op.inside is None or op.inside.op < index


def test_nothing_waits_for_a_wish(device: Device) -> None:
    for _, asked, _, _ in steps(device, 6, 2_000):
        wishes = {index for index, op in enumerate(asked.ops) if op.wish}
        assert not any(link.op in wishes for op in asked.ops for link in op.after)
        assert not any(op.inside is not None and op.inside.op in wishes for op in asked.ops)


def test_a_suspend_has_an_exact_offset_strictly_inside_its_victim(device: Device) -> None:
    for _, asked, _, _ in steps(device, 7, 2_000):
        for op in asked.ops:
            if device.catalogue.names[op.name].base.name in ("ERASE_SUSPEND", "PROGRAM_SUSPEND"):
                assert op.inside is not None
                assert op.inside.lo == op.inside.hi > 0


def test_operations_are_suspended_five_times(device: Device) -> None:
    fragments = [max(spans.fragment.tolist(), default=0) for _, _, _, spans in steps(device, 8, 20_000)]
    assert max(fragments) >= 5


def test_a_program_is_suspended_while_an_erase_is(device: Device) -> None:
    names = device.catalogue.names
    nested = False
    for _, _, after, _ in steps(device, 9, 6_000):
        for die in after.dies:
            bases = [names[live.name].base.name for live in die.suspended]
            nested |= len(bases) > 1 and bases[0] == "ERASE" and bases[1] != "ERASE"
    assert nested


def is_closed(boundary: Boundary) -> bool:
    """Whether nothing is suspended, undelivered or open, and ODT is on."""
    return not boundary.odt_disabled and all(
        not die.suspended
        and die.shot is None
        and die.cache_program is None
        and all(
            plane.cache_read is None
            and (plane.data is None or plane.data.delivered)
            and (plane.cache is None or plane.cache.delivered)
            for plane in die.planes
        )
        for die in boundary.dies
    )


@pytest.mark.parametrize("seed", range(6))
def test_draining_closes_everything(device: Device, seed: int) -> None:
    last = Boundary.fresh(device)
    for _, _, after, _ in steps(device, seed, 700, drain=True):
        last = after
    settled, _ = run_out(device, last)
    assert is_closed(settled)


def test_draining_asks_for_nothing_where_nothing_is_open(device: Device) -> None:
    assert choose(device, Boundary.fresh(device), History.empty(device), Random(1), Aim(drain=True)).ops == ()


def test_a_smaller_scale_asks_for_less(device: Device) -> None:
    window = choose(device, Boundary.fresh(device), History.empty(device), Random(1), Aim(scale=0.25))
    assert 0 < len(window.ops) <= 25


def test_a_window_too_short_for_what_runs_still_asks_for_something(device: Device) -> None:
    erase = device.catalogue.name_index["Block_Erase_SLC"]
    slc = device.celltypes.index("SLC")
    operations = [Issued(1 + die, erase, die, 1, 0, 0, slc, 1_100 * die) for die in range(device.geometry.dies)]
    busy, _ = advance(device, Boundary.fresh(device), operations, 3_000)
    for seed in range(20):
        assert choose(device, busy, History.empty(device), Random(seed), Aim(scale=0.003)).ops


def test_shortly_before_the_end_it_only_closes_what_is_open(device: Device) -> None:
    for _, _, after, _ in steps(device, 2, 300):
        window = choose(device, after, History.empty(device), Random(1), Aim(end=after.time + 100))
        assert window.drained or not window.ops
        assert window.ops == choose(device, after, History.empty(device), Random(1), Aim(drain=True)).ops


def test_nothing_starts_at_or_after_the_end(device: Device) -> None:
    end = 60_000 * device.clock.ticks_per_us // 10
    window = choose(device, Boundary.fresh(device), History.empty(device), Random(1), Aim(end=end))
    assert window.ceiling < end


def test_weight_zero_is_never_asked_for(write_config: Write) -> None:
    topology = {"dies": 2, "planes": 4, "blocks_per_die": 64, "pages_per_block": 32}
    weights = {
        "global": {"RESET": 0, "RESET_LUN": 0, "Progressive_Suspend": 0, "READ": 0.2},
        "ERASE.CORE_BUSY": {"TRAINING": 0},
    }
    device = changed(write_config, topology, phase_conditional_overrides=weights)
    in_erase = device.op_states.index["ERASE.CORE_BUSY"]
    for _, asked, _, _ in steps(device, 1, 3_000):
        for op, base in zip(asked.ops, bases_of(device, asked), strict=True):
            assert base not in ("RESET", "RESET_LUN")
            assert device.catalogue.names[op.name].name != "Progressive_Suspend"
            assert base != "TRAINING" or op.aim != in_erase


def test_where_nothing_is_wanted_nothing_is_asked_for(write_config: Write) -> None:
    topology = {"dies": 1, "planes": 2, "blocks_per_die": 16, "pages_per_block": 16}
    device = changed(write_config, topology, phase_conditional={"READ.CORE_BUSY": {}})
    state = device.op_states.index["READ.CORE_BUSY"]
    assert all(op.aim != state for _, asked, _, _ in steps(device, 1, 2_000) for op in asked.ops)


def test_bad_blocks_are_never_touched(device: Device) -> None:
    config = device.config
    bad = frozenset((0, block) for block in range(0, config.topology.blocks_per_die, 3))
    broken = Device(replace(config, topology=replace(config.topology, bad_blocks=bad)))
    geometry = broken.geometry
    touched = {
        (op.die, geometry.block_of(op.rows[0], plane))
        for _, asked, _, _ in steps(broken, 1, 3_000)
        for op in asked.ops
        if op.rows
        for plane in geometry.planes_in(op.planes[0])
    }
    assert touched
    assert not touched & bad


def test_a_tiny_device_erases_programs_and_reads(tiny: Callable[..., Config]) -> None:
    _, bases = names_and_bases(Device(tiny()), 1, 400)
    assert min(bases[base] for base in ("ERASE", "PROGRAM_SLC", "READ", "DOUT", "SR")) >= 5


def test_what_could_never_be_resumed_is_never_suspended(tiny: Callable[..., Config]) -> None:
    _, bases = names_and_bases(Device(tiny()), 1, 400)
    assert bases["ERASE_SUSPEND"] == 0


@settings(max_examples=15, deadline=None)
@given(
    dies=st.integers(1, 3),
    planes=st.integers(1, 4),
    rows=st.integers(1, 3),
    pages=st.integers(1, 5),
    seed=st.integers(0, 1000),
)
def test_every_topology_is_kept_busy(dies: int, planes: int, rows: int, pages: int, seed: int) -> None:
    config = load()
    topology = replace(config.topology, dies=dies, planes=planes, blocks_per_die=planes * rows, pages_per_block=pages)
    policies = replace(config.policies, maxplanes=planes)
    small = Device(replace(config, topology=topology, policies=policies))
    names: Counter[str] = Counter()
    for before, asked, _, _ in steps(small, seed, 500):
        names.update(bases_of(small, asked))
        assert all(start >= before.time for start in asked.starts)
        assert all(op.aim == NOTHING or op.aim < len(small.op_states) for op in asked.ops)
    assert names["ERASE"]
    assert names["DOUT"] + names["DOUT4K"]
