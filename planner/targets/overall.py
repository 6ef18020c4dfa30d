"""Scenes that concern the whole device: ODT off and on again, reads of every die at once, waits."""

from __future__ import annotations

from model.chains import Kind
from model.event import NOTHING
from planner.targets.asked import Asked
from planner.targets.idle import candidates
from planner.targets.naming import pick_name
from planner.targets.singles import ask_single
from planner.targets.walk import CHAIN, TARGET, DieWalk
from planner.window.spec import After, Moment, OpSpec

ODT_CHANCE = 0.3
EVERYWHERE_CHANCE = 0.5
WAIT_CHANCE = 0.006
_LONGEST_WAIT_US = 3_000


def open_scene(asked: Asked, walks: list[DieWalk], odt_disabled: bool, drain: bool) -> None:
    """What a window may begin with; ODT that is off is put on again first of all."""
    tables = asked.tables
    for walk in walks:
        walk.settle()
    if odt_disabled:
        _switch(asked, walks, tables.by_kind[Kind.ODT_ON], CHAIN)
        return
    if drain:
        return
    picker = asked.picker
    both = tables.by_kind[Kind.ODT_OFF] and tables.by_kind[Kind.ODT_ON]
    if both and picker.chance(ODT_CHANCE) and _switch(asked, walks, tables.by_kind[Kind.ODT_OFF], TARGET):
        _while_off(asked, walks)
        _switch(asked, walks, tables.by_kind[Kind.ODT_ON], CHAIN)
    elif tables.everywhere and picker.chance(EVERYWHERE_CHANCE):
        _everywhere(asked, walks)


def _switch(asked: Asked, walks: list[DieWalk], bases: int, source: int) -> bool:
    """ODT off or on, from a die on which nothing runs; what follows on any die waits for it."""
    for walk in _idle(asked, walks):
        allowed = bases
        for mask in walk.forbidden_when_idle():
            allowed &= ~mask
        if not allowed:
            continue
        walk.now = max(other.now for other in walks)
        base = (allowed & -allowed).bit_length() - 1
        if ask_single(walk, base, 0, source):
            _fence(asked, walks, walk)
            return True
    return False


def _idle(asked: Asked, walks: list[DieWalk]) -> list[DieWalk]:
    """The dies on which nothing runs, in random order."""
    free = [walk for walk in walks if not walk.track.running]
    asked.picker.random.shuffle(free)
    return free


def _fence(asked: Asked, walks: list[DieWalk], walk: DieWalk) -> None:
    """What comes next on any die starts behind the latest operation."""
    asked.fence = len(asked.ops) - 1
    for other in walks:
        other.fenced = other is walk
        other.now = max(other.now, walk.now)
        other.settle()


def _while_off(asked: Asked, walks: list[DieWalk]) -> None:
    """A few operations that ODT_DISABLE allows, on dies on which nothing runs."""
    tables, off = asked.tables, asked.device.exclusions.odt
    for _ in range(asked.picker.between(1, 4)):
        for walk in _idle(asked, walks)[:1]:
            walk.now = max(other.now for other in walks)
            walk.settle()
            forbidden = [mask | off for mask in walk.forbidden_when_idle()]
            mask = candidates(walk, forbidden) & (tables.free | tables.by_kind[Kind.OTHER])
            mask &= ~(tables.douts | tables.by_kind[Kind.DATAIN])
            base = asked.picker.base(mask, *walk.where(0))
            if base != NOTHING:
                ask_single(walk, base, walk.allowed_planes(base, forbidden), TARGET)
                _fence(asked, walks, walk)


def _everywhere(asked: Asked, walks: list[DieWalk]) -> None:
    """An operation that takes every plane of every die, once all that runs has ended."""
    tables = asked.tables
    if any(live.ref < 0 and live.uid in walk.resumed for walk in walks for live in walk.tail):
        return
    until = max([walk.now for walk in walks] + [live.end for walk in walks for live in walk.track.running])
    limit = _LONGEST_WAIT_US * asked.device.clock.ticks_per_us
    if until - asked.floor > limit or any(live.kind in _GOES_ON for walk in walks for live in walk.track.running):
        return
    allowed = tables.everywhere
    for walk in walks:
        walk.now = max(walk.now, until)
        walk.settle()
        if walk.undelivered() or any(walk.track.cache_read):
            return
        for mask in walk.forbidden_when_idle():
            allowed &= ~mask
    base = asked.picker.base(allowed, *walks[0].where(0)) if allowed else NOTHING
    name = pick_name(walks[0], tables.names[base], 0) if base != NOTHING else NOTHING
    if name == NOTHING or not all(asked.picker.likes(name, walk.where(0)[0]) for walk in walks):
        return
    first = walks[0].ask(name, aim=walks[0].where(0)[1])
    for walk in walks[1:]:
        walk.join(first)


_GOES_ON = frozenset({Kind.ERASE_RESUME, Kind.PROGRAM_RESUME})


def wait(asked: Asked, walk: DieWalk) -> None:
    """Now and then a NOP, which waits on no die."""
    waits = asked.tables.waits & asked.tables.usable
    if not waits or not asked.picker.chance(WAIT_CHANCE):
        return
    base = (waits & -waits).bit_length() - 1
    name = pick_name(walk, asked.tables.names[base], 0)
    if name == NOTHING:
        return
    after = (After(walk.previous, Moment.ISSUE_END),) if walk.previous != NOTHING else ()
    asked.ops.append(OpSpec(name, after=after, wish=True))
    asked.starts.append(walk.now)
    asked.picker.counts.count(name, NOTHING)
