"""The universe of cells: every op_state, every op_name, every bin; what tables and weights decide of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from model.config import Config
from model.device import Device
from planner.targets.cells import BINS, Status, universe
from planner.targets.reachable import in_grain, reachability

Tiny = Callable[..., Config]


def _status(config: Config, op_state: str, name: str) -> list[Status]:
    device = Device(config)
    found = universe(device).status[device.op_states.index[op_state], device.catalogue.name_index[name]]
    return [Status(value) for value in found.tolist()]


def test_a_state_has_ten_bins_and_an_end_has_one(tiny: Tiny) -> None:
    assert _status(tiny(), "READ.DATA_OUT", "Data_Output") == [Status.OPEN] * BINS
    assert _status(tiny(), "READ.END", "Data_Output") == [Status.OPEN] + [Status.ABSENT] * 9


def test_waiting_is_in_no_cell(tiny: Tiny) -> None:
    device = Device(tiny())
    assert not universe(device).status[:, device.catalogue.name_index["Delay"]].any()


def test_what_a_group_forbids_is_excluded(tiny: Tiny) -> None:
    assert set(_status(tiny(), "ERASE.CORE_BUSY", "Read_SLC")) == {Status.EXCLUDED}


def test_what_a_held_plane_keeps_out_is_excluded(tiny: Tiny) -> None:
    # nothing forbids ERASE in READ's CORE_BUSY, but it can neither cut nor take over what runs
    config = tiny(("READ.CORE_BUSY: on_erase", "READ.CORE_BUSY: []"))
    assert set(_status(config, "READ.CORE_BUSY", "Block_Erase_SLC")) == {Status.EXCLUDED}


def test_weight_zero_disables(tiny: Tiny) -> None:
    config = tiny(("{ERASE_SUSPEND: 0.1}", "{ERASE_SUSPEND: 0}"))
    assert set(_status(config, "ERASE.CORE_BUSY", "Erase_Suspend_Reset")) == {Status.DISABLED}


def test_planes_never_used_count_only_if_asked_for(tiny: Tiny) -> None:
    config = tiny()
    assert set(_status(config, "DEFAULT", "Block_Erase_SLC")) == {Status.ABSENT}
    counted = replace(config, coverage=replace(config.coverage, default_state=True))
    assert _status(counted, "DEFAULT", "Block_Erase_SLC")[0] is Status.OPEN


def test_both_grains_can_be_asked_for(shipped: Config) -> None:
    fine = reachability(Device(shipped), "op_name")
    assert "Read_SLC.CORE_BUSY" in fine.device.op_states.index
    assert fine.status.shape[0] > len(Device(shipped).op_states)


def test_another_grain_is_refused(shipped: Config) -> None:
    with pytest.raises(ValueError, match="grain 'plane'"):
        in_grain(shipped, "plane")


def test_the_fine_grain_opens_nothing_that_the_coarse_one_closes(shipped: Config) -> None:
    coarse, fine = reachability(Device(shipped)), reachability(Device(shipped), "op_name")
    states = fine.device.op_states
    for op_state, name in np.argwhere((fine.status == Status.OPEN).any(axis=2)).tolist():
        host, _, word = states.names[op_state].rpartition(".")
        base = fine.device.catalogue.name(host).base.name
        above = coarse.status[coarse.device.op_states.index[f"{base}.{word}"], name]
        assert np.all(above[fine.status[op_state, name] == Status.OPEN] == Status.OPEN)


def test_weights_of_an_op_state_hold_for_all_its_op_names(tiny: Tiny) -> None:
    # the config gives weights by BASE.STATE, the universe at op_name grain has NAME.STATE
    config = in_grain(tiny(("{ERASE_SUSPEND: 0.1}", "{ERASE_SUSPEND: 0}")), "op_name")
    assert set(_status(config, "Block_Erase_SLC.CORE_BUSY", "Erase_Suspend_Reset")) == {Status.DISABLED}
