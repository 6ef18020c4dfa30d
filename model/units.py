"""Exact conversion between microseconds, as files and messages speak, and integer ticks, as the program counts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import MAX_PREC, Context, Decimal

MIN_DECIMALS = 4
_MOST_DIGITS = 18  # ticks are kept in 64 bits
_EXACT = Context(prec=MAX_PREC)
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,4})?", re.ASCII)


def decimals_of(values: Iterable[Decimal]) -> int:
    """Most significant decimals of any of the finite values, at least 4; trailing zeros do not count."""
    return max(MIN_DECIMALS, max(map(significant_decimals, values), default=0))


def significant_decimals(value: Decimal) -> int:
    """Decimals of a finite value up to its last digit that is not 0, exactly, however long it is."""
    _, digits, exponent = value.as_tuple()
    text = "".join(map(str, digits))
    kept = text.rstrip("0")
    return max(0, -(int(exponent) + len(text) - len(kept))) if kept else 0


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock whose tick is 10**-decimals us."""

    decimals: int

    @property
    def ticks_per_us(self) -> int:
        """Ticks in one microsecond."""
        return int(10**self.decimals)

    def ticks(self, value: str | int | float | Decimal) -> int:
        """The ticks of a time in us, exactly.

        A float counts as the shortest decimal that reads back as that float. ValueError: not a finite decimal
        number, negative, or finer than the tick.
        """
        number = _decimal(value)
        if number < 0:
            raise ValueError(f"a time is never negative: {value}")
        if number and number.adjusted() + self.decimals >= _MOST_DIGITS:
            raise ValueError(f"too long for a time: {value} us")
        if significant_decimals(number) > self.decimals:
            raise ValueError(f"{value} us is finer than the tick of 10^-{self.decimals} us")
        return int(number.scaleb(self.decimals, _EXACT))

    def us(self, ticks: int) -> str:
        """The time in us as fixed point text with exactly `decimals` decimals."""
        sign = "-" if ticks < 0 else ""
        whole, part = divmod(abs(int(ticks)), self.ticks_per_us)
        return f"{sign}{whole}.{part:0{self.decimals}d}" if self.decimals else f"{sign}{whole}"


def _decimal(value: str | int | float | Decimal) -> Decimal:
    if isinstance(value, Decimal):
        number = value
    else:
        text = repr(value) if isinstance(value, float) else str(value).strip()
        if not _NUMBER.fullmatch(text):
            raise ValueError(f"not a decimal number: {value!r}")
        number = Decimal(text)
    if not number.is_finite():
        raise ValueError(f"not a finite number: {value}")
    return number
