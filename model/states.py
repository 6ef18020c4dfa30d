"""The state of one die through time: what starts and ends on it, and what that sets and clears.

This is the planner's account of the device: the chooser walks it forward to find what may come next, and `advance`
replays the operations of a window on it. It takes legal operations for granted and says nothing about others.
"""

from __future__ import annotations

from dataclasses import replace

from model.addresses import BlockLife
from model.boundary import CacheProgram, CacheRead, DieState, PlaneState, Register, Shot
from model.chains import (
    CACHE_ENDS,
    CACHE_READS,
    CLOSES_CACHE_PROGRAM,
    COPYBACK_STEPS,
    DIRECT_READS,
    EXECUTES,
    FIRST_STEPS,
    KEEPS_REGISTERS,
    RESUMES,
    SETS_LATCH,
    STEPS,
    SUSPENDS,
    Kind,
)
from model.device import Device
from model.event import NOTHING, Ended
from model.geometry import planes_in
from model.live import Live, SpanRow

NEVER = 1 << 62
_DELIVERS = frozenset({Kind.DOUT, Kind.DOUT4K})
_CHANGES_AT_START = DIRECT_READS | CACHE_READS | CACHE_ENDS | STEPS | {Kind.CACHE_PROGRAM}
_CUTS = SUSPENDS | {Kind.RESET}


class DieTrack:
    """A die at a moment that only moves forward. `rows`, where given, receives the spans that are settled."""

    __slots__ = (
        "cache", "cache_program", "cache_read", "data", "device", "die", "last", "last_name", "life", "next_end",
        "passing", "rows", "running", "shot", "suspended",
    )  # fmt: skip

    def __init__(
        self, device: Device, die: int, state: DieState, life: BlockLife, rows: list[SpanRow] | None = None
    ) -> None:
        self.device = device
        self.die = die
        self.life = life
        self.rows = rows
        self.last = [plane.last for plane in state.planes]
        self.last_name = [plane.last_name for plane in state.planes]
        self.data = [plane.data for plane in state.planes]
        self.cache = [plane.cache for plane in state.planes]
        self.cache_read = [plane.cache_read for plane in state.planes]
        self.running = [Live.of(device, live, False) for live in state.running]
        self.suspended = [Live.of(device, live, True) for live in state.suspended]
        self.passing: list[Live] = []
        self.shot = state.shot
        self.cache_program = state.cache_program
        self.next_end = NEVER
        self._note_ends()

    def frozen(self) -> DieState:
        """The state as a value."""
        planes = tuple(
            PlaneState(*values)
            for values in zip(self.last, self.data, self.cache, self.cache_read, self.last_name, strict=True)
        )
        running = tuple(live.frozen() for live in self.running)
        suspended = tuple(live.frozen() for live in self.suspended)
        return DieState(planes, running, suspended, self.shot, self.cache_program)

    # -- time ----------------------------------------------------------------------------------------------------

    def _note_ends(self) -> None:
        ends = [live.end for live in self.running]
        if self.passing:
            ends += [live.end for live in self.passing]
        self.next_end = min(ends) if ends else NEVER

    def _note_end(self, live: Live) -> None:
        self.next_end = min(self.next_end, live.end)

    def settle(self, time: int) -> None:
        """Everything that ends at or before `time` has ended, in order of time."""
        while self.next_end <= time:
            under_way = self.running + self.passing if self.passing else self.running
            first = under_way[0]
            for live in under_way:
                if live.end < first.end or (live.end == first.end and live.uid < first.uid):
                    first = live
            self._finish(first, first.end, Ended.NORMALLY)

    def pass_by(self, live: Live) -> None:
        """Something that holds nothing is under way."""
        self.passing.append(live)
        self._note_end(live)

    def start(self, live: Live) -> None:
        """An operation starts, at its own `start`."""
        time = live.start
        if time >= self.next_end:
            self.settle(time)
        base = live.op.base
        if not base.affects_state:
            if base.holds:
                self.running.append(live)
                self._note_end(live)
            else:
                self.pass_by(live)
            return
        kind = live.kind
        if kind in _CUTS:
            self._stop(kind, time)
        else:
            self._hand_over(live.targets, time)
        index, name = base.index, live.op.index
        planes = planes_in(live.targets)
        for plane in planes:
            self.last[plane] = index
            self.last_name[plane] = name
        if kind not in KEEPS_REGISTERS:
            self._empty(planes)
        if kind in _CHANGES_AT_START:
            self._begin(live, kind)
        self.running.append(live)
        self._note_end(live)

    # -- starts --------------------------------------------------------------------------------------------------

    def _empty(self, planes: tuple[int, ...]) -> None:
        for plane in planes:
            self.data[plane] = self.cache[plane] = None

    def _begin(self, live: Live, kind: Kind) -> None:
        if kind in DIRECT_READS or kind in CACHE_READS:
            self._begin_read(live, kind in CACHE_READS)
        elif kind in CACHE_ENDS:
            for plane in planes_in(live.planes):
                self.cache[plane], self.data[plane] = self.data[plane], None
        elif kind is Kind.CACHE_PROGRAM:
            self.cache_program = CacheProgram(live.planes, live.row, live.page, live.celltype)
        else:
            self._begin_step(live, kind)

    def _begin_read(self, live: Live, cached: bool) -> None:
        base = live.op.base.index
        register = Register(live.uid, base, live.row, live.page, live.celltype, live.planes, live.data, False)
        for plane in planes_in(live.planes):
            if cached:
                self.cache[plane] = self.data[plane]
                self.cache_read[plane] = CacheRead(base, live.planes, live.row, live.page, live.celltype)
            self.data[plane] = register

    def _begin_step(self, live: Live, kind: Kind) -> None:
        shot = self.shot
        self.shot = Shot(
            copyback=kind in COPYBACK_STEPS,
            step=live.op.base.index,
            planes=live.planes,
            row=live.row,
            page=live.page,
            celltype=live.celltype,
            cached=kind is Kind.SHOT_CACHE or (shot is not None and shot.cached),
            latch=NOTHING if shot is None or kind in FIRST_STEPS else shot.latch,
            ends=live.end,
        )

    def _hand_over(self, targets: int, time: int) -> None:
        for live in [live for live in self.running if live.targets & targets and live.op.base.affects_state]:
            self._finish(live, time, Ended.HANDED_OVER)

    def _stop(self, kind: Kind, time: int) -> None:
        if kind is Kind.RESET:
            self._abort(time)
            return
        axis = self.device.axis[kind]
        for live in self.running:
            if axis >> live.op.base.index & 1:
                self._tell(live, time, Ended.SUSPENDED)
                live.cut(time)
                self.running.remove(live)
                self.suspended.append(live)
                break
        self._note_ends()

    def _abort(self, time: int) -> None:
        for live in self.running + self.passing:
            self._tell(live, time, Ended.ABORTED)
        for live in self.running + self.suspended:
            if live.kind is Kind.ERASE or self.device.advances[live.op.base.index]:
                for plane in planes_in(live.planes):
                    self.life.undefined(self.die, self.device.geometry.block_of(live.row, plane))
        self.running, self.passing, self.suspended = [], [], []
        self.shot = self.cache_program = None
        self.cache_read = [None] * len(self.cache_read)
        self._empty(tuple(range(len(self.last))))
        self.next_end = NEVER

    def withdraw(self, uid: int, time: int) -> None:
        """An operation of all dies is stopped by a reset of another one."""
        self.settle(time)
        for live in [live for live in self.running if live.uid == uid]:
            self._tell(live, time, Ended.ABORTED)
            self.running.remove(live)
        self._note_ends()

    # -- ends ----------------------------------------------------------------------------------------------------

    def _tell(self, live: Live, time: int, ended: Ended) -> None:
        if self.rows is not None and self.die in (live.die, 0):
            self.rows.extend(live.spans(time, ended))

    def _finish(self, live: Live, time: int, ended: Ended) -> None:
        self._tell(live, time, ended)
        (self.running if live.op.base.holds else self.passing).remove(live)
        kind = live.kind
        if self.device.advances[live.op.base.index] or kind is Kind.ERASE:
            self._change_blocks(live, kind)
        if kind in STEPS:
            self._end_step(live, kind, time)
        elif kind in CLOSES_CACHE_PROGRAM:
            self._close_cache_program(live)
        elif kind in RESUMES:
            self._continue(kind, time)
        elif kind in CACHE_ENDS:
            for plane in planes_in(live.planes):
                self.cache_read[plane] = None
        elif kind in _DELIVERS:
            for plane in planes_in(live.planes):
                self._delivered(plane)
        self._note_ends()

    def _close_cache_program(self, live: Live) -> None:
        """What has begun in a suspension of the program stays open."""
        opened = self.cache_program
        if opened is not None and (live.planes, live.row, live.page) == (opened.planes, opened.row, opened.page + 1):
            self.cache_program = None

    def _change_blocks(self, live: Live, kind: Kind) -> None:
        geometry, life = self.device.geometry, self.life
        page = geometry.pages - 1 if kind is Kind.ALLWL else live.page
        for plane in planes_in(live.planes):
            block = geometry.block_of(live.row, plane)
            if kind is Kind.ERASE:
                life.erased(self.die, block, live.celltype)
            else:
                life.programmed(self.die, block, live.celltype, page)

    def _end_step(self, live: Live, kind: Kind, time: int) -> None:
        shot = self.shot
        if shot is None:
            return
        if kind in SETS_LATCH:
            self.shot = replace(shot, latch=live.op.base.index, ends=time)
        elif kind is Kind.SHOT_CACHE:
            self.shot = replace(shot, latch=NOTHING, ends=time)
        elif kind in EXECUTES:
            self.shot = None

    def _continue(self, kind: Kind, time: int) -> None:
        axis = self.device.axis[kind]
        for live in reversed(self.suspended):
            if axis >> live.op.base.index & 1:
                self.suspended.remove(live)
                live.go_on(time)
                self.running.append(live)
                planes = planes_in(live.targets)
                for plane in planes:
                    self.last[plane], self.last_name[plane] = live.op.base.index, live.op.index
                self._empty(planes)
                if live.kind in STEPS and self.shot is not None:
                    self.shot = replace(self.shot, ends=live.end)
                return

    def _delivered(self, plane: int) -> None:
        register = self.due(plane)
        if register is None:
            return
        if register is self.cache[plane]:
            self.cache[plane] = replace(register, delivered=True)
        else:
            self.data[plane] = replace(register, delivered=True)

    # -- questions -----------------------------------------------------------------------------------------------

    def due(self, plane: int) -> Register | None:
        """The page that a DOUT on the plane would deliver: the cache register's, or a direct read's."""
        cache, data = self.cache[plane], self.data[plane]
        if cache is not None and not cache.delivered:
            return cache
        if data is not None and not data.delivered and self.device.kinds[data.base] in DIRECT_READS:
            return data
        return None
