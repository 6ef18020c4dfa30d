"""The greedy strategy: what the planner chooses, placed operation after operation."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from model.boundary import Boundary
from model.config import Config
from model.device import Device
from model.event import NOTHING
from planner.bench.calendar import Bus
from planner.bench.exact import shared_of
from planner.bench.greedy import Greedy, listed, merged
from planner.bench.listing import Listing, Slot
from planner.bench.watch import Watch
from planner.targets.closing.motif import Motif, Placed
from planner.targets.history import History
from planner.targets.picker import Picker
from planner.targets.tables import tables_of
from planner.window.spec import After, Inside, Moment, OpSpec, WindowSpec
from tests.bench.runs import candidates, judged, wrong
from tests.bench.runs import listed as run_of
from tests.soundness.devices import drawn


@pytest.mark.parametrize("seed", range(6))
def test_the_judge_finds_it_legal_on_drawn_devices(tmp_path: Path, seed: int) -> None:
    config = drawn(random.Random(seed), share=0.8, longest=(6, 60, 400)[seed % 3]).config(tmp_path)
    run = run_of(config, 150, seed)
    assert run.report.legal, wrong(run)
    assert not run.unfinished


def test_the_judge_finds_it_legal_on_the_shipped_device(shipped: Config) -> None:
    run = run_of(shipped, 600)
    assert run.report.operations >= 600
    assert run.report.legal, wrong(run)


def test_the_same_seed_gives_the_same_run(tiny_config: Config) -> None:
    assert run_of(tiny_config, 300).sent == run_of(tiny_config, 300).sent


def test_its_motifs_close_coverage(tiny_config: Config) -> None:
    device = Device(tiny_config)
    wanted = candidates(device)
    run = judged(tiny_config, Greedy(device, 1).covering(wanted, Watch()))
    assert run.report.legal, wrong(run)
    assert ((run.hits > 0) == wanted).all()
    assert run.report.operations < 700  # the sampler is not there yet after 10,000


def test_it_goes_through_all_cells_again_and_again(tiny_config: Config) -> None:
    """Once takes fewer than 500 operations: in 1,500 every cell is hit three times or more."""
    device = Device(tiny_config)
    wanted = candidates(device)
    run = judged(tiny_config, Greedy(device, 1).repeating(wanted, 1_500, Watch()))
    assert 1_500 <= run.report.operations < 2_000
    assert run.report.legal, wrong(run)
    assert (run.hits[wanted] >= 3).mean() > 0.99


def test_where_no_cell_is_wanted_it_walks(tiny_config: Config) -> None:
    device = Device(tiny_config)
    run = judged(tiny_config, Greedy(device, 1).repeating(candidates(device) & False, 200, Watch()))
    assert run.report.operations >= 200
    assert run.report.legal, wrong(run)


def test_it_tells_of_every_window_and_counts_them(shipped: Config) -> None:
    heard: list[bool] = []
    greedy = Greedy(Device(shipped), 1, lambda boundary, spec, whole: heard.append(whole))
    for _ in greedy.chunks(600, Watch()):
        pass
    tally = greedy.tally
    assert tally.chosen == len(heard)
    assert tally.whole == heard.count(True) > 0
    assert heard.count(False) >= tally.modest > 0


def test_what_only_cpsat_places_is_counted(tiny_config: Config) -> None:
    """One die has the bus for itself: list scheduling places every window that is chosen for it."""
    from planner.bench.windows import counted  # noqa: PLC0415 - loads the solver

    found = counted(tiny_config, 1, 300)
    assert found["chosen"] == found["whole"] > 0
    assert found["cpsat"] == found["modest"] == 0


# -- list scheduling --------------------------------------------------------------------------------------------------


def slots(config: Config, *ops: OpSpec, ceiling: int = 10**9) -> list[Slot] | None:
    """A window on a fresh device."""
    device, rng = Device(config), random.Random(1)
    picker = Picker(tables_of(device), History.empty(device), rng)
    boundary = Boundary.fresh(device)
    return Listing(shared_of(device, rng), boundary, WindowSpec(ops, True, 0, ceiling), picker).slots()


def starts(found: list[Slot] | None) -> list[int]:
    assert found is not None
    return [slot.start for slot in found]


def test_an_operation_starts_as_early_as_the_bus_allows(shipped: Config) -> None:
    """Two ISSUEs of 0.4508 us on two dies: the second starts 4,508 ticks after the first."""
    name = Device(shipped).catalogue.name("Read_ID_JEDEC").index
    assert starts(slots(shipped, OpSpec(name, 0), OpSpec(name, 1))) == [0, 4508]


def test_an_operation_fills_a_gap_that_is_left(shipped: Config) -> None:
    """Die 0 sends at 0 and, 100 us later, again; die 1 comes last in order and starts in between."""
    name = Device(shipped).catalogue.name("Read_ID_JEDEC").index
    later = OpSpec(name, 0, after=(After(0, Moment.START, 1_000_000),))
    assert starts(slots(shipped, OpSpec(name, 0), later, OpSpec(name, 1))) == [0, 1_000_000, 4508]


def test_a_holder_waits_for_what_runs(shipped: Config) -> None:
    """An erase of 7,000 us with an ISSUE of 0.11 us: the next one starts at 7,000.11 us."""
    name = Device(shipped).catalogue.name("Block_Erase_SLC").index
    erase = OpSpec(name, 0, planes=(1,), rows=(0,), pages=(0,))
    assert starts(slots(shipped, erase, erase)) == [0, 70_001_100]


def test_a_place_inside_a_state_is_kept(shipped: Config) -> None:
    """CORE_BUSY begins after 1,100 ticks; the status read is to come 500 to 600 ticks later."""
    device = Device(shipped)
    erase = OpSpec(device.catalogue.name("Block_Erase_SLC").index, 0, planes=(1,), rows=(0,), pages=(0,))
    status = device.catalogue.name("Read_Status_Enhanced_70h").index
    found = slots(shipped, erase, OpSpec(status, 0, inside=Inside(0, 1, 500, 600)))
    assert starts(found) == [0, 1600]
    assert found is not None
    assert found[1].exp_val == 0  # busy


def test_a_window_without_room_inside_is_not_placed(shipped: Config) -> None:
    """Die 1 sends from 1,100 on, for 0.4508 us; there is no way to move the erase any more."""
    device = Device(shipped)
    erase = OpSpec(device.catalogue.name("Block_Erase_SLC").index, 0, planes=(1,), rows=(0,), pages=(0,))
    other = OpSpec(device.catalogue.name("Read_ID_JEDEC").index, 1)
    status = device.catalogue.name("Read_Status_Enhanced_70h").index
    assert slots(shipped, erase, other, OpSpec(status, 0, inside=Inside(0, 1, 500, 600))) is None
    assert starts(slots(shipped, erase, other, OpSpec(status, 0, inside=Inside(0, 1, 500, 6000)))) == [0, 1100, 5608]


def test_nothing_starts_after_the_end_of_the_window(shipped: Config) -> None:
    name = Device(shipped).catalogue.name("Read_ID_JEDEC").index
    assert slots(shipped, OpSpec(name, 0), OpSpec(name, 0), ceiling=4507) is None
    assert slots(shipped, OpSpec(name, 0), OpSpec(name, 0), ceiling=4508) is not None


def test_what_a_state_forbids_waits_until_it_ends(tiny_config: Config) -> None:
    """An erase suspended at 100 us, resumed at once: RESUME.CORE_BUSY allows no ERASE_SUSPEND."""
    names = Device(tiny_config).catalogue.name_index
    erase = OpSpec(names["Block_Erase_SLC"], 0, planes=(1,), rows=(0,), pages=(0,))
    suspend = OpSpec(names["Erase_Suspend_Reset"], 0, inside=Inside(0, 1, 1_000_000, 1_000_000))
    resume = OpSpec(names["Erase_Resume"], 0)
    again = OpSpec(names["Erase_Suspend_Reset"], 0, inside=Inside(0, 1, 10, 10))
    # ISSUE 1,100; SUSPEND 1,850 + 1,000,000; RESUME 1,850 + 1,500,000; then 10 ticks
    wanted = [0, 1_001_100, 2_002_950, 3_504_810]
    assert starts(slots(tiny_config, erase, suspend, resume, again)) == wanted


# -- motifs -----------------------------------------------------------------------------------------------------------


def motif(die: int, begin: int, *offsets: int, name: int = 0, end: int = 0) -> Motif:
    return Motif(die, begin, [Placed(begin + o, name, 0, NOTHING, NOTHING, 0, NOTHING, NOTHING) for o in offsets], end)


def test_motifs_of_two_dies_fit_into_each_others_gaps(shipped: Config) -> None:
    """Both send at 0 and 100,000 ticks, 4,508 each: the second is moved by one ISSUE."""
    device = Device(shipped)
    name = device.catalogue.name("Read_ID_JEDEC").index
    found = listed(
        device, [motif(0, 0, 0, 100_000, name=name, end=200_000), motif(1, 0, 0, 100_000, name=name)], [0.0, 0.0]
    )
    assert found == [0, 4508]


def test_a_motif_of_all_dies_follows_all_others(shipped: Config) -> None:
    device = Device(shipped)
    name = device.catalogue.name("Read_ID_JEDEC").index
    motifs = [motif(0, 0, 0, name=name, end=50_000), motif(1, 0, 0, name=name, end=70_000)]
    found = listed(device, [*motifs, motif(NOTHING, 10_000, 0, name=name, end=90_000)], [0.0] * 3)
    assert found == [0, 4508, 4508 + 70_000]


def test_issues_that_lie_close_are_one_piece() -> None:
    assert merged([(0, 10), (4_000, 10), (20_000, 5), (30_000, 0)]) == [(0, 4_010), (20_000, 5)]


# -- the bus ----------------------------------------------------------------------------------------------------------


def test_the_calendar_finds_the_first_gap_that_is_wide_enough() -> None:
    bus = Bus()
    for begin, length in ((0, 10), (30, 10), (15, 5)):
        bus.take(begin, length)
    # taken: 0-10, 15-20, 30-40
    assert [bus.first(time, 5) for time in (0, 10, 11, 25, 26)] == [10, 10, 20, 25, 40]
    assert bus.first(0, 11) == 40


def test_pieces_fit_only_together() -> None:
    bus = Bus()
    bus.take(10, 10)
    # pieces at +0 and +8, 4 long: from 0 on the second would end at 12; both fit behind 20
    assert bus.first_of_all(0, [(0, 4), (8, 4)]) == 20
    assert bus.first_of_all(0, [(0, 4), (6, 4)]) == 0


def test_drawn_calendars_never_overlap() -> None:
    rng, bus = random.Random(3), Bus()
    taken = np.zeros(3_000, dtype=np.int64)
    for _ in range(150):
        time, length = rng.randrange(1_000), rng.randrange(1, 9)
        start = bus.first(time, length)
        bus.take(start, length)
        taken[start : start + length] += 1
        # nowhere between is there room for it
        free = np.flatnonzero([not taken[t : t + length].any() for t in range(time, start)])
        assert len(free) == 0
    assert taken.max() == 1
