"""What the dies of a window share while the chooser walks them."""

from __future__ import annotations

from dataclasses import dataclass, field

from model.device import Device
from model.event import NOTHING
from planner.targets.picker import Picker
from planner.targets.tables import Tables
from planner.window.spec import OpSpec


@dataclass(slots=True)
class Asked:
    """What the dies of a window share: the operations asked for, and the bus as far as it is fixed in time.

    `starts` are the estimated starts of the operations: legal on each die taken for itself. `fence` is the operation
    behind which every die goes on.
    """

    device: Device
    tables: Tables
    picker: Picker
    floor: int
    ops: list[OpSpec] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    pinned: list[tuple[int, int, int]] = field(default_factory=list)
    bus_time: int = 0
    fence: int = NOTHING

    def claim(self, base: int, low: int, high: int) -> bool:
        """Takes the bus for an operation of a base that starts within [low, high] whatever the solver decides.

        False where it cannot come before or after some other such operation.
        """
        length = self.tables.longest_issue[base]
        for other_low, other_high, other_length in self.pinned:
            if low + length > other_high and other_low + other_length > high:
                return False
        self.pinned.append((low, high, length))
        return True
