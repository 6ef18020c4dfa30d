"""Blocks and pages for the acts of a scenario, and what has to be erased and programmed before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from model.addresses import takes
from model.boundary import BAD, ERASED, PROGRAMMED, Boundary
from model.chains import CACHE_ENDS, CACHE_READS, EXECUTES, READS, STEPS, Kind
from model.device import Device
from model.event import NOTHING
from model.geometry import planes_in
from planner.scenario.acts import Act
from planner.scenario.expand import Hopeless
from planner.scenario.language import Related

_ONE_STEP = frozenset({Kind.PROGRAM, Kind.ALLWL, Kind.CACHE_PROGRAM, Kind.COPYBACK_PROGRAM, Kind.OTHER_PROGRAM})
_FREE, _ERASED, _PROGRAMMED, _UNDEFINED = range(4)


class NotPlanned(Exception):  # noqa: N818 - an answer
    """The planner finds no addresses; that is no proof that there are none."""


@dataclass(slots=True)
class Need:
    """What a block row has to be before the acts: erased for `celltype`, and programmed up to `last` (-1: not)."""

    die: int
    row: int
    planes: int
    celltype: int
    last: int


@dataclass(slots=True)
class _Block:
    """A block as the acts go by. `need` is what it has to be at first, where that matters."""

    state: int = _FREE
    celltype: int = 0
    last: int = -1
    need: tuple[int, int] | None = None


@dataclass(slots=True)
class Uses:
    """How often each block row was used before: rows of (die, row)."""

    counts: dict[tuple[int, int], int] = field(default_factory=dict)


def assign(device: Device, boundary: Boundary, acts: Sequence[Act], uses: Uses) -> list[Need]:
    """Gives rows and pages to acts in order of start; what is needed before. NotPlanned, Hopeless."""
    return _Assigner(device, boundary, acts, uses).needs()


class _Assigner:
    def __init__(self, device: Device, boundary: Boundary, acts: Sequence[Act], uses: Uses) -> None:
        self._device = device
        self._boundary = boundary
        self._acts = acts
        self._uses = uses
        self._blocks: dict[tuple[int, int, int], _Block] = {}
        self._root: dict[str, str] = {act.key: act.key for act in acts}
        self._taken: set[tuple[int, int]] = set()

    def needs(self) -> list[Need]:
        """Rows, then pages in order of start."""
        self._group()
        self._rows()
        for act in self._acts:
            self._use(act)
        found: dict[tuple[int, int, int, int], Need] = {}
        for (die, row, plane), block in self._blocks.items():
            if block.need is not None and not self._is(die, row, plane, block.need):
                key = (die, row, *block.need)
                need = found.setdefault(key, Need(die, row, 0, *block.need))
                need.planes |= 1 << plane
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
        groups: dict[str, list[Act]] = {}
        for act in self._acts:
            if self._addressed(act):
                groups.setdefault(self._find(act.key), []).append(act)
        fixed = [g for g in groups.values() if any(isinstance(act.block, int) for act in g)]
        free = [g for g in groups.values() if not any(isinstance(act.block, int) for act in g)]
        for group in fixed:
            rows = {self._device.geometry.row_of(act.block) for act in group if isinstance(act.block, int)}
            if len(rows) > 1:
                place = next(a.wanted.place for a in group if isinstance(a.block, int) and a.wanted is not None)
                raise Hopeless("multi-address", "operations on one block are wanted on different ones", place)
            self._give(group, rows.pop())
        for group in free:
            self._give(group, self._fresh(group))
        self._check_others(groups)

    def _check_others(self, groups: dict[str, list[Act]]) -> None:
        for group in groups.values():
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
        blocks = [self._blocks.setdefault((act.die, act.row, plane), _Block()) for plane in planes_in(act.planes)]
        kind, said = act.kind, self._page_said(act)
        if kind is Kind.ERASE:
            act.at_page = 0
            for block in blocks:
                block.state, block.celltype, block.last = _ERASED, act.name.celltype, -1
                if act.stopped is not None:
                    block.state = _UNDEFINED
        elif kind in STEPS and act.previous is not None and act.previous.kind is not Kind.SHOT_CACHE:
            act.at_page = act.previous.at_page
        elif kind in _ONE_STEP or kind in STEPS or kind is Kind.DATAIN:
            act.at_page = self._program(act, blocks, said)
        elif kind in READS:
            act.at_page = self._read(act, blocks, said)
        else:
            act.at_page = said if said != NOTHING else 0
        self._written(act, blocks)

    def _written(self, act: Act, blocks: Sequence[_Block]) -> None:
        if act.kind in _ONE_STEP or act.kind in EXECUTES:
            for block in blocks:
                block.state, block.celltype = _PROGRAMMED, act.name.celltype
                block.last = self._device.geometry.pages - 1 if act.kind is Kind.ALLWL else act.at_page
                if act.stopped is not None:
                    block.state = _UNDEFINED

    def _page_said(self, act: Act) -> int:
        if isinstance(act.page, Related):
            return self._named(act.page.to, act).at_page if act.page.same else NOTHING
        return act.page if isinstance(act.page, int) else NOTHING

    def _program(self, act: Act, blocks: Sequence[_Block], said: int) -> int:
        kind = act.name.celltype
        if blocks[0].state == _FREE:
            page = said if said != NOTHING else self._next_free(act, kind)
            celltype = kind if page else self._erased_as(kind)
            for block in blocks:
                block.need = (celltype if kind else self._erased_as(1), page - 1)
                block.state = _PROGRAMMED if page else _ERASED
                block.celltype, block.last = celltype, page - 1
            return page
        page = blocks[0].last + 1
        celltypes = self._device.celltypes
        for block in blocks:
            fits = kind in (block.celltype, 0)
            if block.state == _ERASED:
                fits = takes(block.celltype, kind, celltypes) if kind else True
            if block.state == _UNDEFINED or not fits or block.last + 1 != page or page >= self._device.geometry.pages:
                raise NotPlanned(f"{act.key} needs a block that is erased once more before it")
        if said not in (NOTHING, page):
            raise NotPlanned(f"{act.key} is wanted on page {said}, page {page} of its block is due")
        return page

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

    def _read(self, act: Act, blocks: Sequence[_Block], said: int) -> int:
        guard = self._device.policies.read_offset_guard
        kind = act.name.celltype
        if blocks[0].state == _FREE:
            page = 0 if said == NOTHING else said
            if act.kind in CACHE_READS and act.previous is not None and said == NOTHING:
                page = min(act.previous.at_page + 1, self._device.geometry.pages - 1 - guard)
            for block in blocks:
                block.need = (kind, page + guard)
                block.state, block.celltype, block.last = _PROGRAMMED, kind, page + guard
            return page
        page = said if said != NOTHING else max(0, blocks[0].last - guard)
        if act.kind in CACHE_READS and act.previous is not None and said == NOTHING:
            page = min(act.previous.at_page + 1, self._device.geometry.pages - 1 - guard)
        for block in blocks:
            if block.state != _PROGRAMMED or block.celltype != kind:
                raise NotPlanned(f"{act.key} needs a page of its block that is not programmed then")
            if page + guard > block.last:
                if block.need is None or block.need[1] != block.last:
                    raise NotPlanned(f"{act.key} reads page {page}, which is not programmed then")
                block.need = (kind, page + guard)
                block.last = page + guard
        return page

    def _erased_as(self, celltype: int) -> int:
        names = self._device.celltypes
        slc = "SLC" in names and takes(names.index("SLC"), celltype, names)
        return names.index("SLC") if slc else celltype

    def _is(self, die: int, row: int, plane: int, need: tuple[int, int]) -> bool:
        """Whether a block is what it has to be already."""
        blocks = self._boundary.blocks
        at = die, self._device.geometry.block_of(row, plane)
        celltype, last = need
        if last < 0:
            return bool(blocks.kind[at] == ERASED and blocks.celltype[at] == celltype)
        return bool(blocks.kind[at] == PROGRAMMED and blocks.celltype[at] == celltype and blocks.last[at] == last)
