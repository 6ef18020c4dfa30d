"""Which op_name an operation takes, and what follows it by the config."""

from __future__ import annotations

from collections.abc import Callable

from model.event import NOTHING
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
    keys = {walk.key_at(plane, walk.now) for plane in range(len(walk.track.last)) if planes >> plane & 1 or not planes}
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
    config = walk.asked.device.config
    followers = config.bases[base].sequence
    if followers is None or not followers.probs or walk.plan:
        return
    keys = list(followers.probs)
    weights = [followers.probs[key] for key in keys]
    if sum(weights) <= 0:
        return
    key = walk.picker.random.choices(keys, weights)[0]
    index = walk.asked.device.catalogue.base_index
    if key in config.sequences:
        walk.plan[:] = [index[step.base] for step in config.sequences[key].steps]
    elif key in index:
        walk.plan[:] = [index[key]]
