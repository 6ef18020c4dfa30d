"""How a window that is drained ends: with nothing suspended, undelivered or open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from planner.window.parts import Event, Op
from planner.window.registers import Registers
from planner.window.rules.chains import cache_program_steps, opened_cache_program, opened_shot, shot_steps
from planner.window.rules.issue import cache_read_events, odt_events, opened_cache_read
from planner.window.spec import Moment
from planner.window.variables import Window


def drained(window: Window) -> None:
    """[drained] At the end nothing is suspended, undelivered or open, and ODT is enabled."""
    if not window.spec.drained:
        return
    for die in range(len(window.by_die)):
        _nothing_undelivered(window, die)
        ops = window.by_die[die]
        _closed(window, opened_shot(window, die), (e for op in ops for e in shot_steps(op)))
        _closed(window, opened_cache_program(window, die), (e for op in ops for e in cache_program_steps(window, op)))
        for plane in range(window.device.geometry.planes):
            reads = partial(cache_read_events, window.logic, plane)
            _closed(window, opened_cache_read(window, die, plane), (e for op in ops for e in reads(op)))
    _closed(window, window.boundary.odt_disabled or None, odt_events(window))
    for op in window.ops:
        _comes_to_its_end(window, op)


def _nothing_undelivered(window: Window, die: int) -> None:
    registers = Registers.of(window, die)
    for plane in range(window.device.geometry.planes):
        for content, lit in registers.final(plane):
            if content.waits:
                window.logic.deny(lit)


def _closed(window: Window, initial: object, events: Iterable[Event]) -> None:
    """The last value of a fluent, in the order of its events, is none."""
    listed = [Event(None, Moment.START, initial), *_in_window(events)]
    for event, lit in window.last(listed):
        if event.value:
            window.logic.deny(lit)


def _in_window(events: Iterable[Event]) -> Iterator[Event]:
    return (event for event in events if event.op is None or event.op.new or event.moment is not Moment.START)


def _comes_to_its_end(window: Window, op: Op) -> None:
    """No operation rests for good."""
    window.logic.deny(op.end is None or op.stays)
