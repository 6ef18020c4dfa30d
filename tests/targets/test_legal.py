"""What the chooser asks for can be carried out, and the judge finds it legal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from model.boundary import Boundary
from model.config import Config, load, shipped_path
from model.device import Device
from model.judge import Judge, Report
from planner.decode import decode
from planner.solve import Budget, Solved, solve_built
from planner.targets.choose import Aim, History, choose
from planner.window.build import build
from planner.window.logic import Contradiction

Write = Callable[[str], Path]


def planned(config: Config, seed: int, operations: int) -> tuple[Report, int, int]:
    """The judge's word on a plan that ends drained, how many windows it had and how many could not be solved."""
    device = Device(config)
    boundary, history, judge = Boundary.fresh(device), History.empty(device), Judge(config)
    done = windows = failed = 0
    while True:
        solved = None
        for attempt in range(6):
            aim = Aim(scale=0.6**attempt, drain=done >= operations)
            window = choose(device, boundary, history, Random(f"{seed}-{windows}-{attempt}"), aim)
            if not window.ops:
                return judge.finish(), windows, failed
            try:
                outcome = solve_built(build(device, boundary, window), Budget(seed=windows))
            except Contradiction:
                outcome = None
            if isinstance(outcome, Solved):
                solved = outcome
                break
            failed += 1
        assert solved is not None
        decoded = decode(solved)
        history = history.recorded(decoded.chunk.commands, decoded.chunk.aim)
        judge.feed(decoded.chunk.commands)
        judge.settled()
        boundary = decoded.boundary
        done += len(decoded.chunk.commands)
        windows += 1


@pytest.mark.parametrize("seed", range(3))
def test_plans_of_the_shipped_device_are_legal(shipped: Config, seed: int) -> None:
    report, windows, failed = planned(shipped, seed, 1_500)
    assert report.findings == ()
    assert failed <= windows // 10


@settings(max_examples=10, deadline=None)
@given(
    dies=st.integers(1, 4),
    planes=st.integers(1, 4),
    rows=st.integers(1, 3),
    pages=st.integers(1, 5),
    guard=st.integers(0, 2),
    seed=st.integers(0, 1000),
)
def test_plans_of_any_topology_are_legal(dies: int, planes: int, rows: int, pages: int, guard: int, seed: int) -> None:
    config = load()
    topology = replace(config.topology, dies=dies, planes=planes, blocks_per_die=planes * rows, pages_per_block=pages)
    policies = replace(config.policies, maxplanes=planes, read_offset_guard=guard)
    report, _, _ = planned(replace(config, topology=topology, policies=policies), seed, 250)
    assert report.findings == ()


def test_plans_of_a_tiny_device_are_legal(tiny: Callable[..., Config]) -> None:
    report, _, _ = planned(tiny(), 1, 300)
    assert report.findings == ()


@pytest.mark.parametrize("seed", range(2))
def test_plans_are_legal_where_issues_do_not_take_the_bus(write_config: Write, seed: int) -> None:
    raw = yaml.safe_load(shipped_path().read_text(encoding="utf-8"))
    for spec in list(raw["op_bases"].values())[seed::3]:
        spec["states"] = {state: {} for state in spec["states"]}
    report, _, _ = planned(load(write_config(yaml.safe_dump(raw, sort_keys=False))), seed, 500)
    assert report.findings == ()
