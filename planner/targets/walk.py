"""One die walked forward from the boundary: its state, its estimated clock, and how an operation is asked for."""

from __future__ import annotations

from collections.abc import Iterable

from model.boundary import Boundary, Register
from model.chains import RESUMES, STEPS, Kind
from model.event import NOTHING
from model.forbidden import forbidden_by_die, forbidden_on
from model.geometry import planes_in
from model.live import Live
from model.states import DieTrack
from planner.targets.asked import Asked
from planner.targets.book import Address, Book
from planner.targets.tables import DEFAULT_KEY, END
from planner.window.spec import After, Inside, Moment, OpSpec

TARGET, CHAIN, PREREQUISITE, _, RESUME = range(5)
"""Positions in `model.event.SOURCES`."""

NO_ADDRESS: Address = (0, NOTHING, NOTHING)
_FIRST_UID = 1 << 48


class DieWalk:
    """A die on its way through the window.

    `now` is the estimated time from which its next operation may start. `tail` are the operations whose end the next
    one has to wait for, where its place in the order does not say so. `plan` are the bases that follow by the config,
    `mask` those that may be issued as far as it was told last. `fixed` are the operations whose place in time is given
    up to some ticks, by their `ref`. `rows` are asked for beside those in work.
    """

    __slots__ = (
        "asked", "book", "die", "done", "fenced", "fixed", "holders", "host", "idle_rounds", "latest", "mask", "now",
        "picker", "plan", "previous", "previous_end", "resumed", "tables", "tail", "track", "wanted_probes",
    )  # fmt: skip

    def __init__(self, asked: Asked, boundary: Boundary, die: int, rows: Iterable[int] = ()) -> None:
        self.asked = asked
        self.tables = asked.tables
        self.picker = asked.picker
        self.die = die
        state = boundary.dies[die]
        needed = [*rows]
        needed += [live.row for live in (*state.running, *state.suspended) if live.row >= 0]
        needed += [opened.row for opened in (state.shot, state.cache_program) if opened is not None]
        self.book = Book(asked.device, die, boundary.blocks, needed, asked.picker)
        self.track = DieTrack(asked.device, die, state, self.book)
        for place, live in enumerate((*self.track.running, *self.track.suspended)):
            live.ref = -1 - place
        for frozen in boundary.passing:
            if max(frozen.die, 0) == die:
                self.track.pass_by(Live.of(asked.device, frozen, False))
        self.now = max([boundary.time, *(live.end for live in self.track.passing)])
        self.tail: list[Live] = [*self.track.running, *self._about_to_go_on()]
        self.fixed = {live.ref: 0 for live in self.tail}
        self.holders: list[Live | None] = [None] * len(self.track.last)
        for live in self.track.running:
            for plane in planes_in(live.targets):
                self.holders[plane] = live
        self.plan: list[int] = []
        self.resumed: dict[int, int] = {}
        self.previous = NOTHING
        self.previous_end = 0
        self.latest = NOTHING
        self.host = (0, 0)
        self.wanted_probes = 0
        self.fenced = False
        self.mask = 0
        self.idle_rounds = 0
        self.done = False
        self.lock()

    def _about_to_go_on(self) -> list[Live]:
        """The operations that a RESUME under way brings back."""
        axes = [self.asked.device.axis[live.kind] for live in self.track.running if live.kind in RESUMES]
        return [live for live in map(self.suspended_on, axes) if live is not None]

    # -- what is forbidden ---------------------------------------------------------------------------------------

    def settle(self) -> None:
        """The die at `now`."""
        if self.track.next_end <= self.now:
            self.track.settle(self.now)

    def forbidden_when_idle(self) -> list[int]:
        """Per plane the bases that may not be issued now that nothing runs."""
        by_die = forbidden_by_die(self.track)
        ends, tables = self.asked.device.exclusions.end, self.tables
        masks = []
        for plane, last in enumerate(self.track.last):
            mask = by_die | forbidden_on(self.track, plane, self.now)
            if last != NOTHING:
                mask |= ends[last] | tables.refuses(4 * last + END)
            else:
                mask |= tables.refuses(DEFAULT_KEY)
            masks.append(mask)
        return masks

    def lock(self) -> None:
        """Notes which blocks something open keeps for itself."""
        track = self.track
        if not track.suspended and track.shot is None and track.cache_program is None:
            self.book.lock_reads = self.book.lock_writes = {}
            return
        reads: dict[int, int] = {}
        for live in self.track.suspended:
            if live.row >= 0:
                reads[live.row] = reads.get(live.row, 0) | live.planes
        writes = dict(reads)
        for opened in (self.track.shot, self.track.cache_program):
            if opened is not None:
                writes[opened.row] = writes.get(opened.row, 0) | opened.planes
        self.book.lock_reads, self.book.lock_writes = reads, writes

    # -- asking --------------------------------------------------------------------------------------------------

    def ask(
        self,
        name: int,
        address: Address = NO_ADDRESS,
        *,
        aim: int,
        source: int = TARGET,
        inside: Inside | None = None,
        celltype: int = 0,
        gap: int = 0,
        wish: bool = False,
        alone: bool = False,
    ) -> Live:
        """Asks for an operation that starts at `now`; the walk goes on behind its ISSUE.

        It waits for what is in the `tail`; with `alone` only for what was last on its own planes.
        """
        asked, op = self.asked, self.tables.op_names[name]
        base, payload = op.base, op.base.payload
        planes, row, page = address
        after: list[After] = []
        earliest = None
        if alone:
            earliest = self._wait_on(planes, after, gap)
        elif inside is None and self.tail:
            earliest = self._wait(after, gap, base.index)
        self._keep_order(after, source, base.bus[0])
        die = self.die if base.has_die else NOTHING
        rows, pages = (row,) if "block" in payload else (), (page,) if "page" in payload else ()
        wanted = OpSpec(
            name, die, (planes,), rows, pages, tuple(after), inside, earliest, source=source, aim=aim, wish=wish
        )
        uid = _FIRST_UID + len(asked.ops)
        live = Live(asked.device, uid, op, self.die, planes, row, page, celltype or op.celltype, self.now)
        self._note(live, wanted)
        self._start(live)
        self.latest = live.ref
        if not wish:
            self.previous, self.previous_end = live.ref, self.now
        return live

    def _note(self, live: Live, wanted: OpSpec) -> None:
        asked, inside = self.asked, wanted.inside
        live.ref = len(asked.ops)
        if inside is not None and inside.op in self.fixed:
            self.fixed[live.ref] = self.fixed[inside.op] + inside.hi - inside.lo
        asked.ops.append(wanted)
        asked.starts.append(live.start)
        asked.bus_time += live.op.issue
        self.picker.counts.count(wanted.name, wanted.aim)

    def _keep_order(self, after: list[After], source: int, on_bus: bool) -> None:
        if source == CHAIN:
            after.extend(self.keep_gap())
        if not self.tables.all_on_bus:
            self._behind_issues(after, on_bus)
        if self.asked.fence != NOTHING and not self.fenced:
            after.append(After(self.asked.fence, Moment.ISSUE_END))
            self.fenced = True

    def _start(self, live: Live) -> None:
        track = self.track
        kind = live.kind
        track.start(live)
        self.now = live.start + live.op.issue
        if live.op.base.affects_state:
            for plane in planes_in(live.targets):
                self.holders[plane] = live
            self.tail = [live] if live.targets == self.tables.all_planes else [*self.tail, live]
            self.lock()
        if kind in RESUMES:
            self._note_resume(live)

    def join(self, live: Live) -> None:
        """An operation of every die, asked for on another one, starts here, too."""
        self._start(live)
        self.fenced = True
        self.latest = self.previous = live.ref

    def _note_resume(self, live: Live) -> None:
        """Who goes on at the end of the RESUME: what follows waits for its end."""
        victim = self.suspended_on(self.asked.device.axis[live.kind])
        if victim is not None:
            self.resumed[victim.uid] = live.ref
            self.fixed.pop(victim.ref, None)
            self.tail = [victim]

    def _wait(self, after: list[After], gap: int, base: int) -> int | None:
        """What the operation has to wait for; the earliest time where that is not an operation of the window."""
        earliest: int | None = None
        implied = bool((self.tables.wide & self.tables.changing) >> base & 1)
        for live in self.tail:
            if not implied or gap or live.ref < 0:
                moment = self._wait_for(live, after, gap)
                earliest = moment if earliest is None else max(earliest, moment or 0)
        if not implied:
            self.tail = []
        return earliest

    def _wait_on(self, planes: int, after: list[After], gap: int) -> int | None:
        earliest = None
        for plane in planes_in(planes):
            holder = self.holders[plane]
            if holder is not None:
                earliest = self._wait_for(holder, after, gap)
        return earliest

    def _wait_for(self, live: Live, after: list[After], gap: int) -> int | None:
        if live.ref >= 0:
            after.append(After(live.ref, Moment.END, gap))
        elif live.uid in self.resumed:
            after.append(After(self.resumed[live.uid], Moment.END, live.left + live.op.data + gap))
        else:
            return live.end + gap
        return None

    def _behind_issues(self, after: list[After], on_bus: bool) -> None:
        """The ISSUEs of a die come one after the other, even where the bus does not see to it."""
        for before in dict.fromkeys((self.previous, self.latest)):
            if before != NOTHING and not (on_bus and self.tables.op_names[self.asked.ops[before].name].base.bus[0]):
                after.append(After(before, Moment.ISSUE_END))

    def keep_gap(self) -> tuple[After, ...]:
        """The least time between the steps of a chain, where the step before is not long enough by itself."""
        if self.previous == NOTHING:
            return ()
        before = self.tables.op_names[self.asked.ops[self.previous].name]
        gap = self.asked.device.policies.sequence_gap
        if before.length - before.issue >= gap:
            return ()
        self.now = max(self.now, self.previous_end + gap)
        return (After(self.previous, Moment.ISSUE_END, gap),)

    # -- questions -----------------------------------------------------------------------------------------------

    def due(self, plane: int) -> Register | None:
        """The page that a DOUT would deliver now on a plane."""
        register = self.track.due(plane)
        return register if register is not None and register.ready <= self.now else None

    def undelivered(self) -> int:
        """The planes that hold data which nobody has taken."""
        mask, bit, track = 0, 1, self.track
        for data, cache in zip(track.data, track.cache, strict=True):
            if (data is not None and not data.delivered) or (cache is not None and not cache.delivered):
                mask |= bit
            bit <<= 1
        return mask

    def suspended_on(self, axis: int) -> Live | None:
        """The latest suspended operation of an axis (a bit set over bases)."""
        for live in reversed(self.track.suspended):
            if axis >> live.op.base.index & 1:
                return live
        return None

    def step(self) -> Kind:
        """The kind of the latest step of the open one-shot chain."""
        shot = self.track.shot
        return Kind.OTHER if shot is None else self.tables.kinds[shot.step]

    def executing(self) -> bool:
        """Whether a step of the open one-shot chain goes on or is suspended."""
        return any(live.kind in STEPS for live in (*self.track.running, *self.track.suspended))

    def allowed_planes(self, base: int, forbidden: list[int]) -> int:
        """The planes on which a base may be issued."""
        return sum(1 << plane for plane, none in enumerate(forbidden) if not none >> base & 1)

    def where(self, planes: int) -> tuple[int, int]:
        """The op_state in which an operation on some planes (0: all) would be issued now: its key and its index."""
        tables, track = self.tables, self.track
        planes = planes or tables.all_planes
        for live in track.running:
            if live.targets & planes and live.op.base.affects_state:
                state = live.state_at(self.now)
                if state:
                    return 4 * live.op.base.index + state, tables.state_of[live.op.index][state]
        for plane in planes_in(planes):
            last = track.last[plane]
            if last != NOTHING:
                return 4 * last + END, tables.end_aim[last]
        return DEFAULT_KEY, NOTHING
