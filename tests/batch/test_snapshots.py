"""A run from a snapshot goes on exactly, also in the middle of a suspension; both runs are one history."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model.config import Config
from planner.coverage.histories import histories_in
from planner.coverage.recount import recount
from planner.run import RunSummary, plan
from planner.verify import verify
from tests.batch.campaigns import DATE, SMALL, carried, tree

TABLES = SMALL.tables


def planned(config: Config, out: Path, seed: int, *, runs: int = 1, snapshot: Path | None = None) -> list[RunSummary]:
    """Runs of two windows."""
    made = plan(config, out=out, seed=seed, ops=100, runs=runs, date=DATE, snapshot=snapshot, tables=TABLES)
    return list(made.runs)


def snapshot_of(folder: Path) -> Path:
    """The snapshot of run 1."""
    return folder / "snapshots" / "state_snapshot_0000001.json"


def suspended_in(snapshot: Path) -> int:
    """How many operations are suspended in a snapshot."""
    return sum(len(die["suspended"]) for die in json.loads(snapshot.read_text(encoding="utf-8"))["dies"])


@pytest.fixture(scope="module")
def carrying() -> Config:
    """The device whose runs leave open what is open."""
    return replace(SMALL.config, policies=replace(SMALL.config.policies, carry_over=True))


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory, carrying: Config) -> Path:
    """Folder A with a run that ends in a suspension, and folder B with the run that goes on from its snapshot."""
    for seed in range(20):
        room = tmp_path_factory.mktemp("parts")
        planned(carrying, room / "A", seed)
        if suspended_in(snapshot_of(room / "A")):
            planned(carrying, room / "B", seed, snapshot=snapshot_of(room / "A"))
            (room / "seed").write_text(str(seed))
            return room
    raise AssertionError("no run ends in a suspension")


def test_the_run_from_a_snapshot_has_the_bytes_of_the_second_run_of_a_series(
    parts: Path, carrying: Config, tmp_path: Path
) -> None:
    planned(carrying, tmp_path, int((parts / "seed").read_text()), runs=2)
    assert tree(tmp_path) == {**tree(parts / "A"), **tree(parts / "B")}


def test_what_was_suspended_goes_on_in_the_second_run(parts: Path) -> None:
    dies = json.loads(snapshot_of(parts / "A").read_text(encoding="utf-8"))["dies"]
    suspended = {str(op["op_uid"]) for die in dies for op in die["suspended"]}
    events = (parts / "B" / f"events_{DATE}_0000002.csv").read_text(encoding="utf-8").splitlines()
    ended = {line.split(",")[2] for line in events if line.split(",")[1] in ("OP_END", "OP_ABORT")}
    started = {line.split(",")[2] for line in events if line.split(",")[1] == "OP_START"}
    assert suspended & ended
    assert not suspended & started


def test_both_folders_are_one_legal_history(parts: Path, carrying: Config) -> None:
    verdict = verify([parts / "A", parts / "B"], carrying, open_end=True)
    assert verdict.by_rule == {}, verdict.text()
    assert verdict.operations >= 200


def test_the_second_folder_alone_is_no_legal_history(parts: Path, carrying: Config) -> None:
    assert verify([parts / "B"], carrying, open_end=True).by_rule


def test_the_second_folder_is_legal_from_the_snapshot(parts: Path, carrying: Config) -> None:
    verdict = verify([parts / "B"], carrying, snapshot=snapshot_of(parts / "A"), open_end=True)
    assert verdict.by_rule == {}, verdict.text()


def test_the_hits_of_both_are_those_of_the_series(parts: Path, carrying: Config, tmp_path: Path) -> None:
    def counted(folder: Path, run: int) -> list[str]:
        path = folder / f"op_state_name_input_time_count_{DATE}_{run:07d}.csv"
        return path.read_text(encoding="utf-8").splitlines()

    seed = int((parts / "seed").read_text())
    series = planned(carrying, tmp_path, seed, runs=2)
    assert [counted(tmp_path, run) for run in (1, 2)] == [counted(parts / "A", 1), counted(parts / "B", 2)]
    assert all(int(np.sum(run.hits)) > 0 for run in series)


@pytest.mark.parametrize("engine", ["weighted", "shipped"])
@pytest.mark.parametrize("open_at_the_cut", [True, False], ids=["carried over", "drained"])
@pytest.mark.parametrize("seed", [1, 2, pytest.param(range(3, 40), marks=pytest.mark.long)], ids=["1", "2", "many"])
def test_whatever_the_seed_two_runs_from_one_snapshot_to_the_next_are_one_history_with_all_its_hits(
    engine: str, open_at_the_cut: bool, seed: Any, shipped: Config, tmp_path: Path
) -> None:
    config = shipped if engine == "shipped" else SMALL.config
    config = replace(config, policies=replace(config.policies, carry_over=open_at_the_cut))
    for one in (seed,) if isinstance(seed, int) else seed:
        first, second = tmp_path / f"A{one}", tmp_path / f"B{one}"
        made = planned(config, first, one)
        made += planned(config, second, one + 1, snapshot=snapshot_of(first))
        verdict = verify([first, second], config)
        assert verdict.by_rule == {}, verdict.text()
        assert verdict.notes == ()
        found = recount(histories_in([second, first], config), config, ("base",))
        assert found.violations == 0
        hits = np.zeros(found.grains["base"].hits.size, dtype=np.int64)
        for run in made:
            hits[run.cells] += run.hits
        assert np.array_equal(found.grains["base"].hits.ravel(), hits)


def test_the_sites_of_a_campaign_are_one_legal_history_each(undisturbed: Path) -> None:
    verdict = verify([undisturbed], SMALL.config)
    assert verdict.by_rule == {}, verdict.text()
    assert verdict.notes == ()


def test_a_campaign_carries_over_from_run_to_run(carrying: Config, tmp_path: Path) -> None:
    campaign = replace(SMALL, config=carrying, sites=1)
    carried(campaign, tmp_path)
    assert verify([tmp_path], carrying, open_end=True).by_rule == {}
