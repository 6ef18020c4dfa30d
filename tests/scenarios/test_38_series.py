"""38. Second and later runs of a chained series start at the last end and still yield operations."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from model.config import Config
from planner.run import PlanResult, plan
from planner.verify import verify
from tests.scenarios.stage import us
from tests.scenarios.told import changed, tables


def series(config: Config, out: Path) -> PlanResult:
    """Three runs of at least 120 operations."""
    return plan(config, out=out, seed=8, ops=120, runs=3, date="260101")


@pytest.mark.parametrize("carry_over", [False, True])
def test_each_run_goes_on_where_the_last_one_ended(tmp_path: Path, carry_over: bool) -> None:
    config = changed(tmp_path, policies={"carry_over": carry_over})
    result = series(config, tmp_path / "out")
    sent = [tables(tmp_path / "out", run)["operation_sequence"] for run in (1, 2, 3)]
    assert [run.run for run in result.runs] == [1, 2, 3]
    for run, rows in zip(result.runs, sent, strict=True):
        assert run.report.legal
        assert len(rows) == run.counts.operations >= 120
    for before, after in pairwise(sent):
        assert us(after[0]["time"]) > us(before[-1]["time"])
        assert int(after[0]["op_uid"]) == int(before[-1]["op_uid"]) + 1
        assert after[0]["seq"] == "1"
    if not carry_over:
        for early, late in pairwise(result.runs):
            assert late.counts.begin == early.counts.last


def test_one_legal_history(shipped: Config, tmp_path: Path) -> None:
    result = series(shipped, tmp_path)
    verdict = verify([tmp_path], shipped)
    assert verdict.legal, verdict.text()
    assert verdict.operations == sum(run.counts.operations for run in result.runs)
