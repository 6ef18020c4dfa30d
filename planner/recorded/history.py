"""Runs of one folder as columns: what held each plane, what was on the bus, what was suspended, which operations.

Times are ticks; rows are in order of time. Everything is taken from the files, nothing is replayed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from planner.recorded.files import SEGMENT_COLUMNS, read_events, read_rows, read_segments
from planner.report.facts import BUS_STATE, Facts
from planner.report.folder import RunFolder

NOTHING = -1
ENDINGS = ("OP_END", "OP_ABORT")
SUSPENDS = ("ERASE_SUSPEND", "PROGRAM_SUSPEND")
AXES = ("erase", "program")


@dataclass(frozen=True)
class History:
    """The runs of a folder.

    `segments`: start, end, die, plane, base, state, op_uid. `events`: time, event, op_uid, op_name, base, state
    (as in `read_events`). `lanes`: all (die, plane).
    """

    runs: tuple[RunFolder, ...]
    facts: Facts
    decimals: int
    lanes: tuple[tuple[int, int], ...]
    segments: pl.DataFrame
    events: pl.DataFrame

    @cached_property
    def span(self) -> tuple[int, int]:
        """The first and the last moment, at least a tick apart."""
        times = self.events["time"]
        begin, end = (int(times.item(0)), int(times.item(-1))) if len(times) else (0, 0)
        return begin, max(end, begin + 1)

    @cached_property
    def ops(self) -> pl.DataFrame:
        """A row per operation, in order of start: op_uid, op_name, base, die, planes, start, end, aborted, cuts.

        `die` and `end` are NOTHING where there is none, or the files do not tell it.
        """
        first = self.events.unique("op_uid", keep="first", maintain_order=True).select(
            "op_uid", "op_name", "base", "die", "planes", start="time"
        )
        ended = self.events.filter(pl.col("event").is_in(ENDINGS))
        last = ended.select("op_uid", end="time", aborted=pl.col("event") == "OP_ABORT")
        cuts = self.events.filter(event="OP_SUSPENDED").group_by("op_uid").len("cuts")
        made = first.join(last, on="op_uid", how="left", maintain_order="left")
        made = made.join(cuts, on="op_uid", how="left", maintain_order="left")
        return made.with_columns(
            pl.col("end").fill_null(NOTHING), pl.col("aborted").fill_null(False), pl.col("cuts").fill_null(0)
        )

    @cached_property
    def pieces(self) -> pl.DataFrame:
        """Every state of every fragment: start, end, op_uid, op_name, base, die, planes, state."""
        own = self.events.filter(pl.col("event").is_in(("STATE", "OP_SUSPENDED", *ENDINGS)))
        own = own.sort("op_uid", "time", maintain_order=True)
        own = own.with_columns(end=pl.col("time").shift(-1).over("op_uid"))
        states = own.filter((pl.col("event") == "STATE") & pl.col("end").is_not_null())
        columns = states.select("end", "op_uid", "op_name", "base", "die", "planes", "state", start="time")
        return columns.sort("start", "op_uid", maintain_order=True)

    @cached_property
    def bus(self) -> pl.DataFrame:
        """What was on the bus: the pieces whose state uses it."""
        if not self.facts.known:
            return self.pieces.filter(state=BUS_STATE)
        on = [f"{base}.{state}" for base, states in self.facts.bus.items() for state in states]
        return self.pieces.filter(pl.concat_str("base", "state", separator=".").is_in(on))

    @cached_property
    def gaps(self) -> pl.DataFrame:
        """Suspensions: start, end, op_uid, op_name, base, die, planes, axis (`erase` or `program`), told.

        From the cut to the continuation, an abort, or the last moment. `told`: since when status reads tell of it,
        which is the end of the SUSPEND.
        """
        own = self.events.filter(pl.col("event").is_in(("OP_SUSPENDED", "OP_RESUMED", *ENDINGS)))
        own = own.sort("op_uid", "time", maintain_order=True)
        own = own.with_columns(end=pl.col("time").shift(-1).over("op_uid").fill_null(self.span[1]))
        cut = own.filter(event="OP_SUSPENDED")
        ends = self.ops.filter(pl.col("base").is_in(SUSPENDS)).select("start", "die", told="end")
        made = cut.select("end", "op_uid", "op_name", "base", "die", "planes", start="time")
        made = made.join(ends.unique(("start", "die"), keep="first"), on=("start", "die"), how="left")
        axis = pl.when(pl.col("base") == "ERASE").then(pl.lit(AXES[0])).otherwise(pl.lit(AXES[1])).alias("axis")
        known = pl.when(pl.col("told") >= pl.col("start")).then(pl.col("told")).otherwise(pl.col("start"))
        told = pl.min_horizontal(known, "end").alias("told")
        return made.with_columns(axis, told).sort("start", "op_uid", maintain_order=True)

    @cached_property
    def fragments(self) -> pl.DataFrame:
        """The rows of operation_timeline: start, end, die, plane, block, page, op_name, base, op_uid, op_state."""
        frames = [read_rows(run, self.decimals) for run in self.runs]
        return pl.concat(frames).sort("start", "op_uid", maintain_order=True)

    def clipped(self, frame: pl.DataFrame, begin: int, end: int) -> pl.DataFrame:
        """What is inside [begin, end), cut at its edges; what has no length stays where it is inside."""
        starts, ends = pl.col("start"), pl.col("end")
        inside = frame.filter((starts < end) & ((ends > begin) | ((starts == ends) & (starts >= begin))))
        return inside.with_columns(starts.clip(lower_bound=begin), ends.clip(upper_bound=end))


def read_history(runs: list[RunFolder], facts: Facts, tell: Callable[[RunFolder], None] = lambda run: None) -> History:
    """Reads runs that are one history. UnusableInput: a file is missing or broken; its place is told."""
    decimals, events, segments = 0, [], []
    for number, run in enumerate(runs):
        tell(run)
        frame, found = read_events(run, decimals if number else None)
        decimals = found
        events.append(frame)
        segments.append(read_segments(run, decimals))
    whole = pl.concat(segments).sort("start", "op_uid", maintain_order=True) if segments else _no_segments()
    lanes = {(die, plane) for die in range(facts.dies) for plane in range(facts.planes)}
    lanes |= set(whole.select("die", "plane").unique().rows())
    return History(
        tuple(runs), facts, decimals, tuple(sorted(lanes)), whole, pl.concat(events).sort("time", maintain_order=True)
    )


def _no_segments() -> pl.DataFrame:
    return pl.DataFrame(schema=SEGMENT_COLUMNS)
