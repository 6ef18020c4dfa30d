"""What a campaign that goes on makes again: what the ledger does not know, and what is not there as recorded."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from planner.batch.campaign import Campaign
from planner.batch.job import Failed, Job
from planner.errors import UnusableInput
from tests.batch.campaigns import DATE, SMALL, Inline, carried, kept, tree

CAMPAIGNS = {
    "all": SMALL,
    "sequences": replace(SMALL, keep="sequence"),
    "packed": replace(SMALL, pack="csv"),
    "parquet": replace(SMALL, pack="parquet"),
    "independent": replace(SMALL, chained=False, keep="sequence"),
    "independent, packed": replace(SMALL, chained=False, pack="csv"),
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """A campaign that is complete, by its name; made once. Nothing may be changed in it."""
    made: dict[str, Path] = {}

    def folder(name: str) -> Path:
        if name not in made:
            made[name] = tmp_path_factory.mktemp("whole")
            carried(CAMPAIGNS[name], made[name])
        return made[name]

    return folder


class Counting(Inline):
    """Counts the runs that are made."""

    made: list[tuple[int, int]] = []  # noqa: RUF012 - cleared by each test

    def submit(self, job: Job) -> None:
        """Takes a job."""
        self.made.append((job.site, job.run))
        super().submit(job)


def resumed(campaign: Campaign, out: Path, *, rehash: bool = False) -> list[tuple[int, int]]:
    """The runs that are made when the campaign goes on."""
    Counting.made.clear()
    carried(campaign, out, Counting, resume=True, rehash=rehash)
    return sorted(Counting.made)


LAST, FIRST = f"operation_sequence_{DATE}_0000003.csv", f"operation_sequence_{DATE}_0000001.csv"
PACK = f"operation_sequence_{DATE}.csv.gz"
AGAIN = {
    ("all", LAST): [3],
    ("all", FIRST): [1],
    ("all", "snapshots/state_snapshot_0000002.npy"): [2],
    ("sequences", LAST): [1, 2, 3],  # run 3 starts from run 2's snapshot, which is gone since run 3 was made; and so on
    ("sequences", "snapshots/state_snapshot_0000003.json"): [1, 2, 3],
    ("independent", FIRST): [1],
    ("packed", PACK): [1, 2, 3],
    ("parquet", PACK.replace("csv.gz", "parquet")): [1, 2, 3],
    ("independent, packed", PACK): [1, 2, 3],
}


@pytest.mark.parametrize(("name", "file"), AGAIN)
def test_a_missing_file_is_made_again_with_what_it_needs(
    name: str, file: str, whole: Callable[[str], Path], room: Path
) -> None:
    out = room / "out"
    shutil.copytree(whole(name), out)
    (out / "site_01" / file).unlink()
    assert resumed(CAMPAIGNS[name], out) == [(1, run) for run in AGAIN[name, file]]
    assert tree(out) == tree(whole(name))
    assert kept(out) == kept(whole(name))


@pytest.mark.parametrize("name", CAMPAIGNS)
def test_of_a_complete_campaign_nothing_is_made_again(name: str, whole: Callable[[str], Path], room: Path) -> None:
    out = room / "out"
    shutil.copytree(whole(name), out)
    assert resumed(CAMPAIGNS[name], out, rehash=True) == []
    assert tree(out) == tree(whole(name))


CHANGED = {("all", LAST): [3], ("packed", PACK): [1, 2, 3], ("parquet", PACK.replace("csv.gz", "parquet")): [1, 2, 3]}


@pytest.mark.parametrize(("name", "file"), CHANGED)
def test_changed_contents_are_found_by_their_hash_only(
    name: str, file: str, whole: Callable[[str], Path], room: Path
) -> None:
    out = room / "out"
    shutil.copytree(whole(name), out)
    path = out / "site_00" / file
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    assert resumed(CAMPAIGNS[name], out) == []
    assert resumed(CAMPAIGNS[name], out, rehash=True) == [(0, run) for run in CHANGED[name, file]]
    assert tree(out) == tree(whole(name))


def test_a_pack_that_is_cut_short_loses_the_runs_that_were_cut(whole: Callable[[str], Path], room: Path) -> None:
    out = room / "out"
    shutil.copytree(whole("independent, packed"), out)
    path = out / "site_00" / PACK
    path.write_bytes(path.read_bytes()[:-10])
    assert resumed(CAMPAIGNS["independent, packed"], out) == [(0, 3)]
    assert tree(out) == tree(whole("independent, packed"))


def test_leftovers_of_unfinished_runs_are_swept_away(whole: Callable[[str], Path], room: Path) -> None:
    out = room / "out"
    shutil.copytree(whole("all"), out)
    (out / "site_00" / ".run_0000004.abc").mkdir()
    (out / "site_00" / ".run_0000004.abc" / "x").write_text("half")
    resumed(CAMPAIGNS["all"], out)
    assert tree(out) == tree(whole("all"))


def test_a_campaign_is_not_begun_twice(whole: Callable[[str], Path], room: Path) -> None:
    out = room / "out"
    shutil.copytree(whole("all"), out)
    with pytest.raises(UnusableInput, match="6 runs are done; --resume goes on with it"):
        carried(CAMPAIGNS["all"], out)


def test_another_campaign_does_not_go_on_with_it(whole: Callable[[str], Path], room: Path) -> None:
    out = room / "out"
    shutil.copytree(whole("all"), out)
    with pytest.raises(UnusableInput, match="this campaign has runs 3, not 4"):
        carried(replace(SMALL, runs=4), out, resume=True)


def test_a_campaign_of_which_nothing_was_made_may_begin_anew(room: Path, undisturbed: Path) -> None:
    class Nobody(Inline):
        def submit(self, job: Job) -> None:
            raise UnusableInput("no scheduler answers there")

    with pytest.raises(UnusableInput, match="no scheduler"):
        carried(replace(SMALL, seed=8), room, Nobody)
    carried(SMALL, room)
    assert tree(room) == tree(undisturbed)


def test_a_run_that_was_done_and_cannot_be_made_again_is_told(room: Path) -> None:
    class Broken(Inline):
        def outcomes(self, timeout: float) -> list[Any]:
            job, self._job = self._job, None
            return [Failed(job, "ValueError: what")] if job is not None else []

    carried(SMALL, room)
    before = kept(room)
    (room / "site_00" / LAST).unlink()
    (row,) = carried(SMALL, room, Broken, resume=True).troubled
    assert (row.site, row.run, row.state, row.message) == (0, 3, "lost", "ValueError: what")
    assert kept(room)["coverage"] == before["coverage"]
