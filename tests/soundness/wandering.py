"""Histories of small devices, window by window, as the planner makes them; and what chance does to their rows."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from model.boundary import Boundary
from model.config import Config
from model.device import Device
from planner.decode import decode
from planner.solve import Budget, Solved, solve_built
from planner.targets.choose import Aim, choose
from planner.targets.history import History
from planner.window.build import build
from planner.window.logic import Contradiction
from tests.mutation.history import Row, rows_of


class Window(NamedTuple):
    """A window: the device before it, and its rows."""

    before: Boundary
    rows: tuple[Row, ...]


def windows(config: Config, rng: random.Random, least: int, most: int) -> Iterator[Window]:
    """Windows of about `least` to `most` operations without end; fewer where the device wants nothing more."""
    device = Device(config)
    boundary, history = Boundary.fresh(device), History.empty(device)
    while True:
        spec = choose(device, boundary, history, rng, Aim(ops=rng.randint(least, most)))
        if not spec.ops:
            return
        try:
            outcome = solve_built(build(device, boundary, spec), Budget())
        except Contradiction:
            continue
        if not isinstance(outcome, Solved):
            continue
        decoded = decode(outcome)
        yield Window(boundary, rows_of(decoded.chunk.commands))
        boundary, history = decoded.boundary, history.recorded(decoded.chunk.commands)


def disturbed(config: Config, rows: Sequence[Row], floor: int, rng: random.Random, faults: int) -> list[Row] | None:
    """Rows after some faults, in order of time; None where two of them would start together."""
    names = config.names
    payloads = {base.name: base.payload for base in config.bases}
    made = list(rows)
    for _ in range(faults):
        i = rng.randrange(len(made))
        how = rng.random()
        if how < 0.5:
            made[i] = made[i].at(max(floor, made[i].time + rng.choice((-3, -2, -1, 1, 2, 3))))
        elif how < 0.65 and len(made) > 1:
            del made[i]
        elif how < 0.8:
            j = rng.randrange(len(made))
            made[i], made[j] = made[i].at(made[j].time), made[j].at(made[i].time)
        else:
            payload = payloads[names[made[i].op].base]
            alike = [k for k, name in enumerate(names) if payloads[name.base] == payload]
            made[i] = renamed(config, made[i], rng.choice(alike))
    if len({row.time for row in made}) < len(made):
        return None
    return sorted(made, key=lambda row: row.time)


def renamed(config: Config, row: Row, op: int) -> Row:
    """A row with another op_name; the celltype of its payload goes with it."""
    kind = config.names[op].celltype
    known = kind != "NONE" and row.celltype >= 0
    return replace(row.each(celltype=config.celltypes.index(kind)) if known else row, op=op)
