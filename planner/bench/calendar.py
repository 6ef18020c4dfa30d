"""The IO bus as a calendar: when it is taken, and when it is free for somebody."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Sequence


class Bus:
    """Closed-open intervals, taken one after the other, that do not overlap."""

    def __init__(self) -> None:
        self._taken: list[tuple[int, int]] = []

    def first(self, time: int, length: int) -> int:
        """The earliest tick from `time` on from which it is free for so long."""
        taken = self._taken
        at = bisect_right(taken, (time, 1 << 62))
        if at and taken[at - 1][1] > time:
            time = taken[at - 1][1]
        while at < len(taken) and taken[at][0] < time + length:
            time = max(time, taken[at][1])
            at += 1
        return time

    def first_of_all(self, time: int, pieces: Sequence[tuple[int, int]]) -> int:
        """The earliest tick from `time` on at which it is free for pieces (offset, length) together."""
        while True:
            before = time
            for offset, length in pieces:
                time = self.first(time + offset, length) - offset
            if time == before:
                return time

    def take(self, time: int, length: int) -> None:
        """It is taken in [time, time + length), which must be free."""
        if length:
            insort(self._taken, (time, time + length))

    def forget(self, time: int) -> None:
        """What ended at or before a time is not asked for any more."""
        self._taken = [(begin, end) for begin, end in self._taken if end > time]
