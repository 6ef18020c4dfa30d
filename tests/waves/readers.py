"""Waves and traces read by others than those who wrote them."""

from __future__ import annotations

import bisect
from pathlib import Path

from vcdvcd import VCDVCD

IDLE = "idle"


class _Reader(VCDVCD):  # type: ignore[misc]
    """vcdvcd, which also takes `string` variables: their changes have the form of those of a vector."""

    _VECTOR_VALUE_CHANGE = VCDVCD._VECTOR_VALUE_CHANGE | {"s"}


class Wave:
    """A value change dump: a signal by its path, its value at a time, its changes."""

    def __init__(self, path: Path) -> None:
        self._read = _Reader(str(path))
        self.seconds_per_tick = self._read.timescale["timescale"]
        self.names = list(self._read.references_to_ids)
        self.end = self._read.endtime

    def changes(self, name: str) -> list[tuple[int, str]]:
        """All changes of a signal, vectors as decimal numbers; each in order of time."""
        number = name.endswith("op_uid")
        return [(time, str(int(value, 2)) if number else value) for time, value in self._read[name].tv]

    def at(self, name: str, time: int) -> str:
        """The value of a signal at a time."""
        changes = self.changes(name)
        return changes[bisect.bisect_right([moment for moment, _ in changes], time) - 1][1]

    def spells(self, name: str, idle: str) -> list[tuple[int, int, str]]:
        """From when to when a signal was anything but idle."""
        changes = self.changes(name)
        ends = [time for time, _ in changes[1:]] + [self.end]
        return [(time, end, value) for (time, value), end in zip(changes, ends, strict=True) if value != idle]
