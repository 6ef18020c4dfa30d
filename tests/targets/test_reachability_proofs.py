"""What keeps a cell out of reach is told, and each set of rules does it alone and loses it without any of its rules."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from model.config import Config, load
from model.device import Device
from model.plane_rules import RULES
from model.rules import RULE_IDS
from planner.targets.cells import Status
from planner.targets.irreducible import Irreducible
from planner.targets.reachable import Reachability, reachability
from tests.targets.tinies import TINIES

INSTANCES = Path(__file__).parents[2] / "benchmarks" / "instances"


@pytest.fixture(scope="module")
def shipped_verdict(shipped: Config) -> Reachability:
    """The verdict on the shipped device."""
    return reachability(Device(shipped))


@pytest.fixture
def why(shipped_verdict: Reachability) -> Callable[[str, str, int], str]:
    """Why a cell of the shipped device is out of reach."""

    def ask(op_state: str, name: str, bin: int = 0) -> str:
        device = shipped_verdict.device
        return shipped_verdict.reason(device.op_states.index[op_state], device.catalogue.name_index[name], bin)

    return ask


Why = Callable[[str, str, int], str]


def test_a_group_that_excludes_is_named_with_its_line(why: Why, shipped: Config) -> None:
    line = shipped.line("exclusion_groups.on_read")
    assert why("READ.CORE_BUSY", "Block_Erase_SLC", 3) == f"op-state: on_read forbids ERASE (config.yaml:{line})"


def test_a_cell_that_may_be_hit_has_no_reason(why: Why) -> None:
    assert why("READ.CORE_BUSY", "Super_Reset", 0) == ""


def test_a_resume_has_no_end(why: Why) -> None:
    assert why("ERASE_RESUME.END", "Read_Status_Enhanced_78h", 0) == "residual"


def test_a_page_that_nothing_programs_is_not_read(why: Why) -> None:
    assert why("READ.END", "Read_FWSLC", 0) == "read-programmed"


def test_a_status_read_of_an_absent_die(why: Why) -> None:
    assert why("READ.END", "LUN_Status_Read_for_LUN2", 0) == "absent-lun"


def test_a_status_read_does_not_fit_into_the_end_of_a_short_window(why: Why) -> None:
    # DATA_OUT lasts 2 us: its last bin is 0.2 us long, a status read 0.2786 us
    assert why("READ4K.DATA_OUT", "LUN_Status_Read_for_LUN0", 9) == "sr-stable + multi-plane"
    assert why("READ4K.DATA_OUT", "LUN_Status_Read_for_LUN0", 8) == ""


def test_beside_a_busy_plane_it_does(why: Why) -> None:
    assert why("PLANE_READ4K.DATA_OUT", "LUN_Status_Read_for_LUN0", 9) == ""


def _check(search: Irreducible, sets: dict[tuple[object, int], tuple[str, ...]]) -> None:
    for pair, rules in sets.items():
        enforced = frozenset(rules)
        assert search.reached([pair], enforced) == [], (pair, rules)
        for rule in rules:
            assert search.reached([pair], enforced - {rule}) == [pair], (pair, rules, rule)


@pytest.mark.parametrize("about", ["erases and programs are suspended", "one-shot programs", "recovery reads"])
def test_every_set_is_irreducible_on_tiny_devices(about: str, tmp_path: Path) -> None:
    proofs = reachability(Device(TINIES[about].config(tmp_path))).proofs
    assert proofs.pairs
    _check(proofs.search, proofs.pairs)


@pytest.mark.long
@pytest.mark.parametrize("name", ["config.yaml", "narrow.yaml", "loose.yaml", "tiny.yaml"])
def test_every_set_is_irreducible(name: str) -> None:
    verdict = reachability(Device(load() if name == "config.yaml" else load(INSTANCES / name)))
    _check(verdict.proofs.search, verdict.proofs.pairs)
    for searches in verdict.proofs.searches_of_makes:
        every = set(searches.reached(verdict.proofs.made, searches.every))
        _check(searches, {item: rules for item, rules in verdict.proofs.made.items() if item not in every})


@pytest.mark.long
def test_every_unreachable_cell_has_a_set_of_rules(shipped_verdict: Reachability) -> None:
    known = set(RULE_IDS) | set(RULES)
    for op_state, name, bin in np.argwhere(shipped_verdict.status == Status.UNREACHABLE).tolist():
        rules = shipped_verdict.reason(op_state, name, bin).split(" + ")
        assert rules != [""]
        assert set(rules) <= known
