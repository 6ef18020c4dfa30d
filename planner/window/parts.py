"""The parts of a window: operations with their runs, and the events of fluents."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from model.event import NOTHING
from model.operations import Base, OpName
from planner.window.logic import IntVar, Lit, Point
from planner.window.spec import Moment

Number = IntVar | int
FAR = 1 << 60
"""A position that no operation has."""


@dataclass(slots=True, eq=False)
class Run:
    """One stay of an operation in a state after ISSUE: [start, end), cut short by the operations in `cut_by`.

    `state` is the index of the state, `core` tells whether it is CORE_BUSY.
    """

    state: int
    core: bool
    start: Point
    end: Point
    present: Lit = True
    fragment: int = 0
    cut_by: list[tuple[Op, Lit]] = field(default_factory=list)
    opened_from: int = NOTHING
    closed_from: int = FAR


@dataclass(slots=True, eq=False)
class Op:
    """One operation of the window. `pos` is its place in the window; `mask` and `targets` are plane masks, or None
    where they are open and `on` says per plane whether the payload names it.

    `completes`: it comes to its own end; `stays`: it is suspended for good; `stopped`: a reset ends it in its ISSUE.
    """

    pos: int
    name: OpName
    base: Base
    die: int
    start: Point
    mask: int | None
    targets: int | None
    on: tuple[Lit, ...]
    row: Number
    page: Number
    celltype: int
    new: bool = True
    index: int = NOTHING
    op_uid: int = NOTHING
    runs: list[Run] = field(default_factory=list)
    core_end: Point | None = None
    end: Point | None = None
    left: Number = 0
    completes: Lit = True
    stays: Lit = False
    stopped: Lit = False
    aborted: list[tuple[Op, Lit]] = field(default_factory=list)
    # what the order of the data says
    host: Op | None = None
    host_run: Run | None = None
    live: tuple[Op, ...] = ()
    waiting: tuple[Op, ...] = ()
    ends_plane: list[Op] = field(default_factory=list)
    ends_die: list[Op] = field(default_factory=list)
    takes_over: list[tuple[Op, Lit]] = field(default_factory=list)
    ended_from: int = FAR
    suspended: list[tuple[int, int]] = field(default_factory=list)
    victim: list[tuple[Op, Lit]] = field(default_factory=list)
    resumes: list[tuple[Op, Lit]] = field(default_factory=list)
    still_suspended: Lit = False
    rests: list[tuple[Op, int, Lit, Point]] = field(default_factory=list)
    """Where the order is open: (victim, fragment, literal, cut) of the rests that it ends, or that it takes itself."""

    @property
    def issue_end(self) -> Point:
        """The end of ISSUE."""
        return self.start.plus(self.name.issue)

    def target(self, plane: int) -> Lit:
        """Whether the plane is one of the target planes."""
        if self.targets is None:
            return self.on[plane]
        return bool(self.targets >> plane & 1)

    def payload(self, plane: int) -> Lit:
        """Whether the payload names the plane."""
        if self.mask is None:
            return self.on[plane]
        return bool(self.mask >> plane & 1)


@dataclass(slots=True, eq=False)
class Event:
    """From a moment of an operation on (None: from the beginning), where `applies`, a fluent has a value."""

    op: Op | None
    moment: Moment
    value: Any
    applies: Lit = True
