"""However the chunks of a run are cut and gathered, the files are the same."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from model.event import Chunk
from planner.export import RunWriter, batches
from planner.export.batches import Batches, parts
from tests.export.histories import history
from tests.export.tiny import config


def tables(out: Path, chunk: Chunk) -> dict[str, bytes]:
    """The tables of a run of one chunk."""
    with RunWriter(config(), out, run=1, date="260102", seed=0) as writer:
        writer.write(chunk)
        return {path.name: path.read_bytes() for path in writer.commit() if path.suffix == ".csv"}


@pytest.mark.parametrize("seed", range(8))
def test_a_great_chunk_is_written_in_parts(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chunk = history(seed).chunk()
    whole = tables(tmp_path / "whole", chunk)
    monkeypatch.setattr(batches, "ENOUGH", 7)
    assert tables(tmp_path / "parts", chunk) == whole


@pytest.mark.parametrize("seed", range(8))
def test_parts_hold_everything_once_and_in_time(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """What starts before a part's horizon is in that part or before it."""
    chunk = history(seed).chunk()
    monkeypatch.setattr(batches, "ENOUGH", 5)
    cut = list(parts(chunk))
    assert np.concatenate([part.commands.op_uid for part in cut]).tolist() == chunk.commands.op_uid.tolist()
    assert sum(len(part.spans) for part in cut) == len(chunk.spans)
    assert all(5 <= len(part.commands) <= 10 for part in cut)
    assert cut[-1].horizon == chunk.horizon
    later = np.concatenate([part.spans.start - before.horizon for before, part in pairwise(cut)])
    assert (later >= 0).all()


def test_small_chunks_wait_until_they_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    chunk = history(1).chunk()
    size = len(chunk.commands)
    monkeypatch.setattr(batches, "ENOUGH", 2 * size)
    gathered = Batches()
    assert list(gathered.of(chunk)) == []
    assert [len(batch.commands) for batch in gathered.of(chunk)] == [2 * size]
    assert list(gathered.rest()) == []
