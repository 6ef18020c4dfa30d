"""A way through the abstract machine as operations with times and addresses, on one die of the device.

Every operation starts as soon as its place in the way lets it; the last one where the asked bin begins.
"""

from __future__ import annotations

from collections.abc import Sequence

from model.boundary import Boundary
from model.chains import CACHE_ENDS, CACHE_READS, DIRECT_READS, SUSPENDS, Kind
from model.device import Device
from model.event import ERASUS, NOTHING, PGMSUS, Commands, ExpVal
from model.forbidden import is_suspended
from model.geometry import planes_in
from model.live import Live
from model.operations import STATUS_READS, OpName
from model.plane_rules import DATA, NONE
from model.states import DieTrack
from planner.explaining.aboard import Unfit, Wish, chosen, good_rows, plane_sets
from planner.explaining.routes import Step
from planner.explaining.stock import SPARE
from planner.targets.moments import first_tick
from planner.targets.usable import lun_of

_DELIVERS = (Kind.DOUT, Kind.DOUT4K)
_MOST_BOUNDARIES = 8

Entry = tuple[int, int, int, int, int]
Command = tuple[int, int, int, int, int, list[Entry]]


class _NoBlocks:
    """Whoever enacts a way knows the blocks from it."""

    def erased(self, die: int, block: int, celltype: int) -> None:
        """An erase has ended."""

    def programmed(self, die: int, block: int, celltype: int, page: int) -> None:
        """A program has ended."""

    def undefined(self, die: int, block: int) -> None:
        """A reset has cut an erase or a program."""


def enacted(device: Device, names: frozenset[int], way: Sequence[Step], wish: Wish, cut: int = 1) -> Commands:
    """The operations of a way; each SUSPEND starts `cut` ticks into what it cuts.

    Unfit: the way needs what one die, its plane sets and times do not give.
    """
    return _Enacting(device, names, way, wish, cut).commands()


class _Enacting:
    def __init__(self, device: Device, names: frozenset[int], way: Sequence[Step], wish: Wish, cut: int) -> None:
        self._cut = cut
        self._device, self._kinds = device, device.kinds
        self._way, self._wish = way, wish
        self._op_names = chosen(device, names, way, wish)
        self._planes = plane_sets(device, way, self._op_names)
        die, self._rows = good_rows(device, way, self._planes, lun_of(device.catalogue.names[wish.name].name))
        self._die = die
        self._track = DieTrack(device, die, Boundary.fresh(device).dies[die], _NoBlocks())
        self._now = 0
        self._odt = False
        self._pages: dict[int, int] = {}
        self._made: list[Command] = []

    def commands(self) -> Commands:
        """All of them, in order of time."""
        for place, step in enumerate(self._way):
            self._go_to(step)
            last = place == len(self._way) - 1
            self._issue(place, step, self._moment(step) if last else self._soonest(step))
        return Commands.of(self._made)

    # -- time --------------------------------------------------------------------------------------------------

    def _live(self) -> Live | None:
        return next((live for live in self._track.running if live.op.base.affects_state), None)

    def _go_to(self, step: Step) -> None:
        """Time passes until the plane is in what the step asks for."""
        wanted = step.state.run
        for _ in range(_MOST_BOUNDARIES):
            self._track.settle(self._now)
            live = self._live()
            if live is None or wanted == NONE:
                if live is None:
                    if wanted != NONE:
                        break
                    self._now = max([self._now, *(held.end for held in self._track.running)])
                    self._track.settle(self._now)
                    return
            elif live.op.base.index == wanted and self._now < live.end:
                in_data = live.op.has_data and self._now >= live.data
                if in_data == (step.state.phase == DATA):
                    self._now = max(self._now, live.data if in_data else live.core)
                    return
                if in_data:
                    break
            self._now = max(self._now, live.data if self._now < live.data < live.end else live.end)
        raise Unfit("no moment")

    def _soonest(self, step: Step) -> int:
        live = self._live()
        cuts = self._kinds[step.work.base] in SUSPENDS
        return max(self._now, live.core + self._cut) if cuts and live is not None else self._now

    def _moment(self, step: Step) -> int:
        """The start of the last operation."""
        bin, live = self._wish.bin, self._live()
        cuts = self._kinds[step.work.base] in SUSPENDS and live is not None
        soonest = max(self._now, live.core + 1) if cuts and live is not None else self._now
        if bin is None or step.state.run == NONE or live is None:
            return soonest
        begin, end = (live.data, live.end) if step.state.phase == DATA else (live.core, live.data)
        length = end - begin
        time = max(soonest, begin + first_tick(length, bin))
        if time >= begin + first_tick(length, bin + 1):
            raise Unfit("the bin is over")
        return time

    # -- operations --------------------------------------------------------------------------------------------

    def _issue(self, place: int, step: Step, start: int) -> None:
        name = self._device.catalogue.names[self._op_names[place]]
        kind = self._kinds[name.base.index]
        if kind in _DELIVERS and place < len(self._way) - 1:
            for plane in self._due_planes():
                self._send(name, 1 << plane, max(start, self._now), step)
            return
        planes = 1 << self._due_planes()[0] if kind in _DELIVERS else self._planes[place]
        self._send(name, planes, start, step)

    def _due_planes(self) -> list[int]:
        due = [self._track.due(plane) for plane in range(self._device.geometry.planes)]
        first = next((register for register in due if register is not None), None)
        if first is None:
            raise Unfit("nothing to deliver")
        return [plane for plane, register in enumerate(due) if register and register.op_uid == first.op_uid]

    def _send(self, name: OpName, planes: int, start: int, step: Step) -> None:
        device, track = self._device, self._track
        track.settle(start)
        row, page, celltype = self._address(name, planes, step)
        if not name.base.has_plane:
            planes = 0
        die = self._die if name.base.has_die else NOTHING
        live = Live(device, len(self._made) + 1, name, die, planes, row, page, celltype, start)
        entries = self._entries(name, planes, row, page, celltype)
        value = self._seen(start) if name.base.name in STATUS_READS else NOTHING
        self._made.append((start, live.uid, name.index, die, value, entries))
        track.start(live)
        if live.kind is Kind.ERASE:
            self._pages[step.work.row] = 0
        elif device.advances[name.base.index] and step.work.row >= 0:
            self._pages[step.work.row] = page + 1
        self._now = start + name.issue
        track.settle(self._now)

    def _address(self, name: OpName, planes: int, step: Step) -> tuple[int, int, int]:
        """Row, page and celltype of the payload; NOTHING where it has none."""
        kind, work = self._kinds[name.base.index], step.work
        if "block" not in name.base.payload:
            return NOTHING, NOTHING, name.celltype
        if kind in _DELIVERS or kind in CACHE_ENDS:
            first = planes_in(planes)[0]
            held = self._track.due(first) if kind in _DELIVERS else self._track.cache_read[first]
            if held is None:
                raise Unfit("nothing to deliver or to end")
            return held.row, held.page, held.celltype
        if work.row == SPARE:
            return self._rows[-1], 0, name.celltype
        row = self._rows[work.row]
        if kind in DIRECT_READS | CACHE_READS and kind is not Kind.RECOVERY:
            return row, 0, name.celltype
        if kind is Kind.RECOVERY:
            return row, self._suspended_page(), name.celltype
        page = 0 if kind is Kind.ERASE else self._pages.get(work.row, 0)
        return row, page, name.celltype or work.celltype or self._block_celltype(work.row)

    def _suspended_page(self) -> int:
        for live in reversed(self._track.suspended):
            if live.kind is not Kind.ERASE:
                return live.page
        raise Unfit("nothing to recover")

    def _block_celltype(self, row: int) -> int:
        """What the latest erase or program of a row made of it."""
        for step in reversed(self._way[:-1]):
            kind = self._kinds[step.work.base]
            if step.work.row == row and (kind is Kind.ERASE or self._device.advances[step.work.base]):
                return step.work.celltype
        return 0

    def _entries(self, name: OpName, planes: int, row: int, page: int, celltype: int) -> list[Entry]:
        payload, die, geometry = name.base.payload, self._die, self._device.geometry
        if not payload:
            return []
        if not name.base.has_plane:
            return [(die, NOTHING, NOTHING, NOTHING, NOTHING)]
        return [
            (
                die,
                plane,
                geometry.block_of(row, plane) if "block" in payload else NOTHING,
                page if "page" in payload else NOTHING,
                celltype if "celltype" in payload else NOTHING,
            )
            for plane in planes_in(planes)
        ]

    def _seen(self, time: int) -> int:
        """What a status read sees."""
        value = ExpVal.READY
        for live in self._track.running:
            if live.op.base.affects_state and live.core <= time < live.end:
                busy = live.op.has_core and time < live.data
                value = ExpVal.BUSY if busy else min(value, ExpVal.EXTRDY)
        if not self._device.config.pattern.exp_val_suspend:
            return int(value)
        erase = ERASUS if is_suspended(self._track, Kind.ERASE_SUSPEND) else 0
        return int(value) + erase + (PGMSUS if is_suspended(self._track, Kind.PROGRAM_SUSPEND) else 0)
