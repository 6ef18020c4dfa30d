"""What the sampler draws from: op_names by the weights of an op_state, and the ways in which things are carried on."""

from __future__ import annotations

from bisect import bisect
from itertools import accumulate
from random import Random

from model.chains import NEXT_STEP, READS, Kind
from model.device import Device
from model.event import NOTHING
from planner.bench.exact import Die
from planner.targets.closing.sets import Sets, bits
from planner.targets.tables import DEFAULT_KEY, Tables

RESETS = 0.15
"""The weight of a reset where the config says nothing; of all others it is what the planner's own chooser likes."""


class Draws:
    """Draws for one run. The weights of op_names are the config's, by op_state; where it says nothing, those of kinds
    in `planner.targets.tables`."""

    def __init__(self, device: Device, sets: Sets, rng: Random) -> None:
        self._sets, self._tables, self._rng = sets, sets.tables, rng
        self._random = rng.random
        bases = [op.base.index for op in device.catalogue.names]
        liked = [RESETS if self._tables.resets >> b & 1 else self._tables.preference[b] for b in bases]
        self._plain = tuple(liked)
        self._lists: dict[tuple[int, int], tuple[list[int], list[float]]] = {}

    def chance(self, probability: float) -> bool:
        """True with a probability."""
        return self._random() < probability

    def between(self, low: int, high: int) -> int:
        """An integer in [low, high]."""
        return low + int(self._random() * (high - low + 1))

    def name(self, names: int, key: int) -> int:
        """One of a set of op_names, to be issued in an op_state; NOTHING where none is wanted there."""
        at = (names, key if self._tables.weighted else DEFAULT_KEY)
        found = self._lists.get(at)
        if found is None:
            found = self._lists[at] = self._listed(names, key)
        members, cumulative = found
        if not members or cumulative[-1] <= 0:
            return NOTHING
        return members[min(bisect(cumulative, self._random() * cumulative[-1]), len(members) - 1)]

    def _listed(self, names: int, key: int) -> tuple[list[int], list[float]]:
        """The members of a set with their weights, cumulated."""
        members, tables = bits(names), self._tables
        wanted = tables.wanted.get(key) if tables.weighted else None
        if wanted is None:
            wanted = self._plain
        return members, list(accumulate(wanted[name] for name in members))

    def plan(self, base: int) -> list[int]:
        """The bases that follow an operation of a base by the config's sequences; none where it says nothing."""
        followers = self._tables.followers[base]
        if followers is None:
            return []
        plans, cumulative = followers
        return list(self._rng.choices(plans, cum_weights=cumulative)[0])


def to_carry_on(die: Die, tables: Tables) -> int:
    """The bases that carry on, or close, what is open on a die on which nothing runs."""
    track, mask = die.track, 0
    if die.undelivered():
        mask |= tables.douts
    if any(track.cache_read):
        mask |= tables.cache_ends
    if track.suspended:
        mask |= tables.resumes
    shot = track.shot
    if shot is not None:
        for kind in NEXT_STEP.get(die.device.kinds[shot.step], ()):
            mask |= tables.by_kind[kind]
        mask |= tables.by_kind[Kind.COPYBACK_READ] if shot.copyback else 0
    if track.cache_program is not None:
        mask |= tables.closers
    return mask


def instead(die: Die, sets: Sets, name: int, allowed: int) -> list[int]:
    """Sets of op_names that make what an op_name had no page for: a program before a read, an erase before a program.

    `allowed`: the bases that may be issued now.
    """
    op, tables = sets.op_names[name], sets.tables
    kind, found = die.device.kinds[op.base.index], []
    alike = sets.alike(op.multi, op.celltype)
    if kind in READS:
        makers = tables.by_kind[Kind.PROGRAM] | tables.by_kind[Kind.OTHER_PROGRAM] | tables.by_kind[Kind.LSB]
        found.append(sets.names(makers & allowed) & alike)
    elif not Kind.OTHER_PROGRAM <= kind <= Kind.COPYBACK_PROGRAM:
        return []
    erased = tables.erase_as.get(op.celltype)
    if erased is not None:
        found.append(sets.names(tables.by_kind[Kind.ERASE] & allowed) & sets.alike(op.multi, erased))
    return [names for names in found if names]
