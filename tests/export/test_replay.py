"""The judge's own replay of a sequence gives the same tables as the run that it came from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from model.event import NOTHING, Chunk, Commands
from model.judge import Judge
from model.sequence import SequenceReader
from planner.export import RunWriter, export_replay
from tests.export.stories import suspended_erase
from tests.export.tiny import config

TABLES = ("operation_sequence", "op_state_timeline", "events", "address_touch_count", "op_event_resume")


def replayed(sequence: Path, size: int) -> Iterator[Chunk]:
    """A sequence file as the judge replays it, in pieces of `size` rows."""
    judge = Judge(config())
    for piece in SequenceReader(sequence, config(), size=size):
        judge.feed(piece)
        yield _chunk(piece, judge)
    judge.finish(open_end=True)
    yield _chunk(Commands.of([]), judge)


def _chunk(commands: Commands, judge: Judge) -> Chunk:
    spans, horizon = judge.settled()
    unknown = np.full(len(commands), NOTHING, dtype=np.int64)
    return Chunk(commands, spans, horizon, unknown, unknown)


@pytest.mark.parametrize("size", [1, 3, 100])
def test_a_replay_gives_the_same_tables(size: int, tmp_path: Path) -> None:
    with RunWriter(config(), tmp_path / "run", run=1, date="260102", seed=7) as writer:
        writer.write(suspended_erase().chunk())
        writer.commit()
    sequence = tmp_path / "run" / "operation_sequence_260102_0000001.csv"
    export_replay(config(), tmp_path / "replay", replayed(sequence, size), date="260102")
    for table in TABLES:
        name = f"{table}_260102_0000001.csv"
        assert (tmp_path / "replay" / name).read_text() == (tmp_path / "run" / name).read_text()
