"""The tables of a run as Parquet, too: the same rows and values as in the CSV files, with types.

Times are decimals of as many places as the tick has, in us: exact, as in the CSV. An empty field is null.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import polars as pl

from planner.errors import UnusableOutput
from planner.export.files import RunFiles, writing

TIMES = frozenset({"time", "start", "end", "duration", "remaining", "propose_time", "triggered_us"})
SHARES = frozenset({"input_time"})
WHOLE = frozenset({"seq", "op_id", "op_uid", "count", "hits"})
SMALL = frozenset({"die", "plane", "block", "page", "fragment", "bin"})
FLAGS = frozenset({"is_resumed"})
MOST_DIGITS = 18
"""Digits of a time: what fits into 64 bits."""
ROWS = 1 << 16
"""Rows per group: the same whatever the machine, so that the bytes are, too."""


def add_parquet(files: RunFiles, tables: Iterable[str], decimals: int) -> None:
    """Adds to the files of a run, before they are published, a `.parquet` beside each of these `.csv`.

    `decimals`: those of a time in us. UnusableOutput.
    """
    for name in tables:
        made = str(Path(name).with_suffix(".parquet"))
        source = files.so_far(name)
        files.create(made)
        with writing(files.out / made):
            _convert(source, files.so_far(made), decimals, files.out / made)


def type_of(column: str, decimals: int) -> Any:
    """The type of a column of our tables; text for what is not known."""
    if column in TIMES:
        return pl.Decimal(MOST_DIGITS, decimals)
    if column in SHARES:
        return pl.Decimal(3, 2)
    if column in WHOLE:
        return pl.Int64
    if column in SMALL:
        return pl.Int32
    return pl.Boolean if column in FLAGS else pl.String


def _convert(source: Path, target: Path, decimals: int, shown: Path) -> None:
    """In bounded memory, row group by row group."""
    with source.open(encoding="utf-8") as file:
        columns = file.readline().rstrip("\n").split(",")
    schema = {column: type_of(column, decimals) for column in columns}
    try:
        frame = pl.scan_csv(source, schema=schema, null_values="")
        frame.sink_parquet(target, row_group_size=ROWS, compression="zstd", engine="streaming")
    except pl.exceptions.PolarsError as error:
        raise UnusableOutput(shown, str(error).splitlines()[0]) from None
