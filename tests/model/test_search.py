"""The abstract machine of a die allows at least what a device allows, and not what no history leads to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from model.config import Config
from model.device import Device
from model.plane_rules import RULES
from model.search import Closure, Key, Machine
from planner.export.writer import RunWriter
from planner.run import plan

CORE, END = 1, 0


@pytest.fixture(scope="module")
def device(shipped: Config) -> Device:
    """The shipped device."""
    return Device(shipped)


@pytest.fixture(scope="module")
def closure(device: Device) -> Closure:
    """All that its machine reaches."""
    return Machine(device).closure()


@pytest.fixture
def issued(device: Device, closure: Closure) -> Callable[[str, int, str], bool]:
    """Whether the machine issues a base in a state of another."""

    def ask(host: str, state: int, base: str) -> bool:
        index = device.catalogue.base_index
        return bool(closure.issued.get(Key(index[host], state), 0) >> index[base] & 1)

    return ask


Ask = Callable[[str, int, str], bool]


def test_a_state_without_length_is_never_seen(device: Device, closure: Closure) -> None:
    """RESUME.END: the continuation begins where the RESUME ends."""
    assert Key(device.catalogue.base_index["ERASE_RESUME"], END) not in closure.issued


def test_an_erase_is_suspended_in_its_busy_time_only(issued: Ask) -> None:
    assert issued("ERASE", CORE, "ERASE_SUSPEND")
    assert not issued("ERASE", END, "ERASE_SUSPEND")


def test_a_resume_waits_for_the_end_of_the_suspend(issued: Ask) -> None:
    assert not issued("ERASE_SUSPEND", CORE, "ERASE_RESUME")
    assert issued("ERASE_SUSPEND", END, "ERASE_RESUME")


def test_steps_come_in_their_order(issued: Ask) -> None:
    assert issued("ONESHOT_PROGRAM_LSB", END, "ONESHOT_PROGRAM_CSB")
    assert not issued("ONESHOT_PROGRAM_LSB", END, "ONESHOT_PROGRAM_MSB")
    assert issued("ONESHOT_CACHE_PROGRAM", 2, "ONESHOT_PROGRAM_LSB")  # handed over in DATA_IN


def test_undelivered_data_keep_programs_away(issued: Ask) -> None:
    assert not issued("READ", 2, "PROGRAM_SLC")
    assert issued("READ", END, "PROGRAM_SLC")  # once delivered


def test_a_cache_read_needs_its_own_kind(issued: Ask) -> None:
    assert issued("READ", END, "CACHE_READ")
    assert not issued("READ", END, "PLANE_CACHE_READ")


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_a_plan_does_the_machine_allows(
    seed: int, device: Device, closure: Closure, shipped: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[RunWriter] = []

    class Kept(RunWriter):
        def __enter__(self) -> Kept:
            kept.append(self)
            return self

    monkeypatch.setattr("planner.run.RunWriter", Kept)
    plan(shipped, out=tmp_path, seed=seed, ops=4_000, date="260101")
    states = device.op_states.names
    for op_state, name in np.argwhere(kept[0].hits.hits.sum(axis=2)):
        host, _, word = states[op_state].rpartition(".")
        base = device.catalogue.base(host)
        key = Key(base.index, base.states.index(word) if word in base.states else END)
        issued = device.catalogue.names[name].base.index
        assert closure.issued[key] >> issued & 1, (states[op_state], device.catalogue.names[name].name)


@pytest.mark.parametrize("rule", RULES)
def test_without_a_rule_nothing_gets_out_of_reach(rule: str, device: Device, closure: Closure) -> None:
    wider = Machine(device, [other for other in RULES if other != rule]).closure()
    assert all(bases & ~wider.issued.get(key, 0) == 0 for key, bases in closure.issued.items())
