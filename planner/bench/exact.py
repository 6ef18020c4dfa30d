"""A die at exact times, for strategies without a solver: what may be issued now, and what that does."""

from __future__ import annotations

from random import Random

import numpy as np

from model.boundary import Boundary
from model.chains import RESUMES, STEPS, SUSPENDS, Kind
from model.device import Device
from model.event import NOTHING
from model.geometry import planes_in
from model.live import Live, SpanRow
from model.operations import Base, OpName
from model.states import DieTrack
from planner.errors import UnusableInput
from planner.targets.book import WORKING_ROWS, Book
from planner.targets.closing.atlas import Atlas
from planner.targets.closing.left import Left
from planner.targets.closing.sets import Sets
from planner.targets.closing.shelf import Shelf
from planner.targets.closing.stage import NO_ADDRESS, Address, Shared, Stage
from planner.targets.picker import Picker
from planner.targets.tables import tables_of

ROWS_TURN = 4_000
"""Operations after which the rows in work move on."""


class Store(Shelf):
    """All blocks of a die; addresses are drawn, from some rows in work that move on slowly."""

    def __init__(self, device: Device, die: int, boundary: Boundary, picker: Picker) -> None:
        super().__init__(device, die, boundary.blocks, range(device.geometry.rows), picker)

    def turn(self, issued: int) -> None:
        """The rows in work after so many operations."""
        count, rows = min(len(self.rows), WORKING_ROWS), len(self.rows)
        first = issued // ROWS_TURN * (count // 4) if rows > count else 0
        self.working = [(first + i) % rows for i in range(count)]

    _in_turn = Book._in_turn
    to_program = Book.to_program
    to_read = Book.to_read


class Die(Stage):
    """A die whose operations bear their final numbers. `rows` receives its spans."""

    def __init__(self, shared: Shared, boundary: Boundary, die: int, book: Shelf, rows: list[SpanRow] | None) -> None:
        self.shared, self.die, self.book = shared, die, book
        self.device, self.sets, self.atlas, self.left = shared.device, shared.sets, shared.atlas, shared.left
        self.track = DieTrack(shared.device, die, boundary.dies[die], book, rows)
        self.odt, self.hits = boundary.odt_disabled, 0
        self.hosts = [plane.last_name for plane in boundary.dies[die].planes]
        passing = [live.end for live in boundary.passing if max(live.die, 0) == die]
        self.now = max([boundary.time, *passing])
        self.motifs = []
        self._states = None
        self._gap_until = 0
        self.lock()

    def start(self, uid: int, op: OpName, address: Address, time: int, celltype: int) -> Live:
        """Issues an operation, which must be legal at `time`."""
        self.go_to(time)
        planes, row, page = address
        named = self.die if op.base.has_die else NOTHING
        live = Live(self.device, uid, op, named, planes, row, page, celltype or op.celltype, time)
        self.begin(live)
        return live

    def begin(self, live: Live) -> None:
        """An operation starts here, maybe as its part of one of all dies."""
        self.go_to(live.start)
        self.track.start(live)
        if live.op.base.affects_state:
            self._host(live)
            self.lock()
            self._gap_until = live.start + live.op.issue + self.device.policies.sequence_gap
        self.go_to(live.start + live.op.issue)

    def switch(self, odt: bool) -> None:
        """ODT is off (True) or on from now on."""
        self.odt = odt
        self._states = None
        self.go_to(self.now)

    def gap_until(self) -> int:
        """The least time of the next step of a chain."""
        return self._gap_until

    # -- what the abstract machine of one plane does not tell -------------------------------------------------------

    def allowed_planes(self) -> list[int]:
        """Per plane the bases that may be issued now, as far as it can be told without an address."""
        guard = self.guarded(-1 if self.track.running else ~self.sets.tables.suspends)
        allowed = self.atlas.allowed
        return [allowed[state] & guard for state in self.states()]

    def guarded(self, mask: int) -> int:
        """Bases out of a set, without those that what is suspended or open on the die keeps back."""
        track, tables = self.track, self.sets.tables
        if track.suspended:
            if any(live.kind in STEPS for live in track.suspended):
                mask &= ~tables.steps
            if self.victim(erase=False) is not None:
                mask &= ~tables.program_suspend
                if track.cache_program is not None:
                    mask &= ~tables.block_programs
        if track.shot is not None:
            mask &= ~tables.by_kind[Kind.COPYBACK_PROGRAM]
        if any(track.cache_read):
            mask &= ~(tables.changing & tables.wide & ~tables.resets & ~tables.suspends)
        return mask

    def fits(self, op: OpName, planes: int, time: int) -> bool:
        """Whether what runs lets an operation start: it is cut, taken over or aborted as a whole, or stands beside."""
        base = op.base
        if not base.holds:
            return True
        kind, targets = self.device.kinds[base.index], self.device.targets(base.index, planes)
        if kind is Kind.RESET:
            return True
        return all(self._besides(live, base, kind, targets, time) for live in self.track.running)

    def _besides(self, live: Live, base: Base, kind: Kind, targets: int, time: int) -> bool:
        """Whether an operation on target planes may start while one runs."""
        both = base.affects_state and live.op.base.affects_state
        if kind in SUSPENDS and self.device.axis[kind] >> live.op.base.index & 1:
            return live.core < time < live.data
        if live.targets & targets:
            taken_over = both and live.op.has_data and time >= live.data and not live.targets & ~targets
            return taken_over and kind not in SUSPENDS
        together = self.device.single_single >> base.index & self.device.single_single >> live.op.base.index & 1
        return not both or bool(live.targets.bit_count() == 1 == targets.bit_count() and together)

    def stable(self, op: OpName, time: int) -> bool:
        """Whether a status read sees the same from its start to the end of its ISSUE."""
        end, before = time + op.issue, self.exp_val(time, op.base.index)
        running = self.track.running
        moments = [m for live in running for m in (live.core, live.data, live.end) if time < m < end]
        if not moments:
            return True
        if any(live.kind in SUSPENDS | RESUMES for live in running):
            return False
        return all(self.exp_val(moment, op.base.index) == before for moment in sorted(moments))


def issues_only(device: Device) -> bool:
    """Whether every ISSUE takes the bus, and no other state does."""
    return all(base.bus[0] and not any(base.bus[1:]) for base in device.catalogue.bases if base.names)


def shared_of(device: Device, rng: Random) -> Shared:
    """What the dies of a run share. UnusableInput: another state than ISSUE takes the bus."""
    for base in device.catalogue.bases:
        for state, on_bus in zip(base.states[1:], base.bus[1:], strict=True):
            if on_bus:
                raise UnusableInput(f"{base.name}.{state} takes the bus: only `cpsat` plans for that")
    tables = tables_of(device)
    left = Left(device, np.zeros((len(device.op_states), len(device.catalogue.names), 10), dtype=np.bool_))
    return Shared(device, Sets(device, tables), Atlas(device), left, rng)


def entries(device: Device, op: OpName, die: int, address: Address, celltype: int) -> list[tuple[int, ...]]:
    """The payload of an operation, one entry per plane."""
    base, (planes, row, page) = op.base, address
    if not base.has_plane:
        return [(die, NOTHING, NOTHING, NOTHING, NOTHING)] if base.payload else []
    kept = celltype if "celltype" in base.payload else NOTHING
    page = page if "page" in base.payload else NOTHING
    has_block = "block" in base.payload
    geometry = device.geometry
    return [
        (die, plane, geometry.block_of(row, plane) if has_block else NOTHING, page, kept) for plane in planes_in(planes)
    ]


def cut(dies: list[Die], start: Boundary, time: int, next_uid: int) -> Boundary:
    """The boundary at a time at which nothing is in its ISSUE; `start` is where these dies began, with all blocks."""
    blocks = start.blocks.copy()
    for die in dies:
        book = die.book
        where = [row * len(die.hosts) + plane for row in book.rows for plane in range(len(die.hosts))]
        blocks.kind[die.die, where] = book.kind
        blocks.celltype[die.die, where] = book.celltype
        blocks.last[die.die, where] = book.last
    states = tuple(die.track.frozen() for die in dies)
    return Boundary(time, next_uid, dies[0].odt, states, blocks)


__all__ = ["NO_ADDRESS", "Address", "Die", "Store", "cut", "entries", "issues_only", "shared_of"]
