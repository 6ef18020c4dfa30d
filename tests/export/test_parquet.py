"""Parquet files beside the CSV files: the same tables, rows and values."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.parquet
import pytest

from model.config import Config
from planner.cli import run
from planner.export import RunWriter
from planner.export.parquet import type_of
from tests.export.stories import suspended_erase
from tests.export.tiny import config


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plan of the shipped device with Parquet files."""
    made = tmp_path_factory.mktemp("parquet")
    options = ["--ops", "120", "--seed", "3", "--date", "260102", "--no-progress", "--parquet"]
    assert run(["plan", "--out", str(made), *options]) == 0
    return made


def as_field(value: Any) -> str:
    """A value as the CSV has it."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def test_every_table_has_its_parquet_file(folder: Path) -> None:
    tables = {path.stem for path in folder.glob("*.csv")}
    assert len(tables) >= 8
    assert {path.stem for path in folder.glob("*.parquet")} == tables


def test_the_values_are_those_of_the_csv(folder: Path) -> None:
    for path in folder.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        table = pyarrow.parquet.read_table(path.with_suffix(".parquet"))  # another reader than the writer
        assert table.column_names == header
        columns = [[as_field(value) for value in table.column(name).to_pylist()] for name in header]
        assert [list(row) for row in zip(*columns, strict=True)] == rows, path.name


def test_times_are_exact_decimals_of_the_tick(folder: Path) -> None:
    (path,) = folder.glob("operation_timeline_*.parquet")
    frame = pl.read_parquet(path)
    assert frame.schema["start"] == pl.Decimal(18, 4)
    assert isinstance(frame["start"][0], Decimal)


def test_numbers_are_numbers_and_what_is_empty_is_null(folder: Path) -> None:
    (path,) = folder.glob("operation_timeline_*.parquet")
    frame = pl.read_parquet(path)
    assert [frame.schema[name] for name in ("die", "block", "op_uid")] == [pl.Int32, pl.Int32, pl.Int64]
    assert frame["block"].null_count() > 0
    assert frame["op_name"].null_count() == 0


def test_a_flag_is_a_flag() -> None:
    assert type_of("is_resumed", 4) == pl.Boolean
    assert type_of("something new", 4) == pl.String


def story(out: Path, *, parquet: bool) -> tuple[Path, ...]:
    """The files of a story."""
    with RunWriter(config(), out, run=1, date="260102", seed=7, parquet=parquet) as writer:
        writer.write(suspended_erase().chunk())
        return writer.commit()


def test_the_same_run_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        story(tmp_path / name, parquet=True)
    for path in (tmp_path / "a").glob("*.parquet"):
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


def test_without_the_wish_there_is_none(tmp_path: Path) -> None:
    assert not [path for path in story(tmp_path, parquet=False) if path.suffix == ".parquet"]


def test_a_table_without_rows_has_its_columns(tmp_path: Path) -> None:
    with RunWriter(config(), tmp_path, run=1, date="260102", seed=7, parquet=True) as writer:
        writer.commit()
    frame = pl.read_parquet(tmp_path / "events_260102_0000001.parquet")
    assert (len(frame), frame.schema["time"]) == (0, pl.Decimal(18, 4))


def test_nothing_is_left_of_a_run_that_is_given_up(tmp_path: Path) -> None:
    writer = RunWriter(config(), tmp_path, run=1, date="260102", seed=7, parquet=True)
    writer.write(suspended_erase().chunk())
    writer.discard()
    assert list(tmp_path.rglob("*.*")) == []


def test_the_python_front_writes_it_too(shipped: Config, tmp_path: Path) -> None:
    from planner import plan  # noqa: PLC0415

    (made,) = plan(shipped, out=tmp_path, ops=40, date="260102", parquet=True).runs
    assert [path for path in made.files if path.suffix == ".parquet"]
