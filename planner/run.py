"""The loop: choose, build, solve, decode, judge, write; one window after the other, one run after the other."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np

from model.advance import advance, run_out
from model.boundary import Boundary
from model.config import Config
from model.device import Device
from model.event import Chunk, Commands
from model.judge import Judge, Report
from planner.decode import Decoded, decode
from planner.errors import JudgeRefused
from planner.export.snapshot import Snapshot, load_snapshot, taken
from planner.export.writer import RunWriter
from planner.solve import Budget, Solved, solve_built
from planner.streams import of_window
from planner.summary import PlanResult, Progress, RunSummary, Stopwatch
from planner.targets.choose import Aim, History, choose
from planner.window.build import build
from planner.window.logic import Contradiction
from planner.window.spec import WindowSpec
from planner.window.wishes import without_wishes

__all__ = ["TRIES", "OneRun", "PlanResult", "Progress", "RunSummary", "Stopwatch", "plan"]

TRIES = 12
"""How often a window is chosen anew, ever smaller, before the plan is given up."""


def plan(
    config: Config,
    *,
    out: Path,
    seed: int,
    site: int = 0,
    ops: int | None = None,
    until: int | None = None,
    runs: int = 1,
    date: str,
    snapshot: Path | None = None,
    observer: Callable[[Progress], None] = lambda progress: None,
    finished: Callable[[RunSummary], None] = lambda summary: None,
    parquet: bool = False,
    device: Device | None = None,
    first: int = 1,
    tables: Collection[str] | None = None,
    kind: Callable[..., OneRun] | None = None,
) -> PlanResult:
    """Plans a series of runs and writes their files into `out`.

    Each run ends at the first window boundary at or after `ops` operations, or when nothing more may start before
    `until` ticks after its beginning, and drains. `observer` is told after each window, `finished` of each run whose
    files are published. `parquet`: the tables as Parquet, too. Each `site` has random streams of its own. Raises
    JudgeRefused, UnusableInput, UnusableOutput.

    Where the config wants a bootstrap, a series that begins on a fresh device has one run more, the bootstrap, first.

    `kind`: how the runs are made. By default long ones hit all cells, then all of them again (`RepeatingRun`), short
    ones and those of a config with weights choose operation by operation (`OneRun`).

    `device`: the config's, if it is there already; `first`: the least number of the first run (a run goes on from a
    snapshot with the number after the snapshot's); `tables`: only these tables are written (None: all).
    """
    device = Device(config) if device is None else device
    start = None if snapshot is None else load_snapshot(snapshot, config)
    summaries = []
    kinds: list[Callable[..., OneRun]] = [_kind(device, seed, ops, until) if kind is None else kind] * runs
    if start is None and config.bootstrap.enabled:
        from planner.bootstrap import BootstrapRun  # noqa: PLC0415 - it builds on this module

        kinds.insert(0, BootstrapRun)
    for made in kinds:
        run = made(config, device, out, seed, site, date, start, ops, until, observer, parquet, first, tables)
        summaries.append(run.complete())
        start = run.taken
        finished(summaries[-1])
    return PlanResult(tuple(summaries))


def _kind(device: Device, seed: int, ops: int | None, until: int | None) -> Callable[..., OneRun]:
    """How runs are made where nothing else is said."""
    from planner.repeats.library import library  # noqa: PLC0415 - they build on this module
    from planner.repeats.run import RepeatingRun, is_long  # noqa: PLC0415

    if device.config.weights.given or not is_long(device.config, ops, until):
        return OneRun
    return partial(RepeatingRun, chapters=cache(partial(library, device, seed, ops, until)))


class OneRun:
    """One run of a series: its state between windows."""

    def __init__(
        self,
        config: Config,
        device: Device,
        out: Path,
        seed: int,
        site: int,
        date: str,
        start: Snapshot | None,
        ops: int | None,
        until: int | None,
        observer: Callable[[Progress], None],
        parquet: bool = False,
        first: int = 1,
        tables: Collection[str] | None = None,
    ) -> None:
        self._config, self._device = config, device
        self._seed, self._site, self._ops = seed, site, ops
        self._observer = observer
        self.number = first if start is None else max(first, start.run + 1)
        self.boundary = Boundary.fresh(device) if start is None else start.boundary
        self._begin = self.boundary.time
        self._end = None if until is None else self._begin + until
        self._history = History.empty(device)
        self._judge = Judge(config, *(() if start is None else (start.document, start.blocks)), replaying=False)
        self._writer = RunWriter(
            config, out, run=self.number, date=date, seed=seed, start=None if start is None else start.boundary,
            parquet=parquet, tables=tables,
        )  # fmt: skip
        self._watch = Stopwatch()
        self._window = 0
        self._operations = 0
        self._dropped = 0
        self.taken: Snapshot | None = None

    def complete(self) -> RunSummary:
        """Plans the run to its end and publishes its files; none where anything goes wrong."""
        with self._writer:
            while self._advance():
                self._tell()
            self._settle()
            report = self._judge.finish(open_end=self._config.policies.carry_over)
            self._require_legal(report)
            return self._publish(report)

    def _advance(self) -> bool:
        """Plans one window; False when there is nothing left to do."""
        drain = self._full()
        if drain and self._config.policies.carry_over:
            return False
        decoded, dropped = self._next(drain)
        if decoded is None:
            return False
        self.boundary = decoded.boundary
        self._window += 1
        self._operations += len(decoded.chunk.commands)
        self._dropped += dropped
        self._deliver(decoded.chunk)
        return True

    def _next(self, drain: bool) -> tuple[Decoded | None, int]:
        """What comes next, and how many wishes were dropped for it; None where nothing is wanted any more."""
        solved, dropped = self._solved(drain)
        if solved is None:
            return None, dropped
        with self._watch.stage("decode"):
            decoded = decode(solved)
            self._history = self._history.recorded(decoded.chunk.commands, decoded.chunk.aim)
        return decoded, dropped

    def _full(self) -> bool:
        if self._ops is not None and self._operations >= self._ops:
            return True
        return self._end is not None and self.boundary.time >= self._end

    def _solved(self, drain: bool) -> tuple[Solved | None, int]:
        """The next window, solved, and how many wishes were dropped for it; None where nothing is wanted any more."""
        dropped = 0
        for attempt in range(TRIES):
            with self._watch.stage("choose"):
                aim = self._aim(drain or self._no_room(attempt), attempt)
                spec = choose(
                    self._device,
                    self.boundary,
                    self._history,
                    of_window(self._seed, self._site, self.number, self._window, attempt),
                    aim,
                )
            if not spec.ops:
                return None, dropped
            solved = self._solve(spec)
            if solved is not None:
                return solved, dropped
            modest, gone = without_wishes(spec)
            dropped += gone
            solved = self._solve(modest) if gone and modest.ops else None
            if solved is not None:
                return solved, dropped
            dropped += len(modest.ops)
        raise JudgeRefused(
            f"no window fits any more after {TRIES} tries",
            digest=self._config.digest,
            seed=self._seed,
            run=self.number,
            window=self._window,
        )

    def _no_room(self, attempt: int) -> bool:
        """Whether what is tried in vain may be due to the end of the run: then it is time to drain."""
        return self._end is not None and attempt >= TRIES // 2

    def _aim(self, drain: bool, attempt: int) -> Aim:
        return Aim(scale=0.6**attempt, drain=drain, end=self._end)

    def _solve(self, spec: WindowSpec) -> Solved | None:
        try:
            with self._watch.stage("build"):
                window = build(self._device, self.boundary, spec)
        except Contradiction:
            return None
        with self._watch.stage("solve"):
            outcome = solve_built(window, Budget(seed=self._window & 0x7FFFFFFF))
        return outcome if isinstance(outcome, Solved) else None

    def _deliver(self, chunk: Chunk) -> None:
        with self._watch.stage("judge"):
            self._judge.feed(chunk.commands)
        self._require_legal(self._judge.report)
        self._writer.write(chunk)

    def _settle(self) -> None:
        """Lets everything that still runs come to its end."""
        nothing = np.zeros(0, dtype=np.int64)
        while not self._config.policies.carry_over:
            running = [live.end for die in self.boundary.dies for live in die.running]
            if not running:
                return
            self.boundary, spans = advance(self._device, self.boundary, (), max(running))
            self._writer.write(Chunk(Commands.of([]), spans, self.boundary.horizon(), nothing, nothing))

    def _require_legal(self, report: Report) -> None:
        if report.legal:
            return
        finding = report.findings[0]
        raise JudgeRefused(
            f"the judge refuses this plan: [{finding.rule}] operation {finding.op_uid} at "
            f"{self._config.clock.us(finding.time)} us: {finding.message}",
            digest=self._config.digest,
            seed=self._seed,
            run=self.number,
            window=self._window,
        )

    def _publish(self, report: Report) -> RunSummary:
        counts = self._writer.finish(run_out(self._device, self.boundary)[1])
        sections: dict[str, Any] = {
            "counts": {"dropped": self._dropped, "windows": self._window},
            "verdict": {"legal": report.legal, "operations": report.operations, "violations": report.violations},
        }
        self.taken = taken(self._config, self.boundary, seed=self._seed, stream=self._window, run=self.number)
        files = self._writer.commit(self.boundary, stream=self._window, sections=sections, seconds=self._watch.seconds)
        seconds = {**self._watch.seconds, "export": self._writer.seconds}
        hits = self._writer.hits.hits.ravel()
        cells = np.flatnonzero(hits)
        return RunSummary(self.number, counts, self._dropped, report, files, seconds, cells, hits[cells])

    def _tell(self) -> None:
        until = None if self._end is None else self._end - self._begin
        device_time = self.boundary.time - self._begin
        covered = self._covered()
        self._observer(Progress(self.number, self._operations, self._ops, device_time, until, self._dropped, covered))

    def _covered(self) -> float | None:
        """The share of a goal in cells that is reached; None where there is no such goal."""
        return None
