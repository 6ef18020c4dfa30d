"""Hits of coverage in runs: op_state, op_name, fine (hundredth of the op_state's length), count."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import polars as pl

from model.config import Config
from model.event import NOTHING, Chunk, Commands, Ints
from model.judge import Judge
from model.sequence import SequenceReader
from model.sequence import UnusableInput as UnusableSequence
from model.timeline import Layout, Settled, Timeline
from planner.coverage import cells_only
from planner.errors import UnusableInput
from planner.export.snapshot import Snapshot, load_snapshot, stem
from planner.recorded.folder import config_of, read_range
from planner.report import tables
from planner.report.folder import RunFolder

SHUT = ("excluded", "disabled", "unreachable")
TABLE = "op_state_name_input_time_count"
HITS: Mapping[str, pl.DataType] = {
    "op_state": pl.String(), "op_name": pl.String(), "fine": pl.Int64(), "count": pl.Int64(),
}  # fmt: skip


def counted_hits(runs: list[RunFolder]) -> pl.DataFrame:
    """The hits of whole runs, as they were counted in their files, in order of first appearance. UnusableInput."""
    frames = []
    for run in runs:
        path = run.table(TABLE)
        frame = tables.read(path, ("op_state", "op_name", "input_time", "count"))
        fine = tables.ticks(frame, "input_time", path, 2).alias("fine")
        frames.append(frame.select("op_state", "op_name", fine, tables.whole(frame, "count", path)))
    return _added(pl.concat(frames))


def shut_pairs(run: RunFolder) -> pl.DataFrame | None:
    """The pairs op_state, op_name none of whose cells can be hit, by the coverage file of a run; None without it."""
    path = run.table("coverage")
    if not path.is_file():
        return None
    frame = tables.read(path, ("op_state", "op_name", "status"))
    shut = pl.col("status").is_in(SHUT).all().alias("shut")
    return frame.group_by("op_state", "op_name", maintain_order=True).agg(shut).filter("shut")


def replayed_hits(runs: list[RunFolder], path: Path | None, since: str | None, until: str | None) -> pl.DataFrame:
    """The hits of the operations that start in a range (us, None: open), by a replay of the sequence files.

    The replay begins at the first run; where that goes on from another run, at the snapshot beside it.
    UnusableInput: the config is not known, or a file cannot be used; ConfigError.
    """
    config = config_of(runs, path)
    if config is None:
        raise UnusableInput(f"{runs[0].folder}: made with another config than the shipped one: give it with --config")
    ticks = config.clock.decimals
    begin, end = read_range(since, until, ticks, (0, np.iinfo(np.int64).max))
    replay = _Replay(config, _start(runs[0], config), begin, end)
    try:
        for run in runs:
            replay.read(run.table("operation_sequence"))
    except UnusableSequence as error:
        raise UnusableInput(str(error)) from None
    return replay.hits()


def _start(run: RunFolder, config: Config) -> Snapshot | None:
    if run.run == 1:
        return None
    path = run.folder / "snapshots" / f"{stem(run.run - 1)}.json"
    if not path.is_file():
        raise UnusableInput(f"{run.folder}: it begins with run {run.run}; to replay it, {path} is needed")
    return load_snapshot(path, config)


class _Replay:
    """Feeds a history to a judge, which tells what the device did, and counts what every operation found."""

    def __init__(self, config: Config, start: Snapshot | None, begin: int, end: int) -> None:
        self._config, self._begin, self._end = config, begin, end
        self._layout = Layout.of(config)
        self._judge = Judge(config) if start is None else Judge(config, start.document, start.blocks)
        self._timeline = Timeline(self._layout, None if start is None else start.boundary)
        self._uid = 1 if start is None else start.boundary.next_op_uid
        self._now = 0 if start is None else start.boundary.time
        self._keys: list[Ints] = []

    def read(self, path: Path) -> None:
        """Goes on with a sequence file, as far as the range reaches. UnusableSequence."""
        reader = SequenceReader(path, self._config, first_uid=self._uid, floor=self._now)
        for piece in reader:
            if int(piece.time[0]) >= self._end:
                continue
            self._judge.feed(piece)
            self._settle(piece)
        self._uid, self._now = reader.next_uid, reader.last_time

    def hits(self) -> pl.DataFrame:
        """All hits in the range. Nothing can be read after it."""
        self._judge.finish(open_end=True)
        self._settle(Commands.of([]))
        self._count(self._timeline.finish())
        states, names = self._layout.op_states.names, [spec.name for spec in self._config.names]
        rows = np.concatenate(self._keys) if self._keys else np.zeros((0, 3), dtype=np.int64)
        columns = ([states[i] for i in rows[:, 0]], [names[i] for i in rows[:, 1]], rows[:, 2], np.ones(len(rows)))
        return _added(pl.DataFrame(dict(zip(HITS, columns, strict=True)), schema=HITS))

    def _settle(self, commands: Commands) -> None:
        spans, horizon = self._judge.settled()
        none = np.full(len(commands), NOTHING, dtype=np.int64)
        self._count(self._timeline.settle(Chunk(commands, spans, horizon, none, none)))

    def _count(self, settled: Settled) -> None:
        found = cells_only(self._config, self._layout, settled.hits)
        time = settled.commands.time[found.op]
        inside = np.flatnonzero((time >= self._begin) & (time < self._end))
        op = settled.commands.op[found.op[inside]]
        self._keys.append(np.stack([found.op_state[inside], op, found.input_time[inside]], axis=1))


def _added(hits: pl.DataFrame) -> pl.DataFrame:
    return hits.group_by("op_state", "op_name", "fine", maintain_order=True).agg(pl.col("count").sum())
