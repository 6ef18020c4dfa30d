"""Windows of the greedy strategy put to CP-SAT, too: which of those that list scheduling cannot place it can."""

from __future__ import annotations

from model.boundary import Boundary
from model.config import Config
from model.device import Device
from planner.bench.greedy import Greedy
from planner.bench.watch import Watch
from planner.solve import Budget, Solved, solve_built
from planner.window.build import build
from planner.window.logic import Contradiction
from planner.window.spec import WindowSpec


def counted(config: Config, seed: int, operations: int) -> dict[str, int]:
    """Windows `chosen`, placed `whole` by list scheduling, `modest` without their wishes; `cpsat` of the others whole.

    All windows stand in the histories that list scheduling makes.
    """
    device, found = Device(config), {"cpsat": 0}

    def told(boundary: Boundary, spec: WindowSpec, whole: bool) -> None:
        if not whole:
            found["cpsat"] += solved(device, boundary, spec)

    greedy = Greedy(device, seed, told)
    for _ in greedy.chunks(operations, Watch()):
        pass
    tally = greedy.tally
    return {"chosen": tally.chosen, "whole": tally.whole, "modest": tally.modest, **found}


def solved(device: Device, boundary: Boundary, spec: WindowSpec) -> bool:
    """Whether CP-SAT places all of a window."""
    try:
        window = build(device, boundary, spec)
    except Contradiction:
        return False
    return isinstance(solve_built(window, Budget(seed=1)), Solved)
