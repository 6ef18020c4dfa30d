"""The device state at a cut, and how it goes on from there."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from model.advance import advance, run_out
from model.boundary import BAD, ERASED, GOOD, PROGRAMMED, UNDEFINED, Boundary
from model.config import Config
from model.device import Device
from model.event import Ended
from tests.model.replay import die, issued, replayed, ticks

ERASE = "Block_Erase_SLC"
PROGRAM = "Page_Program_SLC"
ERASED_AND_PROGRAMMED = ((ERASE, 0, 0, 1, 0, 0), (PROGRAM, 7001, 0, 1, 0, 0))
READABLE = 7400


@pytest.fixture(scope="module")
def device(shipped: Config) -> Device:
    """The shipped device."""
    return Device(shipped)


def test_a_fresh_device_has_good_blocks_and_unused_planes(device: Device) -> None:
    boundary = Boundary.fresh(device)
    assert (boundary.blocks.kind == GOOD).all()
    assert (boundary.blocks.last == -1).all()
    assert all(plane.last == -1 for state in boundary.dies for plane in state.planes)
    assert boundary.next_op_uid == 1


def test_a_fresh_device_knows_its_bad_blocks(shipped: Config) -> None:
    broken = replace(shipped, topology=replace(shipped.topology, bad_blocks=frozenset({(1, 5)})))
    kind = Boundary.fresh(Device(broken)).blocks.kind
    assert kind[1, 5] == BAD
    assert np.count_nonzero(kind == BAD) == 1


def test_an_operation_that_runs_at_the_cut_is_carried_on(device: Device) -> None:
    after, spans = replayed(device, [(ERASE, 0, 0, 1, 0, 0)], 100)
    (live,) = die(after).running
    assert (live.op_uid, live.fragment, live.remaining, live.end) == (1, 0, ticks(7000), ticks("7000.11"))
    assert spans == []
    assert after.horizon() == 0


def test_spans_are_settled_with_the_end_of_the_fragment(device: Device) -> None:
    after, spans = replayed(device, [(ERASE, 0, 0, 1, 0, 0)], 7001)
    assert spans == [
        (1, 0, 0, 0, 1_100, 1_100, 0, Ended.NORMALLY),
        (1, 0, 1, 1_100, 70_001_100, 70_000_000, 0, Ended.NORMALLY),
    ]
    assert die(after).running == ()
    assert after.horizon() == after.time


def test_an_effect_comes_with_the_end_and_not_before(device: Device) -> None:
    early, _ = replayed(device, [(ERASE, 0, 0, 1, 0, 0)], 7000.1099)
    late, _ = replayed(device, [(ERASE, 0, 0, 1, 0, 0)], 7000.11)
    assert early.blocks.kind[0, 0] == GOOD
    assert late.blocks.kind[0, 0] == ERASED


def test_the_boundary_before_is_left_as_it_was(device: Device) -> None:
    before = Boundary.fresh(device)
    advance(device, before, issued(device, [(ERASE, 0, 0, 1, 0, 0)]), ticks(8000))
    assert (before.blocks.kind == GOOD).all()


def test_a_suspended_operation_keeps_the_rest_of_its_core_busy(device: Device) -> None:
    after, spans = replayed(device, [(ERASE, 0, 0, 1, 0, 0), ("Erase_Suspend_Reset", "1000.11")], 1200)
    (live,) = die(after).suspended
    assert (live.remaining, live.piece_start, live.end) == (ticks(6000), ticks("1000.11"), ticks("1000.11"))
    assert (1, 0, 1, 1_100, ticks("1000.11"), ticks(7000), ticks(6000), Ended.SUSPENDED) in spans


def test_the_rest_runs_on_at_the_end_of_the_resume(device: Device) -> None:
    told = [(ERASE, 0, 0, 1, 0, 0), ("Erase_Suspend_Reset", "1000.11"), ("Erase_Resume", 1200)]
    after, spans = replayed(device, told, 8000)
    begin = ticks("1350.185")
    assert (1, 1, 1, begin, begin + ticks(6000), ticks(6000), 0, Ended.NORMALLY) in spans
    assert after.blocks.kind[0, 0] == ERASED


def test_it_stays_suspended_until_the_resume_has_ended(device: Device) -> None:
    told = [(ERASE, 0, 0, 1, 0, 0), ("Erase_Suspend_Reset", "1000.11"), ("Erase_Resume", 1200)]
    during, _ = replayed(device, told, 1300)
    assert len(die(during).suspended) == 1
    after, _ = replayed(device, told, 1351)
    assert [live.fragment for live in die(after).running] == [1]


def test_pieces_of_ten_suspensions_add_up_exactly(device: Device) -> None:
    told: list[tuple[object, ...]] = [(ERASE, 0, 0, 1, 0, 0)]
    begin = 0.11
    for _ in range(10):
        told += [("Erase_Suspend_Reset", begin + 123.4567), ("Erase_Resume", begin + 300)]
        begin += 300 + 150.185
    _, spans = replayed(device, told, 20_000)
    pieces = [row for row in spans if row[0] == 1 and row[2] == 1]
    assert len(pieces) == 11
    assert sum(end - start for _, _, _, start, end, *_ in pieces) == ticks(7000)
    assert all(one[6] > other[6] for one, other in pairwise(pieces))


def test_cutting_the_history_anywhere_changes_nothing(device: Device) -> None:
    told = [
        *ERASED_AND_PROGRAMMED,
        ("Read_SLC", READABLE, 0, 1, 0, 0),
        ("Plane_Level_Read_Column_Enhanced", 7432, 0, 1, 0, 0),
        (ERASE, 7500, 0, 2, 3, 0),
        ("Erase_Suspend_Reset", 8000),
        ("Erase_Resume", 8300),
    ]
    whole, spans = replayed(device, told, 20_000)
    operations = issued(device, told)
    for cut in (5, 7000, 7001, 7425, 7435, 8001, 8050, 8200, 8400, 9000):
        first = [op for op in operations if op.start <= ticks(cut)]
        half, some = advance(device, Boundary.fresh(device), first, ticks(cut))
        end, rest = advance(device, half, operations[len(first) :], ticks(20_000))
        assert end == whole
        assert sorted([*some.start.tolist(), *rest.start.tolist()]) == sorted(row[3] for row in spans)


def test_a_reset_aborts_and_leaves_the_block_undefined(device: Device) -> None:
    after, spans = replayed(device, [(ERASE, 0, 0, 1, 0, 0), ("Super_Reset", 100)], 200)
    assert after.blocks.kind[0, 0] == UNDEFINED
    assert (1, 0, 1, 1_100, ticks(100), ticks(7000), ticks("6900.11"), Ended.ABORTED) in spans
    assert die(after).running == ()


def test_a_reset_ends_suspensions_too(device: Device) -> None:
    told = [(ERASE, 0, 0, 1, 0, 0), ("Erase_Suspend_Reset", 100), ("Super_Reset", 300)]
    after, _ = replayed(device, told, 400)
    assert die(after).suspended == ()
    assert after.blocks.kind[0, 0] == UNDEFINED


def test_a_dout_under_way_is_not_delivered_yet(device: Device) -> None:
    told = [
        *ERASED_AND_PROGRAMMED,
        ("Read_SLC", READABLE, 0, 1, 0, 0),
        ("Plane_Level_Read_Column_Enhanced", 7432, 0, 1, 0, 0),
    ]
    during, _ = replayed(device, told, 7435)
    assert [live.op_uid for live in during.passing] == [4]
    register = die(during).planes[0].data
    assert register is not None
    assert not register.delivered
    after, _ = replayed(device, [], 7450, during)
    register = die(after).planes[0].data
    assert register is not None
    assert register.delivered


def test_odt_is_off_from_the_end_of_the_one_to_the_end_of_the_other(device: Device) -> None:
    off, _ = replayed(device, [("ODT_Disable", 10)], 11)
    assert off.odt_disabled
    on, _ = replayed(device, [("ODT_Reenable", 12, 1)], 13, off)
    assert not on.odt_disabled


def test_an_operation_of_every_die_has_its_spans_once(device: Device) -> None:
    after, spans = replayed(device, [("VPP_Parameter_Read_Target_Level", 1, -1)], 2000)
    assert [row[2] for row in spans] == [0, 1]
    assert all(plane.last >= 0 for state in after.dies for plane in state.planes)


def test_running_out_waits_for_what_a_resume_brings_back(device: Device) -> None:
    told = [(ERASE, 0, 0, 1, 0, 0), ("Erase_Suspend_Reset", "1000.11"), ("Erase_Resume", 1200)]
    after, _ = replayed(device, told, 1201)
    settled, spans = run_out(device, after)
    assert settled.blocks.kind[0, 0] == ERASED
    assert settled.time == ticks("7350.185")
    assert set(spans.op_uid.tolist()) == {1, 3}


def test_a_start_behind_the_floor_is_refused(device: Device) -> None:
    with pytest.raises(ValueError, match="starts at"):
        replayed(device, [(ERASE, 5, 0, 1, 0, 0)], 4)


def test_program_and_erase_leave_their_page(device: Device) -> None:
    after, _ = replayed(device, ERASED_AND_PROGRAMMED, READABLE)
    assert after.blocks.kind[0, 0] == PROGRAMMED
    assert after.blocks.last[0, 0] == 0
