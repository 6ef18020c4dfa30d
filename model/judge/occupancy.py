"""Who uses the bus and who holds which plane: [bus], [plane-busy], [handover], [multi-plane]."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heappop, heappush
from typing import TYPE_CHECKING

from model.judge.account import Die, Op

if TYPE_CHECKING:
    from model.judge.replay import Replay, Span


def judge_bus(replay: Replay, op: Op) -> None:
    """[bus] where only ISSUE uses the bus: the ISSUE begun last is the one that can still be on it."""
    if replay.late_bus is not None or not op.kind.bus[0]:
        return
    if op.start < replay.bus_until and replay.bus_from < op.core:
        before, until = replay.bus_op, replay.config.clock.us(replay.bus_until)
        replay.find("bus", op, f"the bus is taken by the ISSUE of {before} until {until} us")
    if op.core >= replay.bus_until:
        take_bus(replay, op)


def take_bus(replay: Replay, op: Op) -> None:
    """The bus is taken by the ISSUE of an operation."""
    replay.bus_from, replay.bus_until, replay.bus_op = op.start, op.core, op


class LateBus:
    """[bus] where later states use it too: states as they really were, in order of their starts."""

    def __init__(self) -> None:
        self._waiting: list[tuple[int, int, int, Op]] = []
        self._from = self._until = 0
        self._op: Op | None = None
        self._count = 0

    def note(self, op: Op, spans: Sequence[Span]) -> None:
        """Take down the bus states of a fragment that can change no more.

        An ISSUE counts whole, also where a reset aborts its operation: nobody else can send as long as it is sent.
        """
        for _, _, state, start, end, *_ in spans:
            if op.kind.bus[state]:
                self._count += 1
                until = start + op.kind.issue if state == 0 else end
                heappush(self._waiting, (start, until, self._count, op))

    def judge(self, replay: Replay, horizon: int) -> None:
        """Judge the bus states that start before the horizon."""
        waiting = self._waiting
        while waiting and waiting[0][0] < horizon:
            start, end, _, op = heappop(waiting)
            if start < self._until and self._from < end:
                at, until = replay.config.clock.us(start), replay.config.clock.us(self._until)
                replay.find("bus", op, f"at {at} us the bus is taken by {self._op} until {until} us", time=start)
            if end >= self._until:
                self._from, self._until, self._op = start, end, op


def judge_planes(replay: Replay, op: Op) -> None:
    """[plane-busy] and [multi-plane], once cuts, handovers and aborts have ended what they end."""
    for number in op.dies:
        die = replay.dies[number]
        for other in die.running:
            if other is not op and other.kind.holds:
                judge_pair(replay, op, other, number)


def judge_pair(replay: Replay, op: Op, other: Op, die: int) -> None:
    """One operation beside another that runs on the same die."""
    shared = [plane for plane in op.held if plane in other.held]
    if shared:
        word = replay.dies[die].plane_word(shared[0], replay.now)
        message = f"the plane is held by {other} ({word}) until {replay.config.clock.us(other.end)} us"
        replay.find("plane-busy", op, message, plane=shared[0], die=die)
    elif op.kind.affects and other.kind.affects and not _side_by_side(replay, op, other):
        message = f"{other} runs on planes {_planes(other)} until {replay.config.clock.us(other.end)} us"
        key = "constraints.single_single_allowed_bases"
        replay.find("multi-plane", op, message, plane=op.held[0] if op.held else -1, die=die, key=key)


def _side_by_side(replay: Replay, op: Op, other: Op) -> bool:
    allowed = replay.config.single_single_allowed_bases
    single = len(op.held) == len(other.held) == 1
    return single and op.kind.base in allowed and other.kind.base in allowed


def judge_window(replay: Replay, op: Op, window: Op, die: Die, number: int) -> None:
    """[handover] and, where the window's group forbids it, [plane-busy]; then the window ends."""
    missing = [plane for plane in window.held if plane not in op.held]
    plane = next((p for p in window.held if p in op.held), -1)
    word = die.plane_word(plane, op.start)
    if missing:
        message = f"it takes plane {plane} of {window} ({word}) but not planes {_plus(missing)}"
        replay.find("handover", op, message, plane=plane, die=number)
    if missing or window.kind.m_data & op.kind.bit:
        message = f"the plane is held by {window} ({word}) until {replay.config.clock.us(window.end)} us"
        replay.find("plane-busy", op, message, plane=plane, die=number)
    replay.hand_over(window, op.start)


def _planes(op: Op) -> str:
    return _plus(op.held)


def _plus(planes: Sequence[int]) -> str:
    return "+".join(map(str, planes))
