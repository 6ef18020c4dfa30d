"""What has been issued so far: the counts by which the chooser favours what was used least."""

from __future__ import annotations

from dataclasses import dataclass, field

from model.device import Device
from model.event import NOTHING, Commands, Ints


@dataclass(slots=True)
class History:
    """Counts of issued operations: `names` by op_name, `bases` by base, and both by the op_state that was aimed at.

    `at_names` is keyed by (op_state + 1) * number of op_names + op_name, `at_bases` likewise; op_state 0 - 1 stands
    for none. The counts grow in place.
    """

    names: list[int]
    bases: list[int]
    base_of: list[int]
    at_names: dict[int, int] = field(default_factory=dict)
    at_bases: dict[int, int] = field(default_factory=dict)
    total: int = 0

    @staticmethod
    def empty(device: Device) -> History:
        """Nothing issued yet."""
        catalogue = device.catalogue
        return History(
            names=[0] * len(catalogue.names),
            bases=[0] * len(catalogue.bases),
            base_of=[name.base.index for name in catalogue.names],
        )

    def count(self, name: int, aim: int, times: int = 1) -> None:
        """One operation more, issued in the op_state `aim` (NOTHING: none)."""
        base = self.base_of[name]
        self.total += times
        self.names[name] += times
        self.bases[base] += times
        key = (aim + 1) * len(self.names) + name
        self.at_names[key] = self.at_names.get(key, 0) + times
        key = (aim + 1) * len(self.bases) + base
        self.at_bases[key] = self.at_bases.get(key, 0) + times

    def recorded(self, commands: Commands, aim: Ints | None = None) -> History:
        """These counts, with the operations of a window in them; `aim` is the chunk's column."""
        aims = [NOTHING] * len(commands) if aim is None else aim.tolist()
        for name, state in zip(commands.op.tolist(), aims, strict=True):
            self.count(name, state)
        return self

    def base_at(self, base: int, aim: int) -> int:
        """How often a base was issued in an op_state."""
        return self.at_bases.get((aim + 1) * len(self.bases) + base, 0)

    def name_at(self, name: int, aim: int) -> int:
        """How often an op_name was issued in an op_state."""
        return self.at_names.get((aim + 1) * len(self.names) + name, 0)
