"""A die at an exact time of its own: what is in which op_state, what is allowed, and the issue of an operation."""

from __future__ import annotations

from random import Random

from model.boundary import Boundary
from model.chains import Kind
from model.device import Device
from model.event import NOTHING
from model.forbidden import is_suspended
from model.geometry import planes_in
from model.live import Live
from model.operations import OpName
from model.plane_rules import CORE, DATA, NONE, State
from model.states import DieTrack
from planner.coverage import BINS
from planner.targets.closing.atlas import Atlas
from planner.targets.closing.left import Left
from planner.targets.closing.motif import Motif, Placed
from planner.targets.closing.sets import Sets
from planner.targets.closing.shelf import Shelf

FIRST_UID = 1 << 48
Address = tuple[int, int, int]
NO_ADDRESS: Address = (0, NOTHING, NOTHING)


class Shared:
    """What the dies of a window share: the operations placed so far are numbered over all of them."""

    def __init__(self, device: Device, sets: Sets, atlas: Atlas, left: Left, rng: Random) -> None:
        self.device, self.sets, self.atlas, self.left, self.rng = device, sets, atlas, left, rng
        self.placed = 0


class Stage:
    """One die. `now` is the earliest tick at which its next operation may start; `hosts` the op_name of the last
    segment of each plane; `motifs` what was issued so far."""

    def __init__(self, shared: Shared, boundary: Boundary, die: int, hosts: list[int], book: Shelf) -> None:
        self.shared, self.die, self.book = shared, die, book
        self.device, self.sets, self.atlas, self.left = shared.device, shared.sets, shared.atlas, shared.left
        self.track = DieTrack(shared.device, die, boundary.dies[die], book)
        self.odt = boundary.odt_disabled
        self.hosts = hosts
        passing = [live.end for live in boundary.passing if max(live.die, 0) == die]
        self.now = max([boundary.time, *passing])
        self.motifs: list[Motif] = []
        self._states: list[int] | None = None
        self._gap_until = 0
        self.hits = 0
        while self.track.running:  # it cannot be moved as motifs are
            self.go_to(max(live.end for live in self.track.running))

    # -- what is the case ---------------------------------------------------------------------------------------

    def go_to(self, time: int) -> None:
        """Time passes."""
        self.now = max(self.now, time)
        if self.track.running:
            self._states = None
        if self.track.next_end <= self.now:
            self._settle(self.now)

    def _settle(self, time: int) -> None:
        track = self.track
        self._states = None
        track.settle(time)
        for live in track.running:
            if live.fragment:
                self._host(live)
        self.lock()

    def _host(self, live: Live) -> None:
        for plane in planes_in(live.targets):
            self.hosts[plane] = live.op.index

    def states(self) -> list[int]:
        """The number of each plane's state in the atlas, at `now`."""
        if self._states is None:
            number = self.atlas.number
            self._states = [number(self._state(plane)) for plane in range(len(self.hosts))]
        return self._states

    def state(self, plane: int) -> State:
        """The abstract state of a plane."""
        return self.atlas.states[self.states()[plane]]

    def _state(self, plane: int) -> State:
        track = self.track
        run, phase, last = NONE, 0, track.last[plane]
        for live in track.running:
            if live.targets >> plane & 1 and live.op.base.affects_state:
                run, last = live.op.base.index, NONE
                phase = CORE if self.now < live.data else DATA
        erase = program = NONE
        for live in track.suspended:
            if live.kind is Kind.ERASE:
                erase = live.op.base.index
            else:
                program = live.op.base.index
        shot, data, cache = track.shot, track.data[plane], track.cache[plane]
        reading = track.cache_read[plane]
        return State(
            last, run, phase, erase, program,
            NONE if shot is None or shot.step in self.sets.closing_steps else shot.step,
            NONE if shot is None else shot.latch,
            shot is not None and shot.cached,
            track.cache_program is not None,
            NONE if reading is None else reading.base,
            NONE if data is None else data.base,
            data is not None and not data.delivered,
            cache is not None and not cache.delivered,
            self._beside(plane),
            self.odt,
        )  # fmt: skip

    def _beside(self, plane: int) -> bool:
        kinds = self.device.kinds
        for other, data in enumerate(self.track.data):
            if data is not None and other != plane and kinds[data.base] is Kind.COPYBACK_READ:
                return True
        return False

    def allowed(self, targets: int) -> int:
        """The bases that are allowed on all of some planes; a suspend only where there is something to cut."""
        mask, states, allowed = -1, self.states(), self.atlas.allowed
        for plane in planes_in(targets):
            mask &= allowed[states[plane]]
        return mask if self.track.running else mask & ~self.sets.tables.suspends

    def silent(self, targets: int) -> int:
        """The op_names that have weight 0 in what some plane is in."""
        mask, silenced = 0, self.sets.silenced
        if silenced:
            for plane in planes_in(targets):
                mask |= silenced.get(self.atlas.key[self.states()[plane]], 0)
        return mask

    def end_of(self, plane: int) -> int:
        """The op_state of an idle plane, NOTHING while it is unused."""
        return self.sets.end[self.hosts[plane]] if self.hosts[plane] != NOTHING else NOTHING

    def running(self) -> Live | None:
        """The state-affecting operation that runs; of several the first."""
        for live in self.track.running:
            if live.op.base.affects_state:
                return live
        return None

    def undelivered(self) -> int:
        """The planes that hold data that nobody has taken."""
        mask, track = 0, self.track
        for plane, (data, cache) in enumerate(zip(track.data, track.cache, strict=True)):
            if (data is not None and not data.delivered) or (cache is not None and not cache.delivered):
                mask |= 1 << plane
        return mask

    def clean(self) -> bool:
        """Whether nothing is open on the die but data to be delivered."""
        track = self.track
        return not (track.suspended or track.shot or track.cache_program or any(track.cache_read))

    def victim(self, erase: bool) -> Live | None:
        """The latest suspended operation of an axis."""
        axis = self.device.erase_axis if erase else self.device.program_axis
        for live in reversed(self.track.suspended):
            if axis >> live.op.base.index & 1:
                return live
        return None

    def is_suspended(self) -> bool:
        """Whether a program is suspended."""
        return is_suspended(self.track, Kind.PROGRAM_SUSPEND)

    # -- cells ---------------------------------------------------------------------------------------------------

    def cell(self, plane: int, time: int) -> tuple[int, int]:
        """The op_state and the bin of a plane at a time from `now` on at which nothing has changed; NOTHING: none."""
        for live in self.track.running:
            if live.targets >> plane & 1 and live.op.base.affects_state:
                state = live.state_at(time)
                begin, end = (live.core, live.data) if state == 1 and live.op.has_core else (live.data, live.end)
                return self.sets.of_state[live.op.index][state], BINS * (time - begin) // (end - begin)
        return self.end_of(plane), 0

    def hit_planes(self, base: int, planes: int) -> tuple[int, ...]:
        """The planes whose cells an operation hits: where it names no plane and is not DIE_WIDE, the busiest one."""
        if base in self.sets.busiest:
            rank, states = self.sets.rank, [self.cell(p, self.now)[0] for p in range(len(self.hosts))]
            found = [(int(rank[s]), p) for p, s in enumerate(states) if s != NOTHING]
            return (min(found)[1],) if found else ()
        return planes_in(self.device.targets(base, planes))

    def _mark(self, op: OpName, planes: int, time: int) -> int:
        """Takes what the operation hits at a time off what is left; the op_state that it was issued for."""
        aim = NOTHING
        for plane in self.hit_planes(op.base.index, planes):
            op_state, place = self.cell(plane, time)
            if op_state != NOTHING and self.left.take(op_state, op.index, place):
                self.hits += 1
                aim = op_state if aim == NOTHING else aim
        return aim

    def lock(self) -> None:
        """Notes which blocks something open keeps for itself."""
        track, book = self.track, self.book
        reads: dict[int, int] = {}
        for live in track.suspended:
            if live.row >= 0:
                reads[live.row] = reads.get(live.row, 0) | live.planes
        writes = dict(reads)
        for opened in (track.shot, track.cache_program):
            if opened is not None:
                writes[opened.row] = writes.get(opened.row, 0) | opened.planes
        for live in track.running:
            if live.row >= 0:
                writes[live.row] = writes.get(live.row, 0) | live.planes
        book.lock_reads, book.lock_writes = reads, writes

    # -- issue ---------------------------------------------------------------------------------------------------

    def issue(self, name: int, address: Address = NO_ADDRESS, time: int | None = None, celltype: int = 0) -> Live:
        """Issues an operation at a time (default: `now`), which must be legal then."""
        shared, op = self.shared, self.sets.op_names[name]
        start = self.now if time is None else time
        self.go_to(start)
        base, (planes, row, page) = op.base, address
        aim = self._mark(op, planes, start)
        uid = FIRST_UID + shared.placed
        live = Live(self.device, uid, op, self.die, planes, row, page, celltype or op.celltype, start)
        placed = Placed(start, name, planes, row, page, live.celltype, aim, self.exp_val(start, base.index))
        self._motif(start).ops.append(placed)
        shared.placed += 1
        self.track.start(live)
        self._states = None
        if base.affects_state:
            self._host(live)
            self.lock()
            self._gap_until = start + op.issue + self.device.policies.sequence_gap
        elif live.kind in (Kind.ODT_OFF, Kind.ODT_ON):
            self.odt = live.kind is Kind.ODT_OFF
        self.go_to(start + op.issue)
        return live

    def join(self, name: int, time: int) -> None:
        """Issues an operation of all dies, on this one as its part of it, as a motif of its own."""
        self.go_to(time)
        self.motifs.append(Motif(self.die, time, []))
        self.issue(name)

    def keep_gap(self) -> None:
        """The least time between the steps of a chain."""
        if self.running() is None:
            self.go_to(self._gap_until)

    def _motif(self, start: int) -> Motif:
        """The motif that an operation at `start` belongs to: a new one where nothing runs and the last is long."""
        if not self.motifs or (len(self.motifs[-1].ops) >= Motif.LONG and not self.track.running and not self.odt):
            self.motifs.append(Motif(self.die, start, []))
        return self.motifs[-1]

    def exp_val(self, time: int, base: int) -> int:
        """What a status read at a time sees."""
        if base not in self.sets.status_bases:
            return NOTHING
        value = 2
        for live in self.track.running:
            if live.op.base.affects_state and live.core <= time < live.end:
                state = live.state_at(time)
                busy = live.op.has_core and state == 1
                value = 0 if busy else min(value, 1)
        if self.device.config.pattern.exp_val_suspend:
            value += 4 * is_suspended(self.track, Kind.ERASE_SUSPEND)
            value += 8 * is_suspended(self.track, Kind.PROGRAM_SUSPEND)
        return value
