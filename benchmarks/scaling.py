"""Operations per second of a campaign with 1, 2, ... workers, and what the supervisor itself costs.

Every number of workers is measured `--repeats` times, interleaved, so that a machine that drifts cannot favour one; the
ratio is that of the medians. What is planned once for all runs of a campaign is timed apart. The supervisor's own cost
and memory are measured with workers that do nothing, each size in a process of its own. Writes Markdown with
`--write FILE`.

    python benchmarks/scaling.py --workers 1,2 --repeats 5
"""

from __future__ import annotations

import argparse
import gc
import multiprocessing
import os
import resource
import shutil
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

from model.config import load
from planner.batch.campaign import Campaign
from planner.batch.carry import Way, carry_out
from planner.batch.job import Done, FileMade, Job, Outcome, Setup
from planner.batch.local import Local

MIB = 1024
CELLS = 1_000
"""Cells that a run hits, where no run is made."""


class Idle:
    """Gives every job back at once, with as much to record as a run of 2,000 operations has."""

    def __init__(self, setup: Setup) -> None:
        self._jobs: list[Job] = []
        cells = np.sort(np.random.default_rng(1).choice(20_000, CELLS, replace=False)).astype(np.int32)
        self._cells, self._hits = cells.tobytes(), np.ones(CELLS, dtype=np.int32).tobytes()
        self._files = tuple(FileMade(f"operation_sequence_260101_{i:07d}.csv", 200_000, "0" * 64) for i in range(11))

    @property
    def free(self) -> int:
        """Two at a time."""
        return 2 - len(self._jobs)

    def submit(self, job: Job) -> None:
        """Takes a job."""
        self._jobs.append(job)

    def outcomes(self, timeout: float) -> list[Outcome]:
        """Gives one back."""
        return [Done(self._jobs.pop(0), self._files, 2_000, 0, 0, 10**7, 0.1, self._cells, self._hits)]

    def close(self) -> None:
        """Nothing goes on."""


@dataclass(frozen=True)
class Sample:
    """One campaign: operations, wall seconds of its runs (the start of the workers among them), and before them."""

    operations: int
    wall: float
    before: float

    @property
    def rate(self) -> float:
        """Operations per second of wall time."""
        return self.operations / self.wall


def measure(campaign: Campaign, workers: int, room: Path | None) -> Sample:
    """Carries the campaign out in a folder of its own."""
    with tempfile.TemporaryDirectory(dir=room) as folder:
        began = time.monotonic()
        standing = carry_out(campaign, Path(folder), Way(partial(Local, workers=workers), pages=False)).standing
        if standing.done != standing.total:
            raise SystemExit(f"{standing.failed} runs failed")
        return Sample(standing.operations, time.monotonic() - standing.began, standing.began - began)


def supervising(campaign: Campaign, runs: int, told: Connection) -> None:
    """Tells CPU milliseconds of the supervisor per run, and the memory (MiB) of this process at its end."""
    folder = Path(tempfile.mkdtemp())
    wanted = replace(campaign, sites=40, runs=runs // 40, ops=1)
    gc.collect()
    began = time.process_time()
    carry_out(wanted, folder, Way(Idle, pages=False))
    spent = time.process_time() - began
    shutil.rmtree(folder)
    told.send((spent / wanted.total * 1e3, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MIB))


def rates(samples: dict[int, list[Sample]]) -> str:
    """A table with a row per number of workers."""
    lines = ["| workers | op/s | range | times one worker |", "| --- | --- | --- | --- |"]
    alone = statistics.median(sample.rate for sample in next(iter(samples.values())))
    for workers, taken in samples.items():
        found = [sample.rate for sample in taken]
        middle = statistics.median(found)
        lines.append(f"| {workers} | {middle:,.0f} | {min(found):,.0f}-{max(found):,.0f} | {middle / alone:.2f} |")
    return "\n".join(lines)


def costs(campaign: Campaign, sizes: Sequence[int]) -> str:
    """A table with a row per number of runs."""
    fresh = multiprocessing.get_context("spawn")
    lines = ["| runs | supervisor ms/run | peak MiB |", "| --- | --- | --- |"]
    for runs in sizes:
        ours, theirs = fresh.Pipe()
        process = fresh.Process(target=supervising, args=(campaign, runs, theirs))
        process.start()
        each, memory = ours.recv()
        process.join()
        lines.append(f"| {runs:,} | {each:.2f} | {memory:.0f} |")
    return "\n".join(lines)


def numbers(text: str) -> list[int]:
    """Numbers with commas between them."""
    return [int(number) for number in text.split(",")]


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workers", type=numbers, default=[1, 2], help="numbers of workers, comma separated")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--sites", type=int, default=8)
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--ops", type=int, default=2_000)
    parser.add_argument("--keep", choices=("all", "sequence"), default="all")
    parser.add_argument("--idle-runs", type=numbers, default=[200, 2_000, 64_000], help="runs of the supervisor alone")
    parser.add_argument(
        "--room", type=Path, default=None, help="where the campaigns are made; default: the usual place"
    )
    parser.add_argument("--write", type=Path, default=None, help="write the tables to this Markdown file")
    wish = parser.parse_args()
    campaign = Campaign(load(), 7, wish.sites, wish.runs, wish.ops, None, None, True, "000101", wish.keep, None)
    load_before = os.getloadavg()[0]
    measure(replace(campaign, sites=1, runs=1), 1, wish.room)  # what is loaded once per machine is loaded now
    samples: dict[int, list[Sample]] = {workers: [] for workers in wish.workers}
    for _ in range(wish.repeats):
        for workers in wish.workers:
            samples[workers].append(measure(campaign, workers, wish.room))
    asked = f"{wish.sites} sites x {wish.runs} runs of {wish.ops:,} operations, --keep {wish.keep}"
    before = statistics.median(sample.before for taken in samples.values() for sample in taken)
    text = (
        "# Two workers against one, and the supervisor's own cost\n\n"
        f"`python benchmarks/scaling.py`: {asked}; medians of {wish.repeats}. The start of the workers is timed,\n"
        f"too; planning what all runs repeat takes {before:.1f} s more, once per campaign.\n"
        f"{os.cpu_count()} cores; load average before: {load_before:.1f}\n\n{rates(samples)}\n\n"
        f"The supervisor alone, with workers that do nothing:\n\n{costs(campaign, wish.idle_runs)}\n"
    )
    print(text)
    if wish.write is not None:
        wish.write.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
