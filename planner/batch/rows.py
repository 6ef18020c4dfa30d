"""What the ledger of a campaign holds: its tables, and what their rows are outside."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from planner.batch.job import FileMade

TABLES = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS runs (
    site INTEGER, run INTEGER, state TEXT NOT NULL, seed TEXT NOT NULL, attempts INTEGER NOT NULL,
    operations INTEGER NOT NULL, dropped INTEGER NOT NULL, violations INTEGER NOT NULL, device_time INTEGER NOT NULL,
    hits INTEGER NOT NULL, seconds REAL NOT NULL, files TEXT NOT NULL, packs TEXT NOT NULL, message TEXT NOT NULL,
    PRIMARY KEY (site, run)
);
CREATE INDEX IF NOT EXISTS states ON runs (state) WHERE state <> 'done';
CREATE TABLE IF NOT EXISTS pending (site INTEGER, run INTEGER, cells BLOB, hits BLOB, PRIMARY KEY (site, run));
CREATE TABLE IF NOT EXISTS coverage (op_state INTEGER PRIMARY KEY, hits BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS rounds (run INTEGER PRIMARY KEY, cells BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS converted (site INTEGER, pack TEXT, file TEXT NOT NULL, PRIMARY KEY (site, pack));
CREATE TABLE IF NOT EXISTS lock (
    only INTEGER PRIMARY KEY CHECK (only = 1), token TEXT, owner TEXT, place TEXT, pid INTEGER, born TEXT, beat INTEGER
);
"""


@dataclass(frozen=True, slots=True)
class Row:
    """What the ledger says of a run: `done`, `failed`, or `lost` (it was done, and its files are not there).

    `packs`: the end of its members in the packs of its site, by the pack's name.
    """

    site: int
    run: int
    state: str
    attempts: int
    files: tuple[FileMade, ...]
    packs: Mapping[str, int]
    message: str


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over the runs that are done, and how many runs there are in each state."""

    done: int
    failed: int
    lost: int
    operations: int
    dropped: int
    violations: int
    device_time: int
    hits: int
    seconds: float
    attempts: int


def row_of(found: tuple[Any, ...]) -> Row:
    """A row of the table `runs`: site, run, state, attempts, files, packs, message."""
    site, run, state, attempts, files, packs, message = found
    made = tuple(FileMade(name, size, sha256) for name, size, sha256 in json.loads(files))
    return Row(site, run, state, attempts, made, json.loads(packs), message)
