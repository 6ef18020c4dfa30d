"""Blocks and pages for the acts of a scenario, and what has to be erased and programmed before."""

from __future__ import annotations

from collections.abc import Sequence

from model.addresses import takes
from model.boundary import BAD, ERASED, PROGRAMMED, Boundary
from model.chains import CACHE_ENDS, CACHE_READS, EXECUTES, READS, STEPS, Kind
from model.device import Device
from model.event import NOTHING
from model.geometry import planes_in
from planner.scenario.acts import Act
from planner.scenario.blocks import (
    AS_ERASED,
    AS_PROGRAMMED,
    AS_UNDEFINED,
    FREE,
    Block,
    Layout,
    Need,
    NotPlanned,
    Uses,
    erased_as,
)
from planner.scenario.expand import Hopeless
from planner.scenario.language import Related

_ONE_STEP = frozenset({Kind.PROGRAM, Kind.ALLWL, Kind.CACHE_PROGRAM, Kind.COPYBACK_PROGRAM, Kind.OTHER_PROGRAM})


def assign(
    device: Device, boundary: Boundary, acts: Sequence[Act], uses: Uses, layout: Layout | None = None
) -> list[Need]:
    """Gives rows and pages to acts in order of start; what is needed before. NotPlanned, Hopeless.

    With a `layout` acts share a row only where they have to or where it says so, and pages are as low as they can be.
    """
    return _Assigner(device, boundary, acts, uses, layout).needs()


def rows_apart(device: Device, boundary: Boundary, acts: Sequence[Act]) -> list[list[Act]]:
    """The acts with addresses, those together that have to be on one row."""
    return _Assigner(device, boundary, acts, Uses(), Layout()).groups()


class _Assigner:
    def __init__(
        self, device: Device, boundary: Boundary, acts: Sequence[Act], uses: Uses, layout: Layout | None
    ) -> None:
        self._layout = layout
        self._device = device
        self._boundary = boundary
        self._acts = acts
        self._uses = uses
        self._blocks: dict[tuple[int, int, int], Block] = {}
        self._root: dict[str, str] = {act.key: act.key for act in acts}
        self._taken: set[tuple[int, int]] = set()

    def needs(self) -> list[Need]:
        """Rows, then pages in order of start."""
        self._rows()
        for act in self._acts:
            self._use(act)
        found: dict[tuple[int, int, int, int], Need] = {}
        for (die, row, plane), block in self._blocks.items():
            if block.need is not None and not self._is(die, row, plane, block):
                key = (die, row, *block.need)
                need = found.setdefault(key, Need(die, row, 0, *block.need, exactly=False))
                need.planes |= 1 << plane
                need.exactly |= block.grows
        return list(found.values())

    def groups(self) -> list[list[Act]]:
        """The acts that have addresses, by the row that they share."""
        self._group()
        found: dict[str, list[Act]] = {}
        for act in self._acts:
            if self._addressed(act):
                found.setdefault(self._find(act.key), []).append(act)
        return list(found.values())

    # -- which acts share a block ----------------------------------------------------------------------------------

    def _find(self, key: str) -> str:
        while self._root[key] != key:
            key = self._root[key]
        return key

    def _join(self, a: str, b: str) -> None:
        if a in self._root and b in self._root:
            self._root[self._find(a)] = self._find(b)

    def _group(self) -> None:
        alike: dict[tuple[object, ...], str] = {}
        for a, b in self._layout.joins if self._layout is not None else ():
            self._join(a, b)
        for act in self._acts:
            if not self._addressed(act):
                continue
            if act.previous is not None and act.kind not in CACHE_READS and self._addressed(act.previous):
                self._join(act.key, act.previous.key)
            said = act.block if isinstance(act.block, Related) else act.page
            if isinstance(said, Related) and said.same and not isinstance(act.block, int):
                self._join(act.key, self._named(said.to, act).key)
            elif isinstance(act.block, int):
                self._alike(alike, act, ("block", act.die, self._device.geometry.row_of(act.block)))
            elif self._layout is not None:
                continue
            elif act.kind in READS:
                if act.kind in CACHE_READS and act.previous is not None:
                    self._join(act.key, act.previous.key)
                elif not isinstance(act.block, Related):
                    self._alike(
                        alike, act, ("reads", act.die, act.planes, act.name.celltype, act.kind is Kind.COPYBACK_READ)
                    )
            elif act.wanted is not None and act.wanted.count > 1 and not isinstance(act.block, Related):
                self._alike(alike, act, ("count", act.wanted.id, act.die))

    def _alike(self, alike: dict[tuple[object, ...], str], act: Act, key: tuple[object, ...]) -> None:
        self._join(act.key, alike.setdefault(key, act.key))

    def _named(self, name: str, act: Act) -> Act:
        keys = {other.key: other for other in self._acts}
        number = act.key.rpartition(".")[2]
        return keys.get(name) or keys.get(f"{name}.{number}") or keys[f"{name}.1"]

    @staticmethod
    def _addressed(act: Act) -> bool:
        return "block" in act.base.payload and act.kind not in (Kind.DOUT, Kind.DOUT4K, Kind.RECOVERY, *CACHE_ENDS)

    # -- rows ------------------------------------------------------------------------------------------------------

    def _rows(self) -> None:
        groups = self.groups()
        fixed = [g for g in groups if any(isinstance(act.block, int) for act in g)]
        free = [g for g in groups if not any(isinstance(act.block, int) for act in g)]
        chosen = dict(self._layout.rows) if self._layout is not None else {}
        for group in fixed:
            rows = {self._device.geometry.row_of(act.block) for act in group if isinstance(act.block, int)}
            if len(rows) > 1:
                place = next(a.wanted.place for a in group if isinstance(a.block, int) and a.wanted is not None)
                raise Hopeless("multi-address", "operations on one block are wanted on different ones", place)
            self._give(group, rows.pop())
        for group in free:
            said = next((chosen[act.key] for act in group if act.key in chosen), None)
            self._give(group, self._fresh(group) if said is None else said)
        self._check_others(groups)

    def _check_others(self, groups: Sequence[Sequence[Act]]) -> None:
        for group in groups:
            for act in group:
                if isinstance(act.block, Related) and not act.block.same:
                    other = self._named(act.block.to, act)
                    if other.row == act.row and other.die == act.die and other.planes & act.planes:
                        raise Hopeless("multi-address", "another block is wanted, and the same one", act.block.place)

    def _give(self, group: Sequence[Act], row: int) -> None:
        for act in group:
            act.row = row
            self._taken.add((act.die, row))
            self._uses.counts[act.die, row] = self._uses.counts.get((act.die, row), 0) + 1

    def _fresh(self, group: Sequence[Act]) -> int:
        """The row used least, good on all planes of the group."""
        die = group[0].die
        planes = 0
        for act in group:
            planes |= act.planes
        geometry = self._device.geometry
        able = [
            row
            for row in range(geometry.rows)
            if (die, row) not in self._taken
            and all(self._boundary.blocks.kind[die, geometry.block_of(row, p)] != BAD for p in planes_in(planes))
        ]
        if not able:
            raise NotPlanned(f"die {die} has no block row left for {group[0].key}")
        return min(able, key=lambda row: (self._uses.counts.get((die, row), 0), row))

    # -- pages -----------------------------------------------------------------------------------------------------

    def _use(self, act: Act) -> None:
        if act.kind in (Kind.DOUT, Kind.DOUT4K) and act.delivers is not None:
            act.row, act.at_page = act.delivers.row, act.delivers.at_page
        elif act.kind in CACHE_ENDS and act.previous is not None:
            act.row, act.at_page, act.planes = act.previous.row, act.previous.at_page, act.previous.planes
        elif act.recovers is not None:
            act.row, act.at_page = act.recovers.row, act.recovers.at_page
        elif self._addressed(act):
            self._touch(act)

    def _touch(self, act: Act) -> None:
        blocks = [self._blocks.setdefault((act.die, act.row, plane), Block()) for plane in planes_in(act.planes)]
        kind, said = act.kind, self._page_said(act)
        if kind is Kind.ERASE:
            act.at_page = 0
            for block in blocks:
                block.state, block.celltype, block.last = AS_ERASED, act.name.celltype, -1
                if act.stopped is not None:
                    block.state = AS_UNDEFINED
        elif kind in STEPS and act.previous is not None and act.previous.kind is not Kind.SHOT_CACHE:
            act.at_page = act.previous.at_page
        elif kind in _ONE_STEP or kind in STEPS or kind is Kind.DATAIN:
            act.at_page = self._program(act, blocks, said)
        elif kind in READS:
            act.at_page = self._read(act, blocks, said)
        else:
            act.at_page = said if said != NOTHING else 0
        self._written(act, blocks)

    def _written(self, act: Act, blocks: Sequence[Block]) -> None:
        if act.kind in _ONE_STEP or act.kind in EXECUTES:
            for block in blocks:
                block.grows = block.grows or block.state == AS_PROGRAMMED or block.need is not None
                block.state, block.celltype = AS_PROGRAMMED, act.name.celltype
                block.last = self._device.geometry.pages - 1 if act.kind is Kind.ALLWL else act.at_page
                if act.stopped is not None:
                    block.state = AS_UNDEFINED

    def _page_said(self, act: Act) -> int:
        if isinstance(act.page, Related):
            return self._named(act.page.to, act).at_page if act.page.same else NOTHING
        return act.page if isinstance(act.page, int) else NOTHING

    def _program(self, act: Act, blocks: Sequence[Block], said: int) -> int:
        kind = act.name.celltype or self._next_celltype(act)
        if blocks[0].state == FREE:
            page = said if said != NOTHING else self._next_free(act, kind)
            celltype = kind if page else erased_as(self._device, kind)
            for block in blocks:
                block.need = (celltype if kind else erased_as(self._device, 1), page - 1)
                block.state = AS_PROGRAMMED if page else AS_ERASED
                block.celltype, block.last = celltype, page - 1
            return page
        page = blocks[0].last + 1
        celltypes = self._device.celltypes
        for block in blocks:
            fits = kind in (block.celltype, 0)
            if block.state == AS_ERASED:
                fits = takes(block.celltype, kind, celltypes) if kind else True
            if block.state == AS_UNDEFINED or not fits or block.last + 1 != page or page >= self._device.geometry.pages:
                raise NotPlanned(f"{act.key} needs a block that is erased once more before it")
        if said not in (NOTHING, page):
            raise NotPlanned(f"{act.key} is wanted on page {said}, page {page} of its block is due")
        return page

    def _next_celltype(self, load: Act) -> int:
        """The celltype of the program that a load of data is for; 0 where none follows."""
        later = self._acts[self._acts.index(load) + 1 :]
        fitting = (a for a in later if a.kind in _ONE_STEP | STEPS and (a.die, a.row) == (load.die, load.row))
        return next((act.name.celltype for act in fitting if act.planes & load.planes), 0)

    def _next_free(self, act: Act, kind: int) -> int:
        """The page that the block takes next as it is; 0 where it has to be erased."""
        geometry, blocks = self._device.geometry, self._boundary.blocks
        pages = set()
        for plane in planes_in(act.planes):
            at = act.die, geometry.block_of(act.row, plane)
            programmed = blocks.kind[at] == PROGRAMMED and blocks.celltype[at] == kind
            pages.add(int(blocks.last[at]) + 1 if programmed else 0)
        page = pages.pop()
        chain = 1
        following = act.following
        while following is not None:
            chain, following = chain + 1, following.following
        return page if not pages and page + chain < geometry.pages else 0

    def _read(self, act: Act, blocks: Sequence[Block], said: int) -> int:
        guard = self._device.policies.read_offset_guard
        kind = act.name.celltype
        if blocks[0].state == FREE:
            page = 0 if said == NOTHING else said
            if self._runs_on(act, said) and act.previous is not None:
                page = min(act.previous.at_page + 1, self._device.geometry.pages - 1 - guard)
            for block in blocks:
                block.need = (kind, page + guard)
                block.state, block.celltype, block.last = AS_PROGRAMMED, kind, page + guard
            return page
        page = said if said != NOTHING else max(0, blocks[0].last - guard)
        if self._runs_on(act, said) and act.previous is not None:
            page = min(act.previous.at_page + 1, self._device.geometry.pages - 1 - guard)
        for block in blocks:
            if block.state != AS_PROGRAMMED or block.celltype != kind:
                raise NotPlanned(f"{act.key} needs a page of its block that is not programmed then")
            if page + guard > block.last:
                if block.need is None or block.need[1] != block.last:
                    raise NotPlanned(f"{act.key} reads page {page}, which is not programmed then")
                block.need = (kind, page + guard)
                block.last = page + guard
        return page

    def _runs_on(self, act: Act, said: int) -> bool:
        """Whether a cache read goes on with the next page, though it need not."""
        return self._layout is None and act.kind in CACHE_READS and said == NOTHING

    def _is(self, die: int, row: int, plane: int, block: Block) -> bool:
        """Whether a block is what it has to be already."""
        assert block.need is not None
        blocks = self._boundary.blocks
        at = die, self._device.geometry.block_of(row, plane)
        celltype, last = block.need
        if not block.grows and last >= 0 and blocks.kind[at] == PROGRAMMED and blocks.celltype[at] == celltype:
            return bool(blocks.last[at] >= last)
        if last < 0:
            return bool(blocks.kind[at] == ERASED and blocks.celltype[at] == celltype)
        return bool(blocks.kind[at] == PROGRAMMED and blocks.celltype[at] == celltype and blocks.last[at] == last)
