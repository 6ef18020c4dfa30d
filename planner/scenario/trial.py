"""What the judge would say of operations that are not accepted yet: tried on a copy, so that nothing is undone."""

from __future__ import annotations

import io
import pickle
from collections.abc import Mapping, Sequence
from typing import Any

from model.boundary import Boundary
from model.config import Config
from model.judge import Finding, Judge
from planner.export.snapshot import taken
from planner.scenario.rows import Row, commands_of


class Trial:
    """A judge that has seen the operations accepted so far, from a boundary on."""

    def __init__(self, config: Config, start: Boundary) -> None:
        self._next = start.next_op_uid
        if start.time == 0 and start.next_op_uid == 1:
            self._judge = Judge(config, replaying=False)
        else:
            snapshot = taken(config, start, seed=0, stream=0, run=0)
            self._judge = Judge(config, snapshot.document, snapshot.blocks, replaying=False)
        self._copies = Copies(self._judge, config)
        self._state = b""

    @property
    def next_uid(self) -> int:
        """The number of the next operation."""
        return self._next

    def found(self, rows: Sequence[Row], *, open_end: bool = True) -> tuple[Finding, ...]:
        """What the judge finds in these operations, if nothing comes after them."""
        self._state = self._state or self._copies.stored(self._judge)
        judge = self._copies.restored(self._state)
        judge.feed(commands_of(rows, self._next))
        return judge.finish(open_end=open_end).findings

    def accept(self, rows: Sequence[Row]) -> None:
        """The operations are part of the history now."""
        self._judge.feed(commands_of(rows, self._next))
        self._next += len(rows)
        self._state = b""


class Copies:
    """Copies of a judge. They share what never changes: the config, and what is made of it alone."""

    def __init__(self, judge: Judge, config: Config) -> None:
        replay: Any = vars(judge)["_replay"]
        kinds: list[Any] = vars(judge)["_kinds"]
        self._shared = [config, replay.geometry, replay.exclusions, kinds, *kinds]
        self._place = {id(one): place for place, one in enumerate(self._shared)}

    def stored(self, judge: Judge) -> bytes:
        """A judge as bytes, good for this process."""
        out = io.BytesIO()
        _Writer(out, self._place).dump(judge)
        return out.getvalue()

    def restored(self, state: bytes) -> Judge:
        """The judge again, as it was."""
        judge: Judge = _Reader(io.BytesIO(state), self._shared).load()
        return judge


class _Writer(pickle.Pickler):
    """Names what is shared, in place of storing it."""

    def __init__(self, out: io.BytesIO, place: Mapping[int, int]) -> None:
        super().__init__(out, pickle.HIGHEST_PROTOCOL)
        self._place = place

    def persistent_id(self, one: object) -> int | None:
        """The place of a shared value; None for any other."""
        return self._place.get(id(one))


class _Reader(pickle.Unpickler):
    """Finds what is shared by its place."""

    def __init__(self, stored: io.BytesIO, shared: Sequence[Any]) -> None:
        super().__init__(stored)
        self._known = shared

    def persistent_load(self, place: int) -> Any:
        """The shared value at a place."""
        return self._known[place]
