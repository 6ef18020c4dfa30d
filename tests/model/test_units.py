"""Microseconds and ticks: exact both ways, or refused."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.units import Clock, decimals_of

CLOCK = Clock(4)


def test_a_microsecond_has_ten_to_the_decimals_ticks() -> None:
    assert CLOCK.ticks_per_us == 10_000


@pytest.mark.parametrize(
    ("us", "ticks"),
    [
        ("9.8244", 98_244),
        ("0", 0),
        ("-0.0", 0),
        ("7000.0", 70_000_000),
        ("0.12000000000000000000000000000000000000", 1_200),
        ("2.5e1", 250_000),
        (" 1 ", 10_000),
        (400.6036, 4_006_036),
        (25, 250_000),
        (Decimal("0.0001"), 1),
    ],
)
def test_a_decimal_becomes_exactly_its_ticks(us: str | float | Decimal, ticks: int) -> None:
    assert CLOCK.ticks(us) == ticks


@pytest.mark.parametrize(
    ("us", "said"),
    [
        ("nan", "not a decimal"),
        (float("nan"), "not a decimal"),
        (float("inf"), "not a decimal"),
        (Decimal("Infinity"), "finite"),
        ("400.6”", "not a decimal"),
        ("", "not a decimal"),
        (True, "not a decimal"),
        ("1_000", "not a decimal"),
        ("-0.1", "negative"),
        ("0.00001", "finer than the tick"),
        ("1.00000000000000000000000000000000000001", "finer than the tick"),
        (0.1 + 0.2, "finer than the tick"),
        ("1e999", "too long"),
    ],
)
def test_what_is_no_time_is_refused(us: str | float | Decimal, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        CLOCK.ticks(us)


def test_ticks_are_written_with_all_decimals() -> None:
    assert [CLOCK.us(t) for t in (0, 1, 98_244, 70_000_000)] == ["0.0000", "0.0001", "9.8244", "7000.0000"]


def test_long_times_are_written_without_exponent() -> None:
    assert CLOCK.us(10**17) == "10000000000000.0000"


def test_a_time_before_zero_keeps_its_sign() -> None:
    assert CLOCK.us(-1) == "-0.0001"


@given(ticks=st.integers(0, 10**16), decimals=st.integers(0, 9))
def test_writing_and_reading_gives_the_same_ticks(ticks: int, decimals: int) -> None:
    clock = Clock(decimals)
    assert clock.ticks(clock.us(ticks)) == ticks


def test_a_clock_has_at_least_four_decimals() -> None:
    assert decimals_of([Decimal(1), Decimal("0.5")]) == 4


def test_the_finest_time_decides() -> None:
    assert decimals_of([Decimal("0.5"), Decimal("0.0000125"), Decimal("0.00001")]) == 7


def test_zeros_at_the_end_make_no_finer_clock() -> None:
    assert decimals_of([Decimal("25.000000000"), Decimal("0.000000")]) == 4
