"""Brute force on tiny devices agrees with the verdict on every cell."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from planner.targets.cells import Status
from planner.targets.reachable import Reachability, reachability
from tests.targets.explore import Explorer
from tests.targets.tinies import LARGER, SINGLE_PLANES, TINIES, Tiny


def _both(tiny: Tiny, folder: Path) -> tuple[Explorer, Reachability]:
    explorer = Explorer(tiny.config(folder))
    explorer.run(20_000)
    return explorer, reachability(explorer.device)


def _agree(tiny: Tiny, folder: Path) -> None:
    explorer, verdict = _both(tiny, folder)
    candidates = {tuple(cell) for cell in np.argwhere(verdict.status == Status.OPEN).tolist()}
    assert explorer.exhausted
    assert explorer.hits - candidates == set(), "hit, but called out of reach"
    assert candidates - explorer.hits == set(), "never hit, but not called out of reach"


@pytest.mark.parametrize("about", TINIES)
def test_the_verdict_is_what_every_history_together_shows(about: str, tmp_path: Path) -> None:
    _agree(TINIES[about], tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("about", LARGER)
def test_the_verdict_on_larger_devices(about: str, tmp_path: Path) -> None:
    _agree(LARGER[about], tmp_path)


def test_nothing_that_is_hit_is_called_out_of_reach_where_planes_are_erased_alone(tmp_path: Path) -> None:
    explorer, verdict = _both(SINGLE_PLANES, tmp_path)
    assert all(verdict.status[cell] == Status.OPEN for cell in explorer.hits)
