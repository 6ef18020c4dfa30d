"""Witnesses against brute force: on tiny devices every legal history was tried, so the fewest operations are known."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.explaining.witness import Cell, Witnesses
from planner.targets.reachable import reachability
from tests.coverage.fewest import Fewest
from tests.targets.tinies import TINIES

SHORT = ("erases are suspended", "one-shot programs", "recovery reads", "ODT")
LONG = tuple(about for about in TINIES if about not in SHORT)
OTHER_PLANES = ("two planes side by side", "planes never used")
"""Devices of which some cells need several rows at once, or another plane that stays busy."""


def compared(about: str, folder: Path) -> None:
    brute = Fewest(TINIES[about].config(folder))
    fewest = brute.singles(4_000)
    witnesses = Witnesses.of_verdict(reachability(brute.device))
    found = {cell: witnesses.of(Cell(*map(int, cell))) for cell in sorted(fewest)}
    without = [cell for cell, witness in found.items() if witness is None]
    assert without == [] or about in OTHER_PLANES
    for cell, witness in found.items():
        if witness is not None:
            assert witness.least <= fewest[cell] <= len(witness.commands)
            assert not witness.shortest or len(witness.commands) == fewest[cell]
    exact = [cell for cell, witness in found.items() if witness and len(witness.commands) == fewest[cell]]
    assert len(exact) >= 0.8 * len(fewest)


@pytest.mark.parametrize("about", SHORT)
def test_what_is_called_shortest_is_as_short_as_any_legal_history(about: str, tmp_path: Path) -> None:
    compared(about, tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("about", LONG)
def test_the_same_on_the_other_tiny_devices(about: str, tmp_path: Path) -> None:
    compared(about, tmp_path)
