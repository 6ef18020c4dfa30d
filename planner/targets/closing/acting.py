"""What every part of directing a die stands on: its goals, and the operations that need no choice."""

from __future__ import annotations

from functools import cached_property

from model.event import NOTHING
from model.geometry import planes_in
from planner.targets.closing.addresses import Found, drawn, find
from planner.targets.closing.atlas import Way
from planner.targets.closing.left import END_KEY
from planner.targets.closing.memory import Memory
from planner.targets.closing.sets import bits
from planner.targets.closing.stage import Stage
from planner.targets.closing.stock import Stock

FAR = 4
"""So many operations make a way long: where it leads to, as much as possible is gained at once."""


class Acting:
    """A die that is directed. `done`: nothing that is wanted can be reached any more, as far as it was found."""

    def __init__(self, stage: Stage, memory: Memory) -> None:
        self.stage, self.memory = stage, memory
        self.sets, self.left = stage.sets, stage.left
        self.way: list[tuple[int, int, int]] = []
        self.goal: Way | None = None
        self.like: tuple[bool, int] | None = None
        self.then: tuple[bool, int] | None = None
        self.host = 0
        self.stock = Stock(stage, memory.learnt)
        self.there = NOTHING
        self.never = ~(self.sets.affecting | self.sets.tables.douts)
        self.done = False

    @cached_property
    def _far(self) -> list[list[int]]:
        """How far it is from a reset to every op_state and base."""
        return self.stage.atlas.from_reset(self.sets.tables.resets, self.never)

    @property
    def gained(self) -> int:
        """Cells that this die has hit so far."""
        return self.memory.hits + self.stage.hits

    def deliver(self) -> bool:
        """One DOUT of what waits."""
        return self._deliver()

    def _deliver(self, planes: int = -1) -> bool:
        """The DOUT that comes next on some planes."""
        stage, sets = self.stage, self.sets
        waiting = stage.undelivered() & planes
        for plane in planes_in(waiting):
            for base in bits(stage.allowed(1 << plane) & sets.tables.douts):
                names, end = sets.names_of[base], stage.end_of(plane)
                wanted = names & self.left.names[end] if end != NOTHING else 0
                found = find(stage, base, wanted or names, 1 << plane)
                if found is not None:
                    return self._issue(found)
        return False

    def _reset(self, ends: list[int], forced: bool) -> bool:
        stage, sets = self.stage, self.sets
        names = sets.names(stage.allowed(sets.tables.all_planes) & sets.tables.resets)
        names &= ~stage.silent(sets.tables.all_planes)
        wanted = 0
        for end in ends:
            wanted |= self.left.names[end] if end != NOTHING else 0
        names = names & wanted or (names if forced else 0)
        if not names:
            return False
        stage.issue(drawn(stage, names)[0])
        return True

    def _issue(self, found: Found) -> bool:
        stage = self.stage
        stage.issue(found.name, found.address, celltype=found.celltype)
        return True

    def _reads_left(self, op_state: int) -> bool:
        return op_state != NOTHING and bool(self.left.bases[op_state] & self.sets.on_planes)

    def _distance(self, ends: list[int]) -> int:
        """How far it is from a reset to what some plane is in."""
        track = self.stage.track
        keys = [4 * last + END_KEY for last, end in zip(track.last, ends, strict=True) if end != NOTHING]
        return max((min(self._far[key]) for key in keys), default=0)
