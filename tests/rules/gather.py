"""All tables, by rule id."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.rules.table import Row, Table

FOLDER = Path(__file__).parent / "tables"


def _tables() -> Mapping[str, Table]:
    modules = sorted(path.stem for path in FOLDER.glob("*.py"))
    found: list[Table] = [importlib.import_module(f"tests.rules.tables.{module}").TABLE for module in modules]
    return {table.rule: table for table in found}


TABLES = _tables()
ROWS: list[tuple[Table, Row]] = [(table, row) for table in TABLES.values() for row in table.rows]


def for_judge() -> pytest.MarkDecorator:
    """Parametrizes a test by all rows."""
    return _parametrized(ROWS)


def for_window(wanted: Callable[[Row], bool] = lambda row: True) -> pytest.MarkDecorator:
    """Parametrizes a test by the rows that the window encoder is asked about."""
    return _parametrized(
        [(table, row) for table, row in ROWS if (table.planned or row.asked) and wanted(row)], differing=True
    )


def _parametrized(rows: list[tuple[Table, Row]], differing: bool = False) -> pytest.MarkDecorator:
    params = []
    for table, row in rows:
        marks = [pytest.mark.xfail(reason=row.differs, strict=True)] if differing and row.differs else []
        params.append(pytest.param(table, row, id=f"{table.rule}: {row.title}", marks=marks))
    return pytest.mark.parametrize(("table", "row"), params)
