"""What is issued while an operation runs: probes packed into its bins, and what ends it before its time."""

from __future__ import annotations

from model.event import NOTHING
from model.live import Live
from planner.coverage import BINS
from planner.targets.closing.addresses import Found, find
from planner.targets.closing.sets import bits
from planner.targets.closing.stage import NO_ADDRESS, Stage


def bin_bounds(begin: int, length: int, place: int) -> tuple[int, int]:
    """The first and the last tick of a bin of a segment."""
    return begin - (-place * length // BINS), begin - (-(place + 1) * length // BINS) - 1


def pack(stage: Stage, live: Live, state: int, begin: int, end: int, until: int) -> None:
    """Issues probes that are wanted in a state of the operation that runs, in [begin, end), before `until`."""
    left, sets = stage.left, stage.sets
    op_state = sets.of_state[live.op.index][state]
    if not left.names[op_state] or not left.bases[op_state] & sets.free:
        return
    host = live.planes & -live.planes if live.targets != sets.tables.all_planes else 0
    probes = _probes(stage, host)
    if not left.names[op_state] & probes:
        return
    for place in range(BINS):
        wanted = left.bins[op_state][place] & probes
        if wanted:
            low, high = bin_bounds(begin, end - begin, place)
            _pack_bin(stage, wanted, max(low, stage.now), min(high, until - 1), end, until, host)


def _probes(stage: Stage, host: int) -> int:
    """The op_names of probes that are allowed now; `host`: the plane that those with a plane have to name."""
    sets = stage.sets
    tables = sets.tables
    everywhere = stage.allowed(tables.all_planes)
    planes = stage.allowed(host or tables.all_planes)
    mask = (everywhere & tables.wide | planes & tables.on_planes) & sets.free & ~sets.loads
    return sets.names(mask) & sets.on_die(stage.die)


def _pack_bin(stage: Stage, wanted: int, low: int, high: int, end: int, until: int, host: int) -> None:
    sets = stage.sets
    left_until = until if until < end or not sets.plain_bus else end + (1 << 62)
    for name in sets.by_issue:
        if not wanted >> name & 1:
            continue
        time = max(low, stage.now)
        if time > high:
            return
        finish = time + sets.issue[name]
        if finish > left_until or (sets.status_names >> name & 1 and finish > end):
            continue
        planes = (host or 1) if sets.op_names[name].base.has_plane else 0
        stage.issue(name, (planes, NOTHING, NOTHING) if planes else NO_ADDRESS, time)


def when(
    stage: Stage, op_state: int, names: int, begin: int, end: int, first: int, bins: bool = True
) -> tuple[int, int]:
    """A tick from `first` on in a bin of [begin, end) in which one of `names` is wanted, and the bin.

    Without `bins` any bin does. (NOTHING, NOTHING): there is none.
    """
    rng, left = stage.shared.rng, stage.left
    options = []
    for place in range(BINS):
        if bins and not left.bins[op_state][place] & names:
            continue
        low, high = bin_bounds(begin, end - begin, place)
        low, high = max(low, first), min(high, end - 1)
        if low <= high:
            options.append((low, high, place))
    if not options:
        return NOTHING, NOTHING
    low, high, place = options[int(rng.random() * len(options))]
    return low + int(rng.random() * (high - low + 1)), place


def leave(stage: Stage, live: Live, state: int, bases: int, forced: bool) -> bool:
    """Ends a state of the operation that runs by one of `bases`: a reset, a suspend or a successor.

    Probes are packed before it. Only in a bin where it is wanted, unless `forced`. False where there is no way.
    """
    sets, left = stage.sets, stage.left
    op_state = sets.of_state[live.op.index][state]
    begin, end = (live.core, live.data) if state == 1 and live.op.has_core else (live.data, live.end)
    names = sets.names(bases) & sets.on_die(stage.die)
    if state > 1 or not live.op.has_core:
        names &= sets.alike(live.op.multi, live.op.celltype) | ~sets.names(sets.successors)
    wanted = names & left.names[op_state]
    if not wanted and not forced:
        return False
    first = max(stage.now, begin + 1 if bases & sets.tables.suspends else begin)
    time, place = when(stage, op_state, wanted, begin, end, first) if wanted else (NOTHING, NOTHING)
    if time == NOTHING and forced:
        time, place = when(stage, op_state, names, begin, end, first, bins=False)
    if time == NOTHING:
        return False
    best = left.bins[op_state][place] & names or names
    found = _found(stage, best, live)
    if found is None and best != names and forced:
        found = _found(stage, names, live)
    if found is None:
        return False
    pack(stage, live, state, begin, end, time)
    stage.issue(found.name, found.address, max(time, stage.now), found.celltype)
    return True


def _found(stage: Stage, names: int, live: Live) -> Found | None:
    sets = stage.sets
    by_base: dict[int, int] = {}
    for name in bits(names):
        base = sets.op_names[name].base.index
        by_base[base] = by_base.get(base, 0) | 1 << name
    for base, some in by_base.items():
        found = find(stage, base, some, live.planes)
        if found is not None:
            return found
    return None


def deliver_inside(stage: Stage, live: Live) -> bool:
    """A DOUT inside the DATA window of its own read, in a bin in which it is wanted."""
    sets, left = stage.sets, stage.left
    state = len(live.op.base.states) - 1
    op_state = sets.of_state[live.op.index][state]
    douts = left.bases[op_state] & sets.tables.douts & stage.allowed(live.planes)
    for base in bits(douts):
        names = sets.names_of[base] & left.names[op_state]
        found = find(stage, base, names, live.planes)
        if found is None:
            continue
        time, place = when(stage, op_state, names, live.data, live.end, stage.now)
        if time == NOTHING:
            continue
        best = left.bins[op_state][place] & names
        pack(stage, live, state, live.data, live.end, time)
        name = bits(best)[0]
        stage.issue(name, found.address, max(time, stage.now), found.celltype)
        return True
    return False
