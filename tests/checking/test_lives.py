"""Which op_names addresses let happen: two routes that share the tables of chains only, and brute force."""

from __future__ import annotations

from pathlib import Path

import pytest

from model.config import load
from model.device import Device
from planner.checking import check
from planner.checking.lives import Lives
from planner.targets.possible import Possible
from tests.checking.table import Case, cases
from tests.targets.explore import Explorer
from tests.targets.tinies import TINIES

BRUTE = ("erases are suspended", "one-shot programs", "ODT")
CHANGED = [case for case in cases("feasibility") if case.finding in ("never-issued", "read-of-nothing")]


def both(device: Device) -> tuple[set[int], set[int]]:
    return set(Possible.of(device).names), Lives.of(device).issued


def test_on_the_shipped_device_both_routes_find_the_same() -> None:
    possible, lived = both(Device(load()))
    assert possible == lived


@pytest.mark.parametrize("case", CHANGED, ids=[case.id for case in CHANGED])
def test_on_a_config_that_lacks_something_both_routes_find_the_same(case: Case, tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_bytes(case.raw)
    possible, lived = both(Device(load(path)))
    assert possible == lived
    names = [name.name for name in load(path).names]
    told = {f.key.rpartition(".")[2] for f in check(path).findings if f.id in ("never-issued", "read-of-nothing")}
    assert told.isdisjoint(names[index] for index in lived)


@pytest.mark.parametrize("about", BRUTE)
def test_what_a_legal_history_issues_is_in_some_life(about: str, tmp_path: Path) -> None:
    explorer = Explorer(TINIES[about].config(tmp_path))
    explorer.run(20_000)
    assert explorer.exhausted
    assert {cell[1] for cell in explorer.hits} <= Lives.of(explorer.device).issued
