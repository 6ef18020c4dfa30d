"""A sequence made legal: operation after operation at the nearest legal time, with the judge as the only authority."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from model.advance import advance, run_out
from model.boundary import Boundary
from model.config import Config
from model.device import Device
from model.event import NOTHING
from model.judge import Finding
from model.operations import STATUS_READS
from planner.scenario.changes import (
    CHANGED,
    EVERYWHERE,
    INSERTED,
    KEPT,
    MOVED,
    TAKEN_OUT,
    Change,
    Repaired,
    Room,
    Rooms,
)
from planner.scenario.helpers import closers, prerequisites
from planner.scenario.rows import Row, in_form, issued
from planner.scenario.trial import Trial

CHECKPOINT = 8
"""Operations after which the account of the device is brought up to date."""
BULK = 64
"""Operations that are judged together where nothing is known to be wrong with them."""
DEPTH = 5
"""Operations that are inserted before one operation at most."""
TRIES = 40
"""Ways to insert something that are tried for one operation."""
DRAIN = 40
"""Operations that close what is open at the end, at most."""
_LATER = "it starts before the operation before it"


class Repairer:
    """Repairs sequences of one device from a boundary on.

    `told` hears how many operations are done, and may raise to stop. `rooms`: what the user says of the times.
    """

    def __init__(
        self,
        config: Config,
        start: Boundary,
        *,
        open_end: bool = False,
        told: Callable[[int], None] = lambda done: None,
        rooms: Rooms | None = None,
    ) -> None:
        self._config = config
        self._device = Device(config)
        self._start = self._base = start
        self._open_end = open_end or config.policies.carry_over
        self._told, self._rooms = told, rooms
        self._faults: Mapping[int, tuple[str, str]] = {}
        self._trial = Trial(config, start)
        self._rows: list[Row] = []
        self._behind = 0
        self._changes: list[Change] = []

    def repair(self, rows: Sequence[Row], faults: Mapping[int, tuple[str, str]] | None = None) -> Repaired:
        """The legal sequence that is next to this one.

        `faults`: by place, the rule and message of what is wrong with a row and does not show in it (the form of its
        payload, its number); writing the row anew puts that right.
        """
        self._faults = faults or {}
        done = 0
        while done < len(rows):
            self._told(done)
            whole = done == 0 and self._whole(rows)
            legal = len(rows) if whole else self._legal(rows[done : done + BULK])
            for row in rows[done : done + legal]:
                self._accept(row, Change(KEPT, row.op, row.origin, row.time, row.time, (), ""))
            done += legal
            if legal == 0:
                self._one(rows[done])
                done += 1
        if not self._open_end:
            self._close()
        left = self._trial.found((), open_end=self._open_end)
        return Repaired(tuple(self._rows), tuple(self._changes), self._start, left)

    def _whole(self, rows: Sequence[Row]) -> bool:
        """Whether there is nothing to do."""
        return not self._faults and self._has_room(rows) and not self._trial.found(rows, open_end=self._open_end)

    def _legal(self, rows: Sequence[Row]) -> int:
        """How many of the next operations are legal as they are: those before the first that the judge names."""
        ahead: list[Row] = []
        last = self._rows[-1].time if self._rows else self._start.time
        for row in rows:
            if row.time < last or row.origin in self._faults:
                break
            ahead.append(row)
            last = row.time
        while ahead and not self._has_room(ahead):
            ahead.pop()
        first = self._trial.next_uid
        named = [max(0, finding.op_uid - first) for finding in self._trial.found(ahead)]
        return min([len(ahead), *named])

    def _room(self, row: Row, more: Sequence[Row] = ()) -> Room:
        if self._rooms is None or row.origin == NOTHING:
            return EVERYWHERE
        return self._rooms(row, [*self._rows, *more])

    def _has_room(self, rows: Sequence[Row]) -> bool:
        if self._rooms is None:
            return True
        placed = list(self._rows)
        for row in rows:
            if not self._rooms(row, placed).has(row.time):
                return False
            placed.append(row)
        return True

    # -- judging -------------------------------------------------------------------------------------------------

    def _found(self, more: Sequence[Row]) -> tuple[Finding, ...]:
        """What the judge finds in these rows after the accepted ones."""
        return self._trial.found(more)

    def _now(self, more: Sequence[Row] = ()) -> Boundary:
        """The device when the last row has started."""
        rows = [*self._rows[self._behind :], *more]
        if not rows:
            return self._base
        return advance(self._device, self._base, issued(self._device, rows, self._base.next_op_uid), rows[-1].time)[0]

    def _accept(self, row: Row, change: Change) -> None:
        self._rows.append(row)
        self._trial.accept([row])
        self._changes.append(change)
        if len(self._rows) - self._behind >= CHECKPOINT:
            rows = self._rows[self._behind :]
            base, _ = advance(
                self._device, self._base, issued(self._device, rows, self._base.next_op_uid), rows[-1].time
            )
            if not base.passing:
                self._base, self._behind = base, len(self._rows)

    # -- one operation ---------------------------------------------------------------------------------------------

    def _one(self, row: Row) -> None:
        room = self._room(row)
        before = self._found([row]) if self._in_order(row) else ()
        if self._in_order(row) and not before and room.has(row.time):
            rule, message = self._faults.get(row.origin, ("", ""))
            what, named = (CHANGED, (rule,)) if rule else (KEPT, ())
            self._accept(row, Change(what, row.op, row.origin, row.time, row.time, named, message))
            return
        rules = tuple(dict.fromkeys(finding.rule for finding in before))
        why = before[0].message if before else room.why if self._in_order(row) else _LATER
        rules = rules or (() if self._in_order(row) else ("time",))
        placed = self._place(row, ())
        if placed is not None:
            self._take(row, placed, rules, why)
            return
        helped = self._helped(row)
        if helped is not None:
            for extra, said in helped[:-1]:
                self._accept(extra, Change(INSERTED, extra.op, NOTHING, None, extra.time, rules, said))
            self._take(row, helped[-1][0], rules, why)
            return
        self._changes.append(Change(TAKEN_OUT, row.op, row.origin, row.time, None, rules, why))

    def _in_order(self, row: Row) -> bool:
        return not self._rows or row.time >= self._rows[-1].time

    def _take(self, row: Row, placed: Row, rules: tuple[str, ...], why: str) -> None:
        same = placed.entries == row.entries and placed.exp == row.exp
        what = KEPT if same and placed.time == row.time else MOVED if same else CHANGED
        self._accept(placed, Change(what, row.op, row.origin, row.time, placed.time, rules, why))

    def _place(self, row: Row, more: tuple[Row, ...]) -> Row | None:
        """The row at the nearest time at which it is legal after the accepted rows and `more`; None: at no time."""
        forms = dict.fromkeys([row, in_form(self._device, row)])
        for form in forms:
            for time in self._times(form, more):
                for way in self._values(replace(form, time=time)):
                    if not self._found([*more, way]):
                        return way
        return None

    def _values(self, row: Row) -> Iterator[Row]:
        """The row; a status read also with the other values that it may show."""
        yield row
        if self._device.catalogue.names[row.op].base.name in STATUS_READS:
            flags = range(0, 16, 4) if self._config.pattern.exp_val_suspend else (0,)
            for exp in (value + bits for bits in flags for value in range(3)):
                if exp != row.exp:
                    yield replace(row, exp=exp)

    def _times(self, row: Row, more: tuple[Row, ...]) -> list[int]:
        """The times that can make a difference, the nearest to the row's own first."""
        last = more[-1] if more else self._rows[-1] if self._rows else None
        low = last.time if last else self._start.time
        moments = self._moments(more)
        room = self._room(row, more)
        issue = self._device.catalogue.names[row.op].issue
        near = {m + d for m in moments for d in (-1, 0, 1)} | {m - issue for m in moments}
        near |= {limit for limit in (room.low, room.high) if limit is not None}
        every = {time for time in near | {row.time, low} if time >= low and room.has(time)}
        return sorted(every, key=lambda time: (abs(time - row.time), -time))

    def _moments(self, more: tuple[Row, ...]) -> set[int]:
        """When something begins or ends if nothing else happens."""
        now = self._now(more)
        after, spans = run_out(self._device, now)
        rows = [*self._rows[self._behind :], *more]
        names = self._device.catalogue.names
        found = {row.time + names[row.op].issue for row in rows[-3:]}
        found |= {int(time) for time in spans.start} | {int(time) for time in spans.end}
        return found | {after.time, now.time}

    # -- insertions ------------------------------------------------------------------------------------------------

    def _helped(self, row: Row) -> list[tuple[Row, str]] | None:
        """Operations before the row that make it legal, and the row: the fewest that are found."""
        form = in_form(self._device, row)
        level: list[list[tuple[Row, str]]] = [[]]
        tries = 0
        for _ in range(DEPTH):
            grown: list[list[tuple[Row, str]]] = []
            for way in level:
                more = tuple(extra for extra, _ in way)
                now = self._later(more)
                offers = [*closers(self._device, now), *prerequisites(self._device, now, form)]
                for offer, why in offers:
                    tries += 1
                    if tries > TRIES:
                        return None
                    extra = self._place(replace(offer, time=max(row.time, self._end(more))), more)
                    if extra is None:
                        continue
                    placed = self._place(row, (*more, extra))
                    if placed is not None:
                        return [*way, (extra, why), (placed, "")]
                    grown.append([*way, (extra, why)])
            level = grown[:4]
        return None

    def _end(self, more: tuple[Row, ...]) -> int:
        last = more[-1] if more else self._rows[-1] if self._rows else None
        return last.time if last else self._start.time

    def _later(self, more: tuple[Row, ...]) -> Boundary:
        """The device once what runs has ended: what is open then needs somebody to close it."""
        return run_out(self._device, self._now(more))[0]

    def _close(self) -> None:
        """[drained] Closes what is open at the end."""
        for _ in range(DRAIN):
            offers = list(closers(self._device, self._later(())))
            placed = None
            for offer, why in offers:
                placed = self._place(replace(offer, time=self._end(())), ())
                if placed is not None:
                    self._accept(placed, Change(INSERTED, placed.op, NOTHING, None, placed.time, ("drained",), why))
                    break
            if placed is None:
                return
