"""What became of the operations of a kept sequence: as a table, in words, and as plain data."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from model.config import Config
from planner.scenario.changes import KEPT, TAKEN_OUT, Change, Repaired

COLUMNS = ("what", "op_name", "row", "was", "now", "moved", "rules", "why")
SHOWN = 40
"""Changes that are shown one by one; all of them are in the table."""


def table(config: Config, changes: Sequence[Change]) -> str:
    """All operations and what became of them, as CSV; times in us."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(_cells(config, change) for change in changes)
    return text.getvalue()


def lines(config: Config, repaired: Repaired) -> list[str]:
    """How many operations were kept, moved, changed, inserted and taken out, then each of these."""
    counts = Counter(change.what for change in repaired.changes)
    told = [", ".join(f"{number:,} {what}" for what, number in counts.items())]
    changed = [change for change in repaired.changes if change.what != KEPT]
    told += [f"  {_told(_cells(config, change))}" for change in changed[:SHOWN]]
    if len(changed) > SHOWN:
        told.append(f"  and {len(changed) - SHOWN:,} more changes")
    return told


def text(config: Config, repaired: Repaired, files: Sequence[Path]) -> str:
    """What `repair` says."""
    paths = [f"  {path}" for path in files]
    if repaired.unchanged:
        return "\n".join([f"{len(repaired.rows):,} operations, legal as they are", *paths])
    first, *more = lines(config, repaired)
    legal = "not legal yet" if repaired.left else "legal now"
    left = [f"  left: [{finding.rule}] {finding.message}" for finding in repaired.left]
    return "\n".join([f"{len(repaired.rows):,} operations, {legal}: {first}", *more, *left, *paths])


def plain(config: Config, repaired: Repaired, files: Sequence[Path]) -> dict[str, object]:
    """The same as data."""
    return {
        "unchanged": repaired.unchanged,
        "legal": not repaired.left,
        "left": [{"rule": finding.rule, "message": finding.message} for finding in repaired.left],
        "operations": len(repaired.rows),
        "changes": [_cells(config, change) for change in repaired.changes if change.what != KEPT],
        "files": [str(path) for path in files],
    }


def taken_out(repaired: Repaired) -> list[Change]:
    """The operations that are not there any more."""
    return [change for change in repaired.changes if change.what == TAKEN_OUT]


def _cells(config: Config, change: Change) -> dict[str, str]:
    us = config.clock.us
    moved = None if change.was is None or change.now is None else change.now - change.was
    return {
        "what": change.what,
        "op_name": config.names[change.op].name,
        "row": "" if change.origin < 0 else str(change.origin + 1),
        "was": "" if change.was is None else us(change.was),
        "now": "" if change.now is None else us(change.now),
        "moved": "" if moved is None else f"-{us(-moved)}" if moved < 0 else us(moved),
        "rules": " ".join(change.rules),
        "why": change.why,
    }


def _told(cells: dict[str, str]) -> str:
    row = f" (row {cells['row']})" if cells["row"] else ""
    rules = "".join(f"[{rule}]" for rule in cells["rules"].split())
    when = {
        "moved": f"from {cells['was']} to {cells['now']} us, by {cells['moved']}",
        "changed": f"at {cells['now']} us (was {cells['was']}), its payload put right",
        "inserted": f"at {cells['now']} us",
        "taken out": f"at {cells['was']} us: no time and no insertion makes it legal",
    }.get(cells["what"], "")
    return f"{cells['what']}: {cells['op_name']}{row} {when} {rules} {cells['why']}".rstrip()
