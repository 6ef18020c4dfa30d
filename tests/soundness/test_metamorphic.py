"""What is only named or scaled differently is judged the same: same rules broken by the same operations."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import yaml

from model.boundary import Boundary
from model.config import Config, load
from model.device import Device
from model.event import NOTHING, Commands, Ints
from model.judge import Judge
from planner.decode import decode
from planner.solve import Budget, Solved, solve
from planner.targets.choose import Aim, History, choose
from tests.window.small import ROOT, small_config

WINDOWS = 12
SEEDS = range(6)


def planned(device: Device, seed: int) -> Commands:
    """The operations of some windows, the odd ones of them moved by a little where the seed is odd."""
    rng = random.Random(seed)
    boundary, history, parts = Boundary.fresh(device), History.empty(device), []
    for _ in range(WINDOWS):
        spec = choose(device, boundary, history, rng, Aim(ops=30))
        outcome = solve(device, boundary, spec, Budget())
        if isinstance(outcome, Solved):
            decoded = decode(outcome)
            boundary = decoded.boundary
            parts.append(decoded.chunk.commands)
    return moved(joined(parts), rng) if seed % 2 else joined(parts)


def joined(parts: list[Commands]) -> Commands:
    """Several columns as one."""
    rows = [row for part in parts for row in as_rows(part)]
    return Commands.of(rows)


Entry = tuple[int, int, int, int, int]
Row = tuple[int, int, int, int, int, list[Entry]]


def as_rows(commands: Commands) -> list[Row]:
    """The rows of columns, as `Commands.of` takes them."""
    entries = list(
        zip(
            commands.entry_die.tolist(),
            commands.entry_plane.tolist(),
            commands.entry_block.tolist(),
            commands.entry_page.tolist(),
            commands.entry_celltype.tolist(),
            strict=True,
        )
    )
    heads = zip(
        commands.time.tolist(),
        commands.op_uid.tolist(),
        commands.op.tolist(),
        commands.die.tolist(),
        commands.exp_val.tolist(),
        commands.first.tolist(),
        commands.first.tolist()[1:],
        strict=False,
    )
    return [(t, uid, op, die, value, entries[low:high]) for t, uid, op, die, value, low, high in heads]


def moved(commands: Commands, rng: random.Random) -> Commands:
    """One operation in twenty a little earlier or later, its order kept."""
    times = commands.time.tolist()
    for index in range(1, len(times) - 1):
        if rng.random() < 0.05:
            times[index] = rng.randint(times[index - 1] + 1, times[index + 1] - 1)
    return replace(commands, time=np.array(times, dtype=np.int64))


def broken(config: Config, commands: Commands) -> list[tuple[str, int, int, int]]:
    """The findings: rule, operation, die and plane."""
    judge = Judge(config)
    judge.feed(commands)
    return [(f.rule, f.op_uid, f.die, f.plane) for f in judge.finish(open_end=True).findings]


def relabelled(column: Ints, of: Callable[[int], int]) -> Ints:
    """A column with other values where it has one."""
    return np.array([value if value == NOTHING else of(value) for value in column.tolist()], dtype=np.int64)


@pytest.mark.parametrize("seed", SEEDS)
def test_dies_may_change_places(seed: int, shipped: Config) -> None:
    device = Device(shipped)
    commands = planned(device, seed)
    names = device.catalogue.name_index
    luns = {names[f"LUN_Status_Read_for_LUN{n}"]: names[f"LUN_Status_Read_for_LUN{1 - n}"] for n in (0, 1)}
    other = replace(
        commands,
        op=relabelled(commands.op, lambda op: luns.get(op, op)),
        die=relabelled(commands.die, lambda die: 1 - die),
        entry_die=relabelled(commands.entry_die, lambda die: 1 - die),
    )
    found = [(rule, uid, die if die < 0 else 1 - die, plane) for rule, uid, die, plane in broken(shipped, commands)]
    assert sorted(broken(shipped, other)) == sorted(found)
    assert bool(found) == bool(seed % 2)


@pytest.mark.parametrize("seed", SEEDS)
def test_planes_may_change_places_where_each_operation_has_one(seed: int, tmp_path: Path, shipped: Config) -> None:
    """A read of several planes is delivered in their order, so only single-plane operations are free of it."""
    single = {name.name: name.durations for name in shipped.names if not name.multi}
    config = small_config(tmp_path, single, planes=3, rows=8, pages=16)
    device = Device(config)
    commands = planned(device, seed)
    turn = {0: 2, 1: 0, 2: 1}
    other = replace(
        commands,
        entry_plane=relabelled(commands.entry_plane, lambda plane: turn[plane]),
        entry_block=relabelled(commands.entry_block, lambda block: block - block % 3 + turn[block % 3]),
    )
    rules = [sorted((rule, uid) for rule, uid, _, _ in broken(config, each)) for each in (commands, other)]
    assert {*rules[0]} == {*rules[1]}
    assert bool(rules[0]) == bool(seed % 2)


@pytest.mark.parametrize("seed", SEEDS)
def test_all_may_happen_later(seed: int, shipped: Config) -> None:
    commands = planned(Device(shipped), seed)
    later = replace(commands, time=commands.time + 12_345_678)
    assert broken(shipped, later) == broken(shipped, commands)


@pytest.mark.parametrize("seed", SEEDS)
def test_all_may_take_twice_as_long(seed: int, tmp_path: Path, shipped: Config) -> None:
    raw = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
    for spec in raw["op_names"].values():
        spec["durations"] = {state: round(2 * us, 4) for state, us in spec["durations"].items()}
    (tmp_path / "slow.yaml").write_text(yaml.safe_dump(raw, sort_keys=False), encoding="utf-8")
    slow = load(tmp_path / "slow.yaml")
    assert slow.clock == shipped.clock
    commands = planned(Device(shipped), seed)
    assert broken(slow, replace(commands, time=2 * commands.time)) == broken(shipped, commands)
