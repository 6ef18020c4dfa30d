"""Round times for an axis."""

from __future__ import annotations

from model.units import Clock

STEPS = (1, 2, 5)


def even_times(begin: int, end: int, decimals: int, most: int) -> list[tuple[int, str]]:
    """At most `most` + 1 round moments in [begin, end), in ticks, and how they are written, in us."""
    step = round_step(max((end - begin) // max(most, 1), 1))
    first = -(-begin // step) * step
    return [(time, in_us(time, decimals)) for time in range(first, end, step)]


def round_step(least: int) -> int:
    """The smallest of 1, 2, 5, 10, 20, 50, ... that is not below."""
    scale = 1
    while True:
        for step in STEPS:
            if step * scale >= least:
                return step * scale
        scale *= 10


def in_us(ticks: int, decimals: int) -> str:
    """A time in us with thousands apart, and without zeros that say nothing."""
    whole, _, part = Clock(decimals).us(ticks).partition(".")
    part = part.rstrip("0")
    return f"{int(whole):,}" + (f".{part}" if part else "")
