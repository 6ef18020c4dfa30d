"""What became of the operations of a sequence that was made legal, and the room that the user leaves them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from model.boundary import Boundary
from model.judge import Finding
from planner.scenario.rows import Row

KEPT, MOVED, CHANGED, INSERTED, TAKEN_OUT = "kept", "moved", "changed", "inserted", "taken out"


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one operation: `was` and `now` in ticks (None: it was not, or is not there), and why."""

    what: str
    op: int
    origin: int
    was: int | None
    now: int | None
    rules: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Repaired:
    """A legal sequence: its rows, and what was changed. `unchanged`: nothing was.

    `left` is what the judge still finds: something that is open at the end and nothing closes.
    """

    rows: tuple[Row, ...]
    changes: tuple[Change, ...]
    boundary: Boundary
    left: tuple[Finding, ...] = ()

    @property
    def unchanged(self) -> bool:
        """Whether the sequence was legal already."""
        return all(change.what == KEPT for change in self.changes)


@dataclass(frozen=True, slots=True)
class Room:
    """When an operation may start for other reasons than rules; None: no limit. `why` names them."""

    low: int | None = None
    high: int | None = None
    why: str = ""

    def has(self, time: int) -> bool:
        """Whether a time is in it."""
        return (self.low is None or time >= self.low) and (self.high is None or time <= self.high)


Rooms = Callable[[Row, Sequence[Row]], Room]
"""The room of an operation, once others are placed."""
EVERYWHERE = Room()
