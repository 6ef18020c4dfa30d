"""The columns of the timeline: operations, what holds each plane, what only the die sees, the bus, suspensions.

Everything is taken from the files; nothing is replayed. Rows are in order of their start, times in ticks.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from planner.errors import UnusableInput
from planner.report import tables
from planner.report.facts import BUS_STATE, Facts
from planner.report.folder import RunFolder

SEQUENCE = ("time", "op_name", "op_uid", "payload")
EVENTS = ("time", "event", "op_uid", "op_name", "op_base", "op_state", "die", "planes", "fragment")
SEGMENTS = ("start", "end", "die", "plane", "op_state", "op_uid")
ISSUED = ("start", "die", "plane", "block", "page", "op_name", "op_base", "source", "op_uid", "op_state")
ENDINGS = ("OP_END", "OP_ABORT")
MOST_PLANES = 31
"""Planes of a die that a mask in the page can hold."""

STATES = ("ISSUE", "CORE_BUSY", "DATA_OUT", "DATA_IN")


@dataclass(frozen=True, slots=True)
class History:
    """A run as frames.

    `ops` (a row per operation: op, time, op_uid, op_name, op_base, die, exp_val, end, aborted, cuts), `issued` (the
    rows of operation_timeline at issue: op, time, die, plane, block, page, op_name, op_base, source, op_state),
    `held` (start, end, op, die, mask, state), `segments` (the rows of op_state_timeline), `spread` (the same as
    `held` of what holds no plane; die -1 without one), `bus` (start, end, op), `gaps` (suspensions: start, end, op,
    die, mask, fragment).
    """

    decimals: int
    lanes: tuple[tuple[int, int], ...]
    ops: pl.DataFrame
    issued: pl.DataFrame
    held: pl.DataFrame
    segments: pl.DataFrame
    spread: pl.DataFrame
    bus: pl.DataFrame
    gaps: pl.DataFrame

    @property
    def span(self) -> tuple[int, int]:
        """From the first start to the last end."""
        ends = [_most(frame["end"]) for frame in (self.held, self.spread, self.bus) if len(frame)]
        first = int(self.ops["time"][0]) if len(self.ops) else 0
        return first, max(ends, default=first + 1)

    @property
    def planes(self) -> int:
        """Planes of a die."""
        return max((plane for _, plane in self.lanes), default=-1) + 1


def _most(values: pl.Series) -> int:
    return int(values.to_numpy().max())


def read_history(run: RunFolder, facts: Facts) -> History:
    """Reads what the timeline shows. UnusableInput."""
    path = run.table("operation_sequence")
    sequence = tables.read(path, SEQUENCE)
    decimals = tables.decimals_of(sequence["time"])
    ops = sequence.select(
        tables.ticks(sequence, "time", path, decimals), tables.whole(sequence, "op_uid", path), "op_name",
        _expected(sequence["payload"]),
    ).with_row_index("op")  # fmt: skip
    rows = ops.select("op_uid", pl.col("op").cast(pl.Int64))
    if rows["op_uid"].is_duplicated().any():
        raise UnusableInput(f"{path}: an op_uid stands in two rows; allowed: each once")
    events = _events(run, decimals, rows)
    segments = _segments(run, decimals, rows)
    issued = _issued(run, decimals, rows)
    pieces = _pieces(events)
    held = _held(segments)
    lanes = _lanes(facts, segments)
    return History(
        decimals=decimals,
        lanes=lanes,
        ops=_whole_ops(ops, events),
        issued=issued,
        held=held,
        segments=segments,
        spread=_spread(pieces, held),
        bus=_bus(pieces, facts),
        gaps=_gaps(events, pieces),
    )


def _expected(payload: pl.Series) -> pl.Series:
    texts = payload.str.extract(r'"exp_val":(\[[^\]]*\]|"[^"]*")', 1).fill_null("")
    return texts.str.replace_all(r'[\[\]"]', "").alias("exp_val")


def _events(run: RunFolder, decimals: int, rows: pl.DataFrame) -> pl.DataFrame:
    path = run.table("events")
    frame = tables.read(path, EVENTS)
    made = frame.select(
        tables.ticks(frame, "time", path, decimals), "event", tables.whole(frame, "op_uid", path), "op_name", "op_base",
        "op_state", tables.whole(frame, "die", path, empty=-1), _mask(frame["planes"]),
        tables.whole(frame, "fragment", path),
    )  # fmt: skip
    # an operation of an earlier run may end in this one
    return made.join(rows, on="op_uid", how="inner", maintain_order="left")


def _mask(planes: pl.Series) -> pl.Series:
    """`0+2` as a bit mask; there are few different texts."""
    texts = planes.unique()
    masks = [sum(1 << int(p) for p in text.split("+") if p.isdigit()) for text in texts.to_list()]
    return planes.replace_strict(texts, pl.Series(masks, dtype=pl.Int64)).alias("mask")


def _segments(run: RunFolder, decimals: int, rows: pl.DataFrame) -> pl.DataFrame:
    path = run.table("op_state_timeline")
    frame = tables.read(path, SEGMENTS)
    made = frame.select(
        tables.ticks(frame, "start", path, decimals), tables.ticks(frame, "end", path, decimals),
        tables.whole(frame, "die", path), tables.whole(frame, "plane", path), "op_state",
        tables.whole(frame, "op_uid", path),
    )  # fmt: skip
    return made.join(rows, on="op_uid", how="left", maintain_order="left").with_columns(pl.col("op").fill_null(-1))


def _issued(run: RunFolder, decimals: int, rows: pl.DataFrame) -> pl.DataFrame:
    path = run.table("operation_timeline")
    frame = tables.read(path, ISSUED)
    made = frame.select(
        tables.ticks(frame, "start", path, decimals).alias("time"), tables.whole(frame, "die", path),
        tables.whole(frame, "plane", path), tables.whole(frame, "block", path, empty=-1),
        tables.whole(frame, "page", path, empty=-1), "op_name", "op_base", "source",
        tables.whole(frame, "op_uid", path), "op_state",
    )  # fmt: skip
    joined = made.join(rows, on="op_uid", how="inner", maintain_order="left")
    return joined.filter(pl.col("time") == pl.col("time").min().over("op"))  # the first fragment


def _pieces(events: pl.DataFrame) -> pl.DataFrame:
    """Every state of every fragment: until the next thing that happens to its operation."""
    own = events.filter(pl.col("event").is_in(("STATE", "OP_SUSPENDED", *ENDINGS)))
    own = own.sort("op", "time", maintain_order=True)
    ends = own.with_columns(
        end=pl.col("time").shift(-1).over("op"), state=pl.col("op_state").str.split(".").list.last()
    )
    return ends.filter((pl.col("event") == "STATE") & pl.col("end").is_not_null()).rename({"time": "start"})


def _held(segments: pl.DataFrame) -> pl.DataFrame:
    """The segments of one operation that are alike on the planes of a die, as one row with a mask."""
    grouped = segments.group_by("start", "end", "op", "die", "op_state", maintain_order=True).agg(
        mask=(pl.lit(1, dtype=pl.Int64) * (2 ** pl.col("plane")).cast(pl.Int64)).sum()
    )
    state = pl.col("op_state").str.split(".").list.last().alias("state")
    return grouped.with_columns(state).sort("start", "op", "die", maintain_order=True)


def _spread(pieces: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
    own = pieces.join(held.select("op").unique(), on="op", how="anti")
    return own.select("start", "end", "op", "die", "mask", "state").sort("start", "op", maintain_order=True)


def _bus(pieces: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    if facts.known:
        on = [f"{base}.{state}" for base, states in facts.bus.items() for state in states]
        taken = pieces.filter(pl.col("op_state").is_in(on))
    else:
        taken = pieces.filter(pl.col("state") == BUS_STATE)
    return taken.select("start", "end", "op").sort("start", "op", maintain_order=True)


def _gaps(events: pl.DataFrame, pieces: pl.DataFrame) -> pl.DataFrame:
    """From each OP_SUSPENDED to what happens next to the operation, or to the end of the run."""
    own = events.filter(pl.col("event").is_in(("OP_SUSPENDED", "OP_RESUMED", *ENDINGS)))
    own = own.sort("op", "time", maintain_order=True).with_columns(end=pl.col("time").shift(-1).over("op"))
    last = pieces["end"].max() if len(pieces) else 0
    cut = own.filter(pl.col("event") == "OP_SUSPENDED").with_columns(pl.col("end").fill_null(pl.lit(last)))
    return cut.select(pl.col("time").alias("start"), "end", "op", "die", "mask", "fragment").sort("start", "op")


def _lanes(facts: Facts, segments: pl.DataFrame) -> tuple[tuple[int, int], ...]:
    if facts.known:
        lanes = {(die, plane) for die in range(facts.dies) for plane in range(facts.planes)}
    else:
        lanes = set(segments.select("die", "plane").unique().rows())
    if any(plane >= MOST_PLANES for _, plane in lanes):
        raise UnusableInput(f"more than {MOST_PLANES} planes of a die: too many for a report")
    return tuple(sorted(lanes))


def _whole_ops(ops: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """With what the events say of each operation as a whole; `end` -1 where the run does not tell."""
    start = events.filter(pl.col("event") == "OP_START").unique("op", keep="first")
    end = events.filter(pl.col("event").is_in(ENDINGS)).unique("op", keep="first")
    cuts = events.filter(pl.col("event") == "OP_SUSPENDED").group_by("op").len("cuts")
    columns = start.select("op", "op_base", "die", "mask")
    ended = end.select("op", pl.col("time").alias("end"), aborted=(pl.col("event") == "OP_ABORT").cast(pl.Int64))
    made = ops.with_columns(pl.col("op").cast(pl.Int64))
    for other in (columns, ended, cuts):
        made = made.join(other, on="op", how="left", maintain_order="left")
    fills = {"op_base": "", "die": -1, "mask": 0, "end": -1, "aborted": 0, "cuts": 0}
    return made.with_columns(pl.col(name).fill_null(value) for name, value in fills.items())
