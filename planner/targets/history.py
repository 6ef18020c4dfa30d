"""What has been issued so far: the counts by which the chooser favours what was used least."""

from __future__ import annotations

from dataclasses import dataclass

from model.device import Device
from model.event import NOTHING, Commands, Ints


@dataclass(slots=True)
class History:
    """Counts of issued operations: `names` by op_name, `at_names` and `at_bases` by the op_state aimed at, too.

    These two are flat: entry (op_state + 1) * n + i of n op_names or bases; op_state NOTHING (-1) comes first. The
    counts grow in place.
    """

    names: list[int]
    at_names: list[int]
    at_bases: list[int]
    base_of: list[int]
    bases: int
    total: int = 0

    @staticmethod
    def empty(device: Device) -> History:
        """Nothing issued yet."""
        catalogue, states = device.catalogue, len(device.op_states) + 1
        return History(
            names=[0] * len(catalogue.names),
            at_names=[0] * (states * len(catalogue.names)),
            at_bases=[0] * (states * len(catalogue.bases)),
            base_of=[name.base.index for name in catalogue.names],
            bases=len(catalogue.bases),
        )

    def count(self, name: int, aim: int, times: int = 1) -> None:
        """One operation more, issued in the op_state `aim` (NOTHING: none)."""
        self.total += times
        names = self.names
        names[name] += times
        self.at_names[(aim + 1) * len(names) + name] += times
        self.at_bases[(aim + 1) * self.bases + self.base_of[name]] += times

    def recorded(self, commands: Commands, aim: Ints | None = None) -> History:
        """These counts, with the operations of a window in them; `aim` is the chunk's column."""
        aims = [NOTHING] * len(commands) if aim is None else aim.tolist()
        for name, state in zip(commands.op.tolist(), aims, strict=True):
            self.count(name, state)
        return self

    def base_at(self, base: int, aim: int) -> int:
        """How often a base was issued in an op_state."""
        return self.at_bases[(aim + 1) * self.bases + base]
