"""The fewest operations that hit cells of a tiny device, by brute force over all its legal histories."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Any

import numpy as np

from model.config import Config
from model.judge.replay import Replay
from model.operations import OpName
from tests.targets.explore import Cell, Explorer, Payload, _key


class Fewest(Explorer):
    """A search in order of operations: letting time pass costs nothing, an operation costs one."""

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self._noted: list[tuple[OpName, frozenset[Cell]]] = []

    def _note(self, replay: Replay, name: OpName, payload: Payload, now: int) -> None:
        """Keeps what this operation alone hits."""
        self.hits = set()
        super()._note(replay, name, payload, now)
        self._noted.append((name, frozenset(self.hits)))

    def singles(self, most: int) -> dict[Cell, int]:
        """Of every cell that can be hit, the fewest operations; AssertionError: there are more states than that."""
        fewest: dict[Cell, int] = {}

        def seen(cells: frozenset[Cell], cost: int) -> None:
            for cell in cells:
                fewest[cell] = min(fewest.get(cell, cost), cost)

        self._search((), most, seen)
        return fewest

    def together(self, wanted: Sequence[Cell], most: int) -> int | None:
        """The fewest operations that hit all of these cells; None where no history does."""
        best: list[int] = []
        self._search(tuple(wanted), most, lambda _cells, _cost: None, best)
        return best[0] if best else None

    def _search(self, wanted: tuple[Cell, ...], most: int, seen: Any, best: list[int] | None = None) -> None:
        bit = {cell: 1 << i for i, cell in enumerate(wanted)}
        everything = (1 << len(wanted)) - 1
        start = (self._dump(self._first), 0, 1)
        cost = {(_key(self._first._replay, 0), 0): 0}
        pending = deque([(start, (_key(self._first._replay, 0), 0), 0)])
        done = set()
        while pending:
            (saved, now, uid), node, spent = pending.popleft()
            if node in done:
                continue
            done.add(node)
            assert len(done) <= most, f"more than {most} states"
            if best is not None and node[1] == everything:
                best.append(spent)
                return
            self._noted.clear()
            for judge, until, fed in self._following(saved, now, uid):
                self._still(pending, cost, (saved, now, uid), node, spent, bit, seen, but_last=bool(fed))
                cells = self._noted[-1][1] if fed else frozenset()
                self._noted.clear()
                seen(cells, spent + fed)
                have = node[1] | sum(bit.get(cell, 0) for cell in cells)
                following = (_key(judge._replay, until), have)
                if cost.get(following, spent + fed + 1) > spent + fed:
                    cost[following] = spent + fed
                    item = ((self._dump(judge), until, uid + fed), following, spent + fed)
                    (pending.append if fed else pending.appendleft)(item)
            self._still(pending, cost, (saved, now, uid), node, spent, bit, seen, but_last=False)

    def _still(
        self, pending: Any, cost: Any, at: Any, node: Any, spent: int, bit: Any, seen: Any, *, but_last: bool
    ) -> None:
        """Operations that change nothing: they cost one, and the device stays as it is."""
        for _, cells in self._noted[: -1 if but_last else None]:
            seen(cells, spent + 1)
            have = node[1] | sum(bit.get(cell, 0) for cell in cells)
            following = (node[0], have)
            if have != node[1] and cost.get(following, spent + 2) > spent + 1:
                cost[following] = spent + 1
                pending.append((at, following, spent + 1))


def mask(shape: tuple[int, ...], cells: Sequence[Cell]) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """These cells as a mask."""
    result = np.zeros(shape, dtype=np.bool_)
    for cell in cells:
        result[cell] = True
    return result
