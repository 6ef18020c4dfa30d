"""A kept sequence at its nearest legal times: what `repair` does, and the answer to a scenario of order `kept`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from model.boundary import Boundary
from model.config import Config
from model.device import Device
from model.event import NOTHING, Spans
from model.judge import Judge
from planner.export.snapshot import Snapshot
from planner.scenario.changes import Repaired, Room
from planner.scenario.kept import Kept
from planner.scenario.language import BEGIN, FINISH, Distance, Never, PointRef, Quiet, Statement
from planner.scenario.repair import Repairer
from planner.scenario.rows import Row, commands_of


@dataclass(frozen=True, slots=True)
class Broken:
    """A statement that does not hold at the nearest legal times, and why."""

    words: str
    where: str
    why: str


def repaired(
    kept: Kept,
    config: Config,
    boundary: Boundary,
    *,
    told: Callable[[int], None] = lambda done: None,
    open_end: bool = False,
) -> Repaired:
    """The operations of a kept sequence, made legal. `told` hears how many are done, and may raise to stop."""
    limits = _Limits(kept, Device(config), boundary.time) if kept.statements else None
    repairer = Repairer(config, boundary, told=told, rooms=limits, open_end=open_end)
    return repairer.repair(kept.rows, kept.faults)


class _Limits:
    """What distances between starts, and between what follows from them, leave of an operation's times."""

    def __init__(self, kept: Kept, device: Device, floor: int) -> None:
        self._device, self._floor = device, floor
        self._place = {name: row.origin for name, row in zip(kept.names, kept.rows, strict=True)}
        self._first = kept.rows[0].origin
        self._about: dict[int, list[tuple[Distance, PointRef, PointRef, int]]] = {}
        for said in kept.statements:
            if isinstance(said, Distance):
                for mine, other, sign in ((said.to, said.start, 1), (said.start, said.to, -1)):
                    self._about.setdefault(self._origin(mine), []).append((said, mine, other, sign))

    def __call__(self, row: Row, placed: Sequence[Row]) -> Room:
        about = self._about.get(row.origin, ())
        if not about:
            return Room()
        by_origin = {one.origin: one for one in placed}
        low: int | None = None
        high: int | None = None
        for said, mine, other, sign in about:
            there = by_origin.get(self._origin(other))
            if there is None:
                continue
            fixed = there.time + self._beyond(there, other) - self._beyond(row, mine)
            least, most = (said.least, said.most) if sign > 0 else (_minus(said.most), _minus(said.least))
            low = low if least is None else fixed + least if low is None else max(low, fixed + least)
            high = high if most is None else fixed + most if high is None else min(high, fixed + most)
        words = "; ".join(dict.fromkeys(said.place.words for said, *_ in about))
        return Room(low, high, f"the scenario says {words}")

    def _origin(self, ref: PointRef) -> int:
        return self._first if ref.act == BEGIN else self._place.get(ref.act, NOTHING - 1)

    def _beyond(self, row: Row, ref: PointRef) -> int:
        """Ticks from the start to a moment, where nothing cuts the operation."""
        name = self._device.catalogue.names[row.op]
        core = name.issue + name.core_busy
        return {"start": 0, "issue_end": name.issue, "core_end": core, "end": name.length}.get(ref.moment, 0)


def _minus(ticks: int | None) -> int | None:
    return None if ticks is None else -ticks


# -- whether what the user says holds ----------------------------------------------------------------------------------


def broken(kept: Kept, found: Repaired, config: Config, boundary: Boundary, start: Snapshot | None) -> list[Broken]:
    """The statements that the repaired sequence does not keep."""
    if not kept.statements:
        return []
    judge = Judge(config) if start is None else Judge(config, start.document, start.blocks)
    judge.feed(commands_of(found.rows, boundary.next_op_uid))
    judge.finish(open_end=True)
    moments = _Moments(kept, found, config, judge.settled()[0], boundary.next_op_uid)
    return [Broken(said.place.words, str(said.place), why) for said in kept.statements if (why := moments.wrong(said))]


class _Moments:
    """The moments of the operations of a repaired sequence."""

    def __init__(self, kept: Kept, found: Repaired, config: Config, spans: Spans, first_uid: int) -> None:
        self._config, self._kept, self._device = config, kept, Device(config)
        self._rows = found.rows
        at = {row.origin: uid for uid, row in enumerate(found.rows, first_uid) if row.origin != NOTHING}
        self._uid = {name: at.get(row.origin) for name, row in zip(kept.names, kept.rows, strict=True)}
        self._first = first_uid
        self._spans: dict[int, list[tuple[int, int, int]]] = {}
        columns = (spans.op_uid.tolist(), spans.state.tolist(), spans.start.tolist(), spans.end.tolist())
        for uid, state, begin, end in zip(*columns, strict=True):
            self._spans.setdefault(uid, []).append((state, begin, end))

    def wrong(self, said: Statement) -> str:
        """Why a statement does not hold; empty where it does."""
        us = self._config.clock.us
        if isinstance(said, Distance):
            a, b = self._moment(said.start), self._moment(said.to)
            if a is None or b is None:
                return "one of its operations is taken out"
            low = said.least is not None and b - a < said.least
            return f"it is {us(b - a)} us" if low or (said.most is not None and b - a > said.most) else ""
        if isinstance(said, Quiet):
            return self._noise(said)
        return self._happens(said)

    def _noise(self, said: Quiet) -> str:
        a, b = self._moment(said.start), self._moment(said.to)
        if a is None or b is None:
            return "one of its operations is taken out"
        for row in self._rows:
            name = self._device.catalogue.names[row.op]
            if name.base.bus[0] and row.time < b and row.time + name.issue > a:
                return f"{name.name} is sent at {self._config.clock.us(row.time)} us"
        return ""

    def _happens(self, said: Never) -> str:
        for row in self._rows:
            if row.op in said.names and said.die in (None, row.die) and self._is_in(row, said):
                return f"{self._config.names[row.op].name} at {self._config.clock.us(row.time)} us"
        return ""

    def _is_in(self, row: Row, said: Never) -> bool:
        """Whether the die is in one of the states of a statement (in any, where it names none) when a row starts."""
        if not said.states:
            return True
        for uid, other in enumerate(self._rows, self._first):
            base = self._device.catalogue.names[other.op].base.index
            states = [state for known, state in said.states if known == base]
            if other is row or other.die != row.die or not states:
                continue
            if any(state in states and a <= row.time < b for state, a, b in self._spans.get(uid, ())):
                return True
        return False

    def _moment(self, ref: PointRef) -> int | None:
        if ref.act == BEGIN:
            return self._rows[0].time if self._rows else None
        if ref.act == FINISH:
            ends = [end for spans in self._spans.values() for _, _, end in spans]
            return max(ends, default=None)
        uid = self._uid[ref.act]
        if uid is None:
            return None
        row = self._rows[uid - self._first]
        issue_end = row.time + self._device.catalogue.names[row.op].issue
        spans = self._spans.get(uid, [])
        cores = [end for state, _, end in spans if state == 1]
        return {
            "start": row.time,
            "issue_end": issue_end,
            "core_end": max(cores, default=issue_end),
            "end": max((end for _, _, end in spans), default=issue_end),
        }[ref.moment]
