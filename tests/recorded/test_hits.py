"""Hits counted by a replay are those that the plan counted."""

from __future__ import annotations

import shutil
from pathlib import Path

import polars as pl
import pytest

from planner.errors import UnusableInput
from planner.recorded.folder import runs_of
from planner.recorded.hits import counted_hits, replayed_hits, shut_pairs
from tests.recorded.made import planned, story_in

KEY = ["op_state", "op_name", "fine"]


def ordered(hits: pl.DataFrame) -> list[tuple[object, ...]]:
    """The rows in an order of their own."""
    return hits.select(*KEY, "count").sort(KEY).rows()


def test_a_replay_of_everything_finds_the_counts_of_the_files() -> None:
    runs = runs_of(planned(ops=60, runs=2))
    assert ordered(replayed_hits(runs, None, None, None)) == ordered(counted_hits(runs))


def test_two_halves_add_up_to_the_whole() -> None:
    runs = runs_of(planned())
    halves = pl.concat([replayed_hits(runs, None, None, "20000"), replayed_hits(runs, None, "20000", None)])
    assert ordered(halves.group_by(KEY).agg(pl.col("count").sum())) == ordered(counted_hits(runs))


def test_a_later_run_is_replayed_from_the_snapshot_before_it(tmp_path: Path) -> None:
    folder = tmp_path / "later"
    shutil.copytree(planned(ops=60, runs=2), folder)
    for path in folder.glob("*_0000001.*"):
        path.unlink()
    runs = runs_of(folder)
    assert [run.run for run in runs] == [2]
    assert ordered(replayed_hits(runs, None, None, None)) == ordered(counted_hits(runs))
    shutil.rmtree(folder / "snapshots")
    with pytest.raises(UnusableInput, match=r"it begins with run 2; to replay it, .*state_snapshot_0000001\.json"):
        replayed_hits(runs, None, None, None)


def test_a_replay_needs_the_config_of_the_runs(tmp_path: Path) -> None:
    story_in(tmp_path)
    with pytest.raises(UnusableInput, match="give it with --config"):
        replayed_hits(runs_of(tmp_path), None, None, None)


def test_no_pair_that_cannot_be_hit_is_hit() -> None:
    runs = runs_of(planned())
    shut = shut_pairs(runs[0])
    assert shut is not None
    assert len(shut) > 1_000
    assert len(counted_hits(runs).join(shut, on=["op_state", "op_name"], how="inner")) == 0
