"""Where a fault is made, and what it comes to.

A maker gets a `Site` and gives a `Fault`, or None where it cannot be made there. `expected` names rules of which at
least one is broken for certain, by the way in which the fault was made; empty means that the referee decides.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from tests.mutation.history import History, Row

AFTER = 7
"""Rows of a window after its fault."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, the rows of the window with the fault in them, and the rules that are broken for certain."""

    what: str
    rows: tuple[Row, ...]
    expected: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Site:
    """A place for a fault: row `at` of a history whose window begins with row `low`."""

    history: History
    low: int
    at: int
    rng: random.Random

    @property
    def row(self) -> Row:
        """The row that is changed."""
        return self.history.rows[self.at]

    @property
    def base(self) -> str:
        """The base of that row."""
        return self.history.name(self.row).base.name

    @property
    def near(self) -> tuple[Row, ...]:
        """The window's rows as they are."""
        return self.history.rows[self.low : self.at + AFTER]

    def rows(self, *own: Row, upto: int | None = None) -> tuple[Row, ...]:
        """The window with other rows in place of its own."""
        rows = self.history.rows
        end = self.at + AFTER if upto is None else upto
        return (*rows[self.low : self.at], *own, *rows[self.at + 1 : end])

    def fault(self, what: str, own: Row, *expected: str) -> Fault:
        """The window with one row changed."""
        return Fault(what, self.rows(own), frozenset(expected))


Maker = Callable[[Site], Fault | None]
