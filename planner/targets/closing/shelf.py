"""The blocks of a die as the closing chooser keeps them: always some of every celltype to be read and written."""

from __future__ import annotations

from collections.abc import Iterable

from model.boundary import BAD, ERASED, GOOD, PROGRAMMED, UNDEFINED, Blocks
from model.device import Device
from model.geometry import planes_in
from planner.targets.book import Address, Book
from planner.targets.picker import Picker


class Shelf(Book):
    """A book that erases what is worth least, and writes several planes at once in other rows than single ones.

    Blocks that a reset has cut then lie side by side, so that one erase makes them good again.
    """

    __slots__ = ("avoided",)

    def __init__(self, device: Device, die: int, blocks: Blocks, needed: Iterable[int], picker: Picker) -> None:
        super().__init__(device, die, blocks, needed, picker)
        self.avoided: frozenset[int] = frozenset()

    def _in_turn(self, wanted: int = 0) -> list[int]:
        """The working rows in order; with `wanted` those that have such a block."""
        holds = self._holds
        return [row for row in self.working if holds[row] & wanted] if wanted else list(self.working)

    def to_program(
        self, celltype: int, multi: bool, spare: int = 0, exact: int = 0, without: frozenset[int] = frozenset()
    ) -> Address | None:
        """The next page of blocks that take a celltype: several from the first row on, one from the last."""
        rows = self._in_turn(self.picker.tables.block_takes[celltype])
        without |= self.avoided
        for row in rows if multi else reversed(rows):
            found = self._program_in(row, celltype, multi, spare, exact) if row not in without else None
            if found is not None:
                return found
        return None

    def to_read(self, celltype: int, multi: bool, allowed: int, exact: int = 0, without: int = -1) -> Address | None:
        """A programmed page of a celltype, from a random row on."""
        rows, first = self.working, self.picker.below(len(self.working))
        self.working = rows[first:] + rows[:first]
        found = super().to_read(celltype, multi, allowed, exact, without)
        self.working = rows
        return found

    def readable(self, celltype: int, multi: bool) -> list[int]:
        """The rows in which a celltype can be read, on several planes if wanted."""
        found, guard = [], self._device.policies.read_offset_guard
        for row in self._in_turn(2 << 2 * celltype):
            at = self._index[row]
            full = [i for i in range(at, at + self._planes) if self.kind[i] == PROGRAMMED]
            blocks = [i for i in full if self.last[i] >= guard]
            if sum(self.celltype[i] == celltype for i in blocks) > multi:
                found.append(row)
        return found

    def to_erase(self, multi: bool, allowed: int = -1) -> Address | None:
        """The blocks whose erase costs least, on some of the `allowed` planes (default: any)."""
        best: Address | None = None
        highest = -1.0
        for row in self._in_turn():
            if row in self.avoided:
                continue
            usable = self._usable(row) & allowed & ~self.lock_writes.get(row, 0)
            planes = [1 << plane for plane in planes_in(usable)] if not multi else [usable]
            for mask in planes:
                taken = self.choice(mask, multi) if mask else 0
                worth = self._worth(row, taken) if taken else -1.0
                if worth > highest:
                    best, highest = (taken, row, 0), worth
        return best

    def celltype_of(self, block: int) -> int:
        """The celltype of a block's pages; if it is only erased, the one that it was erased as."""
        row, plane = divmod(block, self._planes)
        return self.celltype[self._index[row] + plane]

    def _worth(self, row: int, mask: int) -> float:
        """How little is lost by erasing blocks, on average."""
        at, full = self._index[row], self._device.geometry.pages - 1
        worth = 0.0
        for plane in planes_in(mask):
            kind = self.kind[at + plane]
            spent = kind == PROGRAMMED and self.last[at + plane] >= full
            worth += _SPENT if spent else _WORTH[kind]
        return worth / mask.bit_count()


_WORTH = {BAD: -9.0, PROGRAMMED: 0.0, ERASED: 2.0, GOOD: 4.0, UNDEFINED: 8.0}
_SPENT = 6.0
