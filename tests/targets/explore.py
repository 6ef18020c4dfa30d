"""All legal histories of a tiny device, by brute force: the judge is asked about every operation at every tick.

States of the judge are told apart by all that can matter later, times relative to now. Operations that change nothing
(status reads and the like) are asked for in every state, and change none.
"""

from __future__ import annotations

import io
import pickle
from collections import deque
from collections.abc import Iterator
from itertools import product
from typing import Any

from model.config import Config
from model.device import Device
from model.event import NOTHING, Commands
from model.judge import Judge
from model.judge.account import Die, Op, Plane, Register
from model.judge.replay import Replay
from model.operations import OpName

Cell = tuple[int, int, int]
Payload = tuple[int, int, list[tuple[int, int, int, int, int]]]


class Explorer:
    """Explores a device whose ISSUEs are all on the bus, up to a number of states; `hits` are the cells hit."""

    def __init__(self, config: Config) -> None:
        self.device = Device(config)
        self.hits: set[Cell] = set()
        self.states = 0
        self.exhausted = False
        self._first = Judge(config, replaying=False)
        self._shared = _shared(self._first)
        names = self.device.catalogue.names
        waits = [name for name in names if name.base.name == "NOP"]
        self._candidates = [(name, list(self._payloads(name))) for name in names if name not in waits]

    def run(self, most: int) -> None:
        """Goes on until everything was seen, or `most` states."""
        start = self._dump(self._first)
        seen = {_key(self._first._replay, 0)}
        pending = deque([(start, 0, 1)])
        while pending and self.states < most:
            self.states += 1
            saved, now, uid = pending.popleft()
            for judge, until, fed in self._following(saved, now, uid):
                key = _key(judge._replay, until)
                if key not in seen:
                    seen.add(key)
                    pending.append((self._dump(judge), until, uid + fed))
        self.exhausted = not pending

    def _following(self, saved: bytes, now: int, uid: int) -> Iterator[tuple[Judge, int, int]]:
        judge = self._load(saved)
        replay: Replay = judge._replay
        if any(op.end > now for die in replay.dies for op in die.running) or replay.bus_until > now:
            replay.settle(now + 1)
            if judge.report.legal:
                yield judge, now + 1, 0
            judge = self._load(saved)
            replay = judge._replay
        if replay.bus_until > now:
            return
        for name, payloads in self._candidates:
            for payload in payloads:
                trial = self._tried(saved, name, self._expected(replay, payload, now), now, uid)
                if trial is None:
                    continue
                self._note(replay, name, payload, now)
                if name.base.affects_state or name.base.name.startswith(("DOUT", "ODT")):
                    yield trial, now, 1

    def _tried(self, saved: bytes, name: OpName, payload: Payload, now: int, uid: int) -> Judge | None:
        """The judge after the operation; None if it is illegal, or its value is not stable."""
        trial = self._load(saved)
        trial.feed(Commands.of([(now, uid, name.index, *payload)]))
        if trial.report.legal and "exp_val" in name.base.payload:
            trial._replay.settle(now + name.issue)
        if trial.report.legal and trial._replay.late_bus is not None:
            later = self._load(self._dump(trial))
            return trial if later.finish(open_end=True).legal else None
        return trial if trial.report.legal else None

    def _expected(self, replay: Replay, payload: Payload, now: int) -> Payload:
        die, value, entries = payload
        return payload if value == NOTHING else (die, replay.value(replay.dies[die], now), entries)

    def _payloads(self, name: OpName) -> Iterator[Payload]:
        """The ways to fill a payload: die, a status value to come (0), entries."""
        fields, geometry = name.base.payload, self.device.geometry
        if not fields:
            yield NOTHING, NOTHING, []
            return
        value = 0 if "exp_val" in fields else NOTHING
        most = range(1, geometry.all_planes + 1)
        sets = [m for m in most if (m.bit_count() > 1) == name.multi or name.base.name.endswith("READ_END")]
        rows = range(geometry.rows) if "block" in fields else (NOTHING,)
        pages = range(geometry.pages) if "page" in fields else (NOTHING,)
        free = "celltype" in fields and name.celltype == 0
        celltypes = (
            range(1, len(self.device.celltypes)) if free else (name.celltype if "celltype" in fields else NOTHING,)
        )
        for die, planes, row, page, celltype in product(
            range(geometry.dies), sets if "plane" in fields else (0,), rows, pages, celltypes
        ):
            chosen = geometry.planes_in(planes) if planes else (NOTHING,)
            yield (
                die,
                value,
                [
                    (die, plane, NOTHING if row == NOTHING else geometry.block_of(row, plane), page, celltype)
                    for plane in chosen
                ],
            )

    # -- cells -------------------------------------------------------------------------------------------------

    def _note(self, replay: Replay, name: OpName, payload: Payload, now: int) -> None:
        die, _, entries = payload
        dies = range(len(replay.dies)) if die == NOTHING else (die,)
        named = [plane for _, plane, *_ in entries if plane != NOTHING]
        whole = not named or str(name.base.scope) == "DIE_WIDE"
        found = []
        for number in dies:
            planes = replay.dies[number].planes
            for place in range(len(planes)) if whole else named:
                found.append((self._state(planes[place], now), place))
        if not named and die != NOTHING and str(name.base.scope) != "DIE_WIDE":
            rank = self.device.op_states.rank
            found = [min(found, key=lambda at: (rank[at[0][0]], at[1]))]
        default = self.device.op_states.default
        for (op_state, place), _ in found:
            if op_state != default or self.device.config.coverage.default_state:
                self.hits.add((op_state, name.index, place))

    def _state(self, plane: Plane, now: int) -> tuple[int, int]:
        """The op_state of a plane, and the bin."""
        states, op = self.device.op_states, plane.seg
        if op is None:
            return states.default, 0
        if now >= op.end:
            return int(states.end[op.kind.index]), 0
        if now >= op.data:
            return int(states.of_state[op.kind.index, op.kind.data_state]), 10 * (now - op.data) // op.kind.data
        return int(states.of_state[op.kind.index, op.kind.core_state]), 10 * (now - op.core) // op.left

    # -- copies ------------------------------------------------------------------------------------------------

    def _dump(self, judge: Judge) -> bytes:
        stream = io.BytesIO()
        pickler = pickle.Pickler(stream, protocol=5)
        pickler.persistent_id = lambda thing: self._shared.get(id(thing), (None,))[0]  # type: ignore[method-assign]
        pickler.dump(judge)
        return stream.getvalue()

    def _load(self, saved: bytes) -> Judge:
        unpickler = pickle.Unpickler(io.BytesIO(saved))
        things = self._things
        unpickler.persistent_load = things.__getitem__  # type: ignore[method-assign]
        judge = unpickler.load()
        assert isinstance(judge, Judge)
        return judge

    @property
    def _things(self) -> dict[int, Any]:
        return dict(self._shared.values())


def _shared(judge: Judge) -> dict[int, tuple[int, Any]]:
    """What all copies share: it never changes. By id, with a number of its own (from 1)."""
    replay = judge._replay
    things = [replay.config, replay.geometry, replay.exclusions, replay.kinds, replay._masks, *judge._kinds]
    return {id(thing): (number, thing) for number, thing in enumerate(things, 1)}


def _key(replay: Replay, now: int) -> tuple[Any, ...]:
    dies = tuple(_die(die, now) for die in replay.dies)
    return (*dies, replay.odt, max(0, replay.bus_until - now))


def _die(die: Die, now: int) -> tuple[Any, ...]:
    return (
        tuple(_plane(plane, now) for plane in die.planes),
        tuple(sorted(_op(op, now) for op in die.running)),
        tuple(tuple((*_op(op, now), op.left) for op in stack) for stack in die.stacks),
        tuple(die.on),
        die.latch,
        None if die.shot is None else (_op(die.shot.op, now), die.shot.op.done, die.shot.cached),
        None if die.cache_program is None else (_op(die.cache_program.op, now), die.cache_program.op.done),
        tuple(sorted(_op(op, now) for op in die.flight)),
        tuple(map(tuple, (die.kinds, die.cells, die.last))),
    )


def _op(op: Op, now: int) -> tuple[Any, ...]:
    """An operation that is under way or over."""
    runs = op.token != 0 and op.end > now
    times = (op.core - now, op.data - now, op.end - now, op.left) if runs else ()
    reads = tuple((r.plane, r.state) for r in op.regs)
    return op.kind.index, op.planes, op.blocks, op.page, op.celltype, op.dies, times, reads


def _plane(plane: Plane, now: int) -> tuple[Any, ...]:
    seg = plane.seg
    idle = seg is not None and now >= seg.end
    return (
        None if seg is None else seg.kind.base if idle else _op(seg, now),
        _register(plane.data, now),
        _register(plane.cache, now),
        None if plane.cache_read is None else _op(plane.cache_read, now),
    )


def _register(register: Register | None, now: int) -> tuple[Any, ...] | None:
    if register is None:
        return None
    return _op(register.read, now), register.state, max(0, register.ready - now)
