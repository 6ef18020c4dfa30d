"""Which op_names addresses let happen at all, found a second time: every life that a row of blocks can have.

The first route (`planner.targets.possible`) asks op_name by op_name for something that provides what it needs. This one
lives through all states of a row of blocks, erased and programmed by every op_name in every order, and of the registers
that reads fill; tables, latches and times do not count. The two share the tables of `model.chains` only. What is
issued in no life can be issued by no history.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from model.chains import CACHE_ENDS, CACHE_READS, FIRST_STEPS, MOVES_FROM, NEXT_STEP, READS, STEPS, TAKES_COPYBACK, Kind
from model.device import Device
from model.operations import OpName

MOST_PAGES = 4
"""A block of more pages has no life that one of so many has not."""
_LUN = re.compile(r"_for_LUN(\d+)$")
_SLC_FAMILY = ("SLC", "A0SLC", "ACSLC")
_ONE_STEP = frozenset({Kind.PROGRAM, Kind.ALLWL, Kind.CACHE_PROGRAM, Kind.OTHER_PROGRAM, Kind.COPYBACK_PROGRAM})


class Life(NamedTuple):
    """A row of blocks: what it was erased as (-1: never), what its pages are (0: none), its last page; the step, the

    celltype and the planes of its open one-shot chain; celltype and planes of its open cache program.
    """

    erased: int = -1
    written: int = 0
    last: int = -1
    step: Kind | None = None
    chain: tuple[int, bool] | None = None
    cached: tuple[int, bool] | None = None


@dataclass
class Lives:
    """All lives of one device's rows; `issued` are the op_names that some history may issue, as far as addresses go."""

    device: Device
    issued: set[int] = field(default_factory=set)
    _read: set[tuple[Kind, int, bool]] = field(default_factory=set)
    _written: set[int] = field(default_factory=set)
    _seen: dict[Life, None] = field(default_factory=dict)

    @staticmethod
    def of(device: Device) -> Lives:
        """Lives until nothing new is issued."""
        lives = Lives(device)
        before = -1
        while len(lives.issued) > before:
            before = len(lives.issued)
            lives._live()
            for name in device.catalogue.names:
                if lives._without_row(name):
                    lives._issue(name)
        return lives

    @property
    def _pages(self) -> int:
        return min(self.device.geometry.pages, MOST_PAGES)

    def _issue(self, name: OpName) -> None:
        self.issued.add(name.index)
        kind = self.device.kinds[name.base.index]
        if kind in READS:
            self._read.add((kind, name.celltype, name.multi))

    def _fits_device(self, name: OpName) -> bool:
        """Whether dies and planes, and good blocks in a row, are as many as an op_name takes."""
        geometry, bad = self.device.geometry, self.device.bad_blocks
        lun = _LUN.search(name.name)
        if lun is not None and self.device.kinds[name.base.index] is Kind.STATUS and int(lun[1]) >= geometry.dies:
            return False
        wanted = 2 if name.multi and name.base.has_plane else 1
        if wanted > min(geometry.planes, max(self.device.policies.maxplanes, 1)):
            return False
        if "block" not in name.base.payload:
            return True
        rows = ((die, row) for die in range(geometry.dies) for row in range(geometry.rows))
        good = (sum((die, geometry.block_of(row, p)) not in bad for p in range(geometry.planes)) for die, row in rows)
        return any(count >= wanted for count in good)

    # -- lives of a row ------------------------------------------------------------------------------------------

    def _live(self) -> None:
        """Every life that erases and programs lead to."""
        makers = [name for name in self.device.catalogue.names if self._makes(name) and self._fits_device(name)]
        pending = [*self._seen] or [Life()]
        self._seen |= dict.fromkeys(pending)
        for life in pending:  # grows
            for name in makers:
                after = self._after(life, name)
                if after is None:
                    continue
                self._issue(name)
                if after.written:
                    self._written.add(after.written)
                if after not in self._seen:
                    self._seen[after] = None
                    pending.append(after)

    def _makes(self, name: OpName) -> bool:
        kind = self.device.kinds[name.base.index]
        return kind is Kind.ERASE or kind in STEPS or kind in _ONE_STEP

    def _after(self, life: Life, name: OpName) -> Life | None:
        """The life after an op_name; None where it cannot be issued on the row."""
        kind = self.device.kinds[name.base.index]
        if kind is Kind.ERASE:
            return Life(name.celltype)
        if not self._takes(life, name.celltype) or not self._fed(kind):
            return None
        opening = kind in (Kind.CACHE_PROGRAM, Kind.SHOT_CACHE)
        if opening and life.last + 1 >= self._pages - 1:
            return None
        like = (name.celltype, name.multi)
        if kind in STEPS:
            return self._stepped(life, kind, like, name)
        if life.chain is not None or (life.cached is not None and life.cached != like):
            return None
        last = self._pages - 1 if kind is Kind.ALLWL else life.last + 1
        return life._replace(written=name.celltype, last=last, cached=like if opening else None)

    def _stepped(self, life: Life, kind: Kind, like: tuple[int, bool], name: OpName) -> Life | None:
        starts = kind in FIRST_STEPS and life.chain is None
        goes_on = life.step is not None and kind in NEXT_STEP.get(life.step, ()) and life.chain == like
        if not starts and not goes_on:
            return None
        if not self.device.advances[name.base.index]:
            return life._replace(step=kind, chain=like)
        still = kind is Kind.SHOT_CACHE
        after = life._replace(written=like[0], last=life.last + 1)
        return after._replace(step=kind, chain=like) if still else after._replace(step=None, chain=None)

    def _takes(self, life: Life, celltype: int) -> bool:
        if life.erased < 0 or life.last >= self._pages - 1:
            return False
        if life.written:
            return life.written == celltype
        words = self.device.celltypes
        slc = words[life.erased] == "SLC" and words[celltype] in _SLC_FAMILY
        return slc or life.erased == celltype or 0 in (life.erased, celltype)

    def _fed(self, kind: Kind) -> bool:
        if kind not in TAKES_COPYBACK:
            return True
        return self.device.geometry.rows > 1 and any(read is Kind.COPYBACK_READ for read, _, _ in self._read)

    # -- what makes no block -------------------------------------------------------------------------------------

    def _without_row(self, name: OpName) -> bool:
        """Whether an op_name that erases and programs nothing can be issued, as far as is known by now."""
        kind = self.device.kinds[name.base.index]
        if self._makes(name) or not self._fits_device(name):
            return False
        if kind is Kind.RECOVERY:
            return self._recovers(name)
        if kind in READS:
            readable = self.device.policies.read_offset_guard < self.device.geometry.pages
            page = name.celltype in self._written or not name.celltype
            return readable and page and self._moved(kind, name)
        if kind in CACHE_ENDS:
            return any(read in MOVES_FROM[kind] for read, _, _ in self._read)
        return self._delivers_or_loads(name, kind)

    def _delivers_or_loads(self, name: OpName, kind: Kind) -> bool:
        if kind in (Kind.DOUT, Kind.DOUT4K):
            four = kind is Kind.DOUT4K
            return any((r is Kind.READ4K) == four and _like(c, name.celltype) for r, c, _ in self._read)
        return kind is not Kind.DATAIN or any(life.erased >= 0 for life in self._seen)

    def _moved(self, kind: Kind, name: OpName) -> bool:
        if kind not in CACHE_READS:
            return True
        wanted = MOVES_FROM[kind]
        return any(r in wanted and m == name.multi and _like(c, name.celltype) for r, c, m in self._read)

    def _recovers(self, name: OpName) -> bool:
        names, kinds, axis = self.device.catalogue.names, self.device.kinds, self.device.program_axis
        able = [names[n] for n in sorted(self.issued)]
        cuts = any(kinds[other.base.index] is Kind.PROGRAM_SUSPEND for other in able)
        hosts = (other for other in able if axis >> other.base.index & 1)
        return cuts and any(other.multi >= name.multi and _like(other.celltype, name.celltype) for other in hosts)


def _like(one: int, other: int) -> bool:
    return one == other or 0 in (one, other)
