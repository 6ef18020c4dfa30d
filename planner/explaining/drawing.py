"""A witness as a table and as a drawn timeline."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl
from rich.text import Text

from model.device import Device
from model.event import NOTHING
from model.geometry import planes_in
from model.timeline import FINE, EventKind, Layout, Settled
from planner.explaining.witness import Witness
from planner.plots.terminal import drawn
from planner.recorded.files import SEGMENT_COLUMNS
from planner.recorded.history import History
from planner.report.facts import Facts
from planner.targets.cells import BINS

_EVENTS = ("time", "event", "op_uid", "op_name", "base", "state", "die", "planes", "fragment")
_CLOSER = 8
"""A closer look is drawn where the whole is so many times as long."""


def rows_of(device: Device, witness: Witness) -> list[dict[str, object]]:
    """A row per operation: op_uid, start (us), op_name, die, planes, blocks, page, and what it was issued in."""
    commands, clock = witness.commands, device.clock
    seen = _seen(device, witness.settled)
    rows: list[dict[str, object]] = []
    for i in range(len(commands)):
        low, high = int(commands.first[i]), int(commands.first[i + 1])
        planes = [p for p in commands.entry_plane[low:high].tolist() if p != NOTHING]
        blocks = [b for b in commands.entry_block[low:high].tolist() if b != NOTHING]
        page = int(commands.entry_page[low]) if high > low else NOTHING
        rows.append(
            {
                "op_uid": int(commands.op_uid[i]),
                "start": clock.us(int(commands.time[i])),
                "op_name": device.catalogue.names[int(commands.op[i])].name,
                "die": int(commands.die[i]) if commands.die[i] != NOTHING else None,
                "planes": planes,
                "blocks": blocks,
                "page": page if page != NOTHING else None,
                "in": seen.get(i, ""),
            }
        )
    return rows


def _seen(device: Device, settled: Settled) -> dict[int, str]:
    """Of each operation the op_state of its first plane, with the bin."""
    hits, names = settled.hits, device.op_states.names
    found: dict[int, str] = {}
    for op, state, time in zip(hits.op.tolist(), hits.op_state.tolist(), hits.input_time.tolist(), strict=True):
        word = names[state]
        found.setdefault(op, word if word.endswith(".END") or "." not in word else f"{word}, bin {time * BINS // FINE}")
    return found


def table(device: Device, witness: Witness) -> Iterator[str]:
    """The rows as lines of text."""
    heads = ("op_uid", "start us", "op_name", "die", "planes", "block", "page", "issued in")
    cells = [heads]
    for row in rows_of(device, witness):
        planes, blocks = row["planes"], row["blocks"]
        assert isinstance(planes, list)
        assert isinstance(blocks, list)
        words = ("+".join(map(str, planes)), "+".join(map(str, blocks)))
        die, page = ("" if row[key] is None else str(row[key]) for key in ("die", "page"))
        cells.append((str(row["op_uid"]), str(row["start"]), str(row["op_name"]), die, *words, page, str(row["in"])))
    widths = [max(len(row[i]) for row in cells) for i in range(len(heads))]
    for line in cells:
        parts = [
            text.rjust(size) if i in (0, 1) else text.ljust(size)
            for i, (text, size) in enumerate(zip(line, widths, strict=True))
        ]
        yield "  ".join(parts).rstrip()


def pictures(device: Device, witness: Witness, width: int, *, few_colours: bool) -> Iterator[Text]:
    """The timeline of the whole witness, and a closer look at its end where it is long."""
    history = history_of(device, witness.settled)
    begin, end = history.span
    yield from drawn(history, begin, end, width, few_colours=few_colours)
    first, last = _end_of(history, witness)
    if (end - begin) > _CLOSER * (last - first):
        yield Text()
        yield Text("the end of it:")
        yield from drawn(history, first, last, width, few_colours=few_colours)


def _end_of(history: History, witness: Witness) -> tuple[int, int]:
    """From a little before the start of the last operation but one to the end of the last one."""
    times, uid = witness.commands.time, int(witness.commands.op_uid[-1])
    start = int(times[-1])
    ends = history.pieces.filter(pl.col("op_uid") == uid)["end"].to_list()
    end = max([start + 1, *ends])
    begin = int(times[-2]) if len(times) > 1 else start
    margin = max((end - begin) // 20, 1)
    return max(0, begin - margin), end + margin


def history_of(device: Device, settled: Settled) -> History:
    """What the timeline tells, as the pictures read it."""
    layout = Layout.of(device.config)
    segments = _segments(device, settled)
    dies = sorted({row[2] for row in segments})
    lanes = tuple((die, plane) for die in dies or [0] for plane in range(layout.planes))
    return History(
        (), Facts.of(device.config), device.clock.decimals, lanes,
        pl.DataFrame(segments, schema=dict(SEGMENT_COLUMNS), orient="row"), _events(device, settled),
    )  # fmt: skip


def _segments(device: Device, settled: Settled) -> list[tuple[int, int, int, int, str, str, int]]:
    found, names = settled.segments, device.catalogue.names
    columns = (found.start, found.end, found.op_uid, found.name, found.state, found.die, found.mask)
    rows = []
    for start, end, uid, name, state, die, mask in zip(*(column.tolist() for column in columns), strict=True):
        base = names[name].base
        for of in range(device.geometry.dies) if die == NOTHING else (die,):
            rows += [(start, end, of, plane, base.name, base.states[state], uid) for plane in planes_in(mask)]
    return sorted(rows)


def _events(device: Device, settled: Settled) -> pl.DataFrame:
    found, names = settled.events, device.catalogue.names
    columns = (found.time, found.kind, found.op_uid, found.name, found.state, found.die, found.mask, found.fragment)
    rows = []
    for time, kind, uid, name, state, die, mask, fragment in zip(*(c.tolist() for c in columns), strict=True):
        base = names[name].base
        word = base.states[state] if state != NOTHING else ""
        planes = "+".join(map(str, planes_in(mask)))
        rows.append((time, EventKind(kind).name, uid, names[name].name, base.name, word, die, planes, fragment))
    kinds = (pl.Int64, pl.String, pl.Int64, pl.String, pl.String, pl.String, pl.Int64, pl.String, pl.Int64)
    return pl.DataFrame(rows, schema=dict(zip(_EVENTS, kinds, strict=True)), orient="row")
