"""Which op_names can be used at all: those whose address can exist and whose obligations can be met."""

from __future__ import annotations

from collections.abc import Iterable

from model.addresses import SLC_LIKE
from model.chains import Kind
from model.device import Device
from model.operations import OpName

_NEEDS_DOUT = frozenset(
    {Kind.READ, Kind.PLANE_READ, Kind.RECOVERY, Kind.COPYBACK_READ, Kind.CACHE_READ, Kind.PLANE_CACHE_READ}
)
_READS = _NEEDS_DOUT | {Kind.READ4K}
_WRITES = frozenset(
    {Kind.PROGRAM, Kind.OTHER_PROGRAM, Kind.ALLWL, Kind.CACHE_PROGRAM, Kind.LSB, Kind.CSB, Kind.MSB, Kind.MSB_23H,
     Kind.EXEC, Kind.SHOT_CACHE, Kind.COPYBACK_LSB, Kind.COPYBACK_CSB, Kind.COPYBACK_MSB, Kind.COPYBACK_EXEC,
     Kind.COPYBACK_PROGRAM}
)  # fmt: skip
_FILLS = frozenset({Kind.PROGRAM, Kind.OTHER_PROGRAM, Kind.ALLWL, Kind.CACHE_PROGRAM, Kind.MSB_23H, Kind.EXEC,
                    Kind.SHOT_CACHE, Kind.COPYBACK_EXEC, Kind.COPYBACK_PROGRAM})  # fmt: skip
_STARTS = {Kind.CACHE_READ: Kind.READ, Kind.PLANE_CACHE_READ: Kind.PLANE_READ}
_ENDS = {Kind.CACHE_READ: Kind.CACHE_END, Kind.PLANE_CACHE_READ: Kind.PLANE_CACHE_END}
_FOLLOWERS = {
    Kind.LSB: (Kind.CSB,),
    Kind.CSB: (Kind.MSB_23H, Kind.EXEC),
    Kind.MSB: (Kind.EXEC,),
    Kind.COPYBACK_LSB: (Kind.COPYBACK_CSB,),
    Kind.COPYBACK_CSB: (Kind.COPYBACK_EXEC,),
    Kind.COPYBACK_MSB: (Kind.COPYBACK_EXEC,),
}
_COPYBACK_STEPS = (Kind.COPYBACK_LSB, Kind.COPYBACK_CSB, Kind.COPYBACK_MSB)
_RESUMED_BY = {Kind.ERASE_SUSPEND: Kind.ERASE_RESUME, Kind.PROGRAM_SUSPEND: Kind.PROGRAM_RESUME}


def usable_names(device: Device) -> frozenset[int]:
    """The op_names that the chooser may issue on this device."""
    check = _Check(device)
    while True:
        kept = [op for op in check.ops if check.keeps(op)]
        if len(kept) == len(check.ops):
            return frozenset(op.index for op in kept)
        check.set(kept)


class _Check:
    """The op_names that are left, by what they do."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self._planes = min(device.geometry.planes, device.policies.maxplanes)
        weights = device.config.weights
        wanted = device.config.wanted("*") if weights.overrides else (1.0,) * len(device.catalogue.names)
        self.set([op for op in device.catalogue.names if wanted[op.index] > 0])

    def set(self, ops: Iterable[OpName]) -> None:
        """Only these are left."""
        self.ops = list(ops)
        kinds = self._device.kinds
        self._kinds = {kinds[op.base.index] for op in self.ops}
        self._alike = {(kinds[op.base.index], op.multi, op.celltype) for op in self.ops}
        words = self._device.celltypes
        erased = {op.celltype for op in self.ops if kinds[op.base.index] is Kind.ERASE}
        slc = any(words[celltype] == "SLC" for celltype in erased)
        self._erasable = {c for c, word in enumerate(words) if (slc if word in SLC_LIKE else c in erased)}
        self._written = {op.celltype for op in self.ops if kinds[op.base.index] in _FILLS}

    def _has(self, op: OpName, *kinds: Kind) -> bool:
        """Whether an op_name of one of the kinds fits to another one: as many planes, the same celltype."""
        return any((kind, op.multi, op.celltype) in self._alike for kind in kinds)

    def keeps(self, op: OpName) -> bool:
        """Whether the op_name can be used with what is left."""
        kind = self._device.kinds[op.base.index]
        if op.multi and self._planes < 2:
            return False
        if not self._status_of_a_die(op):
            return False
        if kind in _WRITES and op.celltype not in self._erasable:
            return False
        if kind in _READS:
            return op.celltype in self._written & self._erasable and self._can_deliver(op, kind)
        return self._can_close(op, kind)

    def _admits(self, op: OpName, closer: Kind, *lasting: int) -> bool:
        """Whether an operation that closes what `op` opens may come while that is open.

        It may come in the open window of `op` or behind its END; `lasting` are the masks of what stays on.
        """
        exclusions, index = self._device.exclusions, op.base.index
        forbidden = exclusions.end[index]
        if op.has_data:
            forbidden &= exclusions.by_state[index][-1]
        for mask in lasting:
            forbidden |= mask
        return any(kind is closer and not forbidden >> base & 1 for base, kind in enumerate(self._device.kinds))

    def _follows(self, op: OpName, latch: int, *closers: Kind) -> bool:
        return any(self._has(op, closer) and self._admits(op, closer, latch) for closer in closers)

    def _status_of_a_die(self, op: OpName) -> bool:
        die = lun_of(op.name)
        return die is None or die < self._device.geometry.dies

    def _can_deliver(self, op: OpName, kind: Kind) -> bool:
        dout = Kind.DOUT4K if kind is Kind.READ4K else Kind.DOUT
        if dout not in self._kinds or not self._admits(op, dout, self._device.read_latch):
            return False
        if kind is Kind.RECOVERY and Kind.PROGRAM_SUSPEND not in self._kinds:
            return False
        if kind in _STARTS:
            on = self._device.cache_read[op.base.index]
            return self._has(op, _STARTS[kind]) and _ENDS[kind] in self._kinds and self._admits(op, _ENDS[kind], on)
        return True

    def _can_close(self, op: OpName, kind: Kind) -> bool:
        device = self._device
        latch = device.step_latch[op.base.index]
        if kind in _RESUMED_BY:
            suspended = device.suspended[kind is Kind.PROGRAM_SUSPEND]
            return _RESUMED_BY[kind] in self._kinds and self._admits(op, _RESUMED_BY[kind], suspended)
        if kind is Kind.CACHE_PROGRAM:
            return device.geometry.pages > 1 and self._follows(op, device.cache_program, Kind.PROGRAM, Kind.ALLWL)
        if kind is Kind.SHOT_CACHE:
            return device.geometry.pages > 1 and self._follows(op, device.shot_cache, Kind.LSB)
        if kind in _FOLLOWERS:
            fed = Kind.COPYBACK_READ in self._kinds or kind not in _COPYBACK_STEPS
            return fed and self._follows(op, latch, *_FOLLOWERS[kind])
        if kind is Kind.COPYBACK_PROGRAM:
            return Kind.COPYBACK_READ in self._kinds
        return not (kind is Kind.ODT_OFF and Kind.ODT_ON not in self._kinds)


def lun_of(name: str) -> int | None:
    """The die that a LUN status read names, None for other op_names."""
    head, mark, number = name.rpartition("_for_LUN")
    return int(number) if mark and head and number.isdigit() else None
