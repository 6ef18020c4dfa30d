"""Single faults in legal sequences and files are caught, by the rule that they break."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from model.config import Config
from planner.run import plan
from tests.mutation.campaign import WANTED_SHARE, Outcome, Tally, campaign
from tests.mutation.file_faults import TABLES, file_campaign
from tests.mutation.history import History
from tests.mutation.makers import MAKERS

Run = Callable[[int, int], Path]


@pytest.fixture(scope="module")
def run(shipped: Config, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Plans a run of so many operations with a seed; its folder."""

    def planned(operations: int, seed: int) -> Path:
        out = tmp_path_factory.mktemp("run")
        plan(shipped, out=out, seed=seed, ops=operations, date="000101")
        return out

    return planned


def tally(run: Path, config: Config, faults: int, seed: int) -> Tally:
    """What becomes of so many faults in a run's sequence."""
    (file,) = run.glob("operation_sequence_*.csv")
    counts = Tally()
    for trial in campaign([History.read(file, config)], faults, seed):
        counts.add(trial)
    return counts


def test_faults_of_every_kind_are_caught_by_their_rules(run: Run, shipped: Config) -> None:
    found = tally(run(4_000, 4), shipped, 350, 1)
    assert found.total() > 320
    assert len(found.counts) >= len(MAKERS) - 2
    assert found.breaking > 200
    assert found.share >= WANTED_SHARE, found.odd
    assert found.total(Outcome.FALSE_ALARM) == 0, found.odd


def test_faults_of_every_table_are_found(run: Run, shipped: Config, tmp_path: Path) -> None:
    trials = list(file_campaign(run(1_500, 5), shipped, tmp_path, 1))
    assert {trial.table for trial in trials} == set(TABLES)
    assert [trial.fault for trial in trials if not trial.caught] == []


@pytest.mark.long
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_thousands_of_faults_are_caught_by_their_rules(run: Run, shipped: Config, seed: int) -> None:
    found = tally(run(20_000, seed), shipped, 1_500, seed)
    assert found.breaking > 1_000
    assert found.share >= WANTED_SHARE, found.odd
    assert found.total(Outcome.FALSE_ALARM) == 0, found.odd


@pytest.mark.long
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_faults_of_every_table_of_a_long_run_are_found(run: Run, shipped: Config, tmp_path: Path, seed: int) -> None:
    trials = list(file_campaign(run(10_000, seed), shipped, tmp_path, seed))
    assert [trial.fault for trial in trials if not trial.caught] == []
