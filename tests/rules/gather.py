"""All tables, by rule id."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from pathlib import Path

from tests.rules.table import Row, Table

FOLDER = Path(__file__).parent / "tables"


def _tables() -> Mapping[str, Table]:
    modules = sorted(path.stem for path in FOLDER.glob("*.py"))
    found: list[Table] = [importlib.import_module(f"tests.rules.tables.{module}").TABLE for module in modules]
    for module, table in zip(modules, found, strict=True):
        if module != table.rule.replace("-", "_"):
            raise ValueError(f"tables/{module}.py is about {table.rule}")
    return {table.rule: table for table in found}


TABLES = _tables()
ROWS: list[tuple[Table, Row]] = [(table, row) for table in TABLES.values() for row in table.rows]
NAMES: list[str] = [f"{table.rule}: {row.title}" for table, row in ROWS]
