"""All jobs of a comparison: in which order, which of them are not begun, and what came of each."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from planner.bench.child import candidates
from planner.bench.curve import curve_of
from planner.bench.instances import Instance, read_instance
from planner.bench.process import Ended, Processes
from planner.bench.sample import CAPPED, COVER, FAILED, RATE, WINDOWS, Job, Sample
from planner.errors import UnusableInput

if TYPE_CHECKING:
    from model.config import Config

WINDOW_OPERATIONS = 2_000
"""Operations of the run whose windows are put to list scheduling and to CP-SAT."""
SURELY = 1.5
"""A job is not begun where the rate of a smaller one of its kind tells that it needs so many times the cap."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be compared. `cap`: most seconds of a job; `cover`: most operations of the sampler, 0: no curves."""

    instances: tuple[Instance, ...]
    strategies: tuple[str, ...]
    seeds: int
    sizes: tuple[int, ...]
    cover: int
    cap: float

    def jobs(self) -> list[Job]:
        """Seed by seed; of each, all strategies one after the other, the first of them another one with every seed."""
        found: list[Job] = []
        for seed in range(1, self.seeds + 1):
            first = seed % len(self.strategies)
            strategies = self.strategies[first:] + self.strategies[:first]
            for instance in self.instances:
                kinds = [(RATE, size) for size in self.sizes] + [(COVER, self.cover)] * bool(self.cover)
                found += [Job(kind, instance.name, who, size, seed) for kind, size in kinds for who in strategies]
                if {"greedy", "cpsat"} <= set(strategies):
                    found.append(Job(WINDOWS, instance.name, "greedy", WINDOW_OPERATIONS, seed))
        return found


@dataclass(frozen=True)
class _Known:
    """An instance as it is looked at after a run."""

    config: Config
    cells: npt.NDArray[np.bool_]


class Measuring:
    """Carries jobs out in `folder`, which is thrown away afterwards."""

    def __init__(self, wish: Wish, folder: Path) -> None:
        self._wish = wish
        self._processes = Processes(folder, wish.cap)
        self._paths = {instance.name: instance.config for instance in wish.instances}
        self._known: dict[str, _Known] = {}

    def prepare(self, told: Callable[[str], None]) -> None:
        """What every run of an instance finds in the cache, and which cells can be hit. UnusableInput, ConfigError."""
        for instance in self._wish.instances:
            told(instance.name)
            config = read_instance(instance.config)
            cells = candidates(_device(config))
            np.save(self._cells(instance.name), cells)
            self._known[instance.name] = _Known(config, cells)
            ended = self._processes.carry_out(self._page(Job(RATE, instance.name, "cpsat", 1, 0)))
            if ended.made is None and not ended.capped:
                raise UnusableInput(f"--instances {instance.name}: a first plan failed: {ended.message}")

    def samples(self, jobs: Sequence[Job], known: Sequence[Sample]) -> Iterator[Sample]:
        """What came of each job, in order; `known`: what is measured already."""
        found = list(known)
        for job in jobs:
            note = without_trying(job, found, self._wish.cap)
            sample = Sample(job, CAPPED, note) if note else replace(self._sample(job), load=load_now())
            found.append(sample)
            yield sample

    def _cells(self, name: str) -> Path:
        return self._processes.folder / f"cells_{name}.npy"

    def _page(self, job: Job) -> dict[str, Any]:
        path = self._paths[job.instance]
        return {
            "kind": job.kind, "strategy": job.strategy, "size": job.size, "seed": job.seed,
            "config": None if path is None else str(path), "cells": str(self._cells(job.instance)),
        }  # fmt: skip

    def _sample(self, job: Job) -> Sample:
        ended = self._processes.carry_out(self._page(job))
        if ended.capped:
            note = f"stopped after {self._wish.cap:g} s"
            return Sample(job, CAPPED, note, wall=ended.wall, memory=ended.memory)
        if ended.made is None:
            return Sample(job, FAILED, ended.message or "the process broke off", wall=ended.wall, memory=ended.memory)
        if job.kind == WINDOWS:
            return Sample(job, wall=ended.wall, memory=ended.memory, counts=ended.made["counts"])
        return self._looked_at(job, ended, dict(ended.made))

    def _looked_at(self, job: Job, ended: Ended, made: dict[str, Any]) -> Sample:
        """The sample of a run whose files are there."""
        coverage = json.loads((self._processes.run / "run_0000001.json").read_text(encoding="utf-8"))["coverage"]
        marks, known = made.pop("marks"), self._known[job.instance]
        sample: dict[str, Any] = {
            **made, "wall": ended.wall, "memory": ended.memory, "cells": coverage["hit"],
            "candidates": int(known.cells.sum()), "evenness": coverage["evenness"], "economy": coverage["economy"],
        }  # fmt: skip
        if job.kind == COVER:
            (file,) = self._processes.run.glob("operation_sequence_*.csv")
            curve = curve_of(file, known.config, known.cells)
            sample["violations"] = max(sample["violations"], curve.violations)
            sample["reached"] = curve.reached(marks, known.config.clock.ticks_per_us * 1_000_000)
            sample["curve"] = tuple(curve.points())
        return Sample(job, **sample)


def load_now() -> float:
    """The machine's load, 0 where it does not tell."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0


def without_trying(job: Job, known: Sequence[Sample], cap: float) -> str:
    """Why a job is not begun; empty where it is."""
    own = [sample for sample in known if sample.job.row == job.row and sample.status == CAPPED]
    if own:
        return f"not begun: seed {own[0].job.seed} was too slow"
    if job.kind != RATE:
        return ""
    smaller = [
        s for s in known
        if s.status != FAILED and s.wall and s.job.row[:3] == job.row[:3] and s.job.size < job.size
    ]  # fmt: skip
    largest = max(smaller, key=lambda sample: sample.job.size, default=None)
    if largest is None:
        return ""
    expected = largest.wall * job.size / largest.job.size
    if largest.status == CAPPED or (largest.wall > 10 and expected > SURELY * cap):
        return f"not begun: at the rate of {largest.job.size:,} operations it takes {expected:,.0f} s or more"
    return ""


def _device(config: Config) -> Any:
    from model.device import Device  # noqa: PLC0415

    return Device(config)
