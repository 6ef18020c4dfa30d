"""What may be issued when: the states of planes, dies and the device, and the bases that they forbid."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from model.operations import (
    CACHE_PROGRAM_CLOSERS,
    CACHE_READ_ENDS,
    CACHE_READS,
    EXECUTES,
    ONESHOT_CACHE_CLOSERS,
    ONESHOT_STEPS,
    RESETS,
    RESUMES,
)
from planner.window.logic import Lit, Logic, negated
from planner.window.parts import Event, Op
from planner.window.registers import Registers
from planner.window.spec import Moment
from planner.window.variables import Window

LATCHES = {
    "ONESHOT_PROGRAM_LSB": "LATCH_ON_LSB",
    "ONESHOT_PROGRAM_CSB": "LATCH_ON_CSB",
    "ONESHOT_PROGRAM_MSB": "LATCH_ON_MSB",
    "ONESHOT_COPYBACK_PROGRAM_LSB": "LATCH_ON_COPYBACK_LSB",
    "ONESHOT_COPYBACK_PROGRAM_CSB": "LATCH_ON_COPYBACK_CSB",
    "ONESHOT_COPYBACK_PROGRAM_MSB": "LATCH_ON_COPYBACK_MSB",
}
"""The latch that each one-shot step sets."""


def op_state(window: Window) -> None:
    """[op-state] No operation starts in a state whose group forbids its base, on a target plane of both."""
    by_state = window.device.exclusions.by_state
    for op in window.new:
        if not op.targets and op.targets is not None:
            continue
        for other in window.others(op):
            if not other.base.affects_state:
                continue
            shared: Lit | None = None
            for run in other.runs:
                if not by_state[other.base.index][run.state] >> op.base.index & 1:
                    continue
                within = window.in_run(op, other, run)
                if within is not False:
                    shared = window.share_target(op, other) if shared is None else shared
                    window.logic.deny(within, shared)


def end_state(window: Window) -> None:
    """[end-state] No operation starts after the last segment of a plane if the END of its base forbids it."""
    end = window.device.exclusions.end
    if not any(end):
        return
    for die in range(len(window.by_die)):
        for plane in range(window.device.geometry.planes):
            _end_state_of(window, die, plane)


def _end_state_of(window: Window, die: int, plane: int) -> None:
    end = window.device.exclusions.end

    def segments(op: Op) -> Iterator[Event]:
        if op.base.affects_state:
            yield Event(op, Moment.START, op, op.target(plane))
        for victim, lit in op.resumes:
            yield Event(op, Moment.END, victim, window.logic.all_of(lit, victim.target(plane)))

    running = [op for op in window.by_die[die] if not op.new and op.base.affects_state and op.target(plane) is True]
    carried = {live.op_uid for live in window.boundary.dies[die].running}
    under_way = [op for op in running if op.op_uid in carried]
    initial = under_way[-1] if under_way else window.boundary.dies[die].planes[plane].last
    for op, events in window.along(window.by_die[die], initial, segments):
        if op.target(plane) is False:
            continue
        for event, lit in window.latest(op, events):
            base = event.value if isinstance(event.value, int) else event.value.base.index
            if base < 0 or not end[base] >> op.base.index & 1:
                continue
            over = True if isinstance(event.value, int) else window.passed(event.value, Moment.END, op)
            window.logic.deny(lit, over, op.target(plane))


def _judge(window: Window, op: Op, mask: int, *given: Lit) -> None:
    """Where all of `given` hold, `op` must not be of a base in `mask`."""
    if mask >> op.base.index & 1:
        window.logic.deny(*given)


def _has_target(op: Op) -> bool:
    return op.targets is None or op.targets != 0


def latch(window: Window) -> None:
    """[latch] The read latch of each target plane, and the one-shot latch of the die, forbid their groups."""
    read = window.device.exclusions.latch("LATCH_ON_READ")
    for die in range(len(window.by_die)):
        registers = Registers.of(window, die)
        for op in window.of_die(die):
            if not read >> op.base.index & 1:
                continue
            for plane in range(window.device.geometry.planes):
                if op.target(plane) is not False:
                    window.logic.deny(registers.latched(op, plane), op.target(plane))
        _one_shot_latch(window, die)


def _one_shot_latch(window: Window, die: int) -> None:
    exclusions = window.device.exclusions
    for op, events in window.while_set(window.by_die[die], initial_latch(window, die), latch_events):
        if not _has_target(op):
            continue
        for event, lit in window.latest(op, events):
            if event.value is not None:
                _judge(window, op, exclusions.latch(LATCHES[event.value]), lit)


def initial_latch(window: Window, die: int) -> str | None:
    """The base of the step whose latch is on when the window begins."""
    shot = window.boundary.dies[die].shot
    if shot is None or shot.latch < 0:
        return None
    return window.device.catalogue.bases[shot.latch].name


def latch_events(op: Op) -> Iterator[Event]:
    """What sets and clears the one-shot latch of a die: the base of the step whose latch is on, or None."""
    name = op.base.name
    if name in ONESHOT_STEPS:
        yield Event(op, Moment.END, name, op.completes)
    elif name in EXECUTES:
        yield Event(op, Moment.END, None, op.completes)
    elif name in RESETS:
        yield Event(op, Moment.START, None)


def cache(window: Window) -> None:
    """[cache] The cache states of planes and dies forbid their groups to all but the operation that set them."""
    for die in range(len(window.by_die)):
        for plane in range(window.device.geometry.planes):
            _cache_read(window, die, plane)
        state = window.boundary.dies[die]
        opened = state.cache_program is not None
        _cache_program(window, die, "ON_CACHE_PROGRAM", opened, partial(cache_program_events, window))
        cached = state.shot is not None and state.shot.cached
        _cache_program(window, die, "ON_ONESHOT_CACHE_PROGRAM", cached, oneshot_cache_events)
    _not_on_the_last_page(window)


def opened_cache_read(window: Window, die: int, plane: int) -> str | None:
    """The base of the cache read that is open on a plane when the window begins."""
    opened = window.boundary.dies[die].planes[plane].cache_read
    return None if opened is None else window.device.catalogue.bases[opened.base].name


def _cache_read(window: Window, die: int, plane: int) -> None:
    exclusions = window.device.exclusions
    initial = opened_cache_read(window, die, plane)
    ops = [op for op in window.by_die[die] if op.target(plane) is not False]
    for op, events in window.while_set(ops, initial, partial(cache_read_events, window.logic, plane)):
        for event, lit in window.latest(op, events):
            if event.value is not None:
                _judge(window, op, exclusions.cache(f"ON_{event.value}"), lit, op.target(plane))


def cache_read_events(logic: Logic, plane: int, op: Op) -> Iterator[Event]:
    """What opens and closes the cache reading of a plane: the base of the latest cache read, or None."""
    name = op.base.name
    if name in CACHE_READS:
        yield Event(op, Moment.START, name, op.target(plane))
    elif name in CACHE_READ_ENDS:
        yield Event(op, Moment.END, None, logic.all_of(op.target(plane), op.completes))
    elif name in RESETS:
        yield Event(op, Moment.START, None)


def _cache_program(
    window: Window, die: int, state: str, initial: bool, events_of: Callable[[Op], Iterable[Event]]
) -> None:
    mask = window.device.exclusions.cache(state)
    for op, events in window.while_set(window.by_die[die], initial, events_of):
        if not _has_target(op) or not mask >> op.base.index & 1:
            continue
        for event, lit in window.latest(op, events):
            if event.value:
                window.logic.deny(lit)


def cache_program_events(window: Window, op: Op) -> Iterator[Event]:
    """What opens and closes ON_CACHE_PROGRAM of a die."""
    name = op.base.name
    if name == "CACHE_PROGRAM_SLC":
        yield Event(op, Moment.START, True)
    elif name in CACHE_PROGRAM_CLOSERS:
        yield Event(op, Moment.END, False, window.logic.all_of(op.completes, closes(window, op)))
    elif name in RESETS:
        yield Event(op, Moment.START, False)


def closes(window: Window, op: Op) -> Lit:
    """Whether a program, when it ends, closes what cache program is open: none has begun since it did itself."""
    opened = window.boundary.dies[op.die].cache_program
    if opened is not None and not op.new and (op.mask, op.row, op.page) != (opened.planes, opened.row, opened.page + 1):
        return False
    begun = [other for other in window.by_die[op.die] if other.new and other.base.name == "CACHE_PROGRAM_SLC"]
    rests = [window.is_suspended(op, other) for other in begun]
    return negated(window.logic.any_of(*rests)) if rests else True


def oneshot_cache_events(op: Op) -> Iterator[Event]:
    """What opens and closes ON_ONESHOT_CACHE_PROGRAM of a die."""
    name = op.base.name
    if name == "ONESHOT_CACHE_PROGRAM":
        yield Event(op, Moment.START, True)
    elif name in ONESHOT_CACHE_CLOSERS:
        yield Event(op, Moment.END, False, op.completes)
    elif name in RESETS:
        yield Event(op, Moment.START, False)


def _not_on_the_last_page(window: Window) -> None:
    """A cache program writes any page of a block but its last one."""
    last = window.device.geometry.pages - 1
    for op in window.new:
        if op.base.name in ("CACHE_PROGRAM_SLC", "ONESHOT_CACHE_PROGRAM"):
            window.logic.deny(window.logic.equal(op.page, last))


def suspend_state(window: Window) -> None:
    """[suspend-state] SUSPENDED from SUSPEND's end to RESUME's end, else NOT_SUSPENDED: each forbids its group.

    Whatever the groups say, a RESUME is for SUSPENDED.
    """
    exclusions = window.device.exclusions
    for op in window.new:
        if op.base.name in RESUMES:
            window.logic.require_any([lit for _, lit in op.resumes])
    for die in range(len(window.by_die)):
        for axis in ("ERASE", "PROGRAM"):
            suspended = exclusions.suspend(f"{axis}_SUSPENDED")
            not_suspended = exclusions.suspend(f"NOT_{axis}_SUSPENDED") | window.device.mask([f"{axis}_RESUME"])
            initial = suspended_before(window, die, axis)
            for op, events in window.along(window.by_die[die], initial, partial(suspend_events, axis)):
                if not _has_target(op) or not (suspended | not_suspended) >> op.base.index & 1:
                    continue
                for event, lit in window.latest(op, events):
                    on: Lit = event.value
                    _judge(window, op, suspended, lit, on)
                    _judge(window, op, not_suspended, lit, negated(on))


def suspended_before(window: Window, die: int, axis: str) -> bool:
    """Whether an operation of the axis is suspended when the window begins."""
    carried = {live.op_uid for live in window.boundary.dies[die].suspended}
    old = [op for op in window.by_die[die] if not op.new]
    resting = sum(op.op_uid in carried and window.axis_of(op) == axis for op in old)
    cutting = sum(op.base.name == f"{axis}_SUSPEND" for op in old)
    return resting > cutting


def suspend_events(axis: str, op: Op) -> Iterator[Event]:
    """What starts and ends SUSPENDED of an axis."""
    name = op.base.name
    if name == f"{axis}_SUSPEND":
        yield Event(op, Moment.END, True, op.completes)
    elif name == f"{axis}_RESUME":
        yield Event(op, Moment.END, op.still_suspended, op.completes)
    elif name in RESETS:
        yield Event(op, Moment.START, False)


def odt(window: Window) -> None:
    """[odt] From ODTDISABLE's end to ODTENABLE's end its group is forbidden on all dies."""
    mask = window.device.exclusions.odt
    events = [Event(None, Moment.START, window.boundary.odt_disabled), *odt_events(window)]
    if len(events) == 1 and not window.boundary.odt_disabled:
        return
    for op in window.new:
        if _has_target(op) and mask >> op.base.index & 1:
            for event, lit in window.latest(op, events):
                if event.value:
                    window.logic.deny(lit)


def odt_events(window: Window) -> list[Event]:
    """What switches ODT off and on."""
    switches = [op for op in window.ops if op.base.name in ("ODTDISABLE", "ODTENABLE")]
    return [Event(op, Moment.END, op.base.name == "ODTDISABLE") for op in switches]
