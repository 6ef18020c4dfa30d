"""Whatever is killed, and when: nothing is lost, nothing is there twice, and the bytes are those of a quiet day."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import random
import shutil
import signal
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from planner.batch.campaign import Campaign
from planner.batch.carry import Way, carry_out
from planner.batch.job import Lost, Setup
from planner.batch.local import Local
from planner.batch.supervisor import Stopped
from tests.batch.campaigns import SMALL, Inline, carried, kept, require_same, rows

PROCESSES: Any = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["planner.batch.bench", "planner.batch.carry", "planner.coverage.shares"])
pytestmark = pytest.mark.skipif(os.name != "posix", reason="there is no SIGKILL")


# -- the supervisor ------------------------------------------------------------------------------------------------


def supervise(campaign: Campaign, out: Path, prepare: Callable[[], None] | None = None) -> None:
    """What a supervisor does, with the runs made in its own process."""
    if prepare is not None:
        prepare()
    carry_out(campaign, out, Way(Inline, resume=True, pages=False))


def started(campaign: Campaign, out: Path, prepare: Callable[[], None] | None = None) -> Any:
    """A supervisor in a process of its own."""
    process = PROCESSES.Process(target=supervise, args=(campaign, out, prepare))
    process.start()
    return process


def kill_at_random(campaign: Campaign, out: Path, times: int, seed: int, longest: float) -> int:
    """Kills supervisors of a campaign at random moments, so often at most; then one may end. How many were killed."""
    rng, killed = random.Random(seed), 0
    while killed < times:
        process = started(campaign, out)
        process.join(rng.uniform(0, longest))
        if process.exitcode is not None:
            assert process.exitcode == 0
            return killed
        process.kill()
        process.join()
        killed += 1
    process = started(campaign, out)
    process.join()
    assert process.exitcode == 0
    return killed


def seconds_of(campaign: Campaign, out: Path) -> float:
    """How long a supervisor that nobody kills takes: moments are drawn from this, however fast the machine is."""
    server = PROCESSES.Process(target=int)
    server.start()  # the imports of the fork server are not what is measured
    server.join()
    begun = time.monotonic()
    process = started(campaign, out)
    process.join()
    assert process.exitcode == 0
    return time.monotonic() - begun


def killed_at_random(campaign: Campaign, room: Path, times: int, most: int) -> int:
    """Supervisors are killed so often, `most` times in one campaign: each campaign is then that of a quiet day.

    How many were killed.
    """
    longest = seconds_of(campaign, room / "undisturbed")
    killed = seed = 0
    while killed < times:
        seed += 1
        killed += kill_at_random(campaign, room / "out", most, seed, longest)
        require_same(room / "out", room / "undisturbed")
        shutil.rmtree(room / "out")
    return killed


def test_a_supervisor_is_killed_at_random_moments(room: Path) -> None:
    assert killed_at_random(SMALL, room, 6, 4) >= 6


@pytest.mark.long
@pytest.mark.parametrize("pack", [None, "csv"])
def test_supervisors_are_killed_at_100_random_moments(pack: Any, room: Path) -> None:
    assert killed_at_random(replace(SMALL, runs=4, pack=pack), room, 100, 10) >= 100


class AtRename:
    """Kills its process at the n-th renaming of a file: after everything is written, before it has its name."""

    def __init__(self, count: int) -> None:
        self.left = count

    def __call__(self) -> None:
        rename = os.replace

        def counted(*names: Any) -> None:
            self.left -= 1
            if not self.left:
                os.kill(os.getpid(), signal.SIGKILL)
            rename(*names)

        os.replace = counted  # type: ignore[assignment]


class AtCommit:
    """Kills its process as the n-th transaction of the ledger is committed."""

    def __init__(self, count: int) -> None:
        self.left = count

    def __call__(self) -> None:
        connect = sqlite3.connect

        def watched(statement: str) -> None:
            self.left -= statement == "COMMIT"
            if not self.left:
                os.kill(os.getpid(), signal.SIGKILL)

        def connected(*args: Any, **options: Any) -> sqlite3.Connection:
            connection: sqlite3.Connection = connect(*args, **options)
            connection.set_trace_callback(watched)
            return connection

        sqlite3.connect = connected  # type: ignore[assignment]


@pytest.mark.parametrize("prepare", [AtRename(1), AtRename(15), AtRename(30), AtCommit(1), AtCommit(4), AtCommit(7)])
@pytest.mark.parametrize("pack", [None, "csv"])
def test_a_supervisor_is_killed_between_write_and_rename_or_as_it_commits(
    prepare: Callable[[], None], pack: Any, room: Path, packed_or_not: Callable[[Any], Path]
) -> None:
    campaign = replace(SMALL, pack=pack)
    process = started(campaign, room, prepare)
    process.join()
    assert process.exitcode == -signal.SIGKILL
    carried(campaign, room, resume=True)
    require_same(room, packed_or_not(pack))


@pytest.fixture(scope="module")
def packed_or_not(tmp_path_factory: pytest.TempPathFactory, undisturbed: Path) -> Callable[[Any], Path]:
    """The small campaign without trouble, packed or not."""
    folder = tmp_path_factory.mktemp("packed")
    carried(replace(SMALL, pack="csv"), folder)
    return lambda pack: folder if pack else undisturbed


# -- workers -------------------------------------------------------------------------------------------------------


@contextmanager
def killing(local: Local, times: int, seed: int, pause: float) -> Iterator[list[int]]:
    """Kills workers, so many at most, each after a random pause; gives the numbers of those killed."""
    rng, killed, done = random.Random(seed), list[int](), threading.Event()

    def kill() -> None:
        while len(killed) < times and not done.wait(rng.uniform(0, pause)):
            pids = local.pids
            with contextlib.suppress(ProcessLookupError, IndexError):
                pid = rng.choice(pids)
                os.kill(pid, signal.SIGKILL)
                killed.append(pid)

    thread = threading.Thread(target=kill)
    thread.start()
    yield killed
    done.set()
    thread.join()


def with_killed_workers(campaign: Campaign, out: Path, times: int, seed: int, pause: float) -> int:
    """Carries a campaign out while workers are killed; how many were."""
    local = Local(Setup(campaign, out), 2)
    with killing(local, times, seed, pause) as pids:
        carried(campaign, out, lambda setup: local, tries=1000)
    return len(pids)


def kill_workers_at_random(campaign: Campaign, room: Path, times: int, most: int) -> int:
    """Workers are killed so often, `most` times in one campaign: each campaign is then that of a quiet day.

    How many were killed.
    """
    begun = time.monotonic()
    carried(campaign, room / "undisturbed", lambda setup: Local(setup, 2))
    pause = (time.monotonic() - begun) / most
    killed = seed = 0
    while killed < times:
        seed += 1
        killed += with_killed_workers(campaign, room / "out", most, seed, pause)
        require_same(room / "out", room / "undisturbed")
        shutil.rmtree(room / "out")
    return killed


def test_a_killed_worker_costs_its_own_run_only(room: Path) -> None:
    assert kill_workers_at_random(SMALL, room, 3, 4) >= 3


@pytest.mark.long
def test_workers_are_killed_at_100_random_moments(room: Path) -> None:
    assert kill_workers_at_random(replace(SMALL, runs=20), room, 100, 20) >= 100


class Deadly(Inline):
    """Loses the worker of one run whenever it is tried."""

    def outcomes(self, timeout: float) -> list[Any]:
        """Lost, or made."""
        job = self._job
        if job is not None and (job.site, job.run) == (1, 2):
            self._job = None
            return [Lost(job, "the worker was killed by SIGKILL")]
        return super().outcomes(timeout)


def test_a_run_that_loses_every_worker_is_given_up_and_can_be_tried_again(undisturbed: Path, room: Path) -> None:
    outcome = carried(SMALL, room, Deadly, tries=3)
    assert [(row.site, row.run, row.attempts) for row in outcome.troubled] == [(1, 2, 3)]
    assert rows(room, 0) == [(1, "done", 1), (2, "done", 1), (3, "done", 1)]
    assert rows(room, 1) == [(1, "done", 1), (2, "failed", 3)]  # run 3 needs the snapshot of run 2
    carried(SMALL, room, resume=True)
    require_same(room, undisturbed)


def test_a_campaign_of_which_every_run_fails_stops_soon(room: Path) -> None:
    from planner.batch.job import Failed  # noqa: PLC0415

    class Broken(Inline):
        def outcomes(self, timeout: float) -> list[Any]:
            job, self._job = self._job, None
            return [Failed(job, "ImportError: no")] if job is not None else []

    with pytest.raises(Stopped, match="20 runs failed one after the other, the last: ImportError: no"):
        carried(replace(SMALL, chained=False, runs=500), room, Broken)
    assert kept(room)["failed"] == 20
