"""List scheduling of a chosen window: operation after operation, each at the earliest time that is legal, for good.

What is asked for is what a tight CP-SAT window is asked for (`planner.window.spec`): per die the operations in their
order of start, least distances, offsets inside of what runs. There is no way back: where an operation does not fit any
more, the window is not placed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from model.advance import Issued, advance
from model.boundary import Boundary
from model.chains import CACHE_ENDS, Kind
from model.device import Device
from model.event import NOTHING, Chunk, Commands, Ints
from model.geometry import planes_in
from model.live import Live
from planner.bench.calendar import Bus
from planner.bench.exact import Address, Die, entries
from planner.targets.closing.shelf import Shelf
from planner.targets.closing.stage import Shared
from planner.targets.picker import Picker
from planner.window.spec import OpSpec, WindowSpec

FIRST_UID = 1 << 48
MOMENTS = 40
"""So many moments are tried for an operation."""


@dataclass(frozen=True, slots=True)
class Slot:
    """An operation with its time. `spec` is its position in the window, `die` NOTHING where it has none."""

    start: int
    spec: int
    name: int
    die: int
    address: Address
    celltype: int
    exp_val: int


class Listing:
    """One window on its way."""

    def __init__(self, shared: Shared, boundary: Boundary, spec: WindowSpec, picker: Picker) -> None:
        self._device, self._spec, self._boundary = shared.device, spec, boundary
        self._tables = shared.sets.tables
        self._bus = Bus()
        for live in boundary.passing:
            self._bus.take(live.start, shared.device.catalogue.names[live.name].issue)
        self._dies = [
            Die(shared, boundary, die, Shelf(shared.device, die, boundary.blocks, self._rows(die), picker), None)
            for die in range(shared.device.geometry.dies)
        ]
        self._before = [[*die.track.running, *die.track.suspended] for die in self._dies]
        self._lives: list[Live] = []
        self._switches = [(boundary.time, boundary.odt_disabled)]
        self._last: dict[int, int] = {}

    def _rows(self, die: int) -> Iterable[int]:
        state = self._boundary.dies[die]
        rows = [live.row for live in (*state.running, *state.suspended) if live.row >= 0]
        rows += [opened.row for opened in (state.shot, state.cache_program) if opened is not None]
        rows += [op.rows[0] for op in self._spec.ops if op.die == die and op.rows and op.rows[0] >= 0]
        return dict.fromkeys(rows)

    def slots(self) -> list[Slot] | None:
        """All operations with their times; None where one does not fit any more."""
        found: list[Slot] = []
        for index, op in enumerate(self._spec.ops):
            slot = self._place(index, op)
            if slot is None:
                return None
            found.append(slot)
        return found

    # -- one operation -------------------------------------------------------------------------------------------

    def _place(self, index: int, op: OpSpec) -> Slot | None:
        name = self._device.catalogue.names[op.name]
        low, high = self._room(op)
        if op.die != NOTHING:
            return self._on_die(index, op, low, high)
        if self._device.targets(name.base.index, 0):
            return self._everywhere(index, op, low, high)
        time = self._bus.first(low, name.issue)
        if time > high:
            return None
        live = Live(self._device, FIRST_UID + index, name, NOTHING, 0, NOTHING, NOTHING, name.celltype, time)
        return self._noted(index, op, live, NOTHING)

    def _room(self, op: OpSpec) -> tuple[int, int]:
        """The first and the last tick that the window leaves to an operation."""
        low, high = self._spec.floor, self._spec.ceiling
        low = max(low, op.earliest or low)
        high = min(high, high if op.latest is None else op.latest)
        for link in op.after:
            before = self._live(link.op, op.die)
            moments = (before.start, before.start + before.op.issue, before.data, before.end)
            low = max(low, moments[link.moment] + link.gap)
        if op.inside is not None:
            host = self._live(op.inside.op, op.die)
            self._go_on_with(self._dies[op.die], host)
            begin = host.core if op.inside.state == 1 and host.op.has_core else host.data
            low, high = max(low, begin + op.inside.lo), min(high, begin + op.inside.hi)
        return low, high

    @staticmethod
    def _go_on_with(die: Die, host: Live) -> None:
        """An operation that a RESUME under way brings back runs on at its end."""
        while host in die.track.suspended and die.track.running:
            die.go_to(max(live.end for live in die.track.running))

    def _live(self, index: int, die: int) -> Live:
        return self._lives[index] if index >= 0 else self._before[die][-1 - index]

    def _on_die(self, index: int, op: OpSpec, low: int, high: int) -> Slot | None:
        die, name = self._dies[op.die], self._device.catalogue.names[op.name]
        base, planes = name.base, op.planes[0]
        targets = self._device.targets(base.index, planes)
        time = max(low, die.now)
        for _ in range(MOMENTS):
            time = self._bus.first(time, name.issue) if base.bus[0] else time
            if time > high:
                return None
            die.go_to(time)
            self._odt_of(die, time)
            ends = [live.end for live in die.track.running if live.targets & targets and base.holds]
            if ends and op.inside is None:
                time = max(ends)
                continue
            if self._legal(die, op, targets, time):
                return self._issue(index, op, die, time)
            later = [m for live in die.track.running for m in (live.core, live.data, live.end) if m > time]
            if not later:
                return None
            time = min(later)
        return None

    def _legal(self, die: Die, op: OpSpec, targets: int, time: int) -> bool:
        name, planes = self._device.catalogue.names[op.name], op.planes[0]
        if not die.allowed(targets or self._tables.all_planes) >> name.base.index & 1:
            return False
        if not die.fits(name, planes, time):
            return False
        return name.base.index not in die.sets.status_bases or die.stable(name, time)

    def _issue(self, index: int, op: OpSpec, die: Die, time: int) -> Slot | None:
        name = self._device.catalogue.names[op.name]
        address = self._address(op)
        celltype = self._celltype(die, op)
        value = die.exp_val(time, name.base.index)
        kind = self._device.kinds[name.base.index]
        if kind is Kind.RESET and not self._withdrawn(die, time):
            return None
        live = die.start(FIRST_UID + index, name, address, time, celltype)
        if kind in (Kind.ODT_OFF, Kind.ODT_ON):
            self._switches.append((live.end, kind is Kind.ODT_OFF))
            die.go_to(live.end)
        return self._noted(index, op, live, value)

    def _withdrawn(self, die: Die, time: int) -> bool:
        """A reset stops what runs on all dies as a whole; False where another die has gone on already."""
        for uid in [live.uid for live in die.track.running if live.die == NOTHING]:
            for other in self._dies:
                if other is not die:
                    if other.now > time:
                        return False
                    other.go_to(time)
                    other.track.withdraw(uid, time)
        return True

    def _everywhere(self, index: int, op: OpSpec, low: int, high: int) -> Slot | None:
        """An operation of all dies: once nothing runs on any."""
        name = self._device.catalogue.names[op.name]
        time = low
        for _ in range(MOMENTS):
            ends = [live.end for die in self._dies for live in die.track.running]
            time = self._bus.first(max([time, *(die.now for die in self._dies), *ends]), name.issue)
            if time > high:
                return None
            for die in self._dies:
                die.go_to(time)
            if not any(die.track.running for die in self._dies):
                break
        allowed = [die.allowed(self._tables.all_planes) for die in self._dies]
        if not all(mask >> name.base.index & 1 for mask in allowed):
            return None
        lives = [
            Live(self._device, FIRST_UID + index, name, NOTHING, 0, NOTHING, NOTHING, name.celltype, time)
            for _ in self._dies
        ]
        for die, live in zip(self._dies, lives, strict=True):
            die.begin(live)
        return self._noted(index, op, lives[0], NOTHING)

    def _noted(self, index: int, op: OpSpec, live: Live, value: int) -> Slot:
        self._lives.append(live)
        if live.op.base.bus[0]:
            self._bus.take(live.start, live.op.issue)
        named = op.die if live.op.base.has_die else NOTHING
        return Slot(live.start, index, op.name, named, self._address(op), live.celltype, value)

    # -- what the specification leaves to the state of the die --------------------------------------------------------

    @staticmethod
    def _address(op: OpSpec) -> Address:
        return op.planes[0], op.rows[0] if op.rows else NOTHING, op.pages[0] if op.pages else NOTHING

    def _odt_of(self, die: Die, time: int) -> None:
        off = [state for moment, state in self._switches if moment <= time][-1]
        if die.odt != off:
            die.switch(off)

    def _celltype(self, die: Die, op: OpSpec) -> int:
        """That of the page addressed where the op_name has none; 0 where it has."""
        kind = self._device.kinds[self._device.catalogue.names[op.name].base.index]
        planes = planes_in(op.planes[0])
        if kind in (Kind.DOUT, Kind.DOUT4K):
            due = die.track.due(planes[0])
            return 0 if due is None else due.celltype
        if kind in CACHE_ENDS:
            data = die.track.data[planes[0]]
            return 0 if data is None else data.celltype
        if kind is Kind.DATAIN:
            return die.book.celltype_of(self._device.geometry.block_of(op.rows[0], planes[0]))
        return 0


def decoded(device: Device, boundary: Boundary, slots: list[Slot], source: Ints, aim: Ints) -> tuple[Chunk, Boundary]:
    """The operations in order of start (equal starts: die, then plane), what is settled of them, and what they leave.

    `source`, `aim`: by position in the window.
    """
    order = sorted(slots, key=lambda slot: (slot.start, slot.die, slot.address[0], slot.spec))
    names = device.catalogue.names
    rows, issued, floor = [], [], boundary.time
    for uid, slot in enumerate(order, boundary.next_op_uid):
        op = names[slot.name]
        payload = entries(device, op, slot.die, slot.address, slot.celltype)
        rows.append((slot.start, uid, slot.name, slot.die, slot.exp_val, payload))
        issued.append(Issued(uid, slot.name, slot.die, *slot.address, slot.celltype, slot.start))
        floor = max(floor, slot.start + op.issue)
    after, spans = advance(device, boundary, issued, floor)
    at = [slot.spec for slot in order]
    return Chunk(Commands.of(rows), spans, after.horizon(), source[at], aim[at]), after
