"""One run -> its files, chunk after chunk; all of them appear together, or none."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from model.boundary import Boundary
from model.config import Config
from model.event import Chunk, Spans
from model.timeline import EventKind, Settled, Timeline
from planner.coverage import HitCounter
from planner.coverage.chart import CHARTS
from planner.coverage.shares import run_section
from planner.export.address_touch_count import AddressTouchCount
from planner.export.batches import Batches
from planner.export.coverage import CoverageTable
from planner.export.events import EventLog
from planner.export.files import RunFiles
from planner.export.op_event_resume import OpEventResume
from planner.export.op_state_name_input_time_count import InputTimeCount
from planner.export.op_state_timeline import OpStateTimeline
from planner.export.operation_sequence import OperationSequence
from planner.export.operation_timeline import OperationTimeline
from planner.export.phase_proposal_counts import PhaseProposalCounts
from planner.export.sink import Sink, Words
from planner.export.snapshot import encode, stem
from planner.export.summary import run_json, timing_json
from planner.export.text import Lines


@dataclass(slots=True)
class Counts:
    """What a run did. `device_time` in ticks: from the run's beginning to the last event's time."""

    operations: int = 0
    started: int = 0
    ended: int = 0
    aborted: int = 0
    suspensions: int = 0
    resumed: int = 0
    hits: int = 0
    cells: int = 0
    begin: int = 0
    last: int = 0
    by_base: dict[str, int] = field(default_factory=dict)

    @property
    def device_time(self) -> int:
        """Ticks that the run lasts."""
        return self.last - self.begin


class RunWriter:
    """Writes the files of one run. Use it as a context, or call `discard` on failure.

    `start` is the boundary that the run goes on from (None: a fresh device). `annotated` False: the chunks come from
    a replay, which knows neither sources nor aims; these columns stay empty. `parquet`: the tables as Parquet, too.
    `tables`: only these (None: all).
    UnusableOutput: the folder or a file cannot be written.
    """

    def __init__(
        self, config: Config, out: Path, *, run: int, date: str, seed: int, start: Boundary | None = None,
        annotated: bool = True, parquet: bool = False, tables: Collection[str] | None = None,
    ) -> None:  # fmt: skip
        self._config, self._run, self._date, self._seed = config, run, date, seed
        self._parquet = parquet
        words = Words.of(config, annotated=annotated)
        self._layout = words.layout
        self._timeline = Timeline(words.layout, start)
        self.hits = HitCounter(config, words.layout)
        self.counts = Counts(begin=start.time if start else 0, last=start.time if start else 0)
        self.seconds = 0.0
        self._done = False
        self._by_name = np.zeros(len(config.names), dtype=np.int64)
        self._batches = Batches()
        self._rows: dict[str, int] = {}
        every = (*sinks(words), CoverageTable(words, self.hits))
        wanted = [sink for sink in every if tables is None or sink.name in tables]
        self._sinks: tuple[tuple[str, Sink], ...] = tuple((self._file(sink.name), sink) for sink in wanted)
        self._files = RunFiles(out)
        try:
            for name, sink in self._sinks:
                self._files.create(name)
                self._files.write(name, ",".join(sink.columns) + "\n")
                self._rows[name] = 0
        except BaseException:
            self.discard()
            raise

    def write(self, chunk: Chunk) -> None:
        """Takes a chunk; formats when enough has come together."""
        self._format(self._batches.of(chunk))

    def finish(self, running: Spans | None = None) -> Counts:
        """Writes what waits, and tells the counts. No chunk may come after it.

        `running`: the planned spans of what still runs at the cut; the run that settles them writes them.
        """
        if self._done:
            return self.counts
        self._done = True
        self._format(self._batches.rest())
        began = time.perf_counter()
        self._add(self._timeline.finish(running))
        for name, sink in self._sinks:
            self._put(name, sink.end())
        self.counts.cells, self.counts.hits = self.hits.cells, self.hits.total
        names = zip(self._config.names, self._by_name.tolist(), strict=True)
        for spec, count in names:
            if count:
                self.counts.by_base[spec.base] = self.counts.by_base.get(spec.base, 0) + count
        self.seconds += time.perf_counter() - began
        return self.counts

    def commit(
        self, boundary: Boundary | None = None, *, stream: int = 0, sections: Mapping[str, Any] | None = None,
        seconds: Mapping[str, float] | None = None,
    ) -> tuple[Path, ...]:  # fmt: skip
        """Publishes all files: the tables, the snapshot of `boundary`, the run and timing pages.

        `sections` go into the run page beside the counts (verdict, coverage, dropped), `seconds` are wall times per
        stage. Returns the files' paths. RuntimeError: the run is to end drained, and an operation has no end.
        """
        self.finish()
        if boundary is not None and not self._config.policies.carry_over and self._timeline.unfinished:
            left = ", ".join(map(str, self._timeline.unfinished[:5]))
            raise RuntimeError(f"run {self._run} ends while operations have not ended: op_uid {left}")
        sections = dict(sections or {})
        counts = {**self.count_section(), **sections.pop("counts", {})}
        page = run_json(
            self._config, run=self._run, date=self._date, seed=self._seed,
            sections={"counts": counts, **self._coverage(), **sections}, files=self._rows,
        )  # fmt: skip
        if self._parquet:
            self._add_parquet()
        if boundary is not None:
            array, document = encode(self._config, boundary, seed=self._seed, stream=stream, run=self._run)
            self._add_file(f"snapshots/{stem(self._run)}.npy", array)
            self._add_file(f"snapshots/{stem(self._run)}.json", document)
        self._add_file(f"run_{self._run:07d}.json", page)
        stages = {**(seconds or {}), "export": self.seconds}
        timing = timing_json(run=self._run, seconds=stages, operations=self.counts.operations)
        self._add_file(f"timing_{self._run:07d}.json", timing)
        return self._files.publish()

    def discard(self) -> None:
        """Removes what was written and not published."""
        self._files.discard()

    def __enter__(self) -> RunWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.discard()

    def count_section(self) -> dict[str, Any]:
        """The counts as they stand in the run page; times in us as text."""
        counts, us = self.counts, self._config.clock.us
        return {
            "operations": counts.operations,
            "begin_us": us(counts.begin),
            "end_us": us(counts.last),
            "device_time_us": us(counts.device_time),
            "ended": counts.ended,
            "aborted": counts.aborted,
            "suspensions": counts.suspensions,
            "resumed": counts.resumed,
            "cells_hit": counts.cells,
            "hits": counts.hits,
            "operations_by_base": counts.by_base,
        }

    def _coverage(self) -> dict[str, Any]:
        """The section of coverage in the run page; none where its table is not wanted."""
        if self._file(CoverageTable.name) not in self._rows:
            return {}
        began = time.perf_counter()
        section = run_section(CHARTS.of(self._config), self.hits.hits, self.counts.operations)
        self.seconds += time.perf_counter() - began
        return {"coverage": section}

    def _file(self, name: str) -> str:
        return f"{name}_{self._date}_{self._run:07d}.csv"

    def _add_file(self, name: str, content: str | bytes) -> None:
        self._files.create(name)
        self._files.write(name, content)

    def _add_parquet(self) -> None:
        from planner.export.parquet import add_parquet  # noqa: PLC0415 - only where it is wanted

        began = time.perf_counter()
        add_parquet(self._files, [name for name, _ in self._sinks], self._config.clock.decimals)
        self.seconds += time.perf_counter() - began

    def _format(self, batches: Iterable[Chunk]) -> None:
        began = time.perf_counter()
        for batch in batches:
            self._add(self._timeline.settle(batch))
        self.seconds += time.perf_counter() - began

    def _add(self, settled: Settled) -> None:
        for name, sink in self._sinks:
            self._put(name, sink.rows(settled))
        self.hits.add(settled)
        self._count(settled)

    def _put(self, name: str, lines: Lines) -> None:
        if lines.rows:
            self._rows[name] += lines.rows
            self._files.write(name, lines.text)

    def _count(self, settled: Settled) -> None:
        counts, kinds = self.counts, np.bincount(settled.events.kind, minlength=len(EventKind)).tolist()
        counts.operations += len(settled.commands)
        counts.started += kinds[EventKind.OP_START]
        counts.ended += kinds[EventKind.OP_END]
        counts.aborted += kinds[EventKind.OP_ABORT]
        counts.suspensions += kinds[EventKind.OP_SUSPENDED]
        counts.resumed += kinds[EventKind.OP_RESUMED]
        if len(settled.events.time):
            counts.last = max(counts.last, int(settled.events.time[-1]))
        self._by_name += np.bincount(settled.commands.op, minlength=len(self._by_name))


def sinks(words: Words) -> tuple[Sink, ...]:
    """All tables of a run."""
    return (
        OperationSequence(words),
        OperationTimeline(words),
        OpStateTimeline(words),
        EventLog(words),
        AddressTouchCount(words),
        InputTimeCount(words),
        PhaseProposalCounts(words),
        OpEventResume(words),
    )


def export_replay(
    config: Config, out: Path, chunks: Iterable[Chunk], *, run: int = 1, date: str, start: Boundary | None = None,
    sections: Mapping[str, Any] | None = None,
) -> tuple[Path, ...]:  # fmt: skip
    """The tables of a replayed sequence, with the annotation columns empty; no snapshot. UnusableOutput."""
    with RunWriter(config, out, run=run, date=date, seed=0, start=start, annotated=False) as writer:
        for chunk in chunks:
            writer.write(chunk)
        return writer.commit(sections=sections)
