"""Counts by number: sparse, exact, and without a Python step per operation."""

from __future__ import annotations

import numpy as np

from model.event import Ints

ROOM = 1 << 18


class Tally:
    """How often each key (a non-negative int) was added. Memory: the distinct keys and a fixed room."""

    def __init__(self) -> None:
        self._keys = np.zeros(0, dtype=np.int64)
        self._counts = np.zeros(0, dtype=np.int64)
        self._new: list[Ints] = []
        self._waiting = 0

    def add(self, keys: Ints) -> None:
        """Counts every key once per occurrence."""
        self._new.append(keys)
        self._waiting += len(keys)
        if self._waiting > max(ROOM, len(self._keys)):
            self._merge()

    def sorted(self) -> tuple[Ints, Ints]:
        """All keys, ascending, and their counts."""
        self._merge()
        return self._keys, self._counts

    def _merge(self) -> None:
        keys = np.concatenate([self._keys, *self._new])
        counts = np.ones(len(keys), dtype=np.int64)
        counts[: len(self._counts)] = self._counts
        self._keys, back = np.unique(keys, return_inverse=True)
        self._counts = np.zeros(len(self._keys), dtype=np.int64)
        np.add.at(self._counts, back, counts)
        self._new, self._waiting = [], 0
