"""Which op_name an operation takes, and what follows it by the config."""

from __future__ import annotations

from collections.abc import Callable

from model.event import NOTHING
from model.geometry import planes_in
from planner.targets.walk import DieWalk
from planner.window.spec import Inside


def pick_name(walk: DieWalk, names: tuple[int, ...], planes: int) -> int:
    """One of `names` for operations on `planes` (0: all) now; NOTHING where none may be issued."""
    key, aim = walk.where(planes)
    if walk.tables.weighted:
        names = liked(walk, names, planes)
    if not names:
        return NOTHING
    return walk.picker.name(names, key, aim)


def liked(walk: DieWalk, names: tuple[int, ...], planes: int) -> tuple[int, ...]:
    """The names that the config allows in the op_states of all those planes."""
    keys = dict.fromkeys(walk.where(1 << plane)[0] for plane in planes_in(planes or walk.tables.all_planes))
    return tuple(name for name in names if all(walk.picker.likes(name, key) for key in keys))


def try_names(walk: DieWalk, names: tuple[int, ...], tries: int, attempt: Callable[[int], bool]) -> bool:
    """Some of the names in turn, until an attempt with one succeeds."""
    for _ in range(min(tries, len(names))):
        name = pick_name(walk, names, 0)
        if name == NOTHING:
            return False
        if attempt(name):
            return True
        names = tuple(other for other in names if other != name)
    return False


def pause(walk: DieWalk, inside: Inside | None = None) -> int:
    """A small pause before an operation, for variety."""
    window = walk.asked.device.policies.admission_window
    if inside is not None or not window or not walk.picker.chance(0.4):
        return 0
    gap = walk.picker.between(0, window)
    walk.now += gap
    return gap


def plan_after(walk: DieWalk, base: int) -> None:
    """Draws what follows an operation of a base, once."""
    followers = walk.tables.followers[base]
    if followers is not None and not walk.plan:
        plans, cumulative = followers
        walk.plan[:] = walk.picker.random.choices(plans, cum_weights=cumulative)[0]
