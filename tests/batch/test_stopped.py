"""A campaign that is asked to stop, or whose processes are killed from outside, goes on as if nothing had been."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from planner.batch import bench
from planner.batch.job import Job, Lost, Setup
from planner.batch.ledger import NAME, Ledger
from planner.batch.local import Local, serve
from tests.batch.campaigns import DATE, SMALL, WEIGHTED, Inline, carried, kept, require_same

PROCESSES: Any = multiprocessing.get_context("forkserver")
pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals are sent")


def command(out: Path, *options: str) -> subprocess.Popen[bytes]:
    """`nandplan batch` as a process of its own."""
    words = ["batch", "--out", str(out), "--no-progress", *options]
    return subprocess.Popen(
        [sys.executable, "-m", "planner.cli", *words], cwd=Path(__file__).parents[2], stderr=subprocess.PIPE
    )


ASKED = (
    "--sites", "2", "--runs", "3", "--ops", "1", "--seed", "7", "--date", DATE, "--workers", "2", "--config",
    str(WEIGHTED),
)  # fmt: skip


def until_some_are_done(out: Path) -> None:
    """Waits until a run is in the ledger."""
    while True:
        time.sleep(0.02)
        if (out / NAME).is_file():
            try:
                ledger = Ledger(out / NAME, write=False)
                done = ledger.totals().done
                ledger.close()
            except Exception:  # it is being made
                continue
            if done:
                return


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGKILL, -9), (signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_the_command_is_stopped_and_another_one_goes_on(
    sent: signal.Signals, code: int, undisturbed: Path, room: Path
) -> None:
    process = command(room, *ASKED)
    until_some_are_done(room)
    process.send_signal(sent)
    told = process.communicate()[1].decode()
    assert process.returncode == code
    if sent is not signal.SIGKILL:
        assert f"to go on: nandplan batch --out {room} --resume" in told
        assert not list(room.rglob(".run_*"))
    carried(SMALL, room, resume=True)
    require_same(room, undisturbed)


def serve_without_end(pipe: Any, lifeline: Any, out: Path) -> None:
    """A worker whose run never ends."""

    def endless(way: Any, job: Job, snapshot: Any, staging: Path) -> None:
        staging.mkdir(parents=True)
        while True:
            time.sleep(1)

    bench.WayOfRuns.planned = endless  # type: ignore[method-assign, assignment]
    serve(pipe, lifeline, Setup(SMALL, out))


def test_a_worker_that_is_asked_to_end_clears_up_what_it_is_at(room: Path) -> None:
    ours, theirs = PROCESSES.Pipe()
    held, watched = PROCESSES.Pipe()
    process = PROCESSES.Process(target=serve_without_end, args=(theirs, watched, room))
    process.start()
    ours.send(Job(0, 1, "token"))
    while not list(room.glob("site_00/.run_*")):
        time.sleep(0.01)
    process.terminate()
    process.join()
    assert process.exitcode == 128 + signal.SIGTERM
    assert not list(room.glob("site_00/.run_*"))
    held.close()


def test_the_run_of_a_worker_that_is_asked_to_end_is_tried_again(room: Path) -> None:
    local = Local(Setup(SMALL, room), 1)
    local.submit(Job(0, 1, "first"))
    os.kill(local.pids[0], signal.SIGSTOP)  # so that it has not ended when it is asked to
    os.kill(local.pids[0], signal.SIGTERM)
    os.kill(local.pids[0], signal.SIGCONT)
    (lost,) = local.outcomes(60)
    assert isinstance(lost, Lost)
    assert lost.message == "the worker was killed by SIGTERM"
    assert local.free == 1
    local.close()


def test_workers_end_with_their_supervisor(room: Path) -> None:
    process = started_with_workers(room)
    until_some_are_done(room)
    pids = children_of(process.pid)
    process.kill()
    process.communicate()
    deadline = time.monotonic() + 30
    while any(map(alive, pids)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert pids
    assert not any(map(alive, pids))


def started_with_workers(out: Path) -> subprocess.Popen[bytes]:
    """A long campaign with two workers."""
    return command(out, *ASKED[:2], "--runs", "500", *ASKED[4:])


def children_of(pid: int) -> list[int]:
    """The processes below a process."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            child = int(path.parent.name)
            found += [child, *children_of(child)]
    return found


def alive(pid: int) -> bool:
    """Whether a process runs."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in ("Z", "X")
    except OSError:
        return False


def test_an_interrupted_wait_leaves_no_lock(undisturbed: Path, room: Path) -> None:
    class Interrupted(Inline):
        def outcomes(self, timeout: float) -> list[Any]:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        carried(SMALL, room, partial(Interrupted))
    assert kept(room)["holder"] is None
    carried(SMALL, room, resume=True)
    require_same(room, undisturbed)
