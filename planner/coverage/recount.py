"""Hits recounted from operation sequences alone: the judge's replay says in which state every operation was issued."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from model.config import Config
from model.event import NOTHING, Chunk, Commands, Ints
from model.judge import Judge
from model.sequence import SequenceReader
from model.sequence import UnusableInput as UnusableSequence
from model.timeline import FINE, Layout, Settled, Timeline
from planner.coverage.counting import BINS, HitCounter, cells_only
from planner.coverage.histories import History, PackedHistory, Part, SequenceFile
from planner.errors import UnusableInput
from planner.export.tally import Tally
from planner.targets.reachable import in_grain

EXAMPLES = 3
"""Violations of a history that are told one by one."""
MOST_EXAMPLES = 100
RUNS = 1 << 32
"""More than a file has runs: how the number of a file and of a run in it are one number."""
Observer = Callable[[int, int, int], None]
"""Told the number of a file, of how many, and the operations replayed so far."""


class GrainCount:
    """The hits at one grain, and every cell's witness: the first operation that hit it, its file, and its run there."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.hits: Ints = HitCounter(config).hits
        self.witness_file = np.full(self.hits.size, -1, dtype=np.int64)
        self.witness_run = np.zeros(self.hits.size, dtype=np.int64)
        self.witness_uid = np.zeros(self.hits.size, dtype=np.int64)
        self._by_file = Tally()

    def add(self, source: Ints, cells: Ints, uids: Ints) -> None:
        """Hits in order of time: the source (file times RUNS, plus run), the flat cell, the operation."""
        files, runs = source // RUNS, source % RUNS
        distinct, first, counts = np.unique(cells, return_index=True, return_counts=True)
        self.hits.reshape(-1)[distinct] += counts
        new = self.witness_file[distinct] < 0
        self.witness_file[distinct[new]] = files[first[new]]
        self.witness_run[distinct[new]] = runs[first[new]]
        self.witness_uid[distinct[new]] = uids[first[new]]
        self._by_file.add(files * self.hits.size + cells)

    def of_file(self, file: int) -> tuple[Ints, Ints]:
        """The flat cells that a file hit, ascending, and how often."""
        keys, counts = self._by_file.sorted()
        low, high = np.searchsorted(keys, (file * self.hits.size, (file + 1) * self.hits.size))
        return keys[low:high] % self.hits.size, counts[low:high]


@dataclass(frozen=True, slots=True)
class Recount:
    """All histories together: the files in the order in which they were replayed, and the tally of each grain."""

    files: tuple[SequenceFile, ...]
    operations: int
    violations: int
    examples: tuple[str, ...]
    grains: Mapping[str, GrainCount]


def recount(
    histories: Sequence[History | PackedHistory],
    config: Config,
    grains: Sequence[str],
    observer: Observer | None = None,
) -> Recount:
    """Replays histories, each by itself, and counts hits at some grains. UnusableInput: all that is wrong with them."""
    counts = {grain: GrainCount(in_grain(config, grain)) for grain in grains}
    files: list[SequenceFile] = []
    operations, violations = 0, 0
    examples: list[str] = []
    problems: list[str] = []
    most = sum(len(history.files) for history in histories)
    for history in histories:
        with history.opened() as parts:
            for part in parts:
                replay = _Replay(config, part, counts, len(files))
                for done in replay.run():
                    if observer is not None:
                        observer(len(files) + done + 1, most, operations + replay.operations)
                operations += replay.operations
                violations += replay.violations
                problems += replay.problems
                examples = [*examples, *replay.examples][:MOST_EXAMPLES]
        files += history.files
    if problems:
        raise UnusableInput("\n".join(problems))
    return Recount(tuple(files), operations, violations, tuple(examples), counts)


class _Replay:
    """One history through the judge and a timeline per grain. The chunks' `source` is file and run."""

    def __init__(self, config: Config, part: Part, counts: Mapping[str, GrainCount], first: int) -> None:
        self._config, self._part, self._first = config, part, first
        start = part.start
        document, blocks = (start.document, start.blocks) if start is not None else (None, None)
        self._judge = Judge(config, document, blocks, replaying=True)
        self._uid = start.boundary.next_op_uid if start is not None else 1
        self._floor = start.boundary.time if start is not None else 0
        boundary = start.boundary if start is not None else None
        layouts = [(count, Layout.of(count.config)) for count in counts.values()]
        self._grains = [(count, layout, Timeline(layout, boundary)) for count, layout in layouts]
        self.operations = 0
        self.violations = 0
        self.examples: list[str] = []
        self.problems: list[str] = []

    def run(self) -> Iterator[int]:
        """Replays all; tells the place of the file after each piece. A run that cannot be read ends it."""
        name = ""
        for opened in self._part.runs:
            name = name or opened.name
            reader = SequenceReader(opened.path, self._config, first_uid=self._uid, floor=self._floor)
            try:
                for piece in reader:
                    self._judge.feed(piece)
                    self.operations += len(piece)
                    self._settle(piece, (self._first + opened.place) * RUNS + opened.run)
                    yield opened.place
            except UnusableSequence as error:
                self.problems += [str(problem).replace(str(opened.path), opened.name) for problem in error.problems]
            self._uid, self._floor = reader.next_uid, reader.last_time
            self.violations += len(reader.faults)
            self.examples += [f"{opened.name}:{fault.line}: {fault.message}" for fault in reader.faults[:EXAMPLES]]
        if not self.problems:
            self._finish(name)

    def _finish(self, name: str) -> None:
        report = self._judge.finish(open_end=True)
        self._settle(Commands.of([]), NOTHING)
        for count, layout, timeline in self._grains:
            self._count(count, layout, timeline.finish())
        self.violations += report.violations
        self.examples += [f"{name}: [{finding.rule}] {finding.message}" for finding in report.findings[:EXAMPLES]]

    def _settle(self, commands: Commands, run: int) -> None:
        spans, horizon = self._judge.settled()
        source = np.full(len(commands), run, dtype=np.int64)
        chunk = Chunk(commands, spans, horizon, source, np.full(len(commands), NOTHING, dtype=np.int64))
        for count, layout, timeline in self._grains:
            self._count(count, layout, timeline.settle(chunk))

    @staticmethod
    def _count(count: GrainCount, layout: Layout, settled: Settled) -> None:
        hits = cells_only(count.config, layout, settled.hits)
        _, names, bins = count.hits.shape
        op = settled.commands.op[hits.op]
        cells = (hits.op_state * names + op) * bins + hits.input_time // (FINE // BINS)
        count.add(settled.source[hits.op], cells, settled.commands.op_uid[hits.op])
