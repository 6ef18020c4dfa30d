"""Runs of the strategies in memory, judged."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from model.config import Config
from model.device import Device
from model.event import Chunk
from model.judge import Judge, Report
from model.timeline import Layout, Timeline
from planner.bench.greedy import Greedy
from planner.bench.sampler import Sampler
from planner.bench.watch import Watch
from planner.coverage import HitCounter
from planner.streams import of_window
from planner.targets.cells import Status
from planner.targets.reachable import reachability

ROOT = Path(__file__).parents[2]
INSTANCES = ROOT / "benchmarks" / "instances"


@dataclass(frozen=True)
class Run:
    """What a run did: (time, op_uid, op_name) of each operation, what the judge says, hits, operations without end."""

    sent: tuple[tuple[int, int, int], ...]
    report: Report
    hits: npt.NDArray[np.int64]
    unfinished: tuple[int, ...]


def judged(config: Config, chunks: Iterable[Chunk]) -> Run:
    """Judges all chunks of a run that ends drained."""
    layout = Layout.of(config)
    judge, timeline, counter = Judge(config), Timeline(layout), HitCounter(config, layout)
    sent: list[tuple[int, int, int]] = []
    for chunk in chunks:
        commands = chunk.commands
        sent += zip(commands.time.tolist(), commands.op_uid.tolist(), commands.op.tolist(), strict=True)
        judge.feed(commands)
        judge.settled()
        counter.add(timeline.settle(chunk))
    report = judge.finish(open_end=False)
    counter.add(timeline.finish())
    return Run(tuple(sent), report, counter.hits, timeline.unfinished)


def sampled(config: Config, operations: int, seed: int = 1) -> Run:
    """A run of the sampler."""
    return judged(config, Sampler(Device(config), of_window(seed, 0, 1, 0, 0)).chunks(operations))


def listed(config: Config, operations: int, seed: int = 1) -> Run:
    """A run of the greedy strategy."""
    return judged(config, Greedy(Device(config), seed).chunks(operations, Watch()))


def candidates(device: Device) -> npt.NDArray[np.bool_]:
    """The cells that can be hit."""
    found: npt.NDArray[np.bool_] = reachability(device).status == Status.OPEN
    return found


def wrong(run: Run) -> list[str]:
    """What the judge has against a run, for a message."""
    return [f"{finding.rule}: {finding.message}" for finding in run.report.findings[:3]]
