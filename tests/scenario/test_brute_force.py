"""Small scenarios on a tiny device: yes where some way of all ways is legal, no where none is."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from model.boundary import Boundary
from model.device import Device
from planner.scenario.answer import No, Yes
from planner.scenario.parse import parse
from planner.scenario.service import Job, answer
from tests.scenario.brute import Brute, drawn, tiny

JOB = Job(None, "250101", None, None)


def agree(folder: Path, seeds: range) -> tuple[int, int]:
    """Compares the answers; how often it is yes, and how often no."""
    config = tiny(folder)
    device = Device(config)
    yes = no = 0
    for seed in seeds:
        small = drawn(random.Random(f"s{seed}"))
        path = folder / "small.yaml"
        path.write_text(small.text(), encoding="utf-8")
        found = answer(parse(path, device), config, device, Boundary.fresh(device), JOB)
        possible = Brute(config, small).possible()
        assert isinstance(found, Yes if possible else No), f"{seed}: {found}\n{small.text()}"
        yes, no = yes + possible, no + (not possible)
    return yes, no


def test_all_ways_agree_with_the_answer(tmp_path: Path) -> None:
    assert min(agree(tmp_path, range(20))) > 3


@pytest.mark.long
@pytest.mark.parametrize("block", range(20))
def test_all_ways_agree_with_many_answers(tmp_path: Path, block: int) -> None:
    assert sum(agree(tmp_path, range(25 * block, 25 * block + 25))) == 25
