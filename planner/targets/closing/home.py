"""A die is taken to a reset, from whatever is the case on it: from there everything can be begun anew."""

from __future__ import annotations

from planner.targets.closing.atlas import Look
from planner.targets.closing.director import Director
from planner.targets.closing.sets import bits

MOST_STEPS = 200
"""So many steps are taken at most to where a reset is allowed."""


def reset(director: Director) -> bool:
    """Ends what runs and resets the die, by the same op_name each time; False where no way leads there.

    ODT stays as it is: False where it is off.
    """
    stage, sets = director.stage, director.sets
    names = sets.names(sets.tables.resets) & sets.on_die(stage.die)
    if not names or stage.odt:
        return False
    name = bits(names)[0]
    base = sets.op_names[name].base.index
    every = sets.tables.all_planes
    for _ in range(MOST_STEPS):
        if stage.running() is None and not director.way:
            stage.go_to(max([stage.now, *(live.end for live in stage.track.running)]))
            if stage.allowed(every) >> base & 1 and not stage.silent(every) >> name & 1:
                stage.go_to(stage.issue(name).end)
                return True
            way = stage.atlas.way(stage.states(), Look([1 << base] * len(director.left.by_key), director.never))
            if way is None:
                return False
            director.follow(way)
        director.step_on()
    return False
