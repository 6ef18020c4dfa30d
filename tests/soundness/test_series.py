"""Series of runs on devices drawn by chance: one legal history in all its files, drained or carried over."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from planner.run import plan
from planner.verify import verify
from tests.soundness.devices import drawn


def check(seed: int, ops: int, folder: Path, *, carry_over: bool) -> None:
    """Plans three runs on a device, and judges their files from start to end."""
    rng = random.Random(f"series {seed}")
    shape = drawn(rng, share=rng.choice((0.3, 1.0)), longest=rng.choice((6, 600)), most_planes=4)
    config = shape.config(folder)
    config = replace(config, policies=replace(config.policies, carry_over=carry_over))
    result = plan(config, out=folder / "out", seed=seed, ops=ops, runs=3, date="000101")
    verdict = verify([folder / "out"], config)
    assert verdict.legal, verdict.text()
    assert verdict.notes == ()
    assert verdict.operations == sum(run.counts.operations for run in result.runs)


@pytest.mark.parametrize("carry_over", [False, True])
@pytest.mark.parametrize("seed", range(5))
def test_a_series_is_one_legal_history(seed: int, carry_over: bool, tmp_path: Path) -> None:
    check(seed, 100, tmp_path, carry_over=carry_over)


@pytest.mark.long
@pytest.mark.parametrize("carry_over", [False, True])
@pytest.mark.parametrize("seed", range(20))
def test_a_long_series_is_one_legal_history(seed: int, carry_over: bool, tmp_path: Path) -> None:
    check(seed, 4_000, tmp_path, carry_over=carry_over)
