"""What a die remembers of goals that it could not gain."""

from __future__ import annotations

from planner.targets.closing.atlas import Way
from planner.targets.closing.sets import bits
from planner.targets.closing.stock import Learnt


class Memory:
    """What a die remembers from window to window: goals that could not be gained, and for how long they are put off."""

    def __init__(self) -> None:
        self.searches = 0
        self.hits = 0
        self.learnt = Learnt()
        self._open: tuple[Way, int] | None = None
        self._fails: dict[tuple[int, int], int] = {}
        self._until: dict[tuple[int, int], int] = {}

    def bar(self, goal: Way) -> None:
        """The goal was not gained: it is put off, longer each time."""
        for base in bits(goal.wanted):
            at = goal.key, base
            fails = self._fails[at] = self._fails.get(at, 0) + 1
            self._until[at] = self.searches + min(2**fails, 512)

    def arrived(self, goal: Way | None, hits: int) -> None:
        """A way came to its end when so many cells had been hit: there should be more before the next search."""
        self._open = None if goal is None else (goal, hits)

    def searching(self, hits: int) -> None:
        """The next way is looked for: the goal of the last one is put off if nothing was gained there."""
        if self._open is not None:
            goal, before = self._open
            if hits == before:
                self.bar(goal)
            else:
                for base in bits(goal.wanted):
                    self._fails.pop((goal.key, base), None)
        self._open = None
        self.searches += 1

    def barred(self) -> dict[int, int]:
        """Per key the bases that are put off now."""
        found: dict[int, int] = {}
        for (key, base), until in self._until.items():
            if until > self.searches:
                found[key] = found.get(key, 0) | 1 << base
        return found

    def relent(self) -> bool:
        """Puts off nothing any more; False where nothing was."""
        had = any(until > self.searches for until in self._until.values())
        self._until.clear()
        return had
