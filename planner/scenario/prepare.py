"""Operations that bring blocks into the state that a scenario needs: erases and programs before it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from model.device import Device
from model.geometry import planes_in
from planner.scenario.acts import PREREQUISITE
from planner.scenario.blocks import Need, NotPlanned, erased_as
from planner.window.spec import OpSpec

_FILLS = "ALLWL_PROGRAM"
WINDOW = 60
"""Operations of one window of preparations."""
_ONESHOT = ("ONESHOT_PROGRAM_LSB", "ONESHOT_PROGRAM_CSB")
_ENDERS = ("ONESHOT_PROGRAM_MSB_23H", "ONESHOT_PROGRAM_EXEC_MSB")


class Preparer:
    """Finds op_names for preparations; `banned` ones (by die) are not used. `short`: a block may be filled at once."""

    def __init__(
        self, device: Device, banned: Mapping[int, frozenset[int]] | None = None, *, short: bool = False
    ) -> None:
        self._device = device
        self._short = short
        self._banned = banned or {}

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
            erased = erased_as(self._device, need.celltype)
            for mask in self._masks("ERASE", erased, need):
                yield [self._op("ERASE", erased, need, mask, 0)]
        pending = []
        for need in needs:
            filled = self._fills(need)
            pending += [(need, page) for page in range(0 if filled else need.last + 1)]
            for mask in self._masks(_FILLS, need.celltype, need) if filled else ():
                yield [self._op(_FILLS, need.celltype, need, mask, 0)]
        for need, page in sorted(pending, key=lambda pair: pair[1]):
            steps = self.steps(need.die, need.celltype)
            for mask in self._masks(steps[0], need.celltype, need):
                yield [self._op(base, need.celltype, need, mask, page) for base in steps]

    def _fills(self, need: Need) -> bool:
        """Whether the block is better filled at once."""
        multi = need.planes.bit_count() > 1
        able = bool(
            self._names(need.die, _FILLS, need.celltype, multi) or self._names(need.die, _FILLS, need.celltype, False)
        )
        return self._short and not need.exactly and need.last > 0 and able

    def steps(self, die: int, celltype: int) -> tuple[str, ...]:
        """The bases of the operations that program one page."""
        if any(self._names(die, "PROGRAM_SLC", celltype, multi) for multi in (False, True)):
            return ("PROGRAM_SLC",)
        ender = [base for base in _ENDERS if any(self._names(die, base, celltype, multi) for multi in (False, True))]
        return (*_ONESHOT, (ender or _ENDERS)[0])

    def _names(self, die: int, base: str, celltype: int, multi: bool) -> list[int]:
        catalogue = self._device.catalogue
        if base not in catalogue.base_index:
            return []
        return [
            name
            for name in catalogue.base(base).names
            if catalogue.names[name].celltype == celltype
            and catalogue.names[name].multi == multi
            and name not in self._banned.get(die, ())
        ]

    def _masks(self, base: str, celltype: int, need: Need) -> list[int]:
        """The planes of each operation: as many at once as an op_name can."""
        planes, most = planes_in(need.planes), self._device.policies.maxplanes
        if len(planes) < 2 or not self._names(need.die, base, celltype, True):
            return [1 << plane for plane in planes]
        parts = [planes[first : first + most] for first in range(0, len(planes), most)]
        return [sum(1 << plane for plane in part) for part in parts]

    def _op(self, base: str, celltype: int, need: Need, mask: int, page: int) -> OpSpec:
        names = self._names(need.die, base, celltype, mask.bit_count() > 1)
        if not names:
            kind = self._device.celltypes[celltype]
            raise NotPlanned(f"no operation of base {base} for celltype {kind} may be used to prepare a block")
        return OpSpec(names[0], need.die, (mask,), (need.row,), (page,), source=PREREQUISITE)
