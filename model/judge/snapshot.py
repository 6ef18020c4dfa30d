"""Starting from a state snapshot (schema 1) instead of a fresh device."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy.typing as npt

from model.judge.account import CONSUMED, WAITING, CacheProgram, Op, Register, Shot
from model.judge.kinds import SUSPENDS, Kind
from model.operations import Catalogue

if TYPE_CHECKING:
    from model.judge.replay import Replay

SCHEMA = 1
Json = Mapping[str, Any]


def load_snapshot(replay: Replay, snapshot: Json, blocks: npt.NDArray[Any] | None, catalogue: Catalogue) -> int:
    """Put the account where the snapshot says; the next op_uid. ValueError: the snapshot does not fit."""
    try:
        if snapshot["schema"] != SCHEMA:
            raise ValueError(f"the snapshot's schema is {snapshot['schema']}, known is {SCHEMA}")
        if len(snapshot["dies"]) != replay.geometry.dies:
            raise ValueError(f"the snapshot has {len(snapshot['dies'])} dies, the device {replay.geometry.dies}")
        return _Loader(replay, catalogue, int(snapshot["time"])).load(snapshot, blocks)
    except (KeyError, TypeError, IndexError) as error:
        raise ValueError(f"the snapshot cannot be read: {error!r}") from error


class _Loader:
    def __init__(self, replay: Replay, catalogue: Catalogue, time: int) -> None:
        self._replay = replay
        self._catalogue = catalogue
        self._time = time
        self._ops: dict[int, Op] = {}

    def load(self, snapshot: Json, blocks: npt.NDArray[Any] | None) -> int:
        replay = self._replay
        replay.now = self._time
        replay.odt = bool(snapshot["odt_disabled"])
        if blocks is not None:
            self._blocks(blocks)
        for number, state in enumerate(snapshot["dies"]):
            self._die(number, state)
        for die in replay.dies:
            replay.refresh(die)
        return int(snapshot["next_op_uid"])

    def _blocks(self, blocks: npt.NDArray[Any]) -> None:
        shape = self._replay.geometry
        if blocks.shape != (shape.dies, shape.blocks, 3):
            raise ValueError(f"the snapshot's blocks have shape {blocks.shape}")
        for number, die in enumerate(self._replay.dies):
            die.kinds[:] = blocks[number, :, 0].tolist()
            die.cells[:] = blocks[number, :, 1].tolist()
            die.last[:] = blocks[number, :, 2].tolist()

    def _die(self, number: int, state: Json) -> None:
        die = self._replay.dies[number]
        for place, plane in enumerate(state["planes"]):
            if plane["last"] is not None:
                die.planes[place].seg = self._past(plane["last"])
        suspended = [self._live(number, live) for live in state["suspended"]]
        running = [self._live(number, live) for live in state["running"]]
        for op in suspended:
            die.stacks[op.kind.axis].append(op)
        self._open(number, state)
        for op in running:
            self._run(number, op)
        for axis, stack in enumerate(die.stacks):
            cutting = [op for op in die.running if SUSPENDS.get(op.kind.base) == axis]
            die.on[axis] = bool(stack) and not (cutting and len(stack) == 1)
            for op in cutting:
                op.victim = stack[-1] if stack else None
        for op in (*suspended, *running):
            if (op.kind.advances or op.kind.base == "ERASE") and op not in die.flight:
                die.flight.append(op)
        for place, plane in enumerate(state["planes"]):
            self._plane(number, place, plane)

    def _run(self, number: int, op: Op) -> None:
        die = self._replay.dies[number]
        die.running.append(op)
        if op.kind.affects:
            for place in op.held:
                die.planes[place].seg = op
        if op.token == 0:
            self._replay.schedule(op)
        if op.fragment == 0 and op.kind.bus[0] and op.core > self._replay.bus_until:
            self._replay.bus_from, self._replay.bus_until, self._replay.bus_op = op.start, op.core, op

    def _open(self, number: int, state: Json) -> None:
        die = self._replay.dies[number]
        shot, cache = state["shot"], state["cache_program"]
        if shot is not None:
            op = self._ops_of(shot["step"], number) or self._ended(shot["step"], number, shot)
            die.shot = Shot(op)
            die.shot.cached = bool(shot["cached"])
            die.latch = shot["latch"] or ""
        if cache is not None:
            op = self._ops_of("CACHE_PROGRAM_SLC", number) or self._ended("CACHE_PROGRAM_SLC", number, cache)
            die.cache_program = CacheProgram(op)
            for closer in self._ops.values():
                if closer.kind.base in ("PROGRAM_SLC", "ALLWL_PROGRAM") and closer.dies == (number,):
                    begun_since = (closer.blocks, closer.page) == (op.blocks, op.page + 1)
                    closer.closes = die.cache_program if begun_since else None

    def _ops_of(self, base: str, number: int) -> Op | None:
        return next((op for op in self._ops.values() if op.kind.base == base and op.dies == (number,)), None)

    def _live(self, number: int, live: Json) -> Op:
        uid = int(live["op_uid"])
        kind = self._kind(live["op_name"])
        op = self._ops.get(uid)
        if op is None:
            op = self._ops[uid] = Op(uid, kind, int(live["start"]))
            self._place(op, number, live)
            op.fragment = int(live["fragment"])
            op.left = int(live["remaining"])
            op.end = int(live["end"])
            op.data = max(op.end - kind.data, op.start)
            op.core = op.start + kind.issue if op.fragment == 0 else int(live["piece_start"])
            if op.fragment:
                op.start = op.core
            if "die" not in kind.fields:
                op.dies = self._replay.all_dies
        return op

    def _place(self, op: Op, number: int, state: Json) -> None:
        shape = self._replay.geometry
        op.dies = (number,)
        op.planes = tuple(state["planes"]) if "plane" in op.kind.fields else ()
        op.held = self._replay.all_planes if op.kind.everywhere else tuple(state["planes"])
        if op.kind.has_block:
            op.blocks = tuple(int(state["row"]) * shape.planes + plane for plane in op.planes)
            op.page = int(state["page"])
            op.celltype = self._celltype(state["celltype"])

    def _ended(self, base: str, number: int, state: Json) -> Op:
        op = self._past(base)
        self._place(op, number, state)
        return op

    def _past(self, base: str) -> Op:
        op = Op(0, next(kind for kind in self._replay.kinds if kind.base == base), self._time)
        op.start = op.core = op.data = op.end = self._time
        op.done = True
        return op

    def _plane(self, number: int, place: int, state: Json) -> None:
        plane = self._replay.dies[number].planes[place]
        for slot in ("data", "cache"):
            if state[slot] is not None:
                setattr(plane, slot, self._register(number, place, state[slot]))
        open_read = state["cache_read"]
        if open_read is not None:
            running = plane.seg if plane.seg is not None and plane.seg.kind.base == open_read["base"] else None
            use = running is not None and running.token != 0
            plane.cache_read = running if use else self._ended(open_read["base"], number, open_read)

    def _register(self, number: int, place: int, state: Json) -> Register:
        uid = int(state["op_uid"])
        read = self._ops.get(uid)
        if read is None:
            read = self._ops[uid] = self._ended(state["base"], number, state)
            read.uid = uid
        register = Register(read, place, read.blocks[read.planes.index(place)], int(state["ready"]))
        register.state = CONSUMED if state["delivered"] else WAITING
        read.regs += (register,)
        return register

    def _kind(self, name: str) -> Kind:
        return self._replay.kinds[self._catalogue.name_index[name]]

    def _celltype(self, name: str | None) -> int:
        return self._replay.config.celltypes.index(name) if name is not None else 0
