"""Wanted against got, and where hits are missing."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from model.config import Config
from planner.coverage.chart import Chart
from planner.coverage.shares import Distribution, worst_holes
from planner.targets.cells import Status
from tests.coverage.counted import hits_of

GLOBAL = "global: {ERASE: 0.05}"
READ_END = "READ.END: {Read_SLC: 0.75, Block_Erase_SLC: 0.25}"


@pytest.fixture
def chart(tiny: Callable[..., Config]) -> Chart:
    """In READ.END three reads are wanted for each erase, and nothing else."""
    return Chart.of(tiny((GLOBAL, f"{GLOBAL}\n  {READ_END}")))


def test_hits_as_wanted_have_no_chi_square(chart: Chart) -> None:
    found = Distribution.of(
        chart, hits_of(chart, {("READ.END", "Read_SLC", 0): 6, ("READ.END", "Block_Erase_SLC", 0): 2})
    )
    assert (found.hits, found.chi_square, found.freedom, found.unwanted) == (8, 0.0, 1, 0)


def test_chi_square_and_the_largest_gap(chart: Chart) -> None:
    """Expected of 8 hits: 6 and 2; got 2 and 6: (2 - 6)^2 / 6 + (6 - 2)^2 / 2 = 32 / 3."""
    found = Distribution.of(
        chart, hits_of(chart, {("READ.END", "Read_SLC", 0): 2, ("READ.END", "Block_Erase_SLC", 0): 6})
    )
    assert found.chi_square == pytest.approx(32 / 3)
    gap = found.gaps[0]
    assert (gap.op_state, gap.op_name, gap.wanted, gap.got) == ("READ.END", "Block_Erase_SLC", 0.25, 0.75)


def test_what_cannot_be_issued_there_takes_no_share(tiny: Callable[..., Config]) -> None:
    """No program is legal in READ.CORE_BUSY; a status read is all that is left of what is wanted there."""
    core = "READ.CORE_BUSY: {Page_Program_SLC: 0.9, Status_Read: 0.1}"
    chart = Chart.of(tiny((GLOBAL, f"{GLOBAL}\n  {core}")))
    found = Distribution.of(chart, hits_of(chart, {("READ.CORE_BUSY", "Status_Read", 5): 4}))
    assert (found.chi_square, found.freedom) == (0.0, 0)


def test_hits_without_weight_are_counted_apart(chart: Chart) -> None:
    found = Distribution.of(chart, hits_of(chart, {("READ.END", "Status_Read", 0): 3}))
    assert (found.hits, found.unwanted) == (0, 3)


def test_the_worst_hole_comes_first(chart: Chart) -> None:
    """All ten bins of the status read in an erase are hit but two; nothing else is hit."""
    named = {("ERASE.CORE_BUSY", "Status_Read", place): 1 for place in range(8)}
    holes = worst_holes(chart, hits_of(chart, named), 100)
    assert [hole.missing for hole in holes] == sorted((hole.missing for hole in holes), reverse=True)
    mine = next(hole for hole in holes if (hole.op_state, hole.base) == ("ERASE.CORE_BUSY", "SR"))
    assert (mine.missing, mine.cells, mine.open) == (2, 10, 2)


def test_no_hole_is_left_where_all_was_hit(chart: Chart) -> None:
    able = (chart.status == Status.OPEN) | (chart.status == Status.REACHABLE)
    assert worst_holes(chart, able.astype(np.int64), 10) == []
