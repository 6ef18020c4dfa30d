"""The CSV files of a run as columns. What is wrong with one is told with its file and line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from planner.errors import UnusableInput

HEADER_LINE = 1


def read(path: Path, columns: Sequence[str]) -> pl.DataFrame:
    """The named columns as text, an empty field as "". UnusableInput: no such file, or columns are missing."""
    if not path.is_file():
        raise UnusableInput(f"{path}: there is no such file; a report needs it")
    try:
        frame = pl.read_csv(path, infer_schema=False).fill_null("")
    except pl.exceptions.NoDataError:
        raise UnusableInput(f"{path}: the file is empty; allowed: a header and rows") from None
    except (OSError, pl.exceptions.PolarsError) as error:
        raise UnusableInput(f"{path}: not readable as CSV: {str(error).splitlines()[0]}") from None
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise UnusableInput(f"{path}:{HEADER_LINE}: no column {missing[0]!r}; allowed: {', '.join(columns)}")
    return frame.select(columns)


def whole(frame: pl.DataFrame, column: str, path: Path, *, empty: int | None = None) -> pl.Series:
    """A column of whole numbers; `empty` for an empty field, where that is allowed. UnusableInput."""
    texts = frame[column]
    numbers = texts.cast(pl.Int64, strict=False)
    if empty is not None:
        numbers = pl.select(pl.when(texts == "").then(pl.lit(empty)).otherwise(numbers)).to_series()
    _require(numbers, texts, column, path, "a whole number")
    return numbers.alias(column)


def ticks(frame: pl.DataFrame, column: str, path: Path, decimals: int, *, empty: int | None = None) -> pl.Series:
    """A column of times in us as whole ticks of 10^-decimals us, exactly. UnusableInput."""
    texts = frame[column]
    form = rf"^\d+\.\d{{{decimals}}}$" if decimals else r"^\d+$"
    digits = pl.when(texts.str.contains(form)).then(texts.str.replace(".", "", literal=True)).otherwise(None)
    numbers = pl.select(digits.cast(pl.Int64, strict=False)).to_series()
    if empty is not None:
        numbers = pl.select(pl.when(texts == "").then(pl.lit(empty)).otherwise(numbers)).to_series()
    _require(numbers, texts, column, path, f"a time in us with {decimals} decimals")
    return numbers.alias(column)


def decimals_of(times: pl.Series) -> int:
    """How many decimals times are written with; 4 where there is no time."""
    return len(times[0].partition(".")[2]) if len(times) else 4


def _require(numbers: pl.Series, texts: pl.Series, column: str, path: Path, allowed: str) -> None:
    if numbers.null_count() == 0:
        return
    at = int(numbers.is_null().arg_max() or 0)
    line = HEADER_LINE + 1 + at
    raise UnusableInput(f"{path}:{line}: column {column}: {texts[at]!r}; allowed: {allowed}")


def one_of(frame: pl.DataFrame, column: str, path: Path, allowed: Sequence[str]) -> pl.Series:
    """A column of given words as their places among the allowed ones. UnusableInput."""
    texts = frame[column]
    places = texts.replace_strict(list(allowed), list(range(len(allowed))), default=None, return_dtype=pl.Int64)
    _require(places, texts, column, path, ", ".join(allowed))
    return places.alias(column)
