"""The blocks that a way through the abstract machine needs and leaves: rows, what was erased and written in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from model.chains import (
    CACHE_READS,
    FIRST_STEPS,
    READS,
    RESUMES,
    STEPS,
    SUSPENDS,
    TAKES_COPYBACK,
    Kind,
)
from model.device import Device
from model.plane_rules import DATA, NONE, State
from planner.targets.possible import takes

FRESH, LOST = -1, -2
"""What a row was erased as: never; nobody knows, since a reset cut an erase or a program of it."""
SPARE = -3
"""The row of an operation that takes any block: one that nothing else touches."""
_PLAIN = frozenset({Kind.PROGRAM, Kind.ALLWL, Kind.CACHE_PROGRAM, Kind.OTHER_PROGRAM})
_OPENS_CACHE = frozenset({Kind.CACHE_PROGRAM, Kind.SHOT_CACHE})


class Row(NamedTuple):
    """A row of blocks: what it was erased as (celltype, FRESH or LOST), what its pages are (0: none), its last page."""

    erased: int = FRESH
    written: int = 0
    last: int = -1


class Work(NamedTuple):
    """An operation under way: base, celltype, row."""

    base: int = NONE
    celltype: int = 0
    row: int = NONE


NO_WORK = Work()


class Node(NamedTuple):
    """A plane of a die, with the blocks that the operations so far have brought about.

    `run`: what the plane is in, or was in last; `suspended`: the latest one last; `chain`, `caching`: the open one-shot
    chain and cache program; `data`: the read whose page is in the data register, `beside`: that of another plane.
    """

    state: State = State()
    rows: tuple[Row, ...] = ()
    run: Work = NO_WORK
    suspended: tuple[Work, ...] = ()
    chain: Work = NO_WORK
    caching: Work = NO_WORK
    data: Work = NO_WORK
    beside: Work = NO_WORK


class Stock:
    """The address rules of one device, as far as rows of blocks tell of them."""

    def __init__(self, device: Device) -> None:
        self._device, self._kinds = device, device.kinds
        geometry = device.geometry
        self._pages, self._guard = geometry.pages, device.policies.read_offset_guard
        self._most = geometry.rows * geometry.planes

    def rows_for(self, node: Node, base: int, celltype: int) -> Iterator[int]:
        """The rows that an operation may name in a node; NONE where it names none, one past the end: a new one."""
        kind = self._kinds[base]
        payload = self._device.catalogue.bases[base].payload
        if "block" not in payload or kind in (Kind.DOUT, Kind.DOUT4K, Kind.CACHE_END, Kind.PLANE_CACHE_END):
            yield NONE
        elif kind is Kind.ERASE:
            yield from self._erasable(node)
        elif kind in _PLAIN:
            yield from self._plain(node, kind, celltype)
        elif kind in STEPS or kind is Kind.COPYBACK_PROGRAM:
            yield from self._steps(node, kind, celltype)
        elif kind is Kind.RECOVERY:
            yield from self._recovered(node, celltype)
        elif kind in READS:
            yield from self._readable(node, kind, celltype)
        elif kind is Kind.DATAIN:
            yield from (r for r in self._free(node) if self._programmable(node.rows[r], None))
        else:
            yield SPARE

    def _free(self, node: Node) -> Iterator[int]:
        """The rows that nothing open keeps for itself."""
        kept = {work.row for work in (*node.suspended, node.chain, node.caching)}
        running = node.run.row if node.state.run != NONE and node.state.phase != DATA else NONE
        yield from (row for row in range(len(node.rows)) if row not in kept and row != running)

    def _erasable(self, node: Node) -> Iterator[int]:
        if len(node.rows) < self._most:
            yield len(node.rows)
        else:
            yield from self._free(node)

    def _programmable(self, row: Row, celltype: int | None) -> bool:
        if row.erased < 0 or row.last >= self._pages - 1:
            return False
        if celltype is None:
            return True
        return row.written == celltype if row.written else takes(self._device, row.erased, celltype)

    def _fits(self, row: Row, kind: Kind, celltype: int) -> bool:
        room = self._pages - 2 if kind in _OPENS_CACHE else self._pages - 1
        return self._programmable(row, celltype) and row.last + 1 <= room

    def _plain(self, node: Node, kind: Kind, celltype: int) -> Iterator[int]:
        open_one = node.caching
        if open_one.base != NONE:
            if open_one.celltype == celltype and self._fits(node.rows[open_one.row], kind, celltype):
                yield open_one.row
            return
        yield from self._distinct(node, (r for r in self._free(node) if self._fits(node.rows[r], kind, celltype)))

    def _steps(self, node: Node, kind: Kind, celltype: int) -> Iterator[int]:
        source = NONE
        if kind in TAKES_COPYBACK:
            source = (node.data if node.data.base != NONE else node.beside).row
        if kind is Kind.COPYBACK_PROGRAM or (kind in FIRST_STEPS and node.chain.base == NONE):
            rows = (r for r in self._free(node) if r != source and self._fits(node.rows[r], kind, celltype))
            yield from self._distinct(node, rows)
        elif self._goes_on_in(node, kind, celltype, source):
            yield node.chain.row

    def _goes_on_in(self, node: Node, kind: Kind, celltype: int, source: int) -> bool:
        """Whether a step can be the next one of the open chain."""
        chain = node.chain
        if chain.base == NONE or chain.celltype != celltype or chain.row == source:
            return False
        return self._fits(node.rows[chain.row], kind, celltype)

    def _readable(self, node: Node, kind: Kind, celltype: int) -> Iterator[int]:
        if kind in CACHE_READS and node.data.celltype != celltype:
            return
        kept = {work.row for work in node.suspended}
        able = (
            r
            for r, row in enumerate(node.rows)
            if row.written == celltype and row.last - self._guard >= 0 and r not in kept
        )
        yield from self._distinct(node, able)

    def _recovered(self, node: Node, celltype: int) -> Iterator[int]:
        for work in reversed(node.suspended):
            if self._kinds[work.base] is not Kind.ERASE:
                if work.celltype == celltype:
                    yield work.row
                return

    @staticmethod
    def _distinct(node: Node, rows: Iterator[int]) -> Iterator[int]:
        """One row of those that are alike."""
        seen: set[Row] = set()
        for row in rows:
            if node.rows[row] not in seen:
                seen.add(node.rows[row])
                yield row

    # -- what follows ------------------------------------------------------------------------------------------

    def issued(self, node: Node, work: Work, after: State) -> Node:
        """The node after the start of an operation that leads to a state."""
        base, kind = self._device.catalogue.bases[work.base], self._kinds[work.base]
        if not base.affects_state:
            return node._replace(state=after)
        if kind is Kind.RESET:
            return self._reset(node, work, after)
        if kind in SUSPENDS:
            cut = (*node.suspended, node.run) if node.state.run != NONE else node.suspended
            return node._replace(state=after, run=work, suspended=cut)
        if node.state.run != NONE and node.state.phase == DATA:
            node = self._completed(node)
        rows = node.rows
        if kind is Kind.ERASE:
            rows = (*rows[: work.row], Row(), *rows[work.row + 1 :])
        node = node._replace(state=after, rows=rows, run=work)
        if kind in READS:
            node = node._replace(data=work if kind is Kind.COPYBACK_READ else work._replace(row=NONE))
        elif after.data == NONE:
            node = node._replace(data=NO_WORK)
        if kind in STEPS:
            node = node._replace(chain=work)
        elif kind is Kind.CACHE_PROGRAM:
            node = node._replace(caching=work)
        return node if after.beside else node._replace(beside=NO_WORK)

    def fed_beside(self, node: Node, work: Work, after: State) -> Node:
        """The node after a copyback read on another plane."""
        return node._replace(state=after, beside=work)

    def passed(self, node: Node, after: State) -> Node | None:
        """The node after time has led to a state; None where what comes back is not what was suspended."""
        state = node.state
        if after.run == state.run and after.run != NONE:
            return node._replace(state=after)
        if self._kinds[state.run] in RESUMES and after.run != NONE:
            return self._continued(node, after)
        return self._completed(node)._replace(state=after)

    def _continued(self, node: Node, after: State) -> Node | None:
        erase = self._kinds[node.state.run] is Kind.ERASE_RESUME
        kinds = self._kinds
        mine = [i for i, work in enumerate(node.suspended) if (kinds[work.base] is Kind.ERASE) is erase]
        if not mine or node.suspended[mine[-1]].base != after.run:
            return None
        work, left = node.suspended[mine[-1]], tuple(w for i, w in enumerate(node.suspended) if i != mine[-1])
        axis = [w for w in left if (kinds[w.base] is Kind.ERASE) is erase]
        if (axis[-1].base if axis else NONE) != (after.erase if erase else after.program):
            return None
        return node._replace(state=after, run=work, suspended=left, data=NO_WORK, beside=NO_WORK)

    def _completed(self, node: Node) -> Node:
        """What runs has come to its end."""
        work, kind = node.run, self._kinds[node.run.base]
        rows = node.rows
        if kind is Kind.ERASE:
            rows = self._with(rows, work.row, Row(work.celltype, 0, -1))
        elif self._device.advances[work.base] and work.row >= 0:
            last = self._pages - 1 if kind is Kind.ALLWL else rows[work.row].last + 1
            rows = self._with(rows, work.row, Row(rows[work.row].erased, work.celltype, last))
        node = node._replace(rows=rows)
        if kind in STEPS and kind in (Kind.MSB_23H, Kind.EXEC, Kind.COPYBACK_EXEC):
            node = node._replace(chain=NO_WORK)
        if kind in (Kind.PROGRAM, Kind.ALLWL):
            node = node._replace(caching=NO_WORK)
        return node

    def _reset(self, node: Node, work: Work, after: State) -> Node:
        rows = node.rows
        for cut in (node.run, *node.suspended) if node.state.run != NONE else node.suspended:
            changes = self._kinds[cut.base] is Kind.ERASE or self._device.advances[cut.base]
            if changes and cut.row >= 0:
                rows = self._with(rows, cut.row, Row(LOST, 0, -1))
        return Node(after, rows, work)

    @staticmethod
    def _with(rows: tuple[Row, ...], place: int, row: Row) -> tuple[Row, ...]:
        return (*rows[:place], row, *rows[place + 1 :])
