"""What the device shows as a value change dump (IEEE 1364). Texts are `string` variables, as GTKWave has them."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from typing import TextIO

from vcd import VCDWriter

from planner.errors import UnusableInput
from planner.recorded.history import History
from planner.waves.signals import Signal, signals_of

UNITS = ("us", "ns", "ps", "fs")
OFTEN = 10_000
"""Changes between two words about how far it is."""
FINEST = 9
"""Decimals of a tick in us: no finer than a femtosecond."""


def write_vcd(
    history: History, file: TextIO, begin: int, end: int, tell: Callable[[float], None] = lambda share: None
) -> int:
    """Writes what happens inside [begin, end); time 0 of the dump is time 0 of the history. How many changes.

    `tell` is told now and then which share is done.
    UnusableInput: the tick is finer than a femtosecond.
    """
    signals = signals_of(history, begin, end)
    date = history.runs[0].date if history.runs else ""  # not the clock: the same run gives the same bytes
    writer = VCDWriter(file, timescale=timescale(history.decimals), date=date, version="nandplan", init_timestamp=begin)
    variables = [
        writer.register_var(
            signal.scope, signal.name, "string" if not signal.bits else "wire" if signal.bits == 1 else "reg",
            size=signal.bits or None, init=signal.first,
        )
        for signal in signals
    ]  # fmt: skip
    count = 0
    for tick, number, value in _in_order(signals):
        writer.change(variables[number], tick, value)
        count += 1
        if count % OFTEN == 0:
            tell((tick - begin) / (end - begin))
    writer.close(end)
    return count


def timescale(decimals: int) -> str:
    """The timescale whose unit is a tick of 10^-decimals us: `100 ps` for 4. UnusableInput."""
    if decimals > FINEST:
        raise UnusableInput(f"--vcd: a tick of 10^-{decimals} us; allowed: 10^-{FINEST} us (1 fs) or coarser")
    unit, finer = divmod(decimals + 2, 3)
    return f"{10 ** (2 - finer)} {UNITS[unit]}"


def _in_order(signals: list[Signal]) -> Iterator[tuple[int, int, int | str]]:
    """The changes of all signals by time, then signal."""
    streams = [[(tick, i, value) for tick, value in signal.changes] for i, signal in enumerate(signals)]
    return heapq.merge(*streams, key=lambda change: change[:2])
