"""Whoever makes the runs, and in whatever order they end: the same files, the same coverage."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from model.config import Config
from planner.batch.campaign import Campaign
from planner.batch.chapters import chapters_of
from planner.batch.cluster import Cluster
from planner.batch.local import Local
from planner.run import plan
from tests.batch.campaigns import DATE, SMALL, carried, kept, tree, with_bootstrap


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """The address of a Dask cluster of two processes."""
    distributed: Any = pytest.importorskip("distributed")
    os.environ["PYTHONPATH"] = os.pathsep.join([str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")])
    cluster = distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None)
    yield cluster.scheduler_address
    cluster.close()


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_the_number_of_workers_does_not_show(workers: int, undisturbed: Path, room: Path) -> None:
    carried(SMALL, room, partial(Local, workers=workers))
    assert tree(room) == tree(undisturbed)
    assert kept(room) == kept(undisturbed)


def test_a_cluster_makes_the_same_files(scheduler: str, undisturbed: Path, room: Path) -> None:
    carried(SMALL, room, partial(Cluster, address=scheduler))
    assert tree(room) == tree(undisturbed)
    assert kept(room) == kept(undisturbed)


def test_a_site_is_a_series_as_plan_makes_it(undisturbed: Path, room: Path) -> None:
    plan(SMALL.config, out=room, seed=SMALL.seed, site=1, ops=SMALL.ops, runs=3, date=DATE, tables=SMALL.tables)
    assert tree(room) == tree(undisturbed / "site_01")


@pytest.mark.parametrize(
    "campaign",
    [
        replace(SMALL, chained=False),
        replace(SMALL, keep="sequence"),
        replace(SMALL, pack="csv"),
        replace(SMALL, pack="parquet", chained=False),
        replace(SMALL, config=with_bootstrap(SMALL.config), runs=2),
        replace(SMALL, config=with_bootstrap(SMALL.config), runs=2, chained=False, keep="sequence"),
    ],
    ids=["independent", "sequences", "packed", "parquet", "bootstrap", "independent after a bootstrap"],
)
def test_two_workers_make_what_one_makes(campaign: Campaign, room: Path) -> None:
    carried(campaign, room / "one")
    carried(campaign, room / "two", partial(Local, workers=2))
    assert tree(room / "one") == tree(room / "two")
    assert kept(room / "one") == kept(room / "two")


@pytest.mark.long
def test_a_long_campaign_repeats_what_was_planned_once_and_stays_the_same(
    scheduler: str, shipped: Config, room: Path
) -> None:
    campaign = replace(SMALL, config=shipped, sites=4, runs=13, ops=2_000, keep="sequence")
    assert len(chapters_of(campaign)) > 1
    carried(campaign, room / "one")
    for name, executor in (("two", partial(Local, workers=2)), ("dask", partial(Cluster, address=scheduler))):
        carried(campaign, room / name, executor)
        assert tree(room / name) == tree(room / "one")
        assert kept(room / name) == kept(room / "one")


@pytest.mark.long
def test_a_campaign_of_640_runs_is_the_same_with_1_2_and_4_workers_and_on_a_cluster(scheduler: str, room: Path) -> None:
    campaign = replace(SMALL, sites=32, runs=20)
    ways = {"1": partial(Local, workers=1), "2": partial(Local, workers=2), "4": partial(Local, workers=4)}
    carried(campaign, room / "dask", partial(Cluster, address=scheduler))
    wanted = tree(room / "dask")
    assert len(wanted) == 640 * 11  # 8 tables, 2 files of the snapshot, the run page
    for name, executor in ways.items():
        carried(campaign, room / name, executor)
        assert tree(room / name) == wanted
        assert kept(room / name) == kept(room / "dask")
