"""Labels of the constraints of an outline, and a logic that states only some of them."""

from __future__ import annotations

from typing import Any

from planner.window.logic import Lit, Logic

STRUCTURE = "structure"
"""The label of what is neither rule nor statement."""


def said_of(kind: str, what: int | str) -> str:
    """The label of something that the user says: a statement (by number), the place or a cut of an operation (key)."""
    return f"said|{kind}|{what}"


class Selective(Logic):
    """A logic that states only the constraints of some labels (None: of all), and notes which labels there are."""

    def __init__(self, horizon: int, only: frozenset[str] | None) -> None:
        super().__init__(horizon)
        self._only = only
        self.labels: dict[str, None] = {}

    def states(self, label: str) -> bool:
        """Whether the constraints of a label are stated; it is noted."""
        self.labels[label] = None
        return self._only is None or label == STRUCTURE or label in self._only

    def _conditions(self, given: tuple[Lit, ...]) -> list[Any] | None:
        return super()._conditions(given) if self.states(self.rule) else None
