"""One die directed to what is still wanted: what it does next, operation after operation."""

from __future__ import annotations

from model.event import NOTHING
from model.plane_rules import State
from planner.targets.closing.acting import FAR
from planner.targets.closing.atlas import IDLE, Look, Way
from planner.targets.closing.leaving import Leaving
from planner.targets.closing.sets import bits
from planner.targets.closing.shadow import shadow

MORE = 2
"""So many operations a way may be longer than the shortest one if it saves more."""


class Director(Leaving):
    """Directs one die."""

    def step(self) -> None:
        """Goes on by at least one operation, or by one state of what runs; `done` where there is nothing to do."""
        live = self.stage.running()
        if live is not None:
            self._inside(live)
        else:
            self._idle()

    def step_on(self) -> None:
        """Like `step`, but nothing is begun that is not on the way."""
        live = self.stage.running()
        if live is not None:
            self._inside(live)
        elif self.way:
            self._probe()
            self.stage.keep_gap()
            self._go_on()

    def _idle(self) -> None:
        self._probe()
        self.stage.keep_gap()
        if self.way:
            self._go_on()
            return
        if self._provide() or self._gain():
            return
        self._find_way()

    def _gain(self) -> bool:
        """Issues what is wanted right now: what looks at all planes first, then reads of one plane after the other.

        Where it is far to what the planes are in, reads come first on all planes but one. What was read is delivered
        where that opens the way for about as many cells; else one reset discards it.
        """
        stage = self.stage
        ends = [stage.end_of(p) for p in range(len(stage.hosts))]
        readable = [p for p, end in enumerate(ends) if self._reads_left(end)]
        far = self._distance(ends)
        spare = [p for p in readable if ends.count(ends[p]) > 1] if far >= FAR else []
        gained = self._read(spare) or self._feed() or self._copy(ends) or self._wide(ends)
        gained = gained or (far < FAR and self._read(readable)) or self._move_on() or self._deliver_for_more(ends, far)
        gained = gained or (far >= FAR and self._read(readable))
        return gained or (not stage.undelivered() and self._reset(ends, forced=False))

    def _move_on(self) -> bool:
        """Takes the way from a page that was just read to a cache read whose window is wanted for a takeover."""
        stage, sets = self.stage, self.sets
        track = stage.track
        if track.suspended or track.shot or track.cache_program:
            return False
        for plane, register in enumerate(stage.track.data):
            if register is None:
                continue
            for base in sets.tables.moved_by[register.base]:
                key = 4 * base + 2
                names = sets.names_of[base] & sets.alike(register.planes.bit_count() > 1, register.celltype)
                if not any(self.left.names[s] & names for s in self.left.members(key)):
                    continue
                wanted = [0] * len(self.left.by_key)
                wanted[key] = 1 << base
                way = stage.atlas.way([stage.states()[plane]], Look(wanted, self.never, most=2))
                if way is not None:
                    self.follow(way)
                    self.like = register.planes.bit_count() > 1, register.celltype
                    before = stage.shared.placed
                    self._go_on()
                    return stage.shared.placed > before
        return False

    def _find_way(self) -> None:
        stage, sets = self.stage, self.sets
        self.memory.searching(self.gained)
        others = ~sets.tables.everywhere
        wanted = [bases & others for bases in self.left.by_key]
        for key, bases in self.memory.barred().items():
            wanted[key] &= ~bases
        look = Look(wanted, self.never, self._far, patience=MORE)
        way = stage.atlas.way(stage.states(), look)
        if stage.undelivered() and self._better_reset(way, look):
            return
        if way is None:
            self.done = not (self._clear() or shadow(stage))
            return
        self.follow(way)
        if not self.way:
            self._give_up()

    def _clear(self) -> bool:
        """A reset where what is open may be what is in the way, or else the way to where nothing is open."""
        stage = self.stage
        if stage.clean():
            return False
        if self._reset([stage.end_of(p) for p in range(len(stage.hosts))], forced=True):
            return True
        way, before = stage.atlas.way_out(stage.states(), self.never), stage.shared.placed
        if way is not None and way.steps:
            self.goal, self.like, self.way = None, None, list(way.steps)
            self._go_on()
        return stage.shared.placed > before

    def _better_reset(self, way: Way | None, look: Look) -> bool:
        """A reset that throws away what waits to be delivered, where the way is shorter then."""
        stage, sets = self.stage, self.sets
        resets = stage.allowed(sets.tables.all_planes) & sets.tables.resets
        if not resets:
            return False
        if way is not None:
            there = min(self._far[way.key][base] for base in bits(way.wanted))
            if self._cost(way) <= max(there, 1):
                return False
            after = stage.atlas.number(State(last=bits(resets)[0], odt=stage.odt))
            other = stage.atlas.way([after], Look(look.wanted, look.never))
            if other is None or self._cost(way) <= 1 + len(other.steps):
                return False
        return self._reset([stage.end_of(p) for p in range(len(stage.hosts))], forced=True)

    def _provide(self) -> bool:
        """Sets out for what is missing among the blocks: an erase, or a program."""
        stage = self.stage
        if not self.stock.needs or not stage.clean():
            return False
        want = self.stock.next_want()
        if want is None:
            return False
        bases, like = want.bases, want.like
        keys = [0] * len(self.left.by_key)
        for key in range(len(keys)):
            keys[key] = bases
        way = stage.atlas.way(stage.states(), Look(keys, self.never))
        if way is None:
            return False
        base = bits(way.wanted)[0]
        self.goal, self.like = None, like
        self.way = [*way.steps, (base, IDLE, NOTHING)]
        before = stage.shared.placed
        stage.book.avoided = want.avoided
        self._go_on()
        stage.book.avoided = frozenset()
        return stage.shared.placed > before
