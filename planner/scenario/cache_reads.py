"""Which cache reads belong together, and what they need before and after."""

from __future__ import annotations

from collections.abc import Iterable

from model.chains import CACHE_ENDS, CACHE_READS, KEEPS_REGISTERS, MOVES_FROM, Kind
from planner.scenario.acts import CHAIN, Act
from planner.scenario.expand import Expander
from planner.scenario.language import Related


class CacheReads:
    """Cache reads of a die: each moves the page of the read before it; an END moves the last one."""

    def __init__(self, expander: Expander) -> None:
        self._expander = expander

    def walk(self, acts: Iterable[Act]) -> None:
        """Adds the read before the first and the END after the last."""
        latest: Act | None = None
        for act in acts:
            if act.kind in CACHE_READS:
                latest = self._moved(act, latest)
            elif act.kind in CACHE_ENDS:
                self._join(latest if latest is not None and latest.kind in CACHE_READS else self._opened(act), act)
                latest = None
            elif act.kind in (Kind.READ, Kind.PLANE_READ):
                self._close(latest, act)
                latest = act
            elif act.kind is Kind.RESET:
                latest = None
            elif latest is not None and self._empties(act, latest):
                self._close(latest, act)
                latest = None
        self._close(latest)

    def _empties(self, act: Act, latest: Act) -> bool:
        """Whether an act that starts after a read is known to empty its registers."""
        device = self._expander.device
        if not act.base.affects_state or act.kind in KEEPS_REGISTERS or not self._expander.in_order:
            return False
        everything = bool(device.targets_all[act.base.index])
        return everything or bool(act.fixed and latest.fixed and act.planes & latest.planes)

    def _moved(self, act: Act, latest: Act | None) -> Act:
        moves = latest is not None and latest.kind in MOVES_FROM[act.kind]
        if latest is None or not moves or not goes_on(self._expander, latest, act):
            self._close(latest, act)
            latest = self._first(act)
        self._join(latest, act)
        return act

    def _opened(self, end: Act) -> Act:
        """The cache read that an END ends, where none is wanted."""
        base = "CACHE_READ" if end.kind is Kind.CACHE_END else "PLANE_CACHE_READ"
        made = self._expander.added(f"{end.key}.cached", base, end.die, CHAIN)
        made.names = tuple(name for name in made.names if not name.multi) or made.names
        made.planes, made.fixed = end.planes, end.fixed
        self._expander.insert_before(end, made)
        self._join(self._first(made), made)
        return made

    def _first(self, act: Act) -> Act:
        base = "READ" if act.kind is Kind.CACHE_READ else "PLANE_READ"
        made = self._expander.like(act, f"{act.key}.first", base)
        self._expander.insert_before(act, made)
        return made

    @staticmethod
    def _join(before: Act, act: Act) -> None:
        before.moved_by = act
        act.previous, before.following = before, act
        act.planes, act.fixed = before.planes, before.fixed
        if before.kind in CACHE_READS:
            act.opened = before.opened or before

    def _close(self, latest: Act | None, before: Act | None = None) -> None:
        if latest is not None and latest.kind in CACHE_READS and latest.stopped is None:
            base = "CACHE_READ_END" if latest.kind is Kind.CACHE_READ else "PLANE_CACHE_READ_END"
            made = self._expander.added(f"{latest.key}.close", base, latest.die, CHAIN)
            if before is not None:
                self._expander.insert_before(before, made)
            self._join(latest, made)


def goes_on(expander: Expander, before: Act, act: Act) -> bool:
    """Whether what the user says of two acts lets the second one go on with the chain of the first."""
    if before.base.has_plane and act.base.has_plane:
        known = before.fixed and act.fixed
        if before.name.multi != act.name.multi or (known and before.planes != act.planes):
            return False
    if {name.celltype for name in before.names} & {name.celltype for name in act.names} == set():
        return False
    if act.kind in CACHE_READS | CACHE_ENDS:
        return True
    row_of = expander.device.geometry.row_of
    if isinstance(before.block, int) and isinstance(act.block, int) and row_of(before.block) != row_of(act.block):
        return False
    if isinstance(act.block, Related) and not act.block.same and expander.by_key.get(act.block.to) is before:
        return False
    further = 1 if before.kind in (Kind.SHOT_CACHE, Kind.CACHE_PROGRAM) else 0
    return not (isinstance(before.page, int) and isinstance(act.page, int) and before.page + further != act.page)
