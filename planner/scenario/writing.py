"""The files of a repaired sequence: the tables of a run, and the table of what was changed."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from model.boundary import Boundary
from model.config import Config
from model.event import NOTHING, Chunk
from model.judge import Judge
from planner.export.files import RunFiles
from planner.export.snapshot import Snapshot
from planner.export.writer import export_replay
from planner.scenario.changes import Repaired
from planner.scenario.rows import commands_of
from planner.scenario.telling import table


def write_repaired(
    config: Config, repaired: Repaired, boundary: Boundary, start: Snapshot | None, out: Path, date: str
) -> tuple[Path, ...]:
    """All files of the run from a boundary on, with the judge's verdict."""
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
        config,
        out,
        [chunk],
        run=number,
        date=date,
        start=None if start is None else boundary,
        sections={"verdict": verdict},
    )
    moves = RunFiles(out)
    name = f"repair_{date}_{number:07d}.csv"
    moves.create(name)
    moves.write(name, table(config, repaired.changes))
    return (*files, *moves.publish())
