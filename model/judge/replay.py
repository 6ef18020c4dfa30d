"""The replay: commands in order of time move the account, and every end happens at its tick, before any start there."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heappop, heappush
from typing import TYPE_CHECKING

from model.event import ERASUS, NOTHING, PGMSUS, Ended, ExpVal
from model.exclusions import Exclusions
from model.geometry import Geometry
from model.judge import issue, occupancy
from model.judge.account import Die, Op
from model.judge.kinds import ERASE, PROGRAM, STEP_LATCHES, Kind
from model.judge.report import Finding, Findings
from model.judge.status import exp_words

if TYPE_CHECKING:
    from model.config import Config

Span = tuple[int, int, int, int, int, int, int, int]

_NORMALLY, _SUSPENDED, _ABORTED = int(Ended.NORMALLY), int(Ended.SUSPENDED), int(Ended.ABORTED)
_HANDED_OVER = int(Ended.HANDED_OVER)
_BUSY, _EXTRDY, _READY = int(ExpVal.BUSY), int(ExpVal.EXTRDY), int(ExpVal.READY)


class Replay:
    """The account of all dies and the calendar of what ends when. Times in ticks.

    `watching`: how many status reads are under way, on any die.
    """

    def __init__(
        self,
        config: Config,
        geometry: Geometry,
        exclusions: Exclusions,
        kinds: Sequence[Kind],
        *,
        replaying: bool = True,
    ) -> None:
        self.config = config
        self.geometry = geometry
        self.exclusions = exclusions
        self.kinds = kinds
        self.findings = Findings()
        self.dies = [Die(geometry.planes, geometry.blocks) for _ in range(geometry.dies)]
        self.all_dies = tuple(range(geometry.dies))
        self.all_planes = tuple(range(geometry.planes))
        self.now = 0
        self.odt = False
        self.odt_op = NOTHING
        self.flags = config.pattern.exp_val_suspend
        self.spans: list[Span] = []
        self.bus_from = self.bus_until = 0
        self.bus_op: Op | None = None
        self.late_bus = occupancy.LateBus() if any(any(kind.bus[1:]) for kind in kinds) else None
        self.calendar: list[tuple[int, int, Op]] = []
        self.watching = 0
        self._writing = replaying or self.late_bus is not None
        self._serial = 0
        self._last_end = 0
        self._masks = _die_masks(exclusions)
        for die in self.dies:
            self.refresh(die)

    def find(
        self,
        rule: str,
        op: Op,
        message: str,
        *,
        plane: int = NOTHING,
        die: int | None = None,
        key: str = "",
        time: int | None = None,
    ) -> None:
        """Collect a finding against an operation, by default at the present moment; `key`: what it rests on."""
        where = die if die is not None else (op.dies[0] if len(op.dies) == 1 else NOTHING)
        place = self.config.at(key) if key else ""
        text = f"{op}{_place(where, plane)}: {message}"
        self.findings.add(Finding(rule, op.uid, self.now if time is None else time, where, plane, text, place))

    def forbids(self, key: str, base: str) -> str:
        """The group behind a key of the exclusion tables that forbids a base; empty where none does."""
        for name in self.exclusions.groups_of(key):
            group = self.config.groups[name]
            if (base in group.bases) != group.allow:
                return name
        return ""

    def settle(self, time: int) -> None:
        """Let everything end that ends up to and at a moment."""
        calendar = self.calendar
        while calendar and calendar[0][0] <= time:
            end, token, op = heappop(calendar)
            if op.token == token:
                self.now = end
                self.end(op, end, _NORMALLY)

    def settle_all(self) -> int:
        """Let everything end; the moment when nothing runs any more."""
        while self.calendar:
            self.settle(self.calendar[0][0])
        return max(self.now, self._last_end)

    def begin(self, op: Op) -> None:
        """An operation starts: it is judged, then applied as far as it can be."""
        kind = op.kind
        if op.dies:
            if self.watching and kind.holds:
                self.look(op.dies, op.start)
            if not kind.free:
                issue.judge(self, op)
            for judge in kind.judges:
                judge(self, op)
            if kind.clears is not None:
                kind.clears(self, op)
            if kind.holds:
                occupancy.judge_planes(self, op)
                self.hold(op)
            for start in kind.starts:
                start(self, op)
            for die in op.dies:
                self.dies[die].running.append(op)
        self._serial = op.token = serial = self._serial + 1
        heappush(self.calendar, (op.end, serial, op))

    def schedule(self, op: Op) -> None:
        """Put the present end of an operation into the calendar."""
        self._serial += 1
        op.token = self._serial
        heappush(self.calendar, (op.end, op.token, op))

    def hold(self, op: Op) -> None:
        """The segment of an operation that affects state begins on its target planes."""
        if op.kind.affects:
            for number in op.dies:
                planes = self.dies[number].planes
                for place in op.held:
                    planes[place].seg = op

    def end(self, op: Op, time: int, how: int) -> None:
        """An operation ends, of itself or by a handover: its effects happen."""
        self._stop(op, time, how)
        op.done = True
        if op.dies:
            for effect in op.kind.ends:
                effect(self, op, time)

    def hand_over(self, op: Op, time: int) -> None:
        """An open window ends because another operation takes its planes."""
        self.end(op, time, _HANDED_OVER)

    def cut(self, op: Op, time: int) -> None:
        """A SUSPEND takes the rest of an operation away."""
        left = op.data - time
        self._stop(op, time, _SUSPENDED)
        op.left = left

    def abort(self, op: Op, time: int) -> None:
        """A RESET ends a running or suspended operation without effect."""
        if op.token:
            self._stop(op, time, _ABORTED)
        op.left = 0

    def resume(self, op: Op, time: int) -> None:
        """The continuation of a suspended operation begins."""
        op.fragment += 1
        op.start = op.core = time
        op.data = time + op.left
        op.end = op.data + op.kind.data
        for number in op.dies:
            self.dies[number].running.append(op)
        self.hold(op)
        self.schedule(op)

    def _stop(self, op: Op, time: int, how: int) -> None:
        for number in op.dies:
            die = self.dies[number]
            if die.watch:
                self._watch(die, time)
                if op.kind.is_status:
                    die.watch.remove(op)
                    self.watching -= 1
            die.running.remove(op)
        op.token = 0
        if self._writing:
            self._write(op, time, how)
        self._last_end = max(self._last_end, time)
        if how != _NORMALLY:
            op.end = time
            op.data = min(op.data, time)
            op.core = min(op.core, time)

    def _write(self, op: Op, time: int, how: int) -> None:
        kind, uid, fragment = op.kind, op.uid, op.fragment
        first = len(self.spans)
        add = self.spans.append
        if fragment == 0:
            cut = time < op.core
            add((uid, 0, 0, op.start, time if cut else op.core, kind.issue, 0, how if cut else _NORMALLY))
        if kind.core_state >= 0 and time >= op.core:
            cut = time < op.data
            end = time if cut else op.data
            add((uid, fragment, kind.core_state, op.core, end, op.left, op.data - end, how if cut else _NORMALLY))
        if kind.data_state >= 0 and time >= op.data:
            add((uid, fragment, kind.data_state, op.data, time, kind.data, 0, how))
        if self.late_bus is not None:
            self.late_bus.note(op, self.spans[first:])

    def horizon(self) -> int:
        """The moment before which every span has been written."""
        starts = [op.start for _, token, op in self.calendar if op.token == token]
        return min(starts, default=self.now)

    def refresh(self, die: Die) -> None:
        """Gather anew what the states of a whole die forbid."""
        suspend, latches, program, shot = self._masks
        mask = suspend[ERASE][die.on[ERASE]] | suspend[PROGRAM][die.on[PROGRAM]]
        if die.latch:
            mask |= latches[die.latch]
        if die.cache_program is not None:
            mask |= program
        if die.shot is not None and die.shot.cached:
            mask |= shot
        if self.odt:
            mask |= self.exclusions.odt
        die.mask = mask

    def value(self, die: Die, time: int) -> int:
        """What a status read of a die shows at a moment, from the operations as they are planned by now."""
        word = _READY
        for plane in die.planes:
            seg = plane.seg
            if seg is not None and seg.core <= time < seg.end:
                if time < seg.data:
                    word = _BUSY
                    break
                word = _EXTRDY
        if self.flags:
            word += (ERASUS if die.on[ERASE] else 0) + (PGMSUS if die.on[PROGRAM] else 0)
        return word

    def look(self, dies: tuple[int, ...], time: int) -> None:
        """Before anything changes: does the value still stand that status reads under way have seen?"""
        for number in dies:
            die = self.dies[number]
            if die.watch:
                self._watch(die, time)

    def _watch(self, die: Die, time: int) -> None:
        seen = die.seen
        if seen >= time:
            return
        moments = [seen]
        for plane in die.planes:
            seg = plane.seg
            if seg is not None and seen < seg.data:
                if seen < seg.core < time:
                    moments.append(seg.core)
                if seg.data < time:
                    moments.append(seg.data)
        moments.sort()
        for moment in moments:
            self._compare(die, moment)
        die.seen = time

    def _compare(self, die: Die, moment: int) -> None:
        value = self.value(die, moment)
        for read in die.watch:
            if value != read.value and moment < read.end and not read.done:
                read.done = True
                was, now = exp_words(read.value, self.flags), exp_words(value, self.flags)
                at = self.config.clock.us(moment)
                message = f"the value changes from {was} to {now} at {at} us, inside its ISSUE"
                self.find("sr-stable", read, message, time=moment)


def _place(die: int, plane: int) -> str:
    if die < 0:
        return ""
    return f" on die {die}" + (f" plane {plane}" if plane >= 0 else "")


def _die_masks(
    exclusions: Exclusions,
) -> tuple[tuple[tuple[int, int], tuple[int, int]], dict[str, int], int, int]:
    suspend = (
        (exclusions.suspend("NOT_ERASE_SUSPENDED"), exclusions.suspend("ERASE_SUSPENDED")),
        (exclusions.suspend("NOT_PROGRAM_SUSPENDED"), exclusions.suspend("PROGRAM_SUSPENDED")),
    )
    latches = {base: exclusions.latch(name) for base, name in STEP_LATCHES.items()}
    return suspend, latches, exclusions.cache("ON_CACHE_PROGRAM"), exclusions.cache("ON_ONESHOT_CACHE_PROGRAM")
