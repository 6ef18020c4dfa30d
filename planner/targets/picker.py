"""Drawing bases and op_names: as the config wants them, otherwise those that were used least."""

from __future__ import annotations

from bisect import bisect
from itertools import accumulate
from random import Random

from model.event import NOTHING
from planner.targets.history import History
from planner.targets.tables import DEFAULT_KEY, Tables


class Picker:
    """Draws for one window; its counts are the history's and those of the window itself."""

    __slots__ = ("_drawn", "counts", "random", "tables")

    def __init__(self, tables: Tables, counts: History, random: Random) -> None:
        self.tables = tables
        self.counts = counts
        self.random = random
        self._drawn = random.random

    def chance(self, probability: float) -> bool:
        """True with a probability."""
        return self._drawn() < probability

    def below(self, bound: int) -> int:
        """An integer in [0, bound)."""
        return int(self._drawn() * bound)

    def between(self, low: int, high: int) -> int:
        """An integer in [low, high]."""
        return low + int(self._drawn() * (high - low + 1))

    def base(self, mask: int, key: int, aim: int) -> int:
        """A base out of a bit set, to be issued in an op_state; NOTHING where none is wanted."""
        if not mask:
            return NOTHING
        bases, cumulative = self._drawn_from(mask, key)
        if not bases or cumulative[-1] <= 0:
            return NOTHING
        if len(bases) == 1:
            return bases[0]
        first = self._one(bases, cumulative)
        if self._says(key):
            return first
        second = self._one(bases, cumulative)
        if first == second:
            return first
        preference, counts = self.tables.preference, self.counts
        load = counts.base_at(first, aim) / preference[first]
        other = counts.base_at(second, aim) / preference[second]
        return first if load <= other else second

    def name(self, names: tuple[int, ...], key: int, aim: int) -> int:
        """One of some op_names of a base, to be issued in an op_state; NOTHING where none is wanted."""
        if self._says(key):
            return self._wanted_name(names, key)
        count = len(names)
        if count == 1:
            return names[0]
        best, least = NOTHING, 0
        totals, at = self.counts.names, self.counts.at_names
        drawn, offset = self._drawn, (aim + 1) * len(totals)
        for _ in range(3):
            name = names[int(drawn() * count)]
            load = 4 * at[offset + name] + totals[name]
            if best == NOTHING or load < least:
                best, least = name, load
        return best

    def likes(self, name: int, key: int) -> bool:
        """Whether an op_name may be issued in an op_state."""
        tables = self.tables
        return not tables.weighted or name not in tables.partly.get(key, ())

    def _says(self, key: int) -> bool:
        return self.tables.weighted and key in self.tables.wanted

    def _one(self, bases: tuple[int, ...], cumulative: list[float]) -> int:
        return bases[min(bisect(cumulative, self._drawn() * cumulative[-1]), len(bases) - 1)]

    def _drawn_from(self, mask: int, key: int) -> tuple[tuple[int, ...], list[float]]:
        said = self._says(key)
        at = (mask, key if said else DEFAULT_KEY)
        found = self.tables.drawn_from.get(at)
        if found is None:
            tables = self.tables
            bases = tuple(i for i in range(mask.bit_length()) if mask >> i & 1)
            if said:
                wanted = tables.wanted[key]
                weights = [sum(wanted[name] for name in tables.names[base]) for base in bases]
            else:
                weights = [tables.preference[base] for base in bases]
            found = tables.drawn_from[at] = bases, list(accumulate(weights))
        return found

    def _wanted_name(self, names: tuple[int, ...], key: int) -> int:
        at = (key, names)
        tables = self.tables
        cumulative = tables.names_drawn_from.get(at)
        if cumulative is None:
            wanted = tables.wanted[key]
            cumulative = tables.names_drawn_from[at] = list(accumulate(wanted[name] for name in names))
        if cumulative[-1] <= 0:
            return NOTHING
        return names[min(bisect(cumulative, self._drawn() * cumulative[-1]), len(names) - 1)]
