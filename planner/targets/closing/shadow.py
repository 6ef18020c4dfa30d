"""Status reads at the very end of a window: the value stays as it is only if another plane's window goes on."""

from __future__ import annotations

from model.event import NOTHING
from model.operations import OpName
from planner.coverage import BINS
from planner.targets.closing.addresses import find
from planner.targets.closing.inside import bin_bounds
from planner.targets.closing.sets import bits
from planner.targets.closing.stage import NO_ADDRESS, Stage


def shadow(stage: Stage) -> bool:
    """A read whose window ends inside that of another plane's read, and one status read that is wanted there.

    Only on a die on which nothing runs and no data wait. False where no such read is wanted or can be had.
    """
    sets, left = stage.sets, stage.left
    if stage.undelivered() or len(stage.hosts) < 2 or not stage.clean():
        return False
    together = stage.device.single_single & stage.allowed(sets.tables.all_planes)
    for base in bits(together & sets.windows):
        for name in bits(sets.names_of[base] & sets.singles):
            op = sets.op_names[name]
            op_state = sets.of_state[name][len(op.base.states) - 1]
            wanted = left.names[op_state] & sets.status_names & sets.on_die(stage.die)
            if wanted and _pair(stage, op, op_state, wanted, together):
                return True
    return False


def _pair(stage: Stage, op: OpName, op_state: int, wanted: int, together: int) -> bool:
    sets, left = stage.sets, stage.left
    for place in reversed(range(BINS)):
        names = left.bins[op_state][place] & wanted
        low, high = bin_bounds(0, op.data, place)
        if not names or low > high:
            continue
        for base in bits(together & sets.windows):
            for other in bits(sets.names_of[base] & sets.singles):
                if _issue(stage, op, sets.op_names[other], low, bits(names)[0]):
                    return True
    return False


def _issue(stage: Stage, op: OpName, other: OpName, low: int, name: int) -> bool:
    """The other read first, on plane 1, then `op` on plane 0 whose window begins with or in its, then the probe."""
    sets = stage.sets
    at_once = other.issue + other.core_busy - op.issue - op.core_busy
    lead = max(at_once, other.issue)
    if other.data < lead - at_once + low + sets.issue[name]:
        return False
    cover = find(stage, other.base.index, 1 << other.index, 2)
    host = find(stage, op.base.index, 1 << op.index, 1)
    if cover is None or host is None:
        return False
    begin = stage.now
    last = stage.issue(cover.name, cover.address)
    live = stage.issue(host.name, host.address, begin + lead)
    address = (1, NOTHING, NOTHING) if sets.op_names[name].base.has_plane else NO_ADDRESS
    stage.issue(name, address, live.data + low)
    stage.go_to(max(last.end, live.end))
    return True
