"""Several plane reads of a die beside each other: everything keeps fixed offsets from one of them."""

from __future__ import annotations

from model.event import NOTHING
from model.forbidden import forbidden_by_die, forbidden_on
from model.live import Live
from planner.targets.inside import read_beside
from planner.targets.reads import ask_dout, deliverable
from planner.targets.singles import ask_single
from planner.targets.walk import TARGET, DieWalk
from planner.window.spec import Inside


def parallel_step(walk: DieWalk) -> bool:
    """Asks for an operation while several reads run, or lets the next of their states end."""
    running = walk.track.running
    anchor = _anchor(walk, running)
    choice = walk.picker.random.random()
    if choice < 0.3 and anchor is not None and anchor.ref >= 0 and _another_read(walk, anchor, running):
        return True
    if choice < 0.55 and _deliver(walk, running):
        return True
    if choice < 0.75 and anchor is not None and _status(walk, anchor, running):
        return True
    if choice > 0.99 and anchor is not None and _reset(walk, anchor, running):
        return True
    moments = [moment for live in running for moment in (live.data, live.end) if moment > walk.now]
    walk.now = min(moments) if moments else walk.now + 1
    return False


def _anchor(walk: DieWalk, running: list[Live]) -> Live | None:
    """The read that stays longest in CORE_BUSY."""
    busy = [live for live in running if live.core <= walk.now < live.data]
    return max(busy, key=lambda live: (live.data, live.uid)) if busy else None


def _forbidden(walk: DieWalk, running: list[Live], until: int) -> list[int]:
    """Per plane what is forbidden at some moment from `now` to `until`."""
    exclusions, track, tables = walk.asked.device.exclusions, walk.track, walk.tables
    by_die = forbidden_by_die(track)
    masks = []
    for plane, last in enumerate(track.last):
        mask = by_die | forbidden_on(track, plane, until)
        busy = next((live for live in running if live.targets >> plane & 1), None)
        if busy is not None:
            index = busy.op.base.index
            for moment in {walk.now, until, min(max(busy.data, walk.now), until)}:
                if moment >= busy.end:
                    mask |= exclusions.end[index] | tables.refuses(4 * index + 3)
                else:
                    state = busy.state_at(moment)
                    mask |= exclusions.by_state[index][state] | tables.refuses(4 * index + state)
        elif last != NOTHING:
            mask |= exclusions.end[last] | tables.refuses(4 * last + 3)
        masks.append(mask)
    return masks


def _another_read(walk: DieWalk, anchor: Live, running: list[Live]) -> bool:
    busy = 0
    for live in running:
        busy |= live.targets
    planes = walk.tables.all_planes & ~busy & ~walk.undelivered()
    for plane, open_read in enumerate(walk.track.cache_read):
        if open_read is not None:
            planes &= ~(1 << plane)
    if not planes or any(live.op.multi for live in running):
        return False
    forbidden = _forbidden(walk, running, anchor.data)
    mask = walk.asked.device.single_single & walk.tables.usable & ~walk.tables.cache_reads
    options = 0
    for base in range(mask.bit_length()):
        if mask >> base & 1 and walk.allowed_planes(base, forbidden) & planes:
            options |= 1 << base
    key, aim = walk.where(planes)
    base = walk.picker.base(options, key, aim) if options else NOTHING
    if base == NOTHING:
        return False
    return read_beside(walk, anchor, base, planes & walk.allowed_planes(base, forbidden))


def _deliver(walk: DieWalk, running: list[Live]) -> bool:
    """A DOUT on a plane whose own read has left CORE_BUSY."""
    walk.keep_gap()
    walk.settle()
    running = walk.track.running
    forbidden = _forbidden(walk, running, walk.now)
    for base in range(walk.tables.douts.bit_length()):
        if not walk.tables.douts >> base & 1:
            continue
        for plane, _ in deliverable(walk, base, walk.allowed_planes(base, forbidden)):
            own = next((live for live in running if live.targets >> plane & 1), None)
            if own is None:
                return ask_dout(walk, base, 1 << plane, alone=True)
            if own.ref >= 0:
                offset = walk.now - own.data
                return ask_dout(walk, base, 1 << plane, Inside(own.ref, len(own.op.base.states) - 1, offset, offset))
    return False


def _status(walk: DieWalk, anchor: Live, running: list[Live]) -> bool:
    """A status read inside the anchor's CORE_BUSY."""
    tables = walk.tables
    base = walk.picker.base(tables.status, *walk.where(anchor.targets)) if tables.status else NOTHING
    if base == NOTHING:
        return False
    offset = walk.now - anchor.core
    latest = anchor.data - anchor.core - tables.longest_issue[base]
    slack = walk.fixed.get(anchor.ref)
    if latest < offset or (slack is not None and not walk.asked.claim(base, walk.now - slack, walk.now)):
        return False
    high = offset if slack is not None else walk.picker.between(offset, latest)
    forbidden = _forbidden(walk, running, anchor.core + high)
    planes = walk.allowed_planes(base, forbidden)
    if not planes or (tables.wide >> base & 1 and planes != tables.all_planes):
        return False
    walk.now = anchor.core + high
    walk.track.settle(walk.now)
    if anchor not in walk.track.running:
        return False
    return ask_single(walk, base, planes, TARGET, Inside(anchor.ref, 1, high, high), wish=anchor.ref >= 0)


def _reset(walk: DieWalk, anchor: Live, running: list[Live]) -> bool:
    tables = walk.tables
    base = walk.picker.base(tables.resets, *walk.where(anchor.targets)) if tables.resets else NOTHING
    if base == NOTHING or walk.allowed_planes(base, _forbidden(walk, running, walk.now)) != tables.all_planes:
        return False
    offset = walk.now - anchor.core
    if anchor.ref < 0:
        return False
    return ask_single(walk, base, 0, TARGET, Inside(anchor.ref, 1, offset, offset))
