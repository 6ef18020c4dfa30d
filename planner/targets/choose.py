"""The seeded choice of what the next window is asked for.

Every die is walked forward from the boundary, the one that is behind in (estimated) time first. What is asked for is
legal whatever the exact starts are: the order on each die, and the distances that the data keep, see to it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from model.boundary import Boundary
from model.device import Device
from model.event import NOTHING
from planner.targets.asked import Asked
from planner.targets.history import History
from planner.targets.idle import idle_step, is_open
from planner.targets.inside import inside_step
from planner.targets.overall import open_scene, wait
from planner.targets.parallel import parallel_step
from planner.targets.picker import Picker
from planner.targets.tables import tables_of
from planner.targets.walk import DieWalk
from planner.window.spec import OpSpec, WindowSpec
from planner.window.wishes import only

__all__ = ["Aim", "History", "choose"]

SLACK_US = 20_000
MARGIN_US = 300
WINDOW_US = 20_000
STUCK = 3
"""How often in a row a die may find nothing to issue before it is left alone in this window."""


@dataclass(frozen=True, slots=True)
class Aim:
    """How much a window is asked for: about `scale` times `ops` operations, none of them (by estimate) later than
    `scale` times `horizon` ticks after its floor. `drain`: only what closes what is open. `end`: absolute tick before
    which everything starts that is not draining.
    """

    scale: float = 1.0
    drain: bool = False
    end: int | None = None
    ops: int = 80
    horizon: int | None = None


def choose(device: Device, boundary: Boundary, history: History, rng: Random, aim: Aim) -> WindowSpec:
    """What the next window is asked for, tight: every choice made but the exact starts.

    Without operations where nothing is left to be asked for; where there is no room before `end` for anything else,
    it closes what is open. The history is as before.
    """
    ticks = device.clock.ticks_per_us
    asked = walked(device, boundary, history, rng, aim)
    if aim.end is not None and not aim.drain:
        ops = _before(asked, aim.end)
        if ops:
            return WindowSpec(ops, True, boundary.time, max(boundary.time, aim.end - 1))
        aim = replace(aim, drain=True)
        asked = walked(device, boundary, history, rng, aim)
    ceiling = max([boundary.time, *asked.starts]) + asked.bus_time + SLACK_US * ticks
    return WindowSpec(tuple(asked.ops), True, boundary.time, ceiling, drained=aim.drain)


def _before(asked: Asked, end: int) -> tuple[OpSpec, ...]:
    """The operations whose estimated starts are before `end`: of each die all up to the first that is too late."""
    late: set[int] = set()
    kept: dict[int, None] = {}
    for index, (op, start) in enumerate(zip(asked.ops, asked.starts, strict=True)):
        needed = [link.op for link in op.after] + ([op.inside.op] if op.inside is not None else [])
        in_time = start < end and not late & {op.die, NOTHING} and all(n in kept for n in needed if n >= 0)
        if in_time and (op.die != NOTHING or not late):
            kept[index] = None
        else:
            late.add(op.die)
    return only(asked.ops, kept)


def walked(device: Device, boundary: Boundary, history: History, rng: Random, aim: Aim) -> Asked:
    """The operations of the next window with the estimated starts that they were chosen for."""
    tables = tables_of(device)
    asked = Asked(device, tables, Picker(tables, history, rng), boundary.time)
    _walk(asked, [DieWalk(asked, boundary, die) for die in range(device.geometry.dies)], boundary, aim)
    for op in asked.ops:
        history.count(op.name, op.aim, -1)
    return asked


def _walk(asked: Asked, walks: list[DieWalk], boundary: Boundary, aim: Aim) -> None:
    ticks = asked.device.clock.ticks_per_us
    until = boundary.time + int(aim.scale * (aim.horizon or WINDOW_US * ticks))
    if aim.end is not None:
        until = min(until, aim.end - 1 - MARGIN_US * ticks)
    most = max(1, round(aim.scale * aim.ops))
    open_scene(asked, walks, boundary.odt_disabled, aim.drain or until <= boundary.time)
    rounds = 0
    while len(asked.ops) < most or aim.drain:
        under_way = [walk for walk in walks if not walk.done]
        if not under_way:
            if asked.ops or aim.drain or aim.end is not None or rounds == STUCK:
                return
            rounds += 1
            until = _later(walks, ticks)
            continue
        walk = min(under_way, key=_clock)
        if aim.drain:
            _drain(walk)
        elif walk.now > until:
            walk.done = True
        else:
            _step(asked, walk)


def _later(walks: list[DieWalk], ticks: int) -> int:
    """A later end of the window, where every die is busy up to the one that was meant."""
    for walk in walks:
        walk.done, walk.idle_rounds = False, 0
    return min(walk.now for walk in walks) + WINDOW_US * ticks


def _clock(walk: DieWalk) -> int:
    return walk.now


def _step(asked: Asked, walk: DieWalk) -> None:
    walk.settle()
    running = walk.track.running
    if len(running) > 1:
        parallel_step(walk)
    elif running:
        inside_step(walk, running[0])
    elif idle_step(walk, drain=False):
        walk.idle_rounds = 0
        wait(asked, walk)
    else:
        walk.idle_rounds += 1
        walk.done = walk.idle_rounds >= STUCK


def _drain(walk: DieWalk) -> None:
    """One step towards a die on which nothing is open; what runs is let end."""
    walk.now = max([walk.now, *(live.end for live in walk.track.running)])
    walk.settle()
    if walk.track.running:
        return
    if not is_open(walk) or not idle_step(walk, drain=True):
        walk.done = True
