"""What a window is asked for: operations with domains for every decision.

*Tight*: every tuple of candidates has one element and the operations of a die are in their order of start.
*Loose*: a given multiset of operations, order, planes, blocks, pages and starts open. One builder serves both.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from model.event import NOTHING


class Moment(IntEnum):
    """A point in the life of an operation."""

    START = 0
    ISSUE_END = 1
    CORE_END = 2
    END = 3


@dataclass(frozen=True, slots=True)
class After:
    """The operation starts at least `gap` ticks after a moment of operation `op` (an index into the window)."""

    op: int
    moment: Moment
    gap: int = 0


@dataclass(frozen=True, slots=True)
class Inside:
    """The operation starts inside the current piece of a state of operation `op`.

    The offset from the piece's start lies in [lo, hi] ticks. `op` is an index into the window's operations, or
    -1 - k for the k-th of the running, then the suspended, operations of the die in the boundary. `state` is the
    index of the state.
    """

    op: int
    state: int
    lo: int
    hi: int


@dataclass(frozen=True, slots=True)
class OpSpec:
    """One wanted operation. `planes`, `rows` and `pages` are candidates: payload plane masks, block rows, pages.

    It starts within [`earliest`, `latest`] (absolute ticks; None: the window's room).

    `wish` operations may be dropped when the window does not fit: nothing else depends on them.
    """

    name: int
    die: int = NOTHING
    planes: tuple[int, ...] = (0,)
    rows: tuple[int, ...] = ()
    pages: tuple[int, ...] = ()
    after: tuple[After, ...] = ()
    inside: Inside | None = None
    earliest: int | None = None
    latest: int | None = None
    source: int = 0
    aim: int = NOTHING
    wish: bool = False


@dataclass(frozen=True, slots=True)
class WindowSpec:
    """The operations of a window and its room in time (absolute ticks): no start before `floor` or after `ceiling`.

    `drained` windows end with nothing suspended, undelivered or open.
    """

    ops: tuple[OpSpec, ...]
    ordered: bool
    floor: int
    ceiling: int
    drained: bool = False
