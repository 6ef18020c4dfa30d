"""What a scenario says, as values: wanted operations and statements about them. Times in ticks."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

MOMENTS = ("start", "issue_end", "core_end", "end")
BEGIN, FINISH = "begin", "finish"
"""The start of the first operation of a repetition, and the end of the last one."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in the scenario: line and column from 1, and its words."""

    file: str
    line: int
    column: int
    words: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class PointRef:
    """A moment of an operation: `act` is its key (`pgm`, `rd.2`, `pgm.resume.1`), `piece` from 1, 0 = the whole.

    `act` BEGIN or FINISH has no moment.
    """

    act: str
    moment: str = "start"
    piece: int = 0

    def __str__(self) -> str:
        if self.act in (BEGIN, FINISH):
            return self.act
        return f"{self.act}{f'.piece.{self.piece}' if self.piece else ''}.{self.moment}"


@dataclass(frozen=True, slots=True)
class Offset:
    """A range of a state: ticks after its beginning or, where `share`, fractions of its planned length.

    `open_end`: the last value does not belong to it (a bin).
    """

    lo: Fraction
    hi: Fraction
    share: bool
    open_end: bool = False


@dataclass(frozen=True, slots=True)
class Inside:
    """Where an operation is issued: in a state, or in a suspension, of operation `of`.

    `piece`, `suspension`, `bin`: a number, EACH (the i-th of several operations takes the i-th), or None.
    """

    of: str
    place: Place
    state: str = "CORE_BUSY"
    piece: int | None = None
    suspension: int | None = None
    offset: Offset | None = None
    bin: int | None = None


EACH = -1
"""The i-th of several operations takes the i-th."""


@dataclass(frozen=True, slots=True)
class Cut:
    """One suspension of an operation: where in its piece, and what it is sent with (op_names by index)."""

    offset: Offset | None
    place: Place
    suspends: tuple[int, ...] = ()
    resumes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Related:
    """An address that is the one of another operation (`same`), or is not."""

    to: str
    same: bool
    place: Place


@dataclass(frozen=True, slots=True)
class Wanted:
    """Operations that must happen: `count` of one of `names` (op_names by index). None and empty: free."""

    id: str
    names: tuple[int, ...]
    place: Place
    count: int = 1
    die: int | Related | None = None
    planes: tuple[int, ...] = ()
    plane_count: int = 0
    block: int | Related | None = None
    page: int | Related | None = None
    inside: Inside | None = None
    cuts: tuple[Cut, ...] = ()
    delivers: str = ""
    delivered: bool = True

    @property
    def keys(self) -> tuple[str, ...]:
        """What its operations are called."""
        if self.count == 1:
            return (self.id,)
        return tuple(f"{self.id}.{i}" for i in range(1, self.count + 1))


@dataclass(frozen=True, slots=True)
class Distance:
    """`least` <= `to` - `start` <= `most`, in ticks; None: not limited on this side."""

    start: PointRef
    to: PointRef
    least: int | None
    most: int | None
    place: Place


@dataclass(frozen=True, slots=True)
class Quiet:
    """No ISSUE of any operation overlaps [start, to)."""

    start: PointRef
    to: PointRef
    place: Place


@dataclass(frozen=True, slots=True)
class Never:
    """Operations that must not be issued: at all, or not in states (base, state) by index; `die` None: on any."""

    names: frozenset[int]
    states: tuple[tuple[int, int], ...]
    die: int | None
    place: Place


Statement = Distance | Quiet | Never


@dataclass(frozen=True, slots=True)
class Scenario:
    """A whole scenario. `listed`: the operations of a die start in the order in which they stand.

    `rounds`: the first of each operation, then the second of each, and so on. `minimize`: `time`, `operations` or
    empty.
    """

    title: str
    file: str
    wanted: tuple[Wanted, ...]
    statements: tuple[Statement, ...] = ()
    listed: bool = True
    rounds: bool = False
    repeat: int = 1
    minimize: str = ""
    order_place: Place = field(default_factory=lambda: Place("", 0, 0, "the order of the operations"))
