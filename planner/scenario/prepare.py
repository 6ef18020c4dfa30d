"""Operations that bring blocks into the state that a scenario needs: erases and programs before it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from model.addresses import SLC_LIKE
from model.device import Device
from model.geometry import planes_in
from planner.scenario.acts import PREREQUISITE
from planner.scenario.addresses import Need, NotPlanned
from planner.window.spec import OpSpec

WINDOW = 60
"""Operations of one window of preparations."""
_ONESHOT = ("ONESHOT_PROGRAM_LSB", "ONESHOT_PROGRAM_CSB", "ONESHOT_PROGRAM_MSB_23H")


class Preparer:
    """Finds op_names for preparations; `banned` op_names are not used."""

    def __init__(self, device: Device, banned: frozenset[int] = frozenset()) -> None:
        self._device = device
        self._banned = banned

    def windows(self, needs: Sequence[Need]) -> Iterator[tuple[OpSpec, ...]]:
        """The preparations in windows of given order, no chain torn apart. NotPlanned: there is no op_name."""
        ops: list[OpSpec] = []
        for chain in self._chains(needs):
            if len(ops) + len(chain) > WINDOW:
                yield tuple(ops)
                ops = []
            ops += chain
        if ops:
            yield tuple(ops)

    def _chains(self, needs: Sequence[Need]) -> Iterator[list[OpSpec]]:
        for need in needs:
            for mask in self._masks("ERASE", self._erased_as(need.celltype), need.planes):
                yield [self._op("ERASE", self._erased_as(need.celltype), need, mask, 0)]
        pending = [(need, page) for need in needs for page in range(need.last + 1)]
        for need, page in sorted(pending, key=lambda pair: pair[1]):
            if self._has("PROGRAM_SLC", need.celltype):
                for mask in self._masks("PROGRAM_SLC", need.celltype, need.planes):
                    yield [self._op("PROGRAM_SLC", need.celltype, need, mask, page)]
            else:
                for mask in self._masks(_ONESHOT[0], need.celltype, need.planes):
                    yield [self._op(base, need.celltype, need, mask, page) for base in _ONESHOT]

    def _names(self, base: str, celltype: int, multi: bool) -> list[int]:
        catalogue = self._device.catalogue
        if base not in catalogue.base_index:
            return []
        return [
            name
            for name in catalogue.base(base).names
            if catalogue.names[name].celltype == celltype
            and catalogue.names[name].multi == multi
            and name not in self._banned
        ]

    def _has(self, base: str, celltype: int) -> bool:
        return bool(self._names(base, celltype, False) or self._names(base, celltype, True))

    def _masks(self, base: str, celltype: int, planes: int) -> list[int]:
        """The planes of each operation: all at once where an op_name can, else one by one."""
        if planes.bit_count() > 1 and self._names(base, celltype, True):
            most = self._device.policies.maxplanes
            if planes.bit_count() <= most:
                return [planes]
        return [1 << plane for plane in planes_in(planes)]

    def _op(self, base: str, celltype: int, need: Need, mask: int, page: int) -> OpSpec:
        names = self._names(base, celltype, mask.bit_count() > 1)
        if not names:
            kind = self._device.celltypes[celltype]
            raise NotPlanned(f"no operation of base {base} for celltype {kind} may be used to prepare a block")
        return OpSpec(names[0], need.die, (mask,), (need.row,), (page,), source=PREREQUISITE)

    def _erased_as(self, celltype: int) -> int:
        names = self._device.celltypes
        if names[celltype] in SLC_LIKE and "SLC" in names:
            return names.index("SLC")
        return celltype
