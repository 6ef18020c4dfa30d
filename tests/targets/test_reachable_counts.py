"""How many cells of each device have which status: a cell that changes its status is noticed.

`status_counts.json` holds per device the excluded, disabled and unreachable cells, and the candidates, which are
reachable or open: those that a judged closing plan hits, and the others.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from model.config import load
from model.device import Device
from planner.covering import witnesses
from planner.targets.cells import Status
from planner.targets.reachable import reachability

ROOT = Path(__file__).parents[2]
COUNTS = Path(__file__).parent / "status_counts.json"
WRITTEN: dict[str, dict[str, int]] = json.loads(COUNTS.read_text(encoding="utf-8"))
TINY = "benchmarks/instances/tiny.yaml"
LONG = [pytest.param(name, marks=pytest.mark.long) for name in WRITTEN if name not in (TINY, "config.yaml")]


def counted(path: Path) -> dict[str, int]:
    """The counts of one device."""
    status = reachability(Device(load(path))).status
    words = {
        "excluded": (Status.EXCLUDED,),
        "disabled": (Status.DISABLED,),
        "unreachable": (Status.UNREACHABLE,),
        "candidates": (Status.REACHABLE, Status.OPEN),
    }
    return {word: int(np.isin(status, statuses).sum()) for word, statuses in words.items()}


@pytest.mark.parametrize("device", WRITTEN)
def test_the_counts_are_those_written_down(device: str) -> None:
    found = counted(ROOT / device)
    assert found == {word: WRITTEN[device][word] for word in found}


@pytest.mark.parametrize("device", [TINY, "config.yaml", *LONG])
def test_the_cells_with_a_witness_are_those_written_down(device: str) -> None:
    made = Device(load(ROOT / device))
    candidates = reachability(made).status == Status.OPEN
    known = witnesses(made)
    assert not (known & ~candidates).any()
    found = {"reachable": int(known.sum()), "open": int((candidates & ~known).sum())}
    assert found == {word: WRITTEN[device][word] for word in found}


@pytest.mark.parametrize("device", WRITTEN)
def test_no_cell_of_the_devices_is_open(device: str) -> None:
    assert WRITTEN[device]["open"] == 0
    assert WRITTEN[device]["reachable"] == WRITTEN[device]["candidates"]
