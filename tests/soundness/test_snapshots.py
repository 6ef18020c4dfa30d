"""Judging may begin anywhere: from a snapshot the judge says of what follows what it says when it has seen all."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from model.config import Config
from model.judge import Judge
from planner.export.snapshot import taken
from tests.judge.script import rows_of
from tests.mutation.history import Row, commands_of
from tests.soundness.devices import drawn
from tests.soundness.wandering import Window, disturbed, windows

Told = tuple[list[tuple[object, ...]], list[tuple[int, ...]]]
"""Findings, and spans."""


def told(judge: Judge, rows: Sequence[Row], first_uid: int) -> Told:
    """What a judge finds in further rows, and its replay of them.

    Operations before them count as one: a snapshot does not know the numbers of all that it tells of.
    """
    seen = len(judge.report.findings)
    judge.settled()
    judge.feed(commands_of(rows, first_uid))
    report = judge.finish()
    own = [span for span in rows_of(judge.settled()[0]) if span[0] >= first_uid]
    findings = report.findings[seen:]
    return sorted((f.rule, max(f.op_uid, first_uid - 1), f.time, f.die, f.plane, f.config) for f in findings), own


def compare(config: Config, story: Sequence[Window], rng: random.Random) -> int:
    """Compares at every cut between two windows; how much was found."""
    count = 0
    for i, window in enumerate(story):
        before = [row for earlier in story[:i] for row in earlier.rows]
        after = [row for later in story[i : i + 3] for row in later.rows]
        made = disturbed(config, after, window.before.time, rng, i % 3) or after
        whole = Judge(config)
        whole.feed(commands_of(before, 1))
        snapshot = taken(config, window.before, seed=0, stream=0, run=1)
        part = Judge(config, snapshot.document, snapshot.blocks)
        found = told(part, made, len(before) + 1)
        assert found == told(whole, made, len(before) + 1)
        count += len(found[0])
    return count


@pytest.mark.parametrize("seed", range(10))
def test_a_judge_may_begin_at_any_cut(seed: int, tmp_path: Path) -> None:
    rng = random.Random(f"snapshot {seed}")
    config = drawn(rng, share=rng.choice((0.4, 1.0)), most_planes=4).config(tmp_path)
    story = [window for _, window in zip(range(30), windows(config, rng, 2, 12), strict=False)]
    assert compare(config, story, rng) > 0


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100))
def test_a_judge_may_begin_at_any_cut_of_a_long_history(seed: int, tmp_path: Path) -> None:
    rng = random.Random(f"long snapshot {seed}")
    config = drawn(rng, most_planes=4).config(tmp_path)
    story = [window for _, window in zip(range(150), windows(config, rng, 2, 12), strict=False)]
    assert compare(config, story, rng) > 0
