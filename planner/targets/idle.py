"""What may be issued on a die on which nothing runs, and the choice among it."""

from __future__ import annotations

from model.chains import NEXT_STEP, TRANSFER_OF, Kind, next_steps
from model.event import NOTHING
from planner.targets.programs import try_program
from planner.targets.reads import try_read
from planner.targets.singles import try_single
from planner.targets.walk import CHAIN, RESUME, TARGET, DieWalk

ATTEMPTS = 6
_OFTEN = {
    Kind.DOUT: 0.75, Kind.CACHE_END: 0.5, Kind.PROGRAM_RESUME: 0.25, Kind.LSB: 0.5, Kind.PROGRAM: 0.5,
    Kind.ERASE_RESUME: 0.12,
}  # fmt: skip
"""How often something open is carried on rather than that something else comes in between."""


def idle_step(walk: DieWalk, drain: bool) -> bool:
    """Asks for one operation; False where nothing can be issued."""
    forbidden = walk.forbidden_when_idle()
    mask = walk.mask = candidates(walk, forbidden)
    if drain:
        closing = any(_attempt(walk, base, forbidden, drain) for base in _open(walk, mask, drain))
        return closing or _discharge(walk, forbidden)
    if _follow_plan(walk, mask, forbidden):
        return True
    for base in _open(walk, mask, drain):
        if _attempt(walk, base, forbidden, drain):
            return True
    return _wish(walk, mask, forbidden)


def candidates(walk: DieWalk, forbidden: list[int]) -> int:
    """The bases that may be issued now, as far as it can be told without an address."""
    tables, track = walk.tables, walk.track
    some, every = 0, -1
    for mask in forbidden:
        some |= mask
        every &= mask
    mask = (tables.wide & ~some) | (tables.on_planes & ~every)
    mask &= tables.usable & ~(tables.apart | tables.everywhere | tables.suspends)
    undelivered = walk.undelivered()
    if undelivered:
        mask &= ~(tables.empties & tables.wide | tables.resumes)
    else:
        mask &= ~tables.douts
    if any(track.cache_read):
        mask &= ~(tables.changing & tables.wide & ~tables.resets)
    if not track.suspended:
        mask &= ~(tables.resumes | tables.recovery)
    elif walk.suspended_on(walk.asked.device.program_axis) is None:
        mask &= ~(tables.program_resume | tables.recovery)
    else:
        mask &= ~tables.erase_resume
    return _of_chains(walk, mask)


def _of_chains(walk: DieWalk, mask: int) -> int:
    """Without the steps that do not fit to what is open."""
    tables, shot, step = walk.tables, walk.track.shot, walk.step()
    executing = shot is not None and walk.executing()
    allowed = 0
    for kind in next_steps(shot, step, executing):
        allowed |= tables.by_kind[kind]
    mask &= ~(tables.steps & ~allowed)
    if mask & tables.transfers:
        latch = NOTHING if shot is None else shot.latch
        for kind, needed in TRANSFER_OF.items():
            if latch == NOTHING or tables.kinds[latch] is not needed:
                mask &= ~tables.by_kind[kind]
    if shot is not None and not executing:
        mask &= ~tables.by_kind[Kind.COPYBACK_PROGRAM]
    if walk.track.cache_program is not None and walk.track.suspended:
        axis = walk.asked.device.program_axis
        if walk.suspended_on(axis) is not None:
            mask &= ~tables.block_programs
    return mask


# -- what is open --------------------------------------------------------------------------------------------------


def _open(walk: DieWalk, mask: int, drain: bool) -> list[int]:
    """The bases that carry on what is open, in the order in which they should be tried; chance decides whether at
    all, unless everything is to be closed."""
    found: list[int] = []
    for kind, bases in _obligations(walk):
        if bases & mask and (drain or walk.picker.chance(_OFTEN[kind])):
            some = [base for base in range(bases.bit_length()) if (bases & mask) >> base & 1]
            if not drain and len(some) > 1:
                key, aim = walk.where(0)
                first = walk.picker.base(bases & mask, key, aim)
                some = [first] if first != NOTHING else []
            found += some
    return found


def _obligations(walk: DieWalk) -> list[tuple[Kind, int]]:
    tables, track = walk.tables, walk.track
    result = [(Kind.DOUT, tables.douts)]
    if any(track.cache_read):
        result.append((Kind.CACHE_END, tables.cache_ends))
    if track.suspended:
        result.append((Kind.PROGRAM_RESUME, tables.program_resume))
    if track.shot is not None:
        bases = tables.by_kind[Kind.COPYBACK_READ] if track.shot.copyback else 0
        steps = 0
        for kind in NEXT_STEP.get(walk.step(), ()):
            steps |= tables.by_kind[kind]
        result += [(Kind.LSB, steps), (Kind.LSB, bases)]
    if track.cache_program is not None:
        result.append((Kind.PROGRAM, tables.closers))
    if track.suspended:
        result.append((Kind.ERASE_RESUME, tables.erase_resume))
    return result


def is_open(walk: DieWalk) -> bool:
    """Whether something on the die has to be closed."""
    track = walk.track
    return bool(
        track.suspended
        or track.shot is not None
        or track.cache_program is not None
        or any(track.cache_read)
        or walk.undelivered()
    )


def _discharge(walk: DieWalk, forbidden: list[int]) -> bool:
    """A reset: the last resort where what is open cannot be closed."""
    allowed = walk.tables.resets & walk.tables.usable
    for mask in forbidden:
        allowed &= ~mask
    return any(_attempt(walk, base, forbidden, True) for base in range(allowed.bit_length()) if allowed >> base & 1)


# -- what the config says that follows ---------------------------------------------------------------------------


def _follow_plan(walk: DieWalk, mask: int, forbidden: list[int]) -> bool:
    plan, tables = walk.plan, walk.tables
    while plan and tables.douts >> plan[0] & 1 and not mask & tables.douts:
        plan.pop(0)
    if not plan or not walk.picker.chance(0.75):
        return False
    base = plan[0]
    if not mask >> base & 1 or not _attempt(walk, base, forbidden, False):
        plan.clear()
        return False
    if not tables.douts >> base & 1 and plan:
        plan.pop(0)
    return True


# -- what is wanted ----------------------------------------------------------------------------------------------


def _wish(walk: DieWalk, mask: int, forbidden: list[int]) -> bool:
    """An operation that the config wants, or one that was used least."""
    key, aim = walk.where(0)
    for _ in range(ATTEMPTS):
        base = walk.picker.base(mask, key, aim)
        if base == NOTHING:
            return False
        if _attempt(walk, base, forbidden, False):
            return True
        mask &= ~(1 << base)
    return False


def _attempt(walk: DieWalk, base: int, forbidden: list[int], drain: bool) -> bool:
    """Asks for an operation of a base, or for one that it needs before; False where there is no address for it."""
    kind = walk.tables.kinds[base]
    if Kind.READ <= kind <= Kind.DOUT4K:
        return try_read(walk, base, forbidden, drain)
    if Kind.ERASE <= kind <= Kind.COPYBACK_PROGRAM:
        return try_program(walk, base, drain)
    source = RESUME if walk.tables.resumes >> base & 1 else CHAIN if walk.plan[:1] == [base] else TARGET
    return try_single(walk, base, forbidden, source)
