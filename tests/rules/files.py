"""The files of a row's run, and what they are found to break."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from model.config import Config
from model.event import NOTHING, Chunk, Commands
from model.judge import Judge
from planner.export.writer import export_replay
from planner.verify import verify
from tests.rules.table import Edit

DATE = "260102"


def broken_by_files(config: Config, commands: Commands, edit: Edit | None, folder: Path) -> set[str]:
    """The rules that a run's files break after an edit of the lines of its events."""
    judge = Judge(config)
    judge.feed(commands)
    judge.finish(open_end=True)
    spans, horizon = judge.settled()
    none = np.full(len(commands), NOTHING, dtype=np.int64)
    export_replay(config, folder, [Chunk(commands, spans, horizon, none, none)], run=1, date=DATE)
    path = folder / f"events_{DATE}_0000001.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    if edit is not None:
        edit(lines)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return set(verify([folder], config, open_end=True).by_rule)
