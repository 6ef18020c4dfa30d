"""Which op_names can occur at all: what addresses, celltypes and plane sets can be had, whatever the history."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from model.chains import (
    CACHE_ENDS,
    CACHE_READS,
    FIRST_STEPS,
    MOVES_FROM,
    NEXT_STEP,
    READS,
    STEPS,
    TAKES_COPYBACK,
    Kind,
)
from model.device import Device
from model.operations import OpName

_LUN = re.compile(r"LUN(\d+)$")
_SLC_TAKES = frozenset({"SLC", "A0SLC", "ACSLC"})
_PROGRAMS = STEPS | TAKES_COPYBACK | {Kind.PROGRAM, Kind.ALLWL, Kind.CACHE_PROGRAM, Kind.OTHER_PROGRAM}
_ANY = 0
"""The celltype of op_names that have none of their own."""


@dataclass(frozen=True, slots=True)
class Possible:
    """Per op_name (by index) the rule that keeps it from ever being issued; None where nothing here does.

    `never` are op_names that are known from elsewhere not to be issued; they make nothing else possible.
    """

    forbidden_by: tuple[str | None, ...]
    never: frozenset[int] = frozenset()

    @property
    def names(self) -> frozenset[int]:
        """The op_names that can be issued, as far as is known."""
        return frozenset(i for i, rule in enumerate(self.forbidden_by) if rule is None) - self.never

    @staticmethod
    def of(device: Device, never: Collection[int] = ()) -> Possible:
        """The least fixpoint: a name is possible once something possible provides what it needs."""
        asked = _Asked(device)
        alone = [asked.by_itself(name) for name in device.catalogue.names]
        reasons = list(alone)
        able: set[int] = set()
        waiting = [name for name in device.catalogue.names if alone[name.index] is None]
        changed = True
        while changed:
            changed = False
            for name in list(waiting):
                missing = reasons[name.index] = asked.missing(name, able)
                if missing is None:
                    waiting.remove(name)
                    if name.index not in never:
                        able.add(name.index)
                        changed = True
        return Possible(tuple(reasons), frozenset(never))

    def without(self, device: Device, never: Iterable[int]) -> Possible:
        """What is left where some more names are never issued."""
        return Possible.of(device, self.never | frozenset(never))


def takes(device: Device, erased: int, celltype: int) -> bool:
    """Whether a block erased as one celltype takes pages of another."""
    if device.celltypes[erased] == "SLC" and device.celltypes[celltype] in _SLC_TAKES:
        return True
    return erased == celltype


class _Asked:
    """The questions, for one device."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self._kinds = device.kinds
        self._names = device.catalogue.names
        geometry, bad = device.geometry, device.bad_blocks
        good = [
            sum((die, geometry.block_of(row, plane)) not in bad for plane in range(geometry.planes))
            for die in range(geometry.dies)
            for row in range(geometry.rows)
        ]
        self._most = min(max(good, default=0), device.policies.maxplanes)

    def by_itself(self, name: OpName) -> str | None:
        """What the topology alone forbids."""
        geometry = self._device.geometry
        lun = _LUN.search(name.name) if self._kinds[name.base.index] is Kind.STATUS else None
        if lun is not None and int(lun[1]) >= geometry.dies:
            return "absent-lun"
        if name.multi and name.base.has_plane and min(geometry.planes, self._device.policies.maxplanes) < 2:
            return "multi-address"
        if "block" in name.base.payload and self._most < (2 if name.multi else 1):
            return "bad-block"
        return None

    def missing(self, name: OpName, able: Collection[int]) -> str | None:
        """The rule that is not satisfied by what is possible so far."""
        kind = self._kinds[name.base.index]
        if kind in _PROGRAMS:
            return self._for_program(name, kind, able)
        if kind in READS:
            return self._for_read(name, kind, able)
        if kind in CACHE_ENDS:
            return None if self._some(able, MOVES_FROM[kind]) else "cache-chain"
        if kind in (Kind.DOUT, Kind.DOUT4K):
            four = kind is Kind.DOUT4K
            reads = [k for k in READS if (k is Kind.READ4K) == four]
            return None if self._any(able, lambda o: self._kind(o) in reads and _fits(o, name)) else "dout"
        if kind is Kind.DATAIN:
            return None if self._some(able, [Kind.ERASE]) else "datain"
        return None

    def _kind(self, name: OpName) -> Kind:
        return self._kinds[name.base.index]

    def _any(self, able: Collection[int], holds: Callable[[OpName], bool]) -> bool:
        return any(holds(self._names[n]) for n in able)

    def _some(self, able: Collection[int], kinds: Iterable[Kind]) -> bool:
        wanted = frozenset(kinds)
        return self._any(able, lambda other: self._kind(other) in wanted)

    def _for_program(self, name: OpName, kind: Kind, able: Collection[int]) -> str | None:
        device = self._device
        erased = {other.celltype for other in map(self._names.__getitem__, able) if self._kind(other) is Kind.ERASE}
        if not erased:
            return "program-after-erase"
        if not any(_ANY in (c, name.celltype) or takes(device, c, name.celltype) for c in erased):
            return "celltype"
        if kind in (Kind.CACHE_PROGRAM, Kind.SHOT_CACHE) and device.geometry.pages < 2:
            return "cache"
        before = [step for step, following in NEXT_STEP.items() if kind in following]
        alike = self._any(able, lambda o: self._kind(o) in before and o.multi == name.multi and _fits(o, name))
        if kind in STEPS and kind not in FIRST_STEPS and not alike:
            return "chain"
        if kind in TAKES_COPYBACK and (not self._some(able, [Kind.COPYBACK_READ]) or device.geometry.rows < 2):
            return "chain"
        return None

    def _for_read(self, name: OpName, kind: Kind, able: Collection[int]) -> str | None:
        axis, advances = self._device.program_axis, self._device.advances
        if kind is Kind.RECOVERY:
            hosts = self._any(
                able, lambda o: bool(axis >> o.base.index & 1) and _fits(o, name) and o.multi >= name.multi
            )
            return None if hosts and self._some(able, [Kind.PROGRAM_SUSPEND]) else "recovery"
        if self._device.geometry.pages <= self._device.policies.read_offset_guard:
            return "read-programmed"
        if not self._any(able, lambda o: advances[o.base.index] and _fits(o, name)):
            return "read-programmed"
        sources = MOVES_FROM.get(kind, frozenset())
        moved = self._any(able, lambda o: self._kind(o) in sources and o.multi == name.multi and _fits(o, name))
        return None if kind not in CACHE_READS or moved else "cache-chain"


def _fits(one: OpName, other: OpName) -> bool:
    return one.celltype == other.celltype or _ANY in (one.celltype, other.celltype)
