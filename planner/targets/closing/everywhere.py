"""Operations that take every plane of every die at once: they stand between windows, when nothing runs anywhere."""

from __future__ import annotations

from model.event import NOTHING
from planner.targets.closing.atlas import Look, Way
from planner.targets.closing.director import Director
from planner.targets.closing.inside import pack
from planner.targets.closing.left import END_KEY
from planner.targets.closing.motif import Motif, Placed
from planner.targets.closing.sets import bits

MOST_STEPS = 6


def is_wanted(directors: list[Director]) -> bool:
    """Whether such an operation is wanted anywhere."""
    first = directors[0]
    everywhere = first.sets.tables.everywhere
    if not everywhere:
        return False
    after = any(first.left.by_key[4 * base + END_KEY] for base in bits(everywhere))
    return after or any(bases & everywhere for bases in first.left.by_key)


def approach(directors: list[Director]) -> None:
    """Takes every die to where such an operation is allowed, if it is near; where it is wanted, if it can be had."""
    for director in directors:
        stage, everywhere = director.stage, director.sets.tables.everywhere
        if _there(director):
            continue
        way = _way(director, everywhere)
        if way is None:
            continue
        director.follow(way)
        for _ in range(8 * MOST_STEPS):
            if not director.way and stage.running() is None:
                break
            director.step_on()
        while stage.undelivered() and stage.running() is None and director.deliver():
            pass


def _way(director: Director, everywhere: int) -> Way | None:
    """The way to where the operation is wanted, or else to where something is wanted after it, or else allowed."""
    stage, by_key = director.stage, director.left.by_key
    never = ~(director.sets.affecting | director.sets.tables.douts)
    allowed = [everywhere] * len(by_key)
    after = [bases if everywhere >> (key // 4) & 1 else 0 for key, bases in enumerate(by_key)]
    for look in (
        Look([bases & everywhere for bases in by_key], never),
        Look(allowed, never, then=after),
        Look(allowed, never),
    ):
        way = stage.atlas.way(stage.states(), look)
        if way is not None and len(way.steps) <= MOST_STEPS:
            return way
    return None


def _there(director: Director) -> bool:
    stage, everywhere = director.stage, director.sets.tables.everywhere
    if not stage.allowed(stage.sets.tables.all_planes) & everywhere:
        return False
    ends = [stage.end_of(plane) for plane in range(len(stage.hosts))]
    return any(end != NOTHING and director.left.bases[end] & everywhere for end in ends)


def issue(directors: list[Director]) -> Motif | None:
    """The operation, if it is allowed on all dies and wanted on one: a motif of all dies, after all others."""
    sets, left = directors[0].sets, directors[0].left
    allowed, wanted = sets.tables.everywhere, 0
    for director in directors:
        stage = director.stage
        if stage.running() is not None:
            return None
        allowed &= stage.allowed(sets.tables.all_planes)
        for plane in range(len(stage.hosts)):
            end = stage.end_of(plane)
            wanted |= left.names[end] if end != NOTHING else 0
    can = bits(sets.names(allowed))
    names = bits(sets.names(allowed) & wanted)
    names = names or [name for name in can if left.bases[sets.end[name]] & sets.tables.everywhere] or can
    if not names:
        return None
    start = max(director.stage.now for director in directors)
    first = directors[0].stage
    uid = first.shared.placed
    placed = first.shared.placed
    ops: list[Placed] = []
    for director in directors:
        director.stage.shared.placed = uid
        director.stage.join(names[0], start)
        ops = ops or [director.stage.motifs.pop().ops[0]]
        if director is not directors[0]:
            director.stage.motifs.pop()
    first.shared.placed = placed + 1
    return Motif(NOTHING, start, ops)


def finish(directors: list[Director], motif: Motif) -> None:
    """Lets the operation come to its end on all dies. The first die's probes inside it become part of its motif."""
    first = directors[0].stage
    live = first.running()
    if live is not None and live.op.has_core:
        first.go_to(live.core)
        first.motifs.append(Motif(first.die, motif.begin, []))
        pack(first, live, 1, live.core, live.data, live.data)
        motif.ops += [op._replace(die=first.die) for op in first.motifs.pop().ops]
    for director in directors:
        director.stage.go_to(max([director.stage.now, *(live.end for live in director.stage.track.running)]))
    motif.end = max(director.stage.now for director in directors)
