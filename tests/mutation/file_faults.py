"""Single faults in the other files of a run: each far from the next, so that one comparison finds them one by one."""

from __future__ import annotations

import csv
import random
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from model.config import Config
from model.judge import Finding
from planner.verify import verify

APART = 150
"""Rows between two faults: more than the comparison looks ahead."""
TABLES = (
    "events", "operation_timeline", "op_state_timeline", "op_event_resume",
    "address_touch_count", "op_state_name_input_time_count",
)  # fmt: skip
COUNTED = TABLES[4:]
UNCHECKED = frozenset({"source", "phase_key_used"})
TIMES = frozenset({"start", "end", "time", "duration", "triggered_us", "remaining"})
ENDS = frozenset({"OP_START", "OP_END", "OP_ABORT"})
CUTS = frozenset({"OP_SUSPENDED", "OP_RESUMED"})

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class FileFault:
    """A fault of a table: what was done to a row, that row, and the rules of which one has to be named."""

    what: str
    row: Row
    rules: frozenset[str]

    def found_in(self, findings: list[Finding], line: int) -> bool:
        """Whether a finding names one of the rules, and the operation; in tables of counts, the line or the row."""
        if "op_uid" in self.row:
            return any(f.rule in self.rules and f.op_uid == int(self.row["op_uid"]) for f in findings)
        text = ",".join(value for column, value in self.row.items() if column not in {*UNCHECKED, "count"})
        return any(f.rule in self.rules and (f":{line}: " in f.message or text in f.message) for f in findings)


@dataclass(frozen=True, slots=True)
class FileTrial:
    """A fault of a table, and whether it was found."""

    table: str
    fault: FileFault
    caught: bool


def file_campaign(run: Path, config: Config, folder: Path, seed: int) -> Iterator[FileTrial]:
    """Faults in every table of a run, all that have room at once; `folder` takes the spoilt copy."""
    for table in TABLES:
        copy = folder / table
        shutil.copytree(run, copy)
        (path,) = copy.glob(f"{table}_*.csv")
        faults = _spoil(path, table, random.Random(f"{seed}.{table}"))
        findings = [finding for finding in verify([copy], config).findings if str(path) in finding.message]
        for fault, line in faults:
            yield FileTrial(table, fault, fault.found_in(findings, line))
        shutil.rmtree(copy)


def _spoil(path: Path, table: str, rng: random.Random) -> list[tuple[FileFault, int]]:
    """Spoil a table here and there: its faults, and the lines on which they stand then."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    columns = [column for column in rows[0] if column not in UNCHECKED]
    kinds = [*columns, "drop", "duplicate", *(["swap"] if table not in COUNTED else [])]
    apart = APART if table not in COUNTED else 20
    faults: list[tuple[FileFault, int]] = []
    spoilt: list[Row] = []
    start = 0
    keys = Counter(map(_key, rows))
    for i in range(rng.randrange(apart), len(rows) - 2, apart):
        fault, own = _fault(rows, i, kinds[len(faults) % len(kinds)], rng)
        if table in COUNTED and any(keys[_key(row)] > int(_key(row) == _key(rows[i])) for row in (rows[i], *own)):
            continue  # it would be told together with another row
        spoilt += rows[start:i]
        faults.append((fault, len(spoilt) + 2))
        spoilt += own
        start = i + (2 if fault.what == "swap" else 1)
    spoilt += rows[start:]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(spoilt)
    return faults


def _fault(rows: list[Row], i: int, kind: str, rng: random.Random) -> tuple[FileFault, list[Row]]:
    """A fault at row i, and the rows that stand there instead."""
    row, after = rows[i], rows[i + 1]
    if kind == "drop":
        return FileFault(kind, row, _by_event(row)), []
    if kind == "duplicate":
        return FileFault(kind, row, _by_event(row)), [row, row]
    if kind == "swap":
        return FileFault(kind, row, _by_event(row) | _by_event(after) | {"op-uid", "time", "residual"}), [after, row]
    changed = {**row, kind: _other(rows, row, kind, rng)}
    if kind == "op_uid":
        return FileFault(kind, row, frozenset({"op-uid"})), [changed]
    if kind == "event":
        ends = {row[kind], changed[kind]} & ENDS
        return FileFault(kind, row, frozenset({"op-end-once"} if ends else {"residual", "files"})), [changed]
    return FileFault(kind, row, frozenset({"time", "residual"} if kind in TIMES else {"files"})), [changed]


def _key(row: Row) -> tuple[str, ...]:
    """What a row of a table of counts counts."""
    return tuple(value for column, value in row.items() if column not in {*UNCHECKED, "count"})


def _by_event(row: Row) -> frozenset[str]:
    event = row.get("event", "")
    return frozenset({"op-end-once" if event in ENDS else "residual" if event in CUTS else "files"})


def _other(rows: list[Row], row: Row, column: str, rng: random.Random) -> str:
    """Another value of a column, as it occurs elsewhere in the table; a tick more for a time."""
    value = row[column]
    if column in TIMES and value:
        return value[:-1] + str((int(value[-1]) + 1) % 10)
    if column in ("count", "fragment", "op_id"):
        return str(int(value) + 1)
    for _ in range(200):
        other = rng.choice(rows)[column]
        if other != value:
            return other
    return f"{value}9"
