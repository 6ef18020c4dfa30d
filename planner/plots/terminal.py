"""The timeline as text: a character per cell, coloured where the terminal has colours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import polars as pl
from rich.cells import cell_len
from rich.text import Text

from model.units import Clock
from planner.plots.families import LOOKS, Look
from planner.plots.raster import GAP, IDLE, KINDS, Lane, Raster, Run, raster
from planner.plots.shades import readable_on
from planner.plots.ticks import even_times
from planner.recorded.history import NOTHING, History

IDLE_MARK = "."
FILLS = {"ISSUE": ":", "CORE_BUSY": "=", "DATA": "-"}
SUSPENDED_FILL = "~"
MOST_COLUMNS = 2_000
LEAST_COLUMNS = 10
COLUMNS_PER_TIME = 14


def drawn(history: History, begin: int, end: int, width: int, *, few_colours: bool = False) -> Iterator[Text]:
    """The lines of the picture: a time axis, a line per lane, and what the marks mean.

    Every operation begins with the letter of its family. `few_colours`: the terminal has 16 colours, not more.
    """
    label = max(len(f"d{die}-p{plane}") for die, plane in (*history.lanes, (0, 0))) + 2
    picture = raster(history, begin, end, min(max(width - label, LEAST_COLUMNS), MOST_COLUMNS))
    clock = Clock(history.decimals)
    column = clock.us((end - begin) // picture.columns)
    yield Text(f"{clock.us(begin)} to {clock.us(end)} us, a column is about {column} us")
    yield from _axis(picture, label, history.decimals)
    for lane in picture.lanes:
        line = Text(f"{lane.name:<{label}}")
        for run in lane.runs():
            line.append(*marked(run, lane, few_colours=few_colours))
        yield line
    yield from _legend(picture, width, few_colours)


def marked(run: Run, lane: Lane, *, few_colours: bool = False) -> tuple[str, str]:
    """The text of a run, and its style."""
    length = run.high - run.low
    if run.code == IDLE:
        return IDLE_MARK * length, "dim"
    family, kind = divmod(run.code, len(KINDS))
    shown = LOOKS[family]
    fill = SUSPENDED_FILL if lane.kind == GAP else FILLS[KINDS[kind]]
    begins = run.low == 0 or int(lane.op_uid[run.low - 1]) != run.op_uid
    text = (shown.letter if begins else fill) + fill * (length - 1)
    ink, ground = _inks(shown, few_colours)
    if lane.kind == GAP or KINDS[kind] == "DATA":
        return text, f"bold {ground}"
    return text, f"{ink} on {ground}"


def _inks(look: Look, few_colours: bool) -> tuple[str, str]:
    return look.ansi if few_colours else (readable_on(look.colour), look.colour)


def listed(history: History, begin: int, end: int, most: int) -> Iterator[Text]:
    """The operations that start in the range: the first `most` of them, and how many there are beside."""
    clock = Clock(history.decimals)
    ops = history.ops.filter((pl.col("start") >= begin) & (pl.col("start") < end))
    rows = list(ops.head(most).iter_rows(named=True))
    table = [("op_uid", "start", "end", "die", "planes", "op_name", "")]
    for row in rows:
        ended = clock.us(row["end"]) if row["end"] != NOTHING else "open"
        die = str(row["die"]) if row["die"] != NOTHING else ""
        notes = [f"cut {row['cuts']}x"] if row["cuts"] else []
        notes += ["aborted"] if row["aborted"] else []
        table.append(
            (str(row["op_uid"]), clock.us(row["start"]), ended, die, row["planes"], row["op_name"], ", ".join(notes))
        )
    if rows:
        yield from _columns(table, right={0, 1, 2})
    left = len(ops) - len(rows)
    if left:
        yield Text(f"{'and ' if rows else ''}{left:,} operation{'s' if left > 1 else ''}{' more' if rows else ''}")


def _axis(picture: Raster, label: int, decimals: int) -> Iterator[Text]:
    """Times above the columns in which they lie, and marks where they lie."""
    columns = picture.columns
    begin, end = int(picture.edges[0]), int(picture.edges[-1])
    words, marks = [" "] * (label + columns), [" "] * (label + columns)
    free = 0
    for time, text in even_times(begin, end, decimals, max(columns // COLUMNS_PER_TIME, 1)):
        at = label + min(int((time - begin) * columns // (end - begin)), columns - 1)
        if at < free or at + len(text) > label + columns:
            continue
        words[at : at + len(text)] = text
        marks[at] = "|"
        free = at + len(text) + 1
    yield Text("".join(words).rstrip())
    yield Text("".join(marks).rstrip())


def _legend(picture: Raster, width: int, few_colours: bool) -> Iterator[Text]:
    """What the marks in the picture mean, in lines of that width."""
    codes = sorted({int(code) for lane in picture.lanes for code in set(lane.cells.tolist())} - {IDLE})
    parts = [_family(LOOKS[family], few_colours) for family in dict.fromkeys(code // len(KINDS) for code in codes)]
    kinds = {KINDS[code % len(KINDS)] for code in codes}
    words = {"ISSUE": "being sent", "CORE_BUSY": "array busy", "DATA": "data window"}
    parts += [Text(f"{FILLS[kind]} {word}") for kind, word in words.items() if kind in kinds]
    if any(lane.kind == GAP for lane in picture.lanes):
        parts.append(Text(f"{SUSPENDED_FILL} suspended"))
    parts.append(Text(f"{IDLE_MARK} idle"))
    line = Text()
    for part in parts:
        if line and cell_len(line.plain) + 3 + cell_len(part.plain) > width:
            yield line
            line = Text()
        line = Text.assemble(line, "   " if line else "", part)
    yield line


def _family(look: Look, few_colours: bool) -> Text:
    ink, ground = _inks(look, few_colours)
    return Text.assemble((look.letter, f"{ink} on {ground}"), f" {look.family}")


def _columns(table: Sequence[tuple[str, ...]], right: Iterable[int]) -> Iterator[Text]:
    widths = [max(len(row[i]) for row in table) for i in range(len(table[0]))]
    aligned = set(right)
    for number, row in enumerate(table):
        cells = [
            text.rjust(size) if i in aligned else text.ljust(size)
            for i, (text, size) in enumerate(zip(row, widths, strict=True))
        ]
        yield Text("  ".join(cells).rstrip(), style="" if number else "bold")
