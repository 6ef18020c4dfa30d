"""One die directed to what is still wanted: what it does next, operation after operation."""

from __future__ import annotations

from model.chains import MOVES_FROM, TAKES_COPYBACK, Kind
from model.event import NOTHING
from model.geometry import planes_in
from model.live import Live
from model.plane_rules import State
from planner.targets.closing.addresses import Found, copied, drawn, find
from planner.targets.closing.atlas import BESIDE, IDLE, IN_CORE, IN_DATA, Look, Way
from planner.targets.closing.inside import deliver_inside, leave, pack
from planner.targets.closing.left import END_KEY
from planner.targets.closing.sets import bits
from planner.targets.closing.shadow import shadow
from planner.targets.closing.stage import NO_ADDRESS, Stage
from planner.targets.closing.stock import Learnt, Stock

MOVED = frozenset().union(*MOVES_FROM.values())
MORE = 2
"""So many operations a way may be longer than the shortest one if it saves more."""
FAR = 4
"""So many operations make a way long: where it leads to, as much as possible is gained at once."""


class Director:
    """Directs one die. `done`: nothing that is wanted can be reached any more, as far as it was found."""

    def __init__(self, stage: Stage, memory: Memory) -> None:
        self.stage, self.memory = stage, memory
        self.sets, self.left = stage.sets, stage.left
        self.way: list[tuple[int, int, int]] = []
        self.goal: Way | None = None
        self.like: tuple[bool, int] | None = None
        self.stock = Stock(stage, memory.learnt)
        self.there = NOTHING
        self._never = ~(self.sets.affecting | self.sets.tables.douts)
        self._far = stage.atlas.from_reset(self.sets.tables.resets, self._never)
        self.done = False

    # -- a step --------------------------------------------------------------------------------------------------

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

    def follow(self, way: Way) -> None:
        """Takes a way from here."""
        self.goal, self.way = way, list(way.steps)
        self.like = self._likeness(way)

    def deliver(self) -> bool:
        """One DOUT of what waits."""
        return self._deliver()

    # -- while something runs --------------------------------------------------------------------------------------

    def _inside(self, live: Live) -> None:
        stage = self.stage
        stage.go_to(max(stage.now, live.core))
        if live.op.has_core and stage.now < live.data:
            if not self._leave_core(live):
                pack(stage, live, 1, live.core, live.data, live.data)
                stage.go_to(max(stage.now, live.data))
        elif live.op.has_data and stage.now < live.end:
            if not self._leave_data(live):
                pack(stage, live, len(live.op.base.states) - 1, live.data, live.end, live.end)
                stage.go_to(max(stage.now, live.end))
        else:
            stage.go_to(max(stage.now, live.end))

    def _leave_core(self, live: Live) -> bool:
        tables = self.sets.tables
        if self.way:
            return self.way[0][1] == IN_CORE and self._forced(live, 1)
        allowed = self.stage.allowed(tables.all_planes)
        if leave(self.stage, live, 1, allowed & tables.suspends, forced=False):
            return True
        return self._may_stop(live) and leave(self.stage, live, 1, allowed & tables.resets, forced=False)

    def _leave_data(self, live: Live) -> bool:
        stage, tables = self.stage, self.sets.tables
        state = len(live.op.base.states) - 1
        if self.way:
            return self.way[0][1] == IN_DATA and self._forced(live, state)
        allowed = stage.allowed(live.targets)
        takers = allowed & self.sets.affecting & ~tables.resets & ~tables.suspends
        for base in bits(takers & self.left.bases[self.sets.of_state[live.op.index][state]]):
            if leave(stage, live, state, 1 << base, forced=False):
                return True
        if deliver_inside(stage, live):
            return True
        resets = stage.allowed(tables.all_planes) & tables.resets
        return self._may_stop(live) and leave(stage, live, state, resets, forced=False)

    def _forced(self, live: Live, state: int) -> bool:
        base, _, _ = self.way[0]
        targets = self.stage.device.targets(base, live.targets)
        if self.stage.allowed(targets) >> base & 1 and leave(self.stage, live, state, 1 << base, forced=True):
            self.way.pop(0)
            self._arrive()
            return True
        self._give_up()
        return False

    def _may_stop(self, live: Live) -> bool:
        """Whether a reset may end what runs: not as long as other planes are worth more as they are."""
        stage = self.stage
        if self.there // 4 == live.op.base.index:
            return True
        if self._destroys(live) and live.op.multi and self._single_alike(live):
            return False
        idle = [p for p in range(len(stage.hosts)) if not live.targets >> p & 1]
        if not idle:
            return True
        return not any(self._reads_left(stage.end_of(p)) for p in idle)

    def _single_alike(self, live: Live) -> bool:
        """Whether a single-plane op_name has the same op_states: it can be stopped in place of what runs."""
        of_state, index = self.sets.of_state, live.op.index
        singles = self.sets.names_of[live.op.base.index] & self.sets.singles
        return any(of_state[name] == of_state[index] for name in bits(singles))

    def _destroys(self, live: Live) -> bool:
        """Whether a reset leaves the blocks of what runs undefined."""
        index = live.op.base.index
        return bool(self.stage.device.erase_axis >> index & 1) or self.stage.device.advances[index]

    def _reads_left(self, op_state: int) -> bool:
        return op_state != NOTHING and bool(self.left.bases[op_state] & self.sets.on_planes)

    # -- idle ------------------------------------------------------------------------------------------------------

    def _idle(self) -> None:
        self._probe()
        self.stage.keep_gap()
        if self.way:
            self._go_on()
            return
        if self._provide() or self._gain():
            return
        self._find_way()

    def _probe(self) -> None:
        """Everything that is wanted at the END that the planes are in, and changes nothing."""
        stage, sets, left = self.stage, self.sets, self.left
        ends = list(dict.fromkeys(stage.end_of(p) for p in range(len(stage.hosts))))
        if not any(e != NOTHING and left.bases[e] & (sets.free | sets.odt_off | sets.odt_on) for e in ends):
            return
        everywhere = stage.allowed(sets.tables.all_planes)
        wide = sets.names(everywhere & sets.free & sets.tables.wide) & sets.on_die(stage.die)
        busiest = next((e for e in ends if e != NOTHING), NOTHING)
        for end in ends:
            if end == NOTHING:
                continue
            for name in bits(left.names[end] & wide):
                base = sets.op_names[name].base.index
                if base not in sets.busiest or end == busiest:
                    stage.issue(name)
        for plane in range(len(stage.hosts)):
            self._probe_plane(plane)
        self._switch(busiest)

    def _probe_plane(self, plane: int) -> None:
        stage, sets = self.stage, self.sets
        end = stage.end_of(plane)
        if end == NOTHING:
            return
        mask = stage.allowed(1 << plane) & sets.free & sets.tables.on_planes & self.left.bases[end]
        for base in bits(mask):
            for name in bits(sets.names_of[base] & self.left.names[end] & sets.on_die(stage.die)):
                found = find(stage, base, 1 << name, 1 << plane)
                if found is not None:
                    stage.issue(found.name, found.address, celltype=found.celltype)

    def _switch(self, op_state: int) -> None:
        """ODT off and on again, at once."""
        stage, sets, left = self.stage, self.sets, self.left
        both = sets.odt_off | sets.odt_on
        if op_state == NOTHING or not left.bases[op_state] & both or not sets.odt_off or not sets.odt_on:
            return
        if stage.odt or not stage.allowed(sets.tables.all_planes) & sets.odt_off:
            return
        both_names = [sets.names(base) & ~stage.silent(sets.tables.all_planes) for base in (sets.odt_off, sets.odt_on)]
        if not all(both_names):
            return
        for names in both_names:
            stage.issue(drawn(stage, names & left.names[op_state] or names)[0])

    # -- what is gained at once -----------------------------------------------------------------------------------

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
        gained = self._read(spare) or self._copy(ends) or self._wide(ends)
        gained = gained or (far < FAR and self._read(readable)) or self._move_on() or self._deliver_for_more(ends, far)
        gained = gained or (far >= FAR and self._read(readable))
        return gained or (not stage.undelivered() and self._reset(ends, forced=False))

    def _deliver_for_more(self, ends: list[int], far: int) -> bool:
        """A DOUT of what waits, where enough is gained once all is delivered."""
        waiting = self.stage.undelivered().bit_count()
        enough = 1 if far > waiting else max(1, waiting - 1)
        return bool(waiting) and self._gained_by_delivering(ends) >= enough and self._deliver()

    def _copy(self, ends: list[int]) -> bool:
        """A copyback read on one plane, where the copyback program to follow is wanted by the others."""
        stage, sets = self.stage, self.sets
        if stage.undelivered() or copied(stage) or len(set(ends)) > 1 or ends[0] == NOTHING or len(ends) < 2:
            return False
        names = self.left.names[ends[0]] & sets.names(sets.plain_copies)
        single, many = names & sets.singles, names & sets.multis
        if not names or not stage.allowed(1) & sets.copies:
            return False
        state = stage.state(0)._replace(beside=True)
        if not stage.atlas.allowed[stage.atlas.number(state)] & sets.plain_copies:
            return False
        kept = sets.singles if single else sets.multis
        planes = 1 << len(ends) - 1 if single else 3 << len(ends) - 2
        if not single and (not many or len(ends) < 3):
            return False
        for base in bits(sets.copies):
            found = find(stage, base, sets.names_of[base] & kept & self.left.names[ends[0]], planes)
            found = found or find(stage, base, sets.names_of[base] & kept, planes)
            if found is not None and self._room_for(names & kept, found):
                return self._issue(found)
        return False

    def _room_for(self, names: int, source: Found) -> bool:
        """Whether a copyback program of one of some op_names has a block to go to."""
        ops, book = self.sets.op_names, self.stage.book
        planes, row, _ = source.address
        for name in bits(names):
            found = book.to_program(ops[name].celltype, ops[name].multi, exact=planes, without=frozenset((row,)))
            if found is not None:
                return True
        self.stock.missing(names)
        return False

    def _distance(self, ends: list[int]) -> int:
        """How far it is from a reset to what some plane is in."""
        track = self.stage.track
        keys = [4 * last + END_KEY for last, end in zip(track.last, ends, strict=True) if end != NOTHING]
        return max((min(self._far[key]) for key in keys), default=0)

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
                way = stage.atlas.way([stage.states()[plane]], Look(wanted, self._never))
                if way is not None and len(way.steps) <= 2:
                    self.follow(way)
                    self.like = register.planes.bit_count() > 1, register.celltype
                    before = stage.shared.placed
                    self._go_on()
                    return stage.shared.placed > before
        return False

    def _read(self, planes: list[int]) -> bool:
        stage, sets, left = self.stage, self.sets, self.left
        for plane in planes:
            end = stage.end_of(plane)
            mask = stage.allowed(1 << plane) & sets.on_planes & left.bases[end]
            for base in self._fresh_first(drawn(stage, mask)):
                also = 0
                for p in range(len(stage.hosts)):
                    if stage.allowed(1 << p) >> base & 1:
                        also |= 1 << p
                if self._read_from(base, sets.names_of[base] & left.names[end], plane, also, end):
                    return True
        return False

    def _fresh_first(self, bases: list[int]) -> list[int]:
        """Bases of which no plane bears an END yet come first: different ENDs are worth more to what comes next.

        Of these the ones after which most is left that looks at all planes.
        """
        last, by_key, wide = self.stage.track.last, self.left.by_key, self.sets.wide
        return sorted(bases, key=lambda base: (base in last, -(by_key[4 * base + END_KEY] & wide).bit_count()))

    def _read_from(self, base: int, names: int, plane: int, also: int, end: int) -> bool:
        stage, sets = self.stage, self.sets
        single = names & sets.singles
        found = find(stage, base, single, 1 << plane) if single else None
        if found is None and names & ~single:
            for planes in self._partners(plane, also, end):
                found = find(stage, base, names & ~single, planes)
                if found is not None and found.address[0] >> plane & 1:
                    break
                found = None
        if found is None:
            self.stock.missing(names)
            return False
        return self._issue(found)

    def _partners(self, plane: int, also: int, end: int) -> list[int]:
        """Plane sets that a multi-plane read on a plane may choose from, of the planes that it is allowed on.

        Where an END is far, one whose END is worth less comes first: no plane of the same END is used up for nothing.
        """
        stage = self.stage
        near = other = 0
        for p in planes_in(also):
            if stage.end_of(p) == end:
                near |= 1 << p
            else:
                other |= 1 << p
        sets = [near, also]
        if min(self._far[4 * max(stage.track.last[plane], 0) + END_KEY]) >= FAR:
            sets = [1 << plane | 1 << p for p in planes_in(other)] + sets
        return [mask for mask in dict.fromkeys(sets) if mask >> plane & 1 and mask.bit_count() > 1]

    def _wide(self, ends: list[int]) -> bool:
        """An operation that looks at all planes, wanted by as many of them as can be."""
        stage, sets = self.stage, self.sets
        allowed = stage.allowed(sets.tables.all_planes) & sets.wide & ~sets.tables.resets
        for names in reversed(self._layers(allowed, ends)):
            for name in drawn(stage, names):
                found = find(stage, sets.op_names[name].base.index, 1 << name, sets.tables.all_planes)
                if found is not None:
                    return self._issue(found)
                self.stock.missing(1 << name)
        return False

    def _layers(self, allowed: int, ends: list[int]) -> list[int]:
        """The op_names of some bases that are wanted at one END or more, at two or more, and so on."""
        sets, left = self.sets, self.left
        layers: list[int] = []
        for end in dict.fromkeys(ends):
            if end == NOTHING or not left.bases[end] & allowed:
                continue
            some = left.names[end] & sets.names(left.bases[end] & allowed) & sets.on_die(self.stage.die)
            for depth in range(len(layers)):
                layers[depth], some = layers[depth] | some, layers[depth] & some
            if some:
                layers.append(some)
        return layers

    def _gained_by_delivering(self, ends: list[int]) -> int:
        """How many cells the next operation could hit once all is delivered, and those of the DOUTs themselves."""
        stage, sets = self.stage, self.sets
        allowed = -1
        for plane in range(len(ends)):
            state = stage.state(plane)._replace(data_waits=False, cache_waits=False)
            allowed &= stage.atlas.allowed[stage.atlas.number(state)]
        douts = sum(1 for end in ends if end != NOTHING and self.left.bases[end] & sets.tables.douts)
        return douts + len(self._layers(allowed & sets.wide & ~sets.tables.resets, ends))

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

    # -- ways ------------------------------------------------------------------------------------------------------

    def _find_way(self) -> None:
        stage, sets = self.stage, self.sets
        self.memory.searching(self.gained)
        barred = self.memory.barred()
        wanted = [bases & ~sets.tables.everywhere & ~barred.get(key, 0) for key, bases in enumerate(self.left.by_key)]
        look = Look(wanted, self._never, self._far, patience=MORE)
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
        way, before = stage.atlas.way_out(stage.states(), self._never), stage.shared.placed
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

    def _likeness_of_copies(self, multi: bool, steps: list[int]) -> tuple[bool, int] | None:
        """As many planes as a copyback read, and a celltype of the steps on the way to it."""
        sets = self.sets
        for base in steps:
            for name in drawn(self.stage, sets.names_of[base] & (sets.multis if multi else sets.singles)):
                return multi, sets.op_names[name].celltype
        return None

    @property
    def gained(self) -> int:
        """Cells that this die has hit so far."""
        return self.memory.hits + self.stage.hits

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

    def _strict(self, base: int) -> int:
        """The op_names of a step of a way that fit to its end: all where it does not matter."""
        sets, like = self.sets, self.like
        if like is None:
            return -1
        kind = sets.kinds[base]
        rest = [sets.kinds[step] for step, _, _ in self.way[1:]]
        if self.goal is not None:
            rest += [sets.kinds[b] for b in bits(self.goal.wanted)]
        if sets.bound >> base & 1 or (kind in MOVED and any(kind in MOVES_FROM.get(after, ()) for after in rest)):
            return sets.alike(*like)
        if kind is Kind.COPYBACK_READ and any(after in TAKES_COPYBACK for after in rest):
            return sets.multis if like[0] else sets.singles
        return -1

    def _read_beside(self, base: int, state: int) -> None:
        """A copyback read on planes other than the one that the way is about."""
        stage, sets = self.stage, self.sets
        states = stage.states()
        focus = states.index(state) if state in states else 0
        planes = sum(1 << p for p in range(len(states)) if p != focus and stage.allowed(1 << p) >> base & 1)
        found = None
        for names in self._preferred(base, sets.names_of[base]):
            found = found or (find(stage, base, names, planes) if planes else None)
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

    def _preferred(self, base: int, names: int) -> list[int]:
        """The op_names to try first: those that fit to the end of the way, then those that are wanted here."""
        sets, stage = self.sets, self.stage
        names &= self._strict(base)
        wanted = 0
        for plane in range(len(stage.hosts)):
            end = stage.end_of(plane)
            wanted |= self.left.names[end] & names if end != NOTHING else 0
        hosts = names & self._hosts(base)
        options = [
            hosts & wanted,
            hosts & self._lean(base),
            hosts,
            wanted & self._lean(base),
            wanted,
            names & self._lean(base),
            names,
        ]
        if self.like is not None:
            fitting = names & sets.alike(*self.like)
            options = [hosts & fitting, wanted & fitting, fitting, *options]
        return [some for some in dict.fromkeys(options) if some]

    def _hosts(self, base: int) -> int:
        """The op_names of the last step of a way in whose own op_state something is wanted; 0 where all are one."""
        goal, sets = self.goal, self.sets
        if goal is None or goal.key // 4 != base or len(self.way) > 1 or len(self.left.members(goal.key)) < 2:
            return 0
        state, found = goal.key % 4, 0
        for name in bits(sets.names_of[base]):
            op_state = sets.end[name] if state == END_KEY else sets.of_state[name][state]
            if self.left.bases[op_state] & goal.wanted:
                found |= 1 << name
        return found

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

    # -- stock -----------------------------------------------------------------------------------------------------

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
        way = stage.atlas.way(stage.states(), Look(keys, self._never))
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


class Memory:
    """What a die remembers from window to window: goals that could not be gained, and for how long they are put off."""

    def __init__(self) -> None:
        self.searches = 0
        self.hits = 0
        self.learnt = Learnt()
        self._open: tuple[Way, int] | None = None
        self._fails: dict[tuple[int, int], int] = {}
        self._until: dict[tuple[int, int], int] = {}

    def bar(self, goal: Way) -> None:
        """The goal was not gained: it is put off, longer each time."""
        for base in bits(goal.wanted):
            at = goal.key, base
            fails = self._fails[at] = self._fails.get(at, 0) + 1
            self._until[at] = self.searches + min(2**fails, 512)

    def arrived(self, goal: Way | None, hits: int) -> None:
        """A way came to its end when so many cells had been hit: there should be more before the next search."""
        self._open = None if goal is None else (goal, hits)

    def searching(self, hits: int) -> None:
        """The next way is looked for: the goal of the last one is put off if nothing was gained there."""
        if self._open is not None:
            goal, before = self._open
            if hits == before:
                self.bar(goal)
            else:
                for base in bits(goal.wanted):
                    self._fails.pop((goal.key, base), None)
        self._open = None
        self.searches += 1

    def barred(self) -> dict[int, int]:
        """Per key the bases that are put off now."""
        found: dict[int, int] = {}
        for (key, base), until in self._until.items():
            if until > self.searches:
                found[key] = found.get(key, 0) | 1 << base
        return found

    def relent(self) -> bool:
        """Puts off nothing any more; False where nothing was."""
        had = any(until > self.searches for until in self._until.values())
        self._until.clear()
        return had


__all__ = ["NO_ADDRESS", "Director", "Memory"]
