"""The whole device state at a cut between two windows: everything that decides what may come next.

All values are frozen; block arrays are shared between boundaries and copied before they are changed. Times are
absolute ticks, planes are masks, bases, op_names and celltypes are indices.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from model.event import NOTHING

if TYPE_CHECKING:
    from model.device import Device

GOOD, BAD, ERASED, PROGRAMMED, UNDEFINED = range(5)
"""Kinds of block: never erased, never to be used, erased, programmed up to its last page, cut by a reset."""


@dataclass(frozen=True, slots=True)
class Register:
    """What a plane's data or cache register holds.

    `base` is that of the read that filled it, `planes` are all payload planes of that read, `ready` is the tick at
    which the read leaves CORE_BUSY; from then on the plane holds undelivered data until `delivered`.
    """

    op_uid: int
    base: int
    row: int
    page: int
    celltype: int
    planes: int
    ready: int
    delivered: bool


@dataclass(frozen=True, slots=True)
class CacheRead:
    """The latest cache read of a plane; there until the operation that ends the cache reads has ended."""

    base: int
    planes: int
    row: int
    page: int
    celltype: int


@dataclass(frozen=True, slots=True)
class PlaneState:
    """A plane: base of the last segment begun (NOTHING = unused), its two registers, its open cache read.

    `last_name` is the op_name of that segment (NOTHING where only the base is known).
    """

    last: int = NOTHING
    data: Register | None = None
    cache: Register | None = None
    cache_read: CacheRead | None = None
    last_name: int = NOTHING


@dataclass(frozen=True, slots=True)
class LiveOp:
    """An operation that has started and not ended.

    Running: `fragment` began at `piece_start` with `remaining` ticks of CORE_BUSY before it (fragment 0 begins with
    ISSUE, later ones with CORE_BUSY) and is planned to end at `end`. Suspended: `fragment` is the one that was cut,
    `piece_start` and `end` are the cut, `remaining` is what was left of CORE_BUSY then.
    """

    op_uid: int
    name: int
    die: int
    planes: int
    row: int
    page: int
    celltype: int
    start: int
    fragment: int
    piece_start: int
    remaining: int
    end: int


@dataclass(frozen=True, slots=True)
class Shot:
    """An open one-shot chain: its latest step begun and when it ends, its address, and what is set by it.

    `latch` is the base of the step whose latch is on (NOTHING = none); `cached` says that ON_ONESHOT_CACHE_PROGRAM
    is set.
    """

    copyback: bool
    step: int
    planes: int
    row: int
    page: int
    celltype: int
    cached: bool
    latch: int
    ends: int


@dataclass(frozen=True, slots=True)
class CacheProgram:
    """An open cache program: its block, and the page of the latest one begun."""

    planes: int
    row: int
    page: int
    celltype: int


@dataclass(frozen=True, slots=True)
class DieState:
    """A die. `running`: state-affecting or holding, not yet ended; `suspended`: oldest first, from the cut on."""

    planes: tuple[PlaneState, ...]
    running: tuple[LiveOp, ...] = ()
    suspended: tuple[LiveOp, ...] = ()
    shot: Shot | None = None
    cache_program: CacheProgram | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Blocks:
    """Life of every block, shape [dies, blocks]: kind, celltype (0 where none), last page (-1 where none)."""

    kind: npt.NDArray[np.int8]
    celltype: npt.NDArray[np.int8]
    last: npt.NDArray[np.int16]

    def copy(self) -> Blocks:
        """Arrays of its own, to be changed."""
        return Blocks(self.kind.copy(), self.celltype.copy(), self.last.copy())

    __hash__ = None  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Blocks):
            return NotImplemented
        return (
            np.array_equal(self.kind, other.kind)
            and np.array_equal(self.celltype, other.celltype)
            and np.array_equal(self.last, other.last)
        )


@dataclass(frozen=True, slots=True)
class Boundary:
    """The device at `time`, before anything that starts then.

    `passing` are operations that hold nothing and have not ended (a DOUT in its ISSUE, say); empty when `time` is
    not before the end of any ISSUE.
    """

    time: int
    next_op_uid: int
    odt_disabled: bool
    dies: tuple[DieState, ...]
    blocks: Blocks
    passing: tuple[LiveOp, ...] = ()

    @staticmethod
    def fresh(device: Device) -> Boundary:
        """A device that nothing has happened to: unused planes, all blocks good but the bad ones."""
        geometry = device.geometry
        shape = (geometry.dies, geometry.blocks)
        kind = np.zeros(shape, dtype=np.int8)
        for die, block in device.bad_blocks:
            kind[die, block] = BAD
        blocks = Blocks(kind, np.zeros(shape, dtype=np.int8), np.full(shape, -1, dtype=np.int16))
        idle = DieState(planes=(PlaneState(),) * geometry.planes)
        return Boundary(0, 1, False, (idle,) * geometry.dies, blocks)

    def horizon(self) -> int:
        """The tick up to which every span is settled: before the pieces that are still open, and before `time`."""
        opened = [live.piece_start for die in self.dies for live in die.running]
        opened += [live.piece_start for live in self.passing]
        return min([self.time, *opened])
