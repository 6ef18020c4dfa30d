"""How a way is taken to where something is wanted: op_name and address for each of its steps."""

from __future__ import annotations

from collections.abc import Sequence

from model.chains import MOVES_FROM, TAKES_COPYBACK, Kind
from model.event import NOTHING
from model.geometry import planes_in
from model.operations import OpName
from planner.targets.closing.addresses import Found, drawn, find
from planner.targets.closing.atlas import BESIDE, IDLE, Way
from planner.targets.closing.gaining import Gaining
from planner.targets.closing.left import END_KEY
from planner.targets.closing.sets import bits

MOVED = frozenset().union(*MOVES_FROM.values())


class Faring(Gaining):
    """Follows a way, step by step, or gives it up."""

    def follow(self, way: Way) -> None:
        """Takes a way from here."""
        self.goal, self.way = way, list(way.steps)
        self.host = 0
        members = self.left.members(way.key)
        wanted = self.sets.names(way.wanted)
        found = [op_state for op_state in members if self.left.names[op_state] & wanted]
        if found and len(members) > 1:
            self._pair(way, found)
        else:
            self.like = self.then = self._likeness(way)

    def _deliver_on(self, state: int) -> None:
        """The next DOUT of a page on a plane in a state, on all planes of its read; the last one ends the step."""
        stage = self.stage
        due = stage.track.due
        first = next((p for p, number in enumerate(stage.states()) if number == state), 0)
        register = due(first)
        if register is None:
            self._give_up()
            return
        same = [p for p in planes_in(register.planes) if (r := due(p)) is not None and r.op_uid == register.op_uid]
        if not self._deliver(1 << same[0]):
            self._give_up()
        elif len(same) == 1:
            self.way.pop(0)
            self._arrive()

    def _go_on(self) -> None:
        """The next operation of the way."""
        stage, sets = self.stage, self.sets
        base, phase, state = self.way[0]
        if phase == BESIDE:
            self._read_beside(base, state)
            return
        if phase != IDLE:
            self._give_up()
            return
        targets = sets.tables.all_planes if sets.tables.wide >> base & 1 else 0
        if targets and stage.undelivered() and not stage.allowed(targets) >> base & 1:
            if not self._deliver():
                self._give_up()
            return
        if sets.tables.douts >> base & 1:
            self._deliver_on(state)
            return
        found = self._found(base, state)
        if found is None:
            self._give_up()
            return
        self.way.pop(0)
        self._issue(found)
        self._arrive()

    def _read_beside(self, base: int, state: int) -> None:
        """A copyback read on planes other than the one that the way is about."""
        stage, sets = self.stage, self.sets
        states = stage.states()
        focus = states.index(state) if state in states else 0
        planes = sum(1 << p for p in range(len(states)) if p != focus and stage.allowed(1 << p) >> base & 1)
        found = None
        like, self.like = self.like, self.then
        for names in self._preferred(base, sets.names_of[base]):
            found = found or (find(stage, base, names, planes) if planes else None)
        self.like = like
        if found is None:
            self.stock.missing(sets.names_of[base])
            self._give_up()
            return
        self.way.pop(0)
        self._issue(found)
        self._arrive()

    def _found(self, base: int, state: int) -> Found | None:
        stage, sets = self.stage, self.sets
        all_planes = sets.tables.all_planes
        names = sets.names_of[base] & sets.on_die(stage.die)
        planes = 0
        if sets.tables.wide >> base & 1:
            planes = all_planes if stage.allowed(all_planes) >> base & 1 else 0
        else:
            for plane in range(len(stage.hosts)):
                planes |= (stage.allowed(1 << plane) >> base & 1) << plane
        if not planes:
            return None
        near = sum(1 << p for p, number in enumerate(stage.states()) if number == state) & planes
        for some in self._preferred(base, names):
            for where in dict.fromkeys((near, planes)):
                found = find(stage, base, some, where, many=sets.kinds[base] in sets.feeds) if where else None
                if found is not None:
                    return found
        self.stock.missing(names & self._strict(base) if self.like is None else names & sets.alike(*self.like) or names)
        return None

    def _strict(self, base: int) -> int:
        """The op_names of a step of a way that fit to its end: all where it does not matter."""
        sets, like = self.sets, self.like
        if like is None:
            return -1
        kind = sets.kinds[base]
        rest = [sets.kinds[step] for step, _, _ in self.way[1:]]
        if self.goal is not None:
            rest += [sets.kinds[b] for b in bits(self.goal.wanted)]
        if kind is Kind.RECOVERY:
            return sets.alike(True, like[1]) | sets.alike(False, like[1])
        if sets.bound >> base & 1 or (kind in MOVED and any(kind in MOVES_FROM.get(after, ()) for after in rest)):
            return sets.alike(*like)
        if kind is Kind.COPYBACK_READ and any(after in TAKES_COPYBACK for after in rest):
            return sets.multis if like[0] else sets.singles
        return -1

    def _preferred(self, base: int, names: int) -> list[int]:
        """The op_names to try first: those that fit to the end of the way, then those that are wanted here."""
        sets, stage = self.sets, self.stage
        hosts = names & self.host if self._is_last(base) else 0
        if hosts:
            return [hosts]
        names &= self._strict(base)
        wanted = 0
        for plane in range(len(stage.hosts)):
            end = stage.end_of(plane)
            wanted |= self.left.names[end] & names if end != NOTHING else 0
        options = [wanted & self._lean(base), wanted, names & self._lean(base), names]
        if self.like is not None:
            fitting = names & sets.alike(*self.like)
            options = [wanted & fitting, fitting, *options]
        return [some for some in dict.fromkeys(options) if some]

    def _is_last(self, base: int) -> bool:
        """Whether a step leaves the plane in what the way leads to: no more than deliveries come after it."""
        if self.goal is None or self.goal.key // 4 != base:
            return False
        beside = (step for step, phase, _ in self.way[1:] if phase != BESIDE)
        return all(self.sets.tables.douts >> step & 1 for step in beside)

    def _lean(self, base: int) -> int:
        """The op_names of a step that use up fewest blocks: programs, and what a reset is to cut, on one plane."""
        sets, device = self.sets, self.stage.device
        cut = self.goal is not None and self.goal.key // 4 == base and self.goal.key % 4 != END_KEY
        return sets.singles if device.advances[base] or cut else -1

    def _arrive(self) -> None:
        """At the end of a way: what it led to has to be gained there, or the goal is put off."""
        if not self.way:
            self.memory.arrived(self.goal, self.gained)
            self.there = NOTHING if self.goal is None else self.goal.key
            self.goal = None

    def _give_up(self) -> None:
        if self.goal is not None:
            self.memory.bar(self.goal)
        self.way, self.goal = [], None

    def _pair(self, way: Way, members: Sequence[int]) -> None:
        """Picks one of some op_states of one base that the way leads to, and what is wanted there."""
        sets, left, stage = self.sets, self.left, self.stage
        state, base = way.key % 4, way.key // 4
        op_state = members[int(stage.shared.rng.random() * len(members))]
        for name in bits(sets.names_of[base]):
            if op_state == (sets.end[name] if state == END_KEY else sets.of_state[name][state]):
                self.host |= 1 << name
        if not self.host:
            self.like = self.then = self._likeness(way)
            return
        goal = sets.op_names[drawn(stage, left.names[op_state] & sets.names(way.wanted))[0]]
        self.like = self.then = self._like_both(sets.op_names[drawn(stage, self.host)[0]], goal, way)
        if sets.kinds[goal.base.index] in TAKES_COPYBACK:
            self.then = goal.multi, goal.celltype

    def _like_both(self, host: OpName, goal: OpName, way: Way) -> tuple[bool, int] | None:
        """As many planes and the celltype that the steps of a way share with where it leads to, or what is wanted."""
        sets = self.sets
        bound = [base for base, _, _ in way.steps if sets.bound >> base & 1]
        recovers = Kind.RECOVERY in (sets.kinds[host.base.index], sets.kinds[goal.base.index])
        if recovers and sets.kinds[goal.base.index] is Kind.RECOVERY:
            several = goal.multi or (sets.kinds[host.base.index] is Kind.RECOVERY and host.multi)
            return several, goal.celltype
        if sets.bound >> host.base.index & 1:
            return host.multi, host.celltype
        if sets.bound >> goal.base.index & 1:
            return goal.multi, goal.celltype
        if sets.kinds[goal.base.index] is Kind.COPYBACK_READ:
            return self._likeness_of_copies(goal.multi, bound)
        return self._likeness(way)

    def _likeness(self, way: Way) -> tuple[bool, int] | None:
        """As many planes and the celltype that the operations of a way share, from what is wanted at its end."""
        sets, stage = self.sets, self.stage
        bound = [base for base, _, _ in way.steps if sets.bound >> base & 1]
        goal = drawn(stage, way.wanted)[0]
        names = 0
        if (sets.bound | sets.copies) >> goal & 1:
            for op_state in self.left.members(way.key):
                names |= self.left.names[op_state] & sets.names_of[goal]
        elif bound:
            names = sets.names_of[bound[-1]]
        for name in drawn(stage, names):
            op = sets.op_names[name]
            if sets.kinds[op.base.index] is Kind.COPYBACK_READ:
                return self._likeness_of_copies(op.multi, bound)
            if all(sets.names_of[base] & sets.alike(op.multi, op.celltype) for base in bound):
                return op.multi, op.celltype
        return None

    def _likeness_of_copies(self, multi: bool, steps: list[int]) -> tuple[bool, int] | None:
        """As many planes as a copyback read, and a celltype of the steps on the way to it."""
        sets = self.sets
        for base in steps:
            for name in drawn(self.stage, sets.names_of[base] & (sets.multis if multi else sets.singles)):
                return multi, sets.op_names[name].celltype
        return None

    def _cost(self, way: Way) -> int:
        """The operations of a way, with what it takes to close what other planes hold where it needs all of them."""
        stage, sets = self.stage, self.sets
        bases = [base for base, _, _ in way.steps]
        if not way.wanted & ~sets.wide:
            bases.append(bits(way.wanted)[0])
        wide = next((place for place, base in enumerate(bases) if sets.wide >> base & 1), None)
        if wide is None:
            return len(way.steps)
        delivered = sum(sets.tables.douts >> base & 1 for base in bases[:wide])
        waiting = max(0, stage.undelivered().bit_count() - delivered)
        begun = len({read.planes for read in stage.track.cache_read if read is not None})
        ended = sum(sets.tables.cache_ends >> base & 1 for base in bases[:wide])
        return len(way.steps) + waiting + 3 * max(0, begun - ended)
