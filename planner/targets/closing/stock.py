"""What the blocks of a die lack for what is wanted, and which operations provide it."""

from __future__ import annotations

from typing import NamedTuple

from model.chains import READS, Kind
from model.event import NOTHING
from planner.targets.closing.sets import bits
from planner.targets.closing.stage import Stage

ROOM = 2
"""So many pages are left in a block that counts as one to be written, where blocks have that many."""
MOST_ROWS = 4
"""So many rows with room are provided at most: one more each time that what was provided was not enough."""
TRIES = 12
"""So often something may be set out for in vain, and twice more for each plane."""

_WRITES = (Kind.PROGRAM, Kind.OTHER_PROGRAM, Kind.MSB_23H, Kind.EXEC)


class Need(NamedTuple):
    """Pages of a celltype to read, or else room to write them; `spare` rows of it may be locked by what is open."""

    pages: bool
    multi: bool
    celltype: int
    spare: int


class Want(NamedTuple):
    """Bases that provide what is missing, with planes (several or one) and celltype, in no row that is `avoided`."""

    bases: int
    like: tuple[bool, int]
    avoided: frozenset[int]


class Learnt:
    """What a die has learnt, from window to window: how many rows a need takes, and what was left when it was met."""

    def __init__(self) -> None:
        self.rows: dict[Need, int] = {}
        self.left: dict[Need, int] = {}

    def met(self, need: Need, left: int) -> None:
        """Nothing is missing any more; where nothing was gained since the last time, more is provided next time."""
        same = self.left.get(need) == left
        self.rows[need] = min(self.rows.get(need, 1) + 1, MOST_ROWS) if same else 1
        self.left[need] = left


class Stock:
    """What was missing when an operation was looked for."""

    def __init__(self, stage: Stage, learnt: Learnt) -> None:
        self._stage, self._learnt = stage, learnt
        self.needs: dict[Need, None] = {}
        self._tries: dict[Need, int] = {}
        geometry = stage.device.geometry
        self._room = min(ROOM, geometry.pages - 1)
        self._most_tries = TRIES + 2 * geometry.planes + stage.device.policies.read_offset_guard

    def missing(self, names: int) -> None:
        """No address was found for any of these op_names: what they need is to be provided."""
        sets, book = self._stage.sets, self._stage.book
        for name in bits(names):
            op = sets.op_names[name]
            if op.celltype and "page" in op.base.payload:
                pages = sets.kinds[op.base.index] in READS
                need = Need(pages, op.multi, op.celltype, int(bool(book.lock_writes)))
                if self._tries.get(need, 0) < self._most_tries:
                    self.needs[need] = None

    def next_want(self) -> Want | None:
        """What provides the first thing that is missing; what was in vain too often is not tried again."""
        while self.needs:
            need = next(iter(self.needs))
            want, tries = self._want(need), self._tries.get(need, 0)
            if want is not None and tries < self._most_tries:
                self._tries[need] = tries + 1
                return want
            del self.needs[need]
            if want is None:
                self._tries.pop(need, None)
                self._learnt.met(need, self._stage.left.count)
        return None

    def _want(self, need: Need) -> Want | None:
        stage = self._stage
        avoided = self._held(need)
        if need.pages and len(avoided) > need.spare:
            return None
        for many in (True, False) if not need.multi else (True,):
            writers = self._with(many, need.celltype, _WRITES)
            if not writers:
                continue
            enough, with_room = self._room_for(need, many, avoided)
            if enough:
                return Want(writers, (many, need.celltype), avoided) if need.pages else None
            erased_as = stage.sets.tables.erase_as.get(need.celltype, NOTHING)
            for as_many in (many, not many):
                erases = self._with(as_many, erased_as, (Kind.ERASE,))
                if erases:
                    return Want(erases, (as_many, erased_as), avoided | with_room)
        return None

    def _room_for(self, need: Need, many: bool, avoided: frozenset[int]) -> tuple[bool, frozenset[int]]:
        """Whether pages of a celltype can be written, and the rows with room that are not to be erased for that.

        Where room is all that is missing, it has to be there on every plane.
        """
        book, geometry = self._stage.book, self._stage.device.geometry
        if need.pages:
            found = book.to_program(need.celltype, many, spare=self._room, without=avoided)
            return found is not None, frozenset()
        wanted = [geometry.all_planes] if many else [1 << plane for plane in range(geometry.planes)]
        rows = min(self._learnt.rows.get(need, 1), len(book.working))
        found_on = [self._rows_for(need, many, exact, rows) for exact in wanted]
        return all(len(some) == rows for some in found_on), frozenset.intersection(*found_on)

    def _rows_for(self, need: Need, many: bool, exact: int, rows: int) -> frozenset[int]:
        """Up to so many rows that can be written on some planes."""
        found = frozenset[int]()
        while len(found) < rows:
            address = self._stage.book.to_program(need.celltype, many, spare=self._room, exact=exact, without=found)
            if address is None:
                break
            found |= {address[1]}
        return found

    def _held(self, need: Need) -> frozenset[int]:
        """The rows that have what is needed, as many as have to be looked at."""
        stage, found = self._stage, frozenset[int]()
        if not need.pages:
            return found
        for row in stage.book.readable(need.celltype, need.multi):
            found |= {row}
            if len(found) > need.spare:
                break
        return found

    def _with(self, multi: bool, celltype: int, kinds: tuple[Kind, ...]) -> int:
        stage = self._stage
        sets, found = stage.sets, 0
        fitting = sets.alike(multi, celltype)
        for kind in kinds:
            for base in range(len(sets.names_of)):
                if stage.device.kinds[base] is kind and sets.names_of[base] & fitting:
                    found |= 1 << base
        return found
