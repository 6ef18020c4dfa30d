"""`nandplan repair`."""

from __future__ import annotations

import csv
import io
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from planner.cli.common import log, read_config, read_date, require_file, start_logging
from planner.errors import UnusableOutput

if TYPE_CHECKING:
    from model.boundary import Boundary
    from model.config import Config
    from planner.export.snapshot import Snapshot
    from planner.scenario.repair import Change, Repaired

COLUMNS = ("what", "op_name", "row", "was", "now", "moved", "rules", "why")
SHOWN = 40
"""Changes that are shown one by one; all of them are in the table."""


@dataclass(frozen=True, slots=True)
class Question:
    """The options of `repair` as they were given."""

    sequence: Path
    config: Path | None
    out: Path | None
    snapshot: Path | None
    as_json: bool
    date: str | None


def run(ask: Question, *, verbose: bool, log_file: Path | None) -> int:
    """Repairs a sequence and says what was changed."""
    start_logging(verbose=verbose, log_file=log_file)
    date = read_date(ask.date)
    config = read_config(ask.config)
    require_file("SEQUENCE", ask.sequence)
    if ask.snapshot is not None:
        require_file("--snapshot", ask.snapshot)
    if ask.out is not None and ask.out.exists() and not ask.out.is_dir():
        raise UnusableOutput(ask.out, "it is not a folder")

    from model.boundary import Boundary  # noqa: PLC0415
    from model.device import Device  # noqa: PLC0415
    from model.sequence import read_sequence  # noqa: PLC0415
    from planner.export.snapshot import load_snapshot  # noqa: PLC0415
    from planner.scenario.repair import Repairer  # noqa: PLC0415
    from planner.scenario.rows import faults_of, rows_of  # noqa: PLC0415

    start = None if ask.snapshot is None else load_snapshot(ask.snapshot, config)
    boundary = Boundary.fresh(Device(config)) if start is None else start.boundary
    read = read_sequence(ask.sequence, config)
    rows = list(rows_of(read.commands))
    faults = faults_of(read.commands, read.faults, boundary.next_op_uid)
    repaired = Repairer(config, boundary, told=_progress(len(rows))).repair(rows, faults)
    files = () if ask.out is None else _written(config, repaired, boundary, start, ask.out, date)
    log.debug("%d operations, %d changes", len(repaired.rows), sum(c.what != "kept" for c in repaired.changes))
    if ask.as_json:
        print(json.dumps(_plain(config, repaired, files), indent=2))
    else:
        print(f"{ask.sequence}: {_text(config, repaired, files)}")
    return 0


def _progress(total: int):  # type: ignore[no-untyped-def]
    def told(done: int) -> None:
        if done and done % 1000 == 0:
            print(f"repaired {done} of {total} operations", file=sys.stderr, flush=True)

    return told


def _written(
    config: Config, repaired: Repaired, boundary: Boundary, start: Snapshot | None, out: Path, date: str
) -> tuple[Path, ...]:
    """The tables of the repaired run, and repair.csv."""
    import numpy as np  # noqa: PLC0415

    from model.event import NOTHING, Chunk  # noqa: PLC0415
    from model.judge import Judge  # noqa: PLC0415
    from planner.export.files import RunFiles  # noqa: PLC0415
    from planner.export.writer import export_replay  # noqa: PLC0415
    from planner.scenario.rows import commands_of  # noqa: PLC0415

    commands = commands_of(repaired.rows, boundary.next_op_uid)
    judge = Judge(config) if start is None else Judge(config, start.document, start.blocks)
    judge.feed(commands)
    report = judge.finish(open_end=config.policies.carry_over)
    spans, horizon = judge.settled()
    none = np.full(len(commands), NOTHING, dtype=np.int64)
    chunk = Chunk(commands, spans, horizon, np.zeros(len(commands), dtype=np.int64), none)
    verdict = {"legal": report.legal, "operations": report.operations, "violations": report.violations}
    number = 1 if start is None else start.run + 1
    files = export_replay(
        config, out, [chunk], run=number, date=date, start=None if start is None else boundary,
        sections={"verdict": verdict},
    )  # fmt: skip
    table = RunFiles(out)
    name = f"repair_{date}_{number:07d}.csv"
    table.create(name)
    table.write(name, _table(config, repaired.changes))
    return (*files, *table.publish())


def _cells(config: Config, change: Change) -> dict[str, str]:
    us = config.clock.us
    moved = "" if change.was is None or change.now is None else _signed(us, change.now - change.was)
    return {
        "what": change.what,
        "op_name": config.names[change.op].name,
        "row": "" if change.origin < 0 else str(change.origin + 1),
        "was": "" if change.was is None else us(change.was),
        "now": "" if change.now is None else us(change.now),
        "moved": moved,
        "rules": " ".join(change.rules),
        "why": change.why,
    }


def _signed(us, ticks: int) -> str:  # type: ignore[no-untyped-def]
    return f"-{us(-ticks)}" if ticks < 0 else us(ticks)


def _table(config: Config, changes: tuple[Change, ...]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(_cells(config, change) for change in changes)
    return text.getvalue()


def _text(config: Config, repaired: Repaired, files: tuple[Path, ...]) -> str:
    if repaired.unchanged:
        return "\n".join([f"{len(repaired.rows)} operations, legal as they are", *(f"  {path}" for path in files)])
    counts: dict[str, int] = {}
    for change in repaired.changes:
        counts[change.what] = counts.get(change.what, 0) + 1
    lines = [f"{len(repaired.rows)} operations, legal now: " + ", ".join(f"{n} {what}" for what, n in counts.items())]
    changed = [change for change in repaired.changes if change.what != "kept"]
    for change in changed[:SHOWN]:
        lines.append(f"  {_told(_cells(config, change))}")
    if len(changed) > SHOWN:
        lines.append(f"  and {len(changed) - SHOWN} more changes")
    return "\n".join([*lines, *(f"  {path}" for path in files)])


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


def _plain(config: Config, repaired: Repaired, files: tuple[Path, ...]) -> dict[str, object]:
    return {
        "unchanged": repaired.unchanged,
        "operations": len(repaired.rows),
        "changes": [_cells(config, change) for change in repaired.changes if change.what != "kept"],
        "files": [str(path) for path in files],
    }
