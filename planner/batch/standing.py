"""How far a campaign is, for those who watch it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(slots=True)
class Standing:
    """Counts of a campaign under way. `fresh`: runs done since it was started or resumed, `began` (seconds) then.

    `covered`: the share of the cells that count, None where no goal is known; `cells`: the cells that were hit.
    """

    total: int
    done: int = 0
    failed: int = 0
    again: int = 0
    operations: int = 0
    fresh: int = 0
    fresh_operations: int = 0
    cells: int = 0
    covered: float | None = None
    began: float = 0.0


Observer = Callable[[Standing], None]
"""Is told after everything that happens, and at least once per second."""
