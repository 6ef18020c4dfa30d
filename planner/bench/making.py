"""A run of a strategy without a solver: its chunks judged and written, as `planner.run` does it for a plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from model.boundary import Boundary
from model.config import Config
from model.device import Device
from model.event import Chunk
from model.judge import Judge
from planner.bench.greedy import Greedy
from planner.bench.sampler import Sampler
from planner.bench.watch import Watch
from planner.export.writer import RunWriter
from planner.streams import of_window

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Made:
    """What a run came to. `seconds` per stage."""

    operations: int
    device_time: int
    violations: int
    seconds: dict[str, float]


class Making:
    """One run of a strategy. `told` hears how many operations there are after each chunk."""

    def __init__(self, config: Config, seed: int, told: Callable[[int], None] = lambda operations: None) -> None:
        self.config, self.device, self._seed, self._told = config, Device(config), seed, told
        self.watch = Watch()

    def sampled(self, out: Path, operations: int, wanted: Mask | None = None) -> Made:
        """A run of the sampler; with `wanted` it ends as soon as all these cells are hit."""
        with self.watch.stage("choose"):
            sampler = Sampler(self.device, of_window(self._seed, 0, 1, 0, 0))
        chunks = self._timed(sampler.chunks(operations))
        return self._made(out, chunks, lambda: sampler.boundary, sampler.drain, wanted)

    def listed(self, out: Path, operations: int, wanted: Callable[[Device], Mask]) -> Made:
        """A run of the greedy strategy: again and again through all cells, or, as in a plan, as the weights want it."""
        greedy, weights = Greedy(self.device, self._seed), self.config.weights
        if weights.overrides or weights.phase_conditional:
            return self._made(out, greedy.chunks(operations, self.watch), lambda: greedy.boundary)
        with self.watch.stage("choose"):
            cells = wanted(self.device)
        return self._made(out, greedy.repeating(cells, operations, self.watch), lambda: greedy.boundary)

    def listed_cover(self, out: Path, wanted: Callable[[Device], Mask]) -> Made:
        """A run of the greedy strategy that ends when every cell is hit."""
        with self.watch.stage("choose"):
            cells = wanted(self.device)
        greedy = Greedy(self.device, self._seed)
        return self._made(out, greedy.covering(cells, self.watch), lambda: greedy.boundary)

    def _timed(self, chunks: Iterator[Chunk]) -> Iterator[Chunk]:
        while True:
            with self.watch.stage("choose"):
                chunk = next(chunks, None)
            if chunk is None:
                return
            yield chunk

    def _made(
        self, out: Path, chunks: Iterator[Chunk], boundary: Callable[[], Boundary],
        drain: Callable[[], None] = lambda: None, wanted: Mask | None = None,
    ) -> Made:  # fmt: skip
        judge, made = Judge(self.config), 0
        with RunWriter(self.config, out, run=1, date="000101", seed=self._seed) as writer:
            for chunk in chunks:
                made += len(chunk.commands)
                with self.watch.stage("judge"):
                    judge.feed(chunk.commands)
                    judge.settled()
                writer.write(chunk)
                self._told(made)
                if wanted is not None and not (wanted & (writer.hits.hits == 0)).any():
                    drain()
            report = judge.finish(open_end=False)
            counts = writer.finish()
            verdict = {"legal": report.legal, "operations": report.operations, "violations": report.violations}
            sections: dict[str, Any] = {"verdict": verdict}
            writer.commit(boundary(), sections=sections, seconds=self.watch.seconds)
            seconds = {**self.watch.seconds, "export": writer.seconds}
        return Made(counts.operations, counts.device_time, report.violations, seconds)
