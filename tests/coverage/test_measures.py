"""What hits come to, on numbers that can be checked by hand."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from model.config import Config
from planner.coverage.chart import Chart
from planner.coverage.measures import Measures, evenness
from planner.targets.cells import Status
from tests.coverage.counted import hits_of

SR_IN_ERASE = ("ERASE.CORE_BUSY", "Status_Read", 3)
READ_AFTER_ERASE = ("ERASE.END", "Read_SLC", 0)
READ_IN_ERASE = ("ERASE.CORE_BUSY", "Read_SLC", 3)


@pytest.fixture
def chart(tiny: Callable[..., Config]) -> Chart:
    """The chart of the tiny device."""
    return Chart.of(tiny())


def test_cells_hit_equally_often_are_even() -> None:
    assert evenness(np.array([4, 4, 4])) == pytest.approx(1.0)


def test_a_cell_that_was_not_hit_counts_as_zero() -> None:
    """H(1/2, 1/2, 0, 0) = ln 2, and ln 2 / ln 4 = 1/2."""
    assert evenness(np.array([5, 0, 5, 0])) == pytest.approx(0.5)


def test_one_cell_that_takes_all_hits_is_uneven() -> None:
    assert evenness(np.array([9, 0, 0])) == 0.0


def test_without_a_hit_nothing_is_even() -> None:
    assert evenness(np.zeros(3, dtype=np.int64)) == 0.0


def test_a_single_cell_is_as_even_as_can_be() -> None:
    assert evenness(np.array([7])) == 1.0


def test_every_cell_has_exactly_one_status(chart: Chart) -> None:
    measures = Measures.of(chart, hits_of(chart, {}), 0)
    counted = measures.excluded + measures.disabled + measures.unreachable + measures.reachable + measures.open
    assert counted == len(chart.cells)


def test_a_hit_makes_an_open_cell_reachable(chart: Chart) -> None:
    before = Measures.of(chart, hits_of(chart, {}), 0)
    after = Measures.of(chart, hits_of(chart, {SR_IN_ERASE: 2}), 5)
    assert (after.reachable, after.open) == (before.reachable + 1, before.open - 1)
    assert (before.hit, after.hit) == (0, 1)


def test_coverage_is_of_all_that_may_be_reachable(chart: Chart) -> None:
    measures = Measures.of(chart, hits_of(chart, {SR_IN_ERASE: 2, READ_AFTER_ERASE: 1}), 5)
    assert measures.coverage == 2 / (measures.reachable + measures.open)


def test_a_hit_of_an_excluded_cell_is_no_coverage(chart: Chart) -> None:
    hits = hits_of(chart, {READ_IN_ERASE: 1})
    measures = Measures.of(chart, hits, 5)
    assert (measures.hit, measures.coverage) == (0, 0.0)
    assert [chart.name(int(cell)) for cell in chart.wrongly_hit(hits)] == ["ERASE.CORE_BUSY, Read_SLC, 3"]


def test_economy_is_operations_over_the_bound(chart: Chart) -> None:
    """A status read in an erase needs that erase, too: two operations, so that six are three times as many."""
    measures = Measures.of(chart, hits_of(chart, {SR_IN_ERASE: 1}), 6)
    assert (measures.lower_bound, measures.economy, measures.operations_per_hit_cell) == (2, 3.0, 6.0)


def test_without_hits_the_bound_is_about_all_that_can_be_hit(chart: Chart) -> None:
    measures = Measures.of(chart, hits_of(chart, {}), 0)
    assert measures.lower_bound >= math.ceil(measures.open / 2)
    assert measures.economy is None


def test_the_keys_of_the_json_object(chart: Chart) -> None:
    assert list(Measures.of(chart, hits_of(chart, {}), 0).to_json()) == [
        "grain", "excluded", "unreachable", "reachable", "open", "hit", "coverage", "evenness", "operations",
        "lower_bound", "economy",
    ]  # fmt: skip


def test_a_known_witness_makes_a_cell_reachable_without_a_hit(tiny: Callable[..., Config], chart: Chart) -> None:
    known = hits_of(chart, {SR_IN_ERASE: 1, READ_IN_ERASE: 1}) > 0
    with_witness = Chart.of(tiny(), known)
    measures = Measures.of(with_witness, hits_of(chart, {}), 0)
    assert (measures.reachable, measures.hit) == (1, 0)


def test_an_op_name_without_weight_is_disabled_wherever_no_table_forbids_it(tiny: Callable[..., Config]) -> None:
    chart = Chart.of(tiny(("global: {ERASE: 0.05}", "global: {Status_Read: 0.0}")))
    measures = Measures.of(chart, hits_of(chart, {}), 0)
    status = chart.status[:, chart.device.catalogue.name_index["Status_Read"]]
    assert measures.disabled > 0
    assert set(np.unique(status).tolist()) <= {Status.ABSENT, Status.EXCLUDED, Status.DISABLED}
