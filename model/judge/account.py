"""The judge's own account of the device: operations under way, registers, chains, planes, dies."""

from __future__ import annotations

from typing import Final

from model.event import NOTHING
from model.judge.kinds import Kind

GOOD, BAD, ERASED, PROGRAMMED, UNDEFINED = range(5)
BLOCK_WORDS: Final = ("GOOD", "BAD", "ERASED", "PROGRAMMED", "UNDEFINED")

WAITING, DELIVERING, DELIVERED, CONSUMED, LOST = range(5)
"""What has become of read data; anything above DELIVERING is no longer owed."""


class Op:
    """One operation as it runs.

    `planes` are its payload planes with `blocks` beside them, `held` its target planes on every die of `dies`.
    The present fragment runs from `start`; its CORE_BUSY is [core, data), its DATA state [data, end). `left` is what is
    left of CORE_BUSY at `core`. `token` names its entry in the calendar of ends, 0 for none. `exp` is what a
    status read expects, `value` what it saw. `victim` is what a SUSPEND cut or a RESUME brings back, `reg` what a DOUT
    delivers, `regs` what a read has filled, `closes` the cache program that a program closes.
    """

    __slots__ = (
        "blocks",
        "celltype",
        "closes",
        "core",
        "data",
        "dies",
        "done",
        "end",
        "exp",
        "fragment",
        "held",
        "kind",
        "left",
        "page",
        "planes",
        "reg",
        "regs",
        "start",
        "token",
        "uid",
        "value",
        "victim",
    )

    def __init__(
        self,
        uid: int,
        kind: Kind,
        start: int,
        exp: int = NOTHING,
        dies: tuple[int, ...] = (),
        planes: tuple[int, ...] = (),
        held: tuple[int, ...] = (),
        page: int = NOTHING,
        celltype: int = 0,
    ) -> None:
        self.uid = uid
        self.kind = kind
        self.start = start
        self.core = core = start + kind.issue
        self.data = core + kind.core
        self.end = start + kind.length
        self.dies = dies
        self.held = held
        self.planes = planes
        self.blocks: tuple[int, ...] = ()
        self.page = page
        self.celltype = celltype
        self.exp = exp
        self.value = NOTHING
        self.fragment = 0
        self.left = kind.core
        self.token = 0
        self.done = False
        self.victim: Op | None = None
        self.reg: Register | None = None
        self.regs: tuple[Register, ...] = ()
        self.closes: CacheProgram | None = None

    def __str__(self) -> str:
        return f"{self.kind.base} {self.kind.name} (op {self.uid})"


class Register:
    """Read data of one plane, in whichever register it is. `ready`: when its read leaves CORE_BUSY."""

    __slots__ = ("block", "plane", "read", "ready", "state")

    def __init__(self, read: Op, plane: int, block: int, ready: int) -> None:
        self.read = read
        self.plane = plane
        self.block = block
        self.ready = ready
        self.state = WAITING

    def __str__(self) -> str:
        return f"block {self.block} page {self.read.page} of {self.read}"


class Plane:
    """A plane: its last segment's operation, its two registers, its open cache read."""

    __slots__ = ("cache", "cache_read", "data", "seg")

    def __init__(self) -> None:
        self.seg: Op | None = None
        self.data: Register | None = None
        self.cache: Register | None = None
        self.cache_read: Op | None = None


class Shot:
    """An open one-shot chain; `op` is its latest step, `cached` that a one-shot cache program holds it open."""

    __slots__ = ("cached", "op")

    def __init__(self, op: Op) -> None:
        self.op = op
        self.cached = False


class CacheProgram:
    """An open cache program; `op` is the latest of it."""

    __slots__ = ("op",)

    def __init__(self, op: Op) -> None:
        self.op = op


class Die:
    """A die: planes, blocks, what runs, what is suspended, what is open.

    `mask` is the union of what all states of the whole die forbid. `flight` lists erases and page-advancing programs
    from their start to their true end. `watch` lists status reads under way, `seen` the moment up to which their value
    has been watched.
    """

    __slots__ = (
        "cache_program",
        "cells",
        "flight",
        "kinds",
        "last",
        "latch",
        "mask",
        "on",
        "planes",
        "running",
        "seen",
        "shot",
        "stacks",
        "watch",
    )

    def __init__(self, planes: int, blocks: int) -> None:
        self.planes = [Plane() for _ in range(planes)]
        self.kinds = [GOOD] * blocks
        self.cells = [0] * blocks
        self.last = [-1] * blocks
        self.running: list[Op] = []
        self.flight: list[Op] = []
        self.stacks: tuple[list[Op], list[Op]] = ([], [])
        self.on = [False, False]
        self.shot: Shot | None = None
        self.latch = ""
        self.cache_program: CacheProgram | None = None
        self.mask = 0
        self.watch: list[Op] = []
        self.seen = 0

    def plane_word(self, plane: int, time: int) -> str:
        """The state of a plane at a moment, like ERASE.CORE_BUSY."""
        seg = self.planes[plane].seg
        if seg is None:
            return "DEFAULT"
        if time >= seg.end:
            return f"{seg.kind.base}.END"
        if time < seg.core:
            return f"{seg.kind.base}.ISSUE"
        if time < seg.data:
            return f"{seg.kind.base}.CORE_BUSY"
        return f"{seg.kind.base}.{seg.kind.states[seg.kind.data_state]}"
