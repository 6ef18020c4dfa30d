"""Commands as they come in: which of them say of themselves what they should is told by whole columns at once.

[payload], [range], [block-plane], [multi-address] and [absent-lun] are functions of a command's own columns, [time],
[op-uid] and, where only ISSUE uses it, [bus] of the commands in their order. Where a column shows that nothing is
wrong, no operation is asked for itself; `identity` and `occupancy` judge the others one by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from model.event import NOTHING, Commands, Ints
from model.judge.identity import LOCATED
from model.judge.kinds import CACHE_READ_ENDS, FULL, NO_ENTRY, OTHER, Kind

if TYPE_CHECKING:
    from model.config import Config
    from model.geometry import Geometry

Planes = tuple[int, ...]
Row = tuple[int, int, Kind, int, bool, Planes, Planes, Planes, int, int, int, int]
"""Time, op_uid, kind, exp_val, whether its payload is plain; if so dies, planes, held planes, page, celltype; and the
range of its payload entries."""

ANY = np.iinfo(np.int64).max


class Intake:
    """What every op_name's payload has to look like, as arrays indexed by op_name.

    Entries are `fewest` to `most`; each value of an entry, in the order of LOCATED, lies in [`low`, `high`], where a
    field that the op_name does not have is NOTHING (-1). `issue`: the length of ISSUE; `on_bus`: it uses the bus.
    """

    def __init__(self, config: Config, geometry: Geometry, kinds: Sequence[Kind]) -> None:
        self._kinds = kinds
        self._planes = geometry.planes
        counts = [_entries(kind, geometry, config.policies.maxplanes) for kind in kinds]
        self._fewest, self._most = np.array(counts, dtype=np.int64).reshape(len(kinds), 2).T
        ranges = [[_range(kind, field, geometry) for field in LOCATED] for kind in kinds]
        self._low, self._high = np.array(ranges, dtype=np.int64).reshape(len(kinds), len(LOCATED), 2).T
        self._expects = np.array(["exp_val" in kind.fields for kind in kinds], dtype=np.bool_)
        self._everywhere = np.array([kind.everywhere for kind in kinds], dtype=np.bool_)
        self._is_nop = np.array([kind.is_nop for kind in kinds], dtype=np.bool_)
        self._celltype = np.array([kind.celltype for kind in kinds], dtype=np.int64)
        self._issue = np.array([kind.issue for kind in kinds], dtype=np.int64)
        self._on_bus = np.array([kind.bus[0] for kind in kinds], dtype=np.bool_)
        self._sets = _PlaneSets()
        self._all = (1 << geometry.planes) - 1
        every = tuple(range(geometry.dies))
        self._dies = [*((die,) for die in every), (), every]

    def rows(self, commands: Commands) -> Iterator[Row]:
        """The commands one by one."""
        op, sizes = commands.op, np.diff(commands.first)
        owner = np.repeat(np.arange(len(op)), sizes)
        plain = (sizes >= self._fewest[op]) & (sizes <= self._most[op]) & ((commands.exp_val >= 0) == self._expects[op])
        good = self._good(commands, op[owner], owner)
        plain[owner[~good]] = False
        plane = np.where(good, commands.entry_plane, NOTHING)
        named = np.bincount(owner, np.where(plane >= 0, np.left_shift(1, np.maximum(plane, 0)), 0), len(op))
        mask = named.astype(np.int64)
        die = np.where(self._is_nop[op], -2, NOTHING)
        page = np.full(len(op), NOTHING, dtype=np.int64)
        celltype = self._celltype[op]
        die[owner], page[owner] = np.where(good, commands.entry_die, NOTHING), commands.entry_page
        celltype[owner] = np.maximum(commands.entry_celltype, celltype[owner])
        first = commands.first.tolist()
        return zip(
            commands.time.tolist(),
            commands.op_uid.tolist(),
            map(self._kinds.__getitem__, op.tolist()),
            commands.exp_val.tolist(),
            plain.tolist(),
            map(self._dies.__getitem__, die.tolist()),
            map(self._sets.__getitem__, mask.tolist()),
            map(self._sets.__getitem__, np.where(self._everywhere[op], self._all, mask).tolist()),
            page.tolist(),
            celltype.tolist(),
            first,
            first[1:],
            strict=False,
        )

    def bus_is_free(self, commands: Commands, until: int) -> bool:
        """[bus] where only ISSUE uses it: no ISSUE starts before all earlier ones, and `until`, have ended."""
        rows = np.flatnonzero(self._on_bus[commands.op])
        start = commands.time[rows]
        taken = np.maximum.accumulate(np.append(until, start + self._issue[commands.op[rows]]))
        return bool((start >= taken[:-1]).all())

    def last_on_bus(self, commands: Commands) -> int:
        """The row of the latest ISSUE that uses the bus, NOTHING where none does."""
        rows = np.flatnonzero(self._on_bus[commands.op])
        return int(rows[-1]) if len(rows) else NOTHING

    def _good(self, commands: Commands, op: Ints, owner: Ints) -> npt.NDArray[np.bool_]:
        """Of each payload entry: its values are in range, and it goes with the entry before it."""
        entries = np.stack([getattr(commands, f"entry_{field}") for field in LOCATED])
        good: npt.NDArray[np.bool_] = np.all((entries >= self._low[:, op]) & (entries <= self._high[:, op]), axis=0)
        plane, block = commands.entry_plane, commands.entry_block
        good &= (block < 0) | (block % self._planes == plane)
        alike = np.stack([commands.entry_die, block - plane, commands.entry_page, commands.entry_celltype])
        follows = np.all(alike[:, 1:] == alike[:, :-1], axis=0) & (plane[1:] > plane[:-1])
        good[1:] &= follows | (owner[1:] != owner[:-1])
        return good


class _PlaneSets(dict[int, Planes]):
    """Plane masks as ascending tuples, each made when it is first met."""

    def __missing__(self, mask: int) -> Planes:
        self[mask] = made = tuple(plane for plane in range(mask.bit_length()) if mask >> plane & 1)
        return made


def _entries(kind: Kind, geometry: Geometry, maxplanes: int) -> tuple[int, int]:
    """[multi-address] and [payload]: how many entries a payload has, from and to. (1, 0): it is never plain."""
    if kind.form == OTHER or (kind.multi and kind.form != FULL):
        return 1, 0
    if kind.form == NO_ENTRY:
        return 0, 0
    if kind.multi:
        return 2, maxplanes
    return 1, geometry.planes if kind.base in CACHE_READ_ENDS else 1


def _range(kind: Kind, field: str, geometry: Geometry) -> tuple[int, int]:
    """[range] and [absent-lun]: the values of a field, from and to."""
    if field not in kind.fields:
        return NOTHING, NOTHING
    if field == "celltype":
        return (kind.celltype, kind.celltype) if kind.celltype else (1, int(ANY))
    limit = {"die": geometry.dies, "plane": geometry.planes, "block": geometry.blocks, "page": geometry.pages}[field]
    if field == "die" and kind.lun >= 0:
        return kind.lun, min(kind.lun, limit - 1)
    return 0, limit - 1
