"""Small scenarios from the whole language on a tiny device: the answer against all ways there are."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from model.boundary import Boundary
from model.device import Device
from planner.scenario.answer import No, Yes
from planner.scenario.parse import parse
from planner.scenario.service import Job, answer
from tests.scenario.brute import PAGES, tiny
from tests.scenario.every_way import Every
from tests.scenario.language import drawn

JOB = Job(None, "250101", None, None)


def agree(folder: Path, seeds: range) -> int:
    """Compares yes and no, and the fewest operations where they are asked for; how often it is yes."""
    config = tiny(folder)
    device, yes = Device(config), 0
    for seed in seeds:
        small = drawn(random.Random(f"w{seed}"))
        path = folder / "small.yaml"
        path.write_text(small.text(), encoding="utf-8")
        scenario = parse(path, device)
        found = answer(scenario, config, device, Boundary.fresh(device), JOB)
        least = Every(config, scenario, small, PAGES).least()
        assert isinstance(found, Yes if least else No), f"{seed}: {found}\n{small.text()}"
        if isinstance(found, Yes) and small.minimize:
            assert found.operations == least, f"{seed}: {found}\n{small.text()}"
            assert found.least is not None, f"{seed}: {found}\n{small.text()}"
            assert found.least <= least, f"{seed}: {found}\n{small.text()}"
        yes += bool(least)
    return yes


def test_all_ways_agree_with_the_answer(tmp_path: Path) -> None:
    assert 0 < agree(tmp_path, range(12)) < 12


@pytest.mark.long
@pytest.mark.parametrize("block", range(20))
def test_all_ways_agree_with_many_answers(tmp_path: Path, block: int) -> None:
    assert 0 < agree(tmp_path, range(25 * block, 25 * block + 25)) < 25


def test_what_can_be_done_once_can_be_done_twice_or_its_blocks_are_used_up(tmp_path: Path) -> None:
    config = tiny(tmp_path)
    device = Device(config)
    for seed in range(10):
        small = drawn(random.Random(f"w{seed}"))
        path = tmp_path / "small.yaml"
        path.write_text(small.text(), encoding="utf-8")
        once = answer(parse(path, device), config, device, Boundary.fresh(device), JOB)
        path.write_text(replace(small, repeat=2).text(), encoding="utf-8")
        twice = answer(parse(path, device), config, device, Boundary.fresh(device), JOB)
        assert isinstance(twice, No) == isinstance(once, No), small.text()
        if isinstance(once, Yes) and isinstance(twice, Yes):
            assert twice.repetitions == 2
