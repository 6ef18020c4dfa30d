"""What may be issued when: [op-state], [end-state], [latch], [cache], [suspend-state], [odt].

Judged at the start of ISSUE, for every target plane. The common case, nothing forbidden and no window to take over,
is settled by masks alone; everything else is told state by state.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from model.judge.account import DELIVERING, Die, Op, Plane, Register
from model.judge.kinds import AXES, STEP_LATCHES, Kind
from model.judge.occupancy import judge_window

if TYPE_CHECKING:
    from model.judge.replay import Replay


def judge(replay: Replay, op: Op) -> None:
    """All issue rules for an operation that is about to start, handovers included."""
    time, kind = op.start, op.kind
    bit, hands_over, by_registers = kind.bit, kind.hands_over, kind.under_read_latch or kind.under_cache_read
    for number in op.dies:
        die = replay.dies[number]
        if die.mask & bit:
            return _tell(replay, op)
        planes = die.planes
        for place in op.held:
            plane = planes[place]
            seg = plane.seg
            if seg is not None:
                if time >= seg.end:
                    mask = seg.kind.m_end
                elif time >= seg.data:
                    if hands_over:
                        return _tell(replay, op)
                    mask = seg.kind.m_data
                else:
                    mask = seg.kind.m_core if time >= seg.core else seg.kind.m_issue
                if mask & bit:
                    return _tell(replay, op)
            if by_registers and _under_registers(kind, plane, time):
                return _tell(replay, op)
    return None


def _under_registers(kind: Kind, plane: Plane, time: int) -> bool:
    """Whether the read latch or an open cache read of a plane may forbid an operation."""
    if kind.under_cache_read and plane.cache_read is not None:
        return True
    return kind.under_read_latch and read_latch(plane, time) is not None


def read_latch(plane: Plane, time: int) -> Register | None:
    """The undelivered data that keeps a plane's read latch on, oldest first."""
    for register in (plane.cache, plane.data):
        if register is not None and register.state <= DELIVERING and register.ready <= time:
            return register
    return None


def _tell(replay: Replay, op: Op) -> None:
    told = _Told(replay, op)
    for number in op.dies:
        die = replay.dies[number]
        for place in op.held:
            seg = die.planes[place].seg
            if seg is not None and op.start < seg.end:
                word = die.plane_word(place, op.start)
                told.judge("op-state", word, f"{word} of op {seg.uid}", number, place)
    if op.kind.hands_over:
        for number, window in _windows(replay, op):
            judge_window(replay, op, window, replay.dies[number], number)
    for number in op.dies:
        die = replay.dies[number]
        for place in op.held:
            _tell_plane(told, die, number, place, op.start)
        _tell_die(told, die, number)
    told.write()


def _windows(replay: Replay, op: Op) -> list[tuple[int, Op]]:
    found: list[tuple[int, Op]] = []
    for number in op.dies:
        die = replay.dies[number]
        for place in op.held:
            seg = die.planes[place].seg
            open_window = seg is not None and seg.data <= op.start < seg.end and seg.token != 0
            if seg is not None and open_window and all(seg is not other for _, other in found):
                found.append((number, seg))
    return found


def _tell_plane(told: _Told, die: Die, number: int, place: int, time: int) -> None:
    plane = die.planes[place]
    if plane.seg is not None and time >= plane.seg.end:
        word = f"{plane.seg.kind.base}.END"
        told.judge("end-state", word, f"{word} after op {plane.seg.uid}", number, place)
    register = read_latch(plane, time)
    if register is not None:
        told.judge("latch", "LATCH_ON_READ", f"LATCH_ON_READ: undelivered {register}", number, place)
    if plane.cache_read is not None:
        key = f"ON_{plane.cache_read.kind.base}"
        told.judge("cache", key, f"{key} since {plane.cache_read}", number, place)


def _tell_die(told: _Told, die: Die, number: int) -> None:
    first = told.op.held[0] if told.op.held else -1
    for key, rule, why in _die_states(told.replay, die):
        told.judge(rule, key, f"{key}{why}", number, first)


def _die_states(replay: Replay, die: Die) -> Iterator[tuple[str, str, str]]:
    if die.latch:
        yield STEP_LATCHES[die.latch], "latch", ""
    if die.cache_program is not None:
        yield "ON_CACHE_PROGRAM", "cache", f" since {die.cache_program.op}"
    if die.shot is not None and die.shot.cached:
        yield "ON_ONESHOT_CACHE_PROGRAM", "cache", ""
    for axis, name in enumerate(AXES):
        stack = die.stacks[axis]
        victim = f": {stack[-1]}" if die.on[axis] and stack else ""
        yield f"{name}_SUSPENDED" if die.on[axis] else f"NOT_{name}_SUSPENDED", "suspend-state", victim
    if replay.odt:
        yield "ODT_DISABLE", "odt", f" since op {replay.odt_op}"


class _Told:
    """Gathers what forbids an operation, one finding per state of one operation, whatever the number of planes."""

    def __init__(self, replay: Replay, op: Op) -> None:
        self.replay = replay
        self.op = op
        self._found: dict[tuple[str, str, int], list[int]] = {}

    def judge(self, rule: str, key: str, state: str, die: int, plane: int) -> None:
        """Does the state named by a key of the exclusion tables forbid the operation?"""
        if self.replay.forbids(key, self.op.kind.base):
            self._found.setdefault((rule, f"{key}|{state}", die), []).append(plane)

    def write(self) -> None:
        """Turn what was gathered into findings."""
        op = self.op
        for (rule, state, die), planes in self._found.items():
            key, _, what = state.partition("|")
            group = self.replay.forbids(key, op.kind.base)
            on = "+".join(str(plane) for plane in planes if plane >= 0)
            message = f"plane {on or 'all'} is under {what}; its group {group} forbids {op.kind.base}"
            self.replay.find(rule, op, message, plane=planes[0], die=die, key=f"exclusion_groups.{group}")
