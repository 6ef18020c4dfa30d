"""Workers of a Dask cluster, for many machines that share the folder of the campaign."""

from __future__ import annotations

import importlib
import queue
import threading
from typing import Any

from planner.batch.job import Job, Lost, Outcome, Setup
from planner.errors import UnusableInput

AHEAD = 2
"""Jobs per thread of the cluster: one at work, one that waits for it."""
CONNECT = 10
"""Seconds in which a scheduler has to answer."""


class Cluster:
    """The workers of a scheduler that is there already. UnusableInput: it cannot be reached, or Dask is not here."""

    def __init__(self, setup: Setup, address: str) -> None:
        try:
            distributed: Any = importlib.import_module("distributed")
        except ImportError:
            raise UnusableInput("--cluster needs Dask: pip install nandplan[cluster]") from None
        try:
            self._client: Any = distributed.Client(address, timeout=CONNECT, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            raise UnusableInput(f"--cluster {address}: no scheduler answers there: {error}") from None
        self._setup = self._client.scatter(setup, broadcast=True, hash=False)
        self._back: queue.SimpleQueue[Outcome] = queue.SimpleQueue()
        self._futures: dict[Job, Any] = {}

    @property
    def free(self) -> int:
        """How many jobs the workers that are there now would take."""
        threads = int(sum(self._client.nthreads().values()))
        return max(threads * AHEAD, 1) - len(self._futures)

    def submit(self, job: Job) -> None:
        """Gives a job to the scheduler."""
        key = f"nandplan-{job.site}-{job.run}-{job.token}"
        future = self._client.submit(carry_out, self._setup, job, key=key, pure=False)
        self._futures[job] = future
        future.add_done_callback(lambda done: self._back.put(_outcome(job, done)))

    def outcomes(self, timeout: float) -> list[Outcome]:
        """What the scheduler has given back."""
        found: list[Outcome] = []
        while True:
            try:
                found.append(self._back.get(timeout=0 if found else timeout))
            except queue.Empty:
                break
        for outcome in found:
            self._futures.pop(outcome.job, None)
        return found

    def close(self) -> None:
        """Gives up what is under way; the cluster stays."""
        for future in self._futures.values():
            future.cancel()
        self._futures.clear()
        self._client.close()


def _outcome(job: Job, future: Any) -> Outcome:
    """What a future that is done came to; a worker that is gone is no error of the run."""
    try:
        outcome: Outcome = future.result()
    except BaseException as error:
        return Lost(job, f"the cluster gave it up: {type(error).__name__}: {error}")
    return outcome


_of_thread = threading.local()


def carry_out(setup: Setup, job: Job) -> Outcome:
    """Makes a run on a worker of the cluster; every thread keeps a bench per campaign."""
    from planner.batch.bench import Bench  # noqa: PLC0415 - the solver is needed only there

    key = (setup.out, setup.campaign.config.digest)
    if getattr(_of_thread, "key", None) != key:
        _of_thread.key, _of_thread.bench = key, Bench(setup)
    bench: Bench = _of_thread.bench
    return bench.carry_out(job)
