"""What may be issued while something runs on a die: probes, suspensions, resets, handovers, reads beside a read."""

from __future__ import annotations

from model.chains import Kind
from model.event import NOTHING
from model.forbidden import forbidden_by_die, forbidden_on
from model.geometry import planes_in
from model.live import Live
from planner.targets.programs import ask_cached, ask_step
from planner.targets.reads import ask_cache_end, ask_cache_read, ask_dout, deliverable
from planner.targets.singles import ask_single
from planner.targets.walk import TARGET, DieWalk
from planner.window.spec import Inside

BINS = 10
_PATIENCE = ((0, 0, 1, 1, 2), (0, 1, 1, 2, 3))


def inside_step(walk: DieWalk, host: Live) -> bool:
    """Asks for an operation while `host` alone runs, or lets it end; False where nothing was asked for."""
    if (host.uid, host.fragment) != walk.host:
        walk.host = host.uid, host.fragment
        long = host.data - host.core >= 100 * walk.asked.device.clock.ticks_per_us
        walk.wanted_probes = _PATIENCE[long][walk.picker.below(5)]
    if walk.now < host.data:
        if walk.wanted_probes > 0:
            walk.wanted_probes -= 1
            if _in_core(walk, host):
                return True
            walk.wanted_probes = 0
        walk.now = host.data if host.op.has_data else host.end
        return False
    if walk.now < host.end and host.op.has_data and walk.picker.chance(0.7) and _in_window(walk, host):
        return True
    walk.now = max(walk.now, host.end)
    return False


# -- CORE_BUSY -----------------------------------------------------------------------------------------------------


def forbidden_beside(walk: DieWalk, host: Live, state: int) -> list[int]:
    """Per plane the bases that may not be issued while `host` is in a state."""
    exclusions, track, tables = walk.asked.device.exclusions, walk.track, walk.tables
    by_die = forbidden_by_die(track)
    index = host.op.base.index
    in_state = exclusions.by_state[index][state] | tables.refuses(4 * index + state)
    masks = []
    for plane, last in enumerate(track.last):
        mask = by_die | forbidden_on(track, plane, walk.now)
        if host.targets >> plane & 1:
            mask |= in_state
        elif last != NOTHING:
            mask |= exclusions.end[last] | tables.refuses(4 * last + 3)
        masks.append(mask)
    return masks


def _in_core(walk: DieWalk, host: Live) -> bool:
    tables = walk.tables
    forbidden = forbidden_beside(walk, host, 1)
    some, every = 0, -1
    for mask in forbidden:
        some |= mask
        every &= mask
    free = tables.free & (tables.wide & ~some | tables.on_planes & ~every)
    mask = free & ~(tables.douts | tables.by_kind[Kind.DATAIN])
    mask |= tables.resets & ~some
    base = host.op.base.index
    if walk.asked.device.erase_axis >> base & 1 and walk.suspended_on(walk.asked.device.program_axis) is None:
        mask |= tables.erase_suspend & ~some
    if walk.asked.device.program_axis >> base & 1:
        mask |= tables.program_suspend & ~some
    mask |= _beside(walk, host, forbidden)
    mask &= tables.usable & ~(tables.apart | tables.everywhere)
    key, aim = walk.where(host.targets)
    chosen = walk.picker.base(mask, key, aim)
    if chosen == NOTHING:
        return False
    if tables.suspends >> chosen & 1:
        return _suspend(walk, host, chosen)
    if walk.asked.device.single_single >> chosen & 1:
        return _read_beside(walk, host, chosen, forbidden)
    return _probe(walk, host, chosen, forbidden)


def _probe(walk: DieWalk, host: Live, base: int, forbidden: list[int]) -> bool:
    tables = walk.tables
    status = bool(tables.status >> base & 1)
    room = tables.longest_issue[base] if status else 1
    place = _slot(walk, host.core, host.data, room, fixed=host.ref in walk.fixed)
    if place is None or not _claim(walk, host, base, host.core, place):
        return False
    low, high = place
    planes = walk.allowed_planes(base, forbidden)
    walk.now = host.core + high
    wish = not tables.resets >> base & 1
    return ask_single(walk, base, planes, TARGET, Inside(host.ref, 1, low, high), wish)


def _slot(walk: DieWalk, begin: int, end: int, room: int, fixed: bool) -> tuple[int, int] | None:
    """Offsets of a bin of [begin, end) from `now` on, with `room` before the end; None where there is none.

    Where the state is fixed in time the whole bin is taken, so that other dies can have the bus.
    """
    length, first = end - begin, max(walk.now - begin, 0)
    last = length - room
    if last < first or length <= 0:
        return None
    bin_ = walk.picker.between(first * BINS // length, last * BINS // length)
    low = max(first, -(-bin_ * length // BINS))
    high = min(last, -(-(bin_ + 1) * length // BINS) - 1)
    if low > high:
        return None
    if fixed:
        return low, high
    start = walk.picker.between(low, high)
    return start, min(high, start + (high - low) // 4)


def _claim(walk: DieWalk, host: Live, base: int, begin: int, place: tuple[int, int]) -> bool:
    """Whether the bus can be had; a question only where the host is fixed in time."""
    slack = walk.fixed.get(host.ref)
    return slack is None or walk.asked.claim(base, begin - slack + place[0], begin + place[1])


def _suspend(walk: DieWalk, host: Live, base: int) -> bool:
    """Cuts the host's CORE_BUSY at an offset of its own."""
    place = _slot(walk, host.core, host.data, 1, fixed=True)
    if place is None:
        return False
    offset = walk.picker.between(max(place[0], 1), place[1]) if place[1] >= 1 else 0
    if not 0 < offset < host.data - host.core:
        return False
    if not _claim(walk, host, base, host.core, (offset, offset)):
        return False
    walk.now = host.core + offset
    return ask_single(walk, base, 0, TARGET, Inside(host.ref, 1, offset, offset))


# -- reads of single planes beside each other ----------------------------------------------------------------------


def _beside(walk: DieWalk, host: Live, forbidden: list[int]) -> int:
    """Reads that may run on another plane while `host` does."""
    device = walk.asked.device
    together = device.single_single
    if host.ref < 0 or not together >> host.op.base.index & 1 or host.op.multi:
        return 0
    idle = walk.tables.all_planes & ~host.targets & ~walk.undelivered()
    found = 0
    for plane in planes_in(idle):
        if walk.track.cache_read[plane] is None:
            found |= together & ~forbidden[plane]
    return found & ~walk.tables.cache_reads


def _read_beside(walk: DieWalk, host: Live, base: int, forbidden: list[int]) -> bool:
    planes = walk.allowed_planes(base, forbidden) & ~host.targets & ~walk.undelivered()
    for plane, open_read in enumerate(walk.track.cache_read):
        if open_read is not None:
            planes &= ~(1 << plane)
    return read_beside(walk, host, base, planes)


def read_beside(walk: DieWalk, anchor: Live, base: int, planes: int) -> bool:
    """A read on one of `planes` at a fixed offset inside the anchor's CORE_BUSY."""
    offset = walk.now - anchor.core
    room = anchor.data - walk.now - 1
    if not planes or room < 0:
        return False
    offset += walk.picker.between(0, min(room, (anchor.data - anchor.core) // 3))
    tables = walk.tables
    names = tuple(name for name in tables.names[base] if not tables.op_names[name].multi)
    for _ in range(3):
        key, aim = walk.where(planes)
        name = walk.picker.name(names, key, aim) if names else NOTHING
        if name == NOTHING or not walk.picker.likes(name, key):
            return False
        address = walk.book.to_read(tables.op_names[name].celltype, False, planes)
        if address is not None:
            walk.now = anchor.core + offset
            _, aim = walk.where(address[0])
            walk.ask(name, address, aim=aim, inside=Inside(anchor.ref, 1, offset, offset))
            return True
    return False


# -- DATA_OUT and DATA_IN ------------------------------------------------------------------------------------------


def _in_window(walk: DieWalk, host: Live) -> bool:
    """Asks for a DOUT, a status read, a reset or the successor that takes over the open window."""
    tables = walk.tables
    state = len(host.op.base.states) - 1
    forbidden = _forbidden_in_window(walk, host, state)
    some, every = 0, -1
    for mask in forbidden:
        some |= mask
        every &= mask
    mask = (tables.wide & ~some) | (tables.on_planes & ~every)
    mask &= tables.status | tables.resets | tables.douts | _successors(walk, host, forbidden)
    mask &= tables.usable & ~tables.apart
    key, aim = walk.where(host.targets)
    base = walk.picker.base(mask, key, aim)
    if base == NOTHING:
        return False
    room = tables.longest_issue[base] if tables.status >> base & 1 else 1
    if not (tables.status | tables.resets) >> base & 1:
        walk.keep_gap()
    place = _slot(walk, host.data, host.end, room, fixed=host.ref in walk.fixed)
    if place is None or not _claim(walk, host, base, host.data, place):
        return False
    walk.now = host.data + place[1]
    inside = Inside(host.ref, state, *place)
    planes = walk.allowed_planes(base, forbidden)
    if tables.douts >> base & 1:
        return bool(deliverable(walk, base, planes & host.targets)) and ask_dout(
            walk, base, planes & host.targets, inside
        )
    if (tables.status | tables.resets) >> base & 1:
        wish = bool(tables.status >> base & 1)
        return ask_single(walk, base, planes, TARGET, inside, wish)
    return _take_over(walk, host, base, planes, inside)


def _forbidden_in_window(walk: DieWalk, host: Live, state: int) -> list[int]:
    """As beside the host, but the latch of its chain that ends with the window does not count."""
    forbidden = forbidden_beside(walk, host, state)
    shot = walk.track.shot
    if host.kind is not Kind.SHOT_CACHE or shot is None or shot.latch == NOTHING:
        return forbidden
    track = walk.track
    latch, track.shot = track.shot, None
    bare = forbidden_beside(walk, host, state)
    track.shot = latch
    device, tables = walk.asked.device, walk.tables
    kept = device.shot_cache if shot.cached else 0
    first = tables.by_kind[Kind.LSB]
    return [(whole & ~first) | ((part | kept) & first) for whole, part in zip(forbidden, bare, strict=True)]


def _successors(walk: DieWalk, host: Live, forbidden: list[int]) -> int:
    """Bases that may take over the window of `host`."""
    tables, kind = walk.tables, host.kind
    if kind is Kind.CACHE_READ:
        return tables.by_kind[Kind.CACHE_READ] | tables.by_kind[Kind.CACHE_END]
    if kind is Kind.PLANE_CACHE_READ:
        return tables.by_kind[Kind.PLANE_CACHE_READ] | tables.by_kind[Kind.PLANE_CACHE_END]
    if kind is Kind.CACHE_PROGRAM:
        return tables.by_kind[Kind.CACHE_PROGRAM] | tables.closers
    if kind is Kind.SHOT_CACHE:
        return tables.by_kind[Kind.LSB]
    return 0


def _take_over(walk: DieWalk, host: Live, base: int, planes: int, inside: Inside) -> bool:
    kind = walk.tables.kinds[base]
    before, tail = walk.now, walk.tail
    walk.tail = [live for live in tail if live is not host]
    if kind in (Kind.CACHE_READ, Kind.PLANE_CACHE_READ):
        done = ask_cache_read(walk, base, planes, inside, host.targets)
    elif kind in (Kind.CACHE_END, Kind.PLANE_CACHE_END):
        done = ask_cache_end(walk, base, planes, inside, host.targets)
    elif kind is Kind.LSB:
        done = ask_step(walk, base, False, inside)
    else:
        done = ask_cached(walk, base, inside)
    if done and walk.plan[:1] == [base]:
        walk.plan.pop(0)
    if not done:
        walk.now, walk.tail = before, tail
    return done
