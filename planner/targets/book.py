"""The blocks that the chooser works with on a die, and the search for an address among them."""

from __future__ import annotations

from collections.abc import Iterable

from model.addresses import next_page, takes
from model.boundary import BAD, ERASED, GOOD, PROGRAMMED, UNDEFINED, Blocks
from model.device import Device
from model.geometry import planes_in
from planner.targets.picker import Picker

WORKING_ROWS = 20
Address = tuple[int, int, int]
"""Payload planes (mask), row, page."""


class Book:
    """Life of the blocks in some rows of a die: those in work, and those that something open needs."""

    __slots__ = (
        "_device", "_holds", "_index", "_planes", "celltype", "kind", "last", "lock_reads", "lock_writes", "picker",
        "rows", "working",
    )  # fmt: skip

    def __init__(self, device: Device, die: int, blocks: Blocks, needed: Iterable[int], picker: Picker) -> None:
        self._device = device
        self.picker = picker
        planes = self._planes = device.geometry.planes
        self.working = self._in_work(picker.counts.total, device.geometry.rows)
        self.rows = list(dict.fromkeys([*self.working, *needed]))
        self._index = {row: i * planes for i, row in enumerate(self.rows)}
        where = [row * planes + plane for row in self.rows for plane in range(planes)]
        self.kind: list[int] = blocks.kind[die, where].tolist()
        self.celltype: list[int] = blocks.celltype[die, where].tolist()
        self.last: list[int] = blocks.last[die, where].tolist()
        self._holds = {row: self._summary(self._index[row]) for row in self.rows}
        self.lock_reads: dict[int, int] = {}
        self.lock_writes: dict[int, int] = {}

    @staticmethod
    def _in_work(total: int, rows: int) -> list[int]:
        """A stretch of rows that moves on slowly, so that a long history wears all blocks."""
        count = min(rows, WORKING_ROWS)
        first = total // 4000 * (count // 4) if rows > count else 0
        return [(first + i) % rows for i in range(count)]

    # -- life ----------------------------------------------------------------------------------------------------

    def _summary(self, at: int) -> int:
        """What the blocks of a row are: bit 2 * c = one is erased as c, bit 2 * c + 1 = one is programmed as c."""
        mask = 0
        for i in range(at, at + self._planes):
            kind = self.kind[i]
            if kind in (ERASED, PROGRAMMED):
                mask |= 1 << 2 * self.celltype[i] + (kind == PROGRAMMED)
        return mask

    def _set(self, block: int, kind: int, celltype: int, last: int) -> None:
        row, plane = divmod(block, self._planes)
        at = self._index[row] + plane
        self.kind[at], self.celltype[at], self.last[at] = kind, celltype, last
        self._holds[row] = self._summary(self._index[row])

    def erased(self, die: int, block: int, celltype: int) -> None:
        """An erase has ended."""
        self._set(block, ERASED, celltype, -1)

    def programmed(self, die: int, block: int, celltype: int, page: int) -> None:
        """A program that advances the page has ended."""
        self._set(block, PROGRAMMED, celltype, page)

    def undefined(self, die: int, block: int) -> None:
        """A reset has cut an erase or a program."""
        self._set(block, UNDEFINED, 0, -1)

    # -- searches ------------------------------------------------------------------------------------------------

    def _in_turn(self, wanted: int = 0) -> list[int]:
        """The working rows from a random one on; with `wanted` those that have such a block."""
        rows = self.working
        first = self.picker.below(len(rows))
        turned = rows[first:] + rows[:first]
        if not wanted:
            return turned
        holds = self._holds
        return [row for row in turned if holds[row] & wanted]

    def choice(self, mask: int, multi: bool, exact: int = 0) -> int:
        """Payload planes out of candidates: exactly `exact` where given, 0 where there is no choice."""
        if exact:
            return exact if exact & mask == exact and (exact.bit_count() > 1) == multi else 0
        planes = planes_in(mask)
        if not multi:
            return 1 << planes[self.picker.below(len(planes))] if planes else 0
        most = min(len(planes), self._device.policies.maxplanes)
        if most < 2:
            return 0
        size = most if self.picker.chance(0.6) else self.picker.between(2, most)
        if size == len(planes):
            return mask
        return sum(1 << plane for plane in self.picker.random.sample(planes, size))

    def to_read(self, celltype: int, multi: bool, allowed: int, exact: int = 0, without: int = -1) -> Address | None:
        """A programmed page of a celltype on some of the `allowed` planes, not in row `without`."""
        guard = self._device.policies.read_offset_guard
        kind, kept, last = self.kind, self.celltype, self.last
        for row in self._in_turn(2 << 2 * celltype):
            if row == without:
                continue
            at = self._index[row]
            mask = 0
            for plane in planes_in(allowed & ~self.lock_reads.get(row, 0)):
                i = at + plane
                if kind[i] == PROGRAMMED and kept[i] == celltype and last[i] >= guard:
                    mask |= 1 << plane
            taken = self.choice(mask, multi, exact) if mask else 0
            if taken:
                top = min(last[at + plane] for plane in planes_in(taken)) - guard
                return taken, row, self.picker.between(0, top)
        return None

    def to_program(
        self, celltype: int, multi: bool, spare: int = 0, exact: int = 0, without: frozenset[int] = frozenset()
    ) -> Address | None:
        """The next page of blocks that take a celltype, with at least `spare` pages left after it."""
        for row in self._in_turn(self.picker.tables.block_takes[celltype]):
            if row not in without:
                found = self._program_in(row, celltype, multi, spare, exact)
                if found is not None:
                    return found
        return None

    def _program_in(self, row: int, celltype: int, multi: bool, spare: int, exact: int) -> Address | None:
        pages, words = self._device.geometry.pages, self._device.celltypes
        at = self._index[row]
        by_page: dict[int, int] = {}
        for plane in planes_in((exact or self._device.geometry.all_planes) & ~self.lock_writes.get(row, 0)):
            i = at + plane
            kind, kept = self.kind[i], self.celltype[i]
            fits = kept == celltype if kind == PROGRAMMED else kind == ERASED and takes(kept, celltype, words)
            page = next_page(kind, self.last[i], pages) if fits else -1
            if page >= 0 and page + spare < pages:
                by_page[page] = by_page.get(page, 0) | 1 << plane
        for page, mask in by_page.items():
            taken = self.choice(mask, multi, exact)
            if taken:
                return taken, row, page
        return None

    def to_erase(self, multi: bool) -> Address | None:
        """Blocks that are best erased: cut or full ones, then unused ones, then others."""
        best: Address | None = None
        highest = -1.0
        tried = 0
        for row in self._in_turn():
            usable = self._usable(row) & ~self.lock_writes.get(row, 0)
            taken = self.choice(usable, multi) if usable else 0
            if not taken:
                continue
            score = self._worth(row, taken) + self.picker.random.random()
            if score > highest:
                best, highest = (taken, row, 0), score
            tried += 1
            if tried == 4:
                break
        return best

    def _usable(self, row: int) -> int:
        at = self._index[row]
        return sum(1 << plane for plane in range(self._planes) if self.kind[at + plane] != BAD)

    def _worth(self, row: int, mask: int) -> float:
        """How little is lost by erasing blocks."""
        at = self._index[row]
        full = self._device.geometry.pages - 1
        worth = 0.0
        for plane in planes_in(mask):
            kind = self.kind[at + plane]
            if kind == UNDEFINED or (kind == PROGRAMMED and self.last[at + plane] >= full):
                worth = max(worth, 3.0)
            elif kind == GOOD:
                worth = max(worth, 2.0)
            elif kind == PROGRAMMED:
                worth = max(worth, 1.0)
        return worth

    def to_load(self, allowed: int) -> Address | None:
        """The page that one block may be programmed with next."""
        pages = self._device.geometry.pages
        for row in self._in_turn():
            at = self._index[row]
            free = planes_in(allowed & ~self.lock_writes.get(row, 0))
            found = [(1 << p, next_page(self.kind[at + p], self.last[at + p], pages)) for p in free]
            found = [(mask, page) for mask, page in found if page >= 0]
            if found:
                mask, page = found[self.picker.below(len(found))]
                return mask, row, page
        return None

    def to_check(self, multi: bool) -> Address | None:
        """Any page of blocks that are neither bad nor cut."""
        for row in self._in_turn():
            at = self._index[row]
            mask = 0
            for plane in planes_in(self._device.geometry.all_planes & ~self.lock_writes.get(row, 0)):
                if self.kind[at + plane] not in (BAD, UNDEFINED):
                    mask |= 1 << plane
            taken = self.choice(mask, multi) if mask else 0
            if taken:
                return taken, row, self.picker.below(self._device.geometry.pages)
        return None
