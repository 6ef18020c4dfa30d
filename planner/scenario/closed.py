"""When a die is closed to some operations: what states, latches, caches and suspensions forbid, from when to when."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from model.chains import CACHE_READS, Kind
from model.event import NOTHING
from model.operations import ERASE_AXIS
from planner.scenario.acts import Act
from planner.scenario.order import last_of
from planner.window.logic import Point

if TYPE_CHECKING:
    from planner.scenario.frame import Frame

_STEP_LATCH = {
    Kind.LSB: "LATCH_ON_LSB",
    Kind.CSB: "LATCH_ON_CSB",
    Kind.MSB: "LATCH_ON_MSB",
    Kind.COPYBACK_LSB: "LATCH_ON_COPYBACK_LSB",
    Kind.COPYBACK_CSB: "LATCH_ON_COPYBACK_CSB",
    Kind.COPYBACK_MSB: "LATCH_ON_COPYBACK_MSB",
}


class Closed(NamedTuple):
    """From when to when some bases are forbidden on planes of a die (die NOTHING: all), by a rule and a config key.

    `somewhere`: on some plane, which is free.
    """

    die: int
    planes: int
    start: Point
    end: Point | None
    mask: int
    label: str
    but: tuple[Act, ...] = ()
    since: Act | None = None
    somewhere: bool = False


def closed(outline: Frame) -> Iterator[Closed]:
    """All stretches that the acts of an outline close."""
    yield from _closed_by_states(outline)
    yield from _closed_by_latches(outline)
    yield from _closed_by_suspensions(outline)


def _closed_by_states(outline: Frame) -> Iterator[Closed]:
    """[op-state] What the states of acts forbid, and what their cutters and takers must be."""
    tables = outline.device.exclusions
    for act in outline.acts:
        if not act.base.affects_state:
            continue
        targets = outline.targets(act)
        stay = outline.stays[act.key]
        spans = [(1, span) for span in stay.cores]
        spans += [(len(act.base.states) - 1, stay.data)] if stay.data is not None else []
        for state, span in spans:
            label = f"op-state|exclusions_by_op_state.{act.base.name}.{act.base.states[state]}"
            mask = tables.by_state[act.base.index][state]
            enders = [*act.suspends, act.taken, act.stopped]
            for ender in (e for e in enders if e is not None and mask >> e.base.index & 1):
                if outline.stays[ender.key].start is span.end or outline.stays[ender.key].start == span.end:
                    outline.logic.rule = label
                    outline.logic.deny()
            but = (act, *(e for e in enders if e is not None))
            yield Closed(
                act.die, targets or act.planes, span.start, span.end, mask, label, but, somewhere=targets is None
            )


def _closed_by_latches(outline: Frame) -> Iterator[Closed]:
    device = outline.device
    for act in outline.acts:
        for dout in act.douts:
            since, until = outline.stays[act.key].core_end, outline.end(dout)
            if since is not None:
                yield Closed(
                    act.die, dout.planes, since, until, device.read_latch,
                    "latch|exclusions_by_latch_state.LATCH_ON_READ", (act, *act.douts), act,
                    somewhere=outline.ranges and not act.fixed,
                )  # fmt: skip
        if act.kind in _STEP_LATCH and act.following is not None:
            since, until = outline.end(act), _over(outline, act.following)
            if since is not None:
                label = f"latch|exclusions_by_latch_state.{_STEP_LATCH[act.kind]}"
                mask = device.step_latch[act.base.index]
                yield Closed(act.die, device.geometry.all_planes, since, until, mask, label, (), act)
    yield from _closed_by_caches(outline)


def _over(outline: Frame, act: Act) -> Point | None:
    """When an act has ended, or is stopped."""
    end = outline.end(act)
    if end is None and act.stopped is not None:
        return outline.stays[act.stopped.key].start
    return end


def _closed_by_caches(outline: Frame) -> Iterator[Closed]:
    device, every = outline.device, outline.device.geometry.all_planes
    for act in outline.acts:
        closer = last_of(act)
        if closer is act or act.opened is not None:
            continue
        first = act
        if act.kind in (Kind.READ, Kind.PLANE_READ) and act.moved_by is not None:
            first = act.moved_by
        if first.kind in CACHE_READS:
            key = "ON_CACHE_READ" if first.kind is Kind.CACHE_READ else "ON_PLANE_CACHE_READ"
            mask, planes = device.cache_read[first.base.index], first.planes
        elif first.kind is Kind.CACHE_PROGRAM:
            key, mask, planes = "ON_CACHE_PROGRAM", device.cache_program, every
        elif first.kind is Kind.ODT_OFF:
            end = outline.end(closer)
            if end is not None:
                since = outline.end(first) or outline.stays[first.key].issue_end
                yield Closed(
                    NOTHING, every, since, end, device.exclusions.odt,
                    "odt|exclusions_by_odt_state.ODT_DISABLE", (first,),
                )  # fmt: skip
            continue
        else:
            continue
        end = outline.end(closer)
        start = outline.stays[first.key].start
        if end is not None:
            label = f"cache|exclusions_by_cache_state.{key}"
            free = outline.ranges and not first.fixed and planes != every
            yield Closed(act.die, planes, start, end, mask, label, (first,), first, somewhere=free)
    for act in outline.acts:
        if act.kind is Kind.SHOT_CACHE:
            closer = last_of(act)
            end = outline.end(closer)
            if closer is not act and end is not None:
                label = "cache|exclusions_by_cache_state.ON_ONESHOT_CACHE_PROGRAM"
                yield Closed(act.die, every, outline.stays[act.key].start, end, device.shot_cache, label, (act,), act)


def _closed_by_suspensions(outline: Frame) -> Iterator[Closed]:
    """[suspend-state] and [resume-order] while an act rests."""
    device = outline.device
    order = device.mask_of([Kind.ERASE_RESUME, Kind.ERASE_SUSPEND])
    for act in outline.acts:
        erase = act.base.name in ERASE_AXIS
        axis = "ERASE" if erase else "PROGRAM"
        mask = device.suspended[0 if erase else 1]
        for since, until in outline.suspended.get(act.key, ()):
            every = device.geometry.all_planes
            label = f"suspend-state|exclusions_by_suspend_state.{axis}_SUSPENDED"
            yield Closed(act.die, every, since, until, mask, label)
            if not erase:
                yield Closed(act.die, every, since, until, order, "resume-order")
