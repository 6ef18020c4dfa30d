"""What must follow what: one-shot and cache program chains, copyback, transfers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

from model.operations import (
    CACHE_PROGRAM_CLOSERS,
    COPYBACK_PROGRAMS,
    EXECUTES,
    RESETS,
)
from planner.window.logic import Lit
from planner.window.parts import Event, Number, Op
from planner.window.registers import Registers
from planner.window.rules.issue import cache_program_events, initial_latch, latch_events
from planner.window.spec import Moment
from planner.window.variables import Window

_LSB, _CSB, _MSB = (f"ONESHOT_PROGRAM_{step}" for step in ("LSB", "CSB", "MSB"))
_CLOSED = "closed"
_AFTER_CACHE = "ONESHOT_CACHE_PROGRAM"
FOLLOWS = {
    "ONESHOT_PROGRAM_LSB": (_CLOSED, _AFTER_CACHE),
    "ONESHOT_PROGRAM_CSB": (_LSB,),
    "ONESHOT_PROGRAM_MSB": (_CSB,),
    "ONESHOT_PROGRAM_MSB_23H": (_CSB,),
    "ONESHOT_PROGRAM_EXEC_MSB": (_CSB, _MSB),
    "ONESHOT_CACHE_PROGRAM": (_CSB, _MSB),
    "ONESHOT_COPYBACK_PROGRAM_LSB": (_CLOSED,),
    "ONESHOT_COPYBACK_PROGRAM_CSB": ("ONESHOT_COPYBACK_PROGRAM_LSB",),
    "ONESHOT_COPYBACK_PROGRAM_MSB": ("ONESHOT_COPYBACK_PROGRAM_CSB",),
    "ONESHOT_COPYBACK_PROGRAM_EXEC_MSB": ("ONESHOT_COPYBACK_PROGRAM_CSB", "ONESHOT_COPYBACK_PROGRAM_MSB"),
}
"""The steps that each step of a one-shot program may come after."""
_CLOSERS = EXECUTES - {_AFTER_CACHE}
TRANSFER_NEEDS = {f"TRANSFER_TO_CACHE_{step}": f"ONESHOT_PROGRAM_{step}" for step in ("LSB", "CSB", "MSB")}
"""The step whose latch each transfer needs."""


@dataclass(frozen=True, slots=True)
class Step:
    """The latest step of an open chain and its address."""

    base: str
    mask: int | None
    on: tuple[Lit, ...]
    row: Number
    page: Number

    def shares_block(self, window: Window, op: Op) -> Lit:
        """Whether the operation names a block of the chain."""
        logic = window.logic
        planes = range(window.device.geometry.planes)
        same = logic.any_of(*[logic.all_of(self.on[p], op.payload(p)) for p in planes])
        return logic.all_of(same, logic.equal(op.row, self.row))

    def same_address(self, window: Window, op: Op, *given: Lit) -> None:
        """Where all of `given` hold, the operation names the planes and row of the chain."""
        logic = window.logic
        for plane in range(window.device.geometry.planes):
            logic.require(logic.iff(op.payload(plane), self.on[plane]), *given)
        logic.require(logic.equal(op.row, self.row), *given)


def _step(op: Op) -> Step:
    return Step(op.base.name, op.mask, op.on, op.row, op.page)


def shot_steps(op: Op) -> Iterator[Event]:
    """What opens, continues and closes the one-shot chain of a die: the step, or None."""
    name = op.base.name
    if name in RESETS:
        yield Event(op, Moment.START, None)
    elif name in FOLLOWS:
        yield Event(op, Moment.START, _step(op))
    if name in _CLOSERS:
        yield Event(op, Moment.END, None, op.completes)


def opened_shot(window: Window, die: int) -> Step | None:
    """The latest step of the one-shot chain that is open when the window begins."""
    shot = window.boundary.dies[die].shot
    if shot is None:
        return None
    name = window.device.catalogue.bases[shot.step].name
    on = tuple(bool(shot.planes >> p & 1) for p in range(window.device.geometry.planes))
    return Step(name, shot.planes, on, shot.row, shot.page)


def _chain_so_far(window: Window) -> Iterator[tuple[Op, Step | None, Lit]]:
    """Each new operation with the possible latest steps of the one-shot chain of its die."""
    for die in range(len(window.by_die)):
        initial = opened_shot(window, die)
        for op, events in window.along(window.by_die[die], initial, shot_steps):
            for event, lit in window.latest(op, events):
                yield op, event.value, lit


def open_page(window: Window) -> Iterator[tuple[Op, Step, Lit]]:
    """Each operation that is no step of the chain, with the chain that may be open when it starts."""
    for op, step, lit in _chain_so_far(window):
        if step is not None and step.base != _AFTER_CACHE and op.base.name not in FOLLOWS:
            yield op, step, lit


def chain(window: Window) -> None:
    """[chain] Each step comes after one that it may follow, at the chain's address; copybacks have their source."""
    logic = window.logic
    for op, step, lit in _chain_so_far(window):
        if op.base.name not in FOLLOWS:
            continue
        before = _CLOSED if step is None else step.base
        if before not in FOLLOWS[op.base.name]:
            logic.deny(lit)
        elif step is not None:
            step.same_address(window, op, lit)
            if step.base != _AFTER_CACHE:
                logic.require(logic.equal(op.page, step.page), lit)
    _cache_program_chain(window)
    _copyback_sources(window)


def cache_program_steps(window: Window, op: Op) -> Iterator[Event]:
    """What opens, continues and closes the cache program of a die: the step, or None."""
    for event in cache_program_events(window, op):
        yield replace(event, value=_step(op) if event.value else None)


def opened_cache_program(window: Window, die: int) -> Step | None:
    """The latest cache program of the chain that is open when the window begins."""
    opened = window.boundary.dies[die].cache_program
    if opened is None:
        return None
    on = tuple(bool(opened.planes >> p & 1) for p in range(window.device.geometry.planes))
    return Step("CACHE_PROGRAM_SLC", opened.planes, on, opened.row, opened.page)


def _cache_program_chain(window: Window) -> None:
    """While a cache program is open, the next program of its kind names its block and planes."""
    for die in range(len(window.by_die)):
        initial = opened_cache_program(window, die)
        for op, events in window.along(window.by_die[die], initial, partial(cache_program_steps, window)):
            if op.base.name != "CACHE_PROGRAM_SLC" and op.base.name not in CACHE_PROGRAM_CLOSERS:
                continue
            for event, lit in window.latest(op, events):
                if event.value is not None:
                    event.value.same_address(window, op, lit)


def _copyback_sources(window: Window) -> None:
    """Each payload plane of a copyback program holds a copyback read's page, from another block."""
    logic = window.logic
    for die in range(len(window.by_die)):
        for op in window.of_die(die):
            if op.base.name not in COPYBACK_PROGRAMS:
                continue
            registers = Registers.of(window, die)
            for plane in range(window.device.geometry.planes):
                on = op.payload(plane)
                if on is False:
                    continue
                for content, lit in registers.before(op, plane):
                    page = content.data
                    if page is None or page.base != "COPYBACK_READ":
                        logic.deny(on, lit)
                    else:
                        logic.deny(on, lit, logic.equal(op.row, page.row))


def transfer(window: Window) -> None:
    """[transfer] A transfer needs the one-shot latch to be at its step."""
    for die in range(len(window.by_die)):
        initial = initial_latch(window, die)
        if not any(op.base.name in TRANSFER_NEEDS for op in window.by_die[die]):
            continue
        for op, events in window.along(window.by_die[die], initial, latch_events):
            if op.base.name in TRANSFER_NEEDS:
                for event, lit in window.latest(op, events):
                    window.logic.require(event.value == TRANSFER_NEEDS[op.base.name], lit)
