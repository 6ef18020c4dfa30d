"""Chrome trace events (JSON), as Perfetto and chrome://tracing open them: lanes as tracks, fragments linked by flows.

A process per die and one for the bus; a track per plane, and one per die for what is suspended. `ts` and `dur` are in
us, with all decimals of the tick.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TextIO

import polars as pl

from planner.recorded.history import History

Event = dict[str, Any]

BUS = 1
FIRST_DIE = 2
SUSPENDED = 1_000
"""The track of a die's suspensions, below its planes."""
OFTEN = 10_000
"""Events between two words about how far it is."""


def write_perfetto(
    history: History, file: TextIO, begin: int, end: int, tell: Callable[[float], None] = lambda share: None
) -> int:
    """Writes what happens inside [begin, end) as one JSON object. How many events.

    `tell` is told now and then which share is done.
    """
    count, most = 0, len(history.bus) + len(history.segments) + 1
    meta = {"source": "nandplan", "runs": [run.run for run in history.runs]}
    file.write('{"displayTimeUnit":"ns","otherData":' + json.dumps(meta) + ',"traceEvents":[')
    for event in _events(history, begin, end):
        file.write(("," if count else "") + "\n" + json.dumps(event, separators=(",", ":")))
        count += 1
        if count % OFTEN == 0:
            tell(min(count / most, 1.0))
    file.write("\n]}\n")
    return count


def _events(history: History, begin: int, end: int) -> Iterator[Event]:
    us = _Us(history.decimals)
    details = _details(history)
    yield from _tracks(history)
    for row in history.clipped(history.bus, begin, end).iter_rows(named=True):
        yield _slice(us, "bus", row, row["op_name"], BUS, 0, details)
    names = dict(history.ops.select("op_uid", "op_name").rows())
    segments = history.clipped(history.segments, begin, end)
    for row in segments.iter_rows(named=True):
        name = f"{row['base']}.{row['state']}"
        event = _slice(us, "state", row, name, FIRST_DIE + row["die"], row["plane"], details)
        event["args"]["op_name"] = names.get(row["op_uid"], "?")
        yield event
    for row in history.clipped(history.gaps, begin, end).iter_rows(named=True):
        for die in _dies(history, row["die"]):
            yield _slice(us, "suspended", row, f"{row['op_name']} suspended", FIRST_DIE + die, SUSPENDED, details)
    resumed = history.events.filter((pl.col("time") >= begin) & (pl.col("time") < end), event="OP_RESUMED")
    yield from _flows(us, segments, resumed.select("op_uid", "time").rows())


def _tracks(history: History) -> Iterator[Event]:
    """Names of processes and threads, and the order in which they stand."""
    dies = sorted({die for die, _ in history.lanes})
    for order, (pid, name) in enumerate([(BUS, "IO bus"), *((FIRST_DIE + die, f"die {die}") for die in dies)]):
        yield _meta("process_name", pid, 0, name=name)
        yield _meta("process_sort_index", pid, 0, sort_index=order)
    threads = [(BUS, 0, "bus"), *((FIRST_DIE + die, plane, f"d{die}-p{plane}") for die, plane in history.lanes)]
    for pid, tid, name in [*threads, *((FIRST_DIE + die, SUSPENDED, f"d{die} suspended") for die in dies)]:
        yield _meta("thread_name", pid, tid, name=name)
        yield _meta("thread_sort_index", pid, tid, sort_index=tid)


def _meta(kind: str, pid: int, tid: int, **args: Any) -> Event:
    return {"ph": "M", "name": kind, "pid": pid, "tid": tid, "args": args}


def _slice(
    us: _Us, category: str, row: Mapping[str, Any], name: str, pid: int, tid: int, details: Mapping[int, Event]
) -> Event:
    start, length = us(row["start"]), us(row["end"] - row["start"])
    args = {"op_uid": row["op_uid"], **details.get(row["op_uid"], {})}
    return {
        "ph": "X", "cat": category, "name": name, "pid": pid, "tid": tid, "ts": start, "dur": length, "args": args,
    }  # fmt: skip


def _flows(us: _Us, segments: pl.DataFrame, resumed: list[tuple[int, int]]) -> Iterator[Event]:
    """An arrow from the last tick of each fragment that was cut to the first of its continuation, plane by plane.

    `resumed`: op_uid and time of each continuation.
    """
    cut = sorted({uid for uid, _ in resumed})
    own = segments.filter(pl.col("op_uid").is_in(cut) & (pl.col("start") < pl.col("end")))
    rows: dict[int, list[tuple[int, int, int, int]]] = {uid: [] for uid in cut}
    for uid, *row in own.select("op_uid", "die", "plane", "start", "end").sort("die", "plane", "start").rows():
        rows[uid].append(tuple(row))
    number = 0
    for uid, time in resumed:
        for die, plane in [(die, plane) for die, plane, start, _ in rows[uid] if start == time]:
            before = [end for d, p, _, end in rows[uid] if (d, p) == (die, plane) and end <= time]
            if not before:
                continue  # it was cut before the range
            number += 1
            flow = {"cat": "fragment", "name": f"op_uid {uid}", "id": number, "pid": FIRST_DIE + die, "tid": plane}
            yield {"ph": "s", **flow, "ts": us(before[-1] - 1)}
            yield {"ph": "f", "bp": "e", **flow, "ts": us(time)}


def _details(history: History) -> dict[int, Event]:
    """Where each operation works, as arguments: die, planes, blocks and page, as far as it has them."""
    rows = history.fragments.filter(pl.col("block") >= 0).unique(("op_uid", "die", "plane"), maintain_order=True)
    grouped = rows.group_by("op_uid", maintain_order=True).agg("block", pl.col("page").first())
    made: dict[int, Event] = {
        uid: {"blocks": blocks, "page": page} for uid, blocks, page in grouped.select("op_uid", "block", "page").rows()
    }
    for uid, die, planes in history.ops.select("op_uid", "die", "planes").rows():
        own: Event = {"die": die} if die >= 0 else {}
        if planes:
            own["planes"] = [int(plane) for plane in planes.split("+")]
        made[uid] = {**own, **made.get(uid, {})}
    return made


def _dies(history: History, die: int) -> list[int]:
    return [die] if die >= 0 else sorted({each for each, _ in history.lanes})


class _Us:
    """Ticks as a JSON number of us: the float that reads back as that decimal."""

    def __init__(self, decimals: int) -> None:
        self._scale: int = 10**decimals

    def __call__(self, ticks: int) -> float | int:
        """Exact below 2^53 ticks."""
        whole, part = divmod(ticks, self._scale)
        return float(ticks / self._scale) if part else whole
