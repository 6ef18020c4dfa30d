"""Makes: op_names of one base, celltype and number of planes, which only time can tell apart."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from model.device import Device
from model.plane_rules import NONE


@dataclass(frozen=True, slots=True)
class Make:
    """Op_names that no rule but those about time tells apart. `celltype` 0: that of the page addressed."""

    index: int
    base: int
    celltype: int
    multi: bool
    names: tuple[int, ...]

    def alike(self, other: Make) -> bool:
        """Whether both can work on one page and one set of planes."""
        return self.multi == other.multi and self.covers(other)

    def covers(self, other: Make) -> bool:
        """Whether the other can work on a page of this one, on some of its planes."""
        celltypes = (self.celltype, other.celltype, self.celltype - other.celltype)
        return self.multi >= other.multi and 0 in celltypes


class Makes:
    """All makes of some op_names of a device; `of_base[base]` are those of a base as a bit set."""

    def __init__(self, device: Device, names: Collection[int]) -> None:
        found: dict[tuple[int, int, bool], list[int]] = {}
        for name in device.catalogue.names:
            if name.index in names:
                found.setdefault((name.base.index, name.celltype, name.multi), []).append(name.index)
        self.all = tuple(Make(i, *key, tuple(members)) for i, (key, members) in enumerate(found.items()))
        self.of_name = {name: make.index for make in self.all for name in make.names}
        self.of_base = [0] * len(device.catalogue.bases)
        for make in self.all:
            self.of_base[make.base] |= 1 << make.index
        self.named = sum(1 << base for base, makes in enumerate(self.of_base) if makes)
        self._alike = [self._bits(make.alike) for make in self.all]
        self._recovers = [self._bits(make.covers) for make in self.all]

    def _bits(self, holds: Callable[[Make], bool]) -> int:
        return sum(1 << make.index for make in self.all if holds(make))

    def alike(self, make: int) -> int:
        """Those that may go on where a make began; all for an unknown one (NONE)."""
        return -1 if make == NONE else self._alike[make]

    def recovering(self, make: int) -> int:
        """Those that may read the page that a suspended program of a make was writing."""
        return -1 if make == NONE else self._recovers[make]
