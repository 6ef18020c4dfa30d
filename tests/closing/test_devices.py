"""The devices of the benchmarks, closed: legal, nothing open, and hit is what the planner takes for hit."""

from __future__ import annotations

import pytest

from model.config import load
from planner.targets.reachable import in_grain
from tests.closing.loops import INSTANCES, ROOT, closed

DEVICES = {
    "shipped": ROOT / "config.yaml",
    **{name: INSTANCES / f"{name}.yaml" for name in ("narrow", "large", "loose")},
}


@pytest.mark.long
@pytest.mark.parametrize("seed", [1, 7])
@pytest.mark.parametrize("device", DEVICES)
def test_the_device_is_closed(device: str, seed: int) -> None:
    loop = closed(load(DEVICES[device]), seed=seed)
    assert loop.report.legal
    assert loop.covering.open == 0
    assert ((loop.hits > 0) == loop.candidates).all()
    assert (loop.believed == loop.candidates).all()


@pytest.mark.long
def test_no_cell_takes_two_operations_on_average() -> None:
    loop = closed(load(DEVICES["shipped"]), seed=7)
    assert loop.operations < 2 * loop.covering.total


@pytest.mark.long
def test_op_states_of_op_names_are_closed_on_the_shipped_device_too() -> None:
    loop = closed(in_grain(load(DEVICES["shipped"]), "op_name"), seed=7)
    assert loop.report.legal
    assert loop.covering.open == 0
    assert ((loop.hits > 0) == loop.candidates).all()
