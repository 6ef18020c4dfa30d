"""The run that a series begins with where the config wants a bootstrap."""

from __future__ import annotations

from planner.errors import UnusableInput
from planner.run import TRIES, OneRun
from planner.solve import Solved
from planner.streams import of_bootstrap, of_window
from planner.targets.bootstrap import Bootstrap

OPS = 80
"""Operations of a window."""


class BootstrapRun(OneRun):
    """A run from a fresh device that erases, programs and reads what the config's bootstrap asks for, no more."""

    _plan: Bootstrap | None = None

    def _full(self) -> bool:
        return False

    def _solved(self, drain: bool) -> tuple[Solved | None, int]:
        """The next window, solved, and no wishes dropped; None where all is done. UnusableInput: it cannot be."""
        if self._plan is None:
            self._plan = Bootstrap(self._device, self.boundary, of_bootstrap(self._seed, self._site, self.number))
        for attempt in range(TRIES):
            rng = of_window(self._seed, self._site, self.number, self._window, attempt)
            wanted = self._plan.window(self.boundary, rng, max(1, round(OPS * 0.6**attempt)))
            if not wanted.spec.ops and not self._plan.left:
                return None, 0
            solved = self._solve(wanted.spec) if wanted.spec.ops else None
            if solved is not None:
                self._plan.accept(wanted)
                return solved, 0
        place = self._config.at("bootstrap")
        raise UnusableInput(
            f"{place}: bootstrap: the exclusions leave no way to go on after {self._operations:,} operations;"
            f" {self._plan.left:,} steps are left"
        )
