"""What the rules add to wanted operations: steps of chains, deliveries, what ends cache reads and cache programs."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence

from model.chains import (
    CLOSES_CACHE_PROGRAM,
    EXECUTES,
    FIRST_STEPS,
    NEXT_STEP,
    READS,
    STEPS,
    TAKES_COPYBACK,
    TRANSFER_OF,
    Kind,
)
from planner.scenario.acts import CHAIN, Act
from planner.scenario.cache_reads import CacheReads, goes_on
from planner.scenario.expand import Expander, Hopeless, planes_of

_CACHE_PROGRAMS = CLOSES_CACHE_PROGRAM | {Kind.CACHE_PROGRAM}
_BASE = {
    Kind.LSB: "ONESHOT_PROGRAM_LSB",
    Kind.CSB: "ONESHOT_PROGRAM_CSB",
    Kind.MSB: "ONESHOT_PROGRAM_MSB",
    Kind.MSB_23H: "ONESHOT_PROGRAM_MSB_23H",
    Kind.EXEC: "ONESHOT_PROGRAM_EXEC_MSB",
    Kind.SHOT_CACHE: "ONESHOT_CACHE_PROGRAM",
    Kind.COPYBACK_LSB: "ONESHOT_COPYBACK_PROGRAM_LSB",
    Kind.COPYBACK_CSB: "ONESHOT_COPYBACK_PROGRAM_CSB",
    Kind.COPYBACK_MSB: "ONESHOT_COPYBACK_PROGRAM_MSB",
    Kind.COPYBACK_EXEC: "ONESHOT_COPYBACK_PROGRAM_EXEC_MSB",
}


def follow(expander: Expander, wanted: Sequence[Act]) -> None:
    """Adds to the acts of each die what their chains and reads need. Hopeless: the config does not have it."""
    for die in sorted({act.die for act in wanted}):
        mine = [act for act in wanted if act.die == die]
        _Shots(expander).walk(mine)
        _CachePrograms(expander).walk(mine)
        _copybacks(expander, [act for act in expander.acts if act.die == die])
        CacheReads(expander).walk(mine)
        _odt(expander, mine)
    for act in wanted:
        if act.kind is Kind.RECOVERY:
            _recovery(act)
    for act in list(expander.acts):
        if act.kind in READS and act.stopped is None:
            _deliveries(expander, act)
    for act in wanted:
        if act.taken is None and act.hosted is not None:
            _taking(act)


def _taking(act: Act) -> None:
    """An act that affects the state of planes inside a DATA window takes it over."""
    hosted = act.hosted
    if hosted is None or hosted.suspension or act.kind is Kind.RESET:
        return
    if act.base.affects_state and hosted.inside.state in ("DATA_OUT", "DATA_IN"):
        hosted.host.taken = act


class _Shots:
    """One-shot programs of a die."""

    def __init__(self, expander: Expander) -> None:
        self._expander = expander
        self._open: Act | None = None
        self._made = 0

    def walk(self, acts: Iterable[Act]) -> None:
        """Each step gets the steps that it needs before it; what is open at the end is closed."""
        latest: Act | None = None
        for act in acts:
            if act.kind is Kind.RESET:
                self._open = None
            elif act.kind in STEPS:
                if self._open is not None and not goes_on(self._expander, self._open, act):
                    self._reach(act, lambda state: state is None)
                self._reach(act, lambda state, kind=act.kind: kind in self._following(state))
                self._join(act)
                latest = act
            elif act.kind in TRANSFER_OF:
                step = TRANSFER_OF[act.kind]
                self._reach(act, lambda state, step=step: state is step)
                act.previous = self._open
                latest = act
        if self._open is not None and latest is not None:
            anchor = self._open
            for kind in self._path(anchor.kind, lambda state: state is None):
                self._join(self._step(anchor, kind))

    @staticmethod
    def _following(state: Kind | None) -> tuple[Kind, ...]:
        return FIRST_STEPS if state is None else NEXT_STEP.get(state, FIRST_STEPS)

    def _path(self, state: Kind | None, reached) -> list[Kind]:  # type: ignore[no-untyped-def]
        """The fewest steps after which `reached` holds of the open step."""
        known = self._expander.device.catalogue
        pending: deque[tuple[Kind | None, list[Kind]]] = deque([(state, [])])
        seen = {state}
        while pending:
            at, way = pending.popleft()
            if reached(at):
                return way
            following = list(self._following(at))
            if Kind.EXEC in following and self._expander.closer % 2:
                following.sort(key=lambda kind: kind is not Kind.EXEC)
            for kind in following:
                base = _BASE[kind]
                if base not in known.base_index or not known.base(base).names:
                    continue
                after = None if kind in EXECUTES and kind is not Kind.SHOT_CACHE else kind
                if after not in seen:
                    seen.add(after)
                    pending.append((after, [*way, kind]))
        raise Hopeless("chain", "no steps of this config lead there", None)

    def _reach(self, act: Act, reached) -> None:  # type: ignore[no-untyped-def]
        state = self._open.kind if self._open is not None else None
        for kind in self._path(state, reached):
            made = self._step(act, kind)
            self._expander.insert_before(act, made)
            self._join(made)

    def _step(self, act: Act, kind: Kind) -> Act:
        self._made += 1
        like = self._open or act
        if like.kind in TRANSFER_OF:
            like = _with_plane(like)
        made = self._expander.like(like, f"{act.key}.step.{self._made}", _BASE[kind])
        if act.hosted is not None and act.hosted.suspension and self._open is None:
            made.hosted = act.hosted
        return made

    def _join(self, act: Act) -> None:
        before = self._open
        if before is not None:
            act.previous, before.following = before, act
            act.planes, act.fixed = before.planes, before.fixed
            act.opened = before.opened or before
        self._open = None if act.kind in EXECUTES and act.kind is not Kind.SHOT_CACHE else act


def _with_plane(act: Act) -> Act:
    """A transfer names no plane; its program is on plane 0."""
    act.planes = act.planes or 1
    return act


class _CachePrograms:
    """Cache programs of a die."""

    def __init__(self, expander: Expander) -> None:
        self._expander = expander

    def walk(self, acts: Iterable[Act]) -> None:
        """Cache programs in a row are one chain; a plain program ends it."""
        opened: Act | None = None
        for act in acts:
            if opened is not None and act.kind in _CACHE_PROGRAMS and not goes_on(self._expander, opened, act):
                self._close(opened, act)
                opened = None
            if act.kind is Kind.RESET:
                opened = None
            elif act.kind is Kind.CACHE_PROGRAM or (opened is not None and act.kind in CLOSES_CACHE_PROGRAM):
                if opened is not None:
                    self._join(opened, act)
                opened = act if act.kind is Kind.CACHE_PROGRAM else None
        if opened is not None and opened.stopped is None:
            self._close(opened)

    def _close(self, opened: Act, before: Act | None = None) -> None:
        made = self._expander.like(opened, f"{opened.key}.close", "PROGRAM_SLC")
        if before is not None:
            self._expander.insert_before(before, made)
        self._join(opened, made)

    @staticmethod
    def _join(before: Act, act: Act) -> None:
        act.previous, before.following = before, act
        act.planes, act.fixed = before.planes, before.fixed
        act.opened = before.opened or before


def _copybacks(expander: Expander, acts: Sequence[Act]) -> None:
    """Each copyback program has a copyback read of its own before it."""
    waiting: Act | None = None
    for act in acts:
        if act.kind is Kind.COPYBACK_READ:
            waiting = act
        elif act.kind in TAKES_COPYBACK:
            if waiting is None:
                slc = expander.device.celltypes.index("SLC") if "SLC" in expander.device.celltypes else 0
                waiting = expander.added(f"{act.key}.source", "COPYBACK_READ", act.die, CHAIN)
                fit = [n for n in waiting.names if n.multi == act.name.multi]
                waiting.names = tuple([n for n in fit if n.celltype == slc] or fit)
                waiting.planes, waiting.fixed = act.planes, act.fixed
                expander.insert_before(act, waiting)
            act.delivers, waiting.moved_by = waiting, act
            act.planes, act.fixed = waiting.planes, waiting.fixed
            waiting = None


def _odt(expander: Expander, acts: Iterable[Act]) -> None:
    opened: Act | None = None
    for act in acts:
        if act.kind is Kind.ODT_OFF:
            opened = act
        elif act.kind is Kind.ODT_ON and opened is not None:
            opened.following, act.previous, opened = act, opened, None
    if opened is not None:
        made = expander.added(f"{opened.key}.close", "ODTENABLE", opened.die, CHAIN)
        opened.following, made.previous = made, opened


def _deliveries(expander: Expander, read: Act) -> None:
    """A DOUT per plane of a read, but those that are wanted themselves."""
    if read.kind is Kind.COPYBACK_READ and read.moved_by is not None:
        return
    base = "DOUT4K" if read.kind is Kind.READ4K else "DOUT"
    wanted = [act for act in expander.acts if act.wanted is not None and act.wanted.delivers == read.key]
    for number, plane in enumerate(planes_of(read), 1):
        own = [act for act in wanted if not act.wanted.planes or plane in act.wanted.planes]  # type: ignore[union-attr]
        if own:
            made = own[0]
            wanted.remove(made)
        elif read.wanted is not None and not read.wanted.delivered:
            continue
        else:
            made = expander.added(f"{read.key}.dout.{number}", base, read.die, CHAIN)
            made.hosted = None
        made.planes, made.fixed, made.delivers = 1 << plane, read.fixed, read
        read.douts.append(made)


def _recovery(act: Act) -> None:
    hosted = act.hosted
    if hosted is None or not hosted.suspension or hosted.host.kind is Kind.ERASE:
        place = act.wanted.place if act.wanted else None
        raise Hopeless("recovery", f"{act.key} is not inside a suspension of a program", place)
    act.recovers = hosted.host
    if not act.fixed:
        act.planes = hosted.host.planes if act.name.multi else hosted.host.planes & -hosted.host.planes
