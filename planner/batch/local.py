"""Workers on this machine: processes of our own, each with one run at a time. A dead one is replaced."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from types import FrameType
from typing import Any

from planner.batch.job import Job, Lost, Outcome, Setup

ASKED = 128
"""What is added to a signal's number in the exit code of a process that the signal asked to end."""


@dataclass(slots=True)
class _Worker:
    process: Any
    pipe: Connection
    lifeline: Connection
    job: Job | None = None


class Local:
    """`workers` processes. They end with this one, however it ends."""

    def __init__(self, setup: Setup, workers: int) -> None:
        self._setup, self._wanted = setup, workers
        self._context: Any = multiprocessing.get_context("forkserver" if os.name == "posix" else "spawn")
        if os.name == "posix":
            self._context.set_forkserver_preload(["planner.batch.bench"])
        self._workers: list[_Worker] = []
        self._lost: list[Outcome] = []

    @property
    def pids(self) -> tuple[int, ...]:
        """The numbers of the processes."""
        return tuple(worker.process.pid for worker in self._workers)

    @property
    def free(self) -> int:
        """Workers without a job, those that are still to be started too."""
        return self._wanted - sum(worker.job is not None for worker in self._workers)

    def submit(self, job: Job) -> None:
        """Gives a job to an idle worker; starts one where there is none."""
        for worker in [worker for worker in self._workers if worker.job is None]:
            if self._given(worker, job):
                return
            self._bury(worker)
        worker = self._started()
        if not self._given(worker, job):
            worker.job = job
            self._lost.append(Lost(job, self._bury(worker)))

    def _given(self, worker: _Worker, job: Job) -> bool:
        try:
            worker.pipe.send(job)
        except OSError:
            return False
        worker.job = job
        return True

    def outcomes(self, timeout: float) -> list[Outcome]:
        """Outcomes of jobs, Lost for those of dead workers."""
        found, self._lost = self._lost, []
        busy = {worker.pipe: worker for worker in self._workers if worker.job is not None}
        if not busy:
            return found
        for pipe in wait(list(busy), 0 if found else timeout):
            worker = busy[pipe]  # type: ignore[index]
            try:
                found.append(worker.pipe.recv())
                worker.job = None
            except (EOFError, OSError):
                job = worker.job
                assert job is not None
                found.append(Lost(job, self._bury(worker)))
        return found

    def close(self) -> None:
        """Kills all workers."""
        for worker in list(self._workers):
            worker.process.kill()
        for worker in list(self._workers):
            self._bury(worker)

    def _started(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        held, watched = self._context.Pipe()
        process = self._context.Process(target=serve, args=(theirs, watched, self._setup), daemon=True)
        process.start()
        theirs.close()
        watched.close()
        worker = _Worker(process, ours, held)
        self._workers.append(worker)
        return worker

    def _bury(self, worker: _Worker) -> str:
        """Takes a worker away; says how it ended."""
        self._workers.remove(worker)
        worker.pipe.close()
        worker.lifeline.close()
        worker.process.join(10)
        code = worker.process.exitcode
        worker.process.close()
        number = 0 if code is None else -code if code < 0 else code - ASKED
        if number > 0:
            with contextlib.suppress(ValueError):
                name = signal.Signals(number).name
                why = ", as the system does where memory is short" if name == "SIGKILL" else ""
                return f"the worker was killed by {name}{why}"
        return f"the worker ended with exit code {code}"


def serve(pipe: Connection, lifeline: Connection, setup: Setup) -> None:
    """A worker's life: jobs in, outcomes out, until the other end is gone. Ctrl-C is the supervisor's affair.

    SIGTERM ends it, what it is at is cleared up.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _end)
    threading.Thread(target=_end_with, args=(lifeline,), daemon=True).start()
    from planner.batch.bench import Bench  # noqa: PLC0415 - the solver is needed only here

    bench = Bench(setup)
    while True:
        try:
            job = pipe.recv()
        except (EOFError, OSError):
            return
        outcome = bench.carry_out(job)
        try:
            pipe.send(outcome)
        except OSError:
            return


def _end(number: int, frame: FrameType | None) -> None:
    raise SystemExit(ASKED + number)


def _end_with(lifeline: Connection) -> None:
    """Ends this process in the middle of whatever it does when the supervisor is no more."""
    with contextlib.suppress(EOFError, OSError):
        lifeline.recv()
    os._exit(1)
