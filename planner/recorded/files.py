"""The tables of a run that tell its history, each as a frame. Times are ticks, `die` -1 where there is none."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from planner.report import tables
from planner.report.folder import RunFolder

EVENTS = ("time", "event", "op_uid", "op_name", "op_base", "op_state", "die", "planes", "fragment")
SEGMENTS = ("start", "end", "die", "plane", "op_state", "op_uid")
ROWS = ("start", "end", "die", "plane", "block", "page", "op_name", "op_base", "op_uid", "op_state")
SEGMENT_COLUMNS: Mapping[str, pl.DataType] = {
    "start": pl.Int64(), "end": pl.Int64(), "die": pl.Int64(), "plane": pl.Int64(), "base": pl.String(),
    "state": pl.String(), "op_uid": pl.Int64(),
}  # fmt: skip


def read_events(run: RunFolder, decimals: int | None) -> tuple[pl.DataFrame, int]:
    """time, event, op_uid, op_name, base, state, die, planes (text, like `0+2`), fragment; and the decimals of a time.

    `decimals`: those that are due, None where the first time tells them. UnusableInput.
    """
    path = run.table("events")
    frame = tables.read(path, EVENTS)
    due = tables.decimals_of(frame["time"]) if decimals is None else decimals
    _, state = _parted(frame["op_state"])
    made = frame.select(
        tables.ticks(frame, "time", path, due), "event", tables.whole(frame, "op_uid", path), "op_name",
        pl.col("op_base").alias("base"), state, tables.whole(frame, "die", path, empty=-1), "planes",
        tables.whole(frame, "fragment", path),
    )  # fmt: skip
    return made, due


def read_segments(run: RunFolder, decimals: int) -> pl.DataFrame:
    """start, end, die, plane, base, state, op_uid. UnusableInput."""
    path = run.table("op_state_timeline")
    frame = tables.read(path, SEGMENTS)
    base, state = _parted(frame["op_state"])
    return frame.select(
        tables.ticks(frame, "start", path, decimals), tables.ticks(frame, "end", path, decimals),
        tables.whole(frame, "die", path), tables.whole(frame, "plane", path), base, state,
        tables.whole(frame, "op_uid", path),
    )  # fmt: skip


def read_rows(run: RunFolder, decimals: int) -> pl.DataFrame:
    """start, end, die, plane, block, page (-1: none), op_name, base, op_uid, op_state. UnusableInput."""
    path = run.table("operation_timeline")
    frame = tables.read(path, ROWS)
    return frame.select(
        tables.ticks(frame, "start", path, decimals), tables.ticks(frame, "end", path, decimals),
        tables.whole(frame, "die", path), tables.whole(frame, "plane", path),
        tables.whole(frame, "block", path, empty=-1), tables.whole(frame, "page", path, empty=-1), "op_name",
        pl.col("op_base").alias("base"), tables.whole(frame, "op_uid", path), "op_state",
    )  # fmt: skip


def _parted(op_state: pl.Series) -> tuple[pl.Series, pl.Series]:
    """`BASE.STATE` as base and state; there are few different texts."""
    texts = op_state.unique()
    bases = [text.rpartition(".")[0] for text in texts]
    states = [text.rpartition(".")[2] for text in texts]
    return (
        op_state.replace_strict(texts, bases, return_dtype=pl.String).alias("base"),
        op_state.replace_strict(texts, states, return_dtype=pl.String).alias("state"),
    )
