"""The ledger of a campaign: an SQLite file in its folder. Only the supervisor writes it, and it writes it last."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from model.event import Ints
from planner.batch.job import Done, FileMade
from planner.batch.rows import TABLES, Row, Totals, row_of
from planner.errors import UnusableInput, UnusableOutput

NAME = "campaign.sqlite"
SCHEMA = 1
FOLD_AFTER = 500
"""Runs whose hits wait in `pending` until they are added to `coverage`."""


class Ledger:
    """The open ledger. UnusableOutput: it cannot be written; UnusableInput: it is no ledger."""

    def __init__(self, path: Path, *, shape: tuple[int, int, int] | None = None, write: bool = True) -> None:
        self.path = path
        self._shape = shape
        self._pending = 0
        self._writes = write
        with self._telling():
            self._db = sqlite3.connect(path, timeout=30) if write else _read_only(path)
            self._db.isolation_level = None
            if write:
                self._db.execute("PRAGMA journal_mode=WAL")
                self._db.execute("PRAGMA synchronous=NORMAL")
                self._db.executescript(TABLES)
            self._pending = int(self._one("SELECT count(*) FROM pending"))
            known = self.meta().get("schema", SCHEMA)
        if known != SCHEMA:
            raise UnusableInput(f"{path}: schema {known!r}; this program reads schema {SCHEMA}")

    def close(self) -> None:
        """Closes the file."""
        self._db.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """All that is written inside is there afterwards, or nothing."""
        with self._telling():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            if type(error) is sqlite3.DatabaseError:
                raise UnusableInput(f"{self.path}: not a campaign's ledger: {error}") from None
            if not self._writes:
                raise UnusableInput(f"{self.path}: cannot be read: {error}") from None
            raise UnusableOutput(self.path, str(error)) from None

    def _one(self, query: str, *values: object) -> Any:
        row = self._db.execute(query, values).fetchone()
        return None if row is None else row[0]

    # -- the campaign --------------------------------------------------------------------------------------------

    def meta(self) -> dict[str, Any]:
        """What is known of the campaign; empty for a new one."""
        with self._telling():
            return {key: json.loads(value) for key, value in self._db.execute("SELECT key, value FROM meta")}

    def remember(self, values: Mapping[str, Any]) -> None:
        """Notes facts of the campaign; inside `writing`."""
        rows = [(key, json.dumps(value)) for key, value in values.items()]
        self._db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", rows)

    # -- runs ----------------------------------------------------------------------------------------------------

    def record(self, done: Done, *, seed: str, attempts: int, packs: Mapping[str, int]) -> bool:
        """A run whose files are there; inside `writing`. Its hits count once, whatever happens to its files later:
        False where they did before.
        """
        job = done.job
        hits = np.frombuffer(done.hits, dtype=np.int32)
        counted = self._one("SELECT 1 FROM runs WHERE site=? AND run=? AND state <> 'failed'", job.site, job.run)
        files = json.dumps([[file.name, file.size, file.sha256] for file in done.files])
        row = (
            job.site, job.run, "done", seed, attempts, done.operations, done.dropped, done.violations,
            done.device_time, int(hits.sum()), done.seconds, files, json.dumps(packs), "",
        )  # fmt: skip
        self._db.execute(f"INSERT OR REPLACE INTO runs VALUES ({', '.join('?' * len(row))})", row)
        if not counted:
            self._db.execute("INSERT INTO pending VALUES (?, ?, ?, ?)", (job.site, job.run, done.cells, done.hits))
            self._pending += 1
        return not counted

    def failed(self, site: int, run: int, *, seed: str, attempts: int, message: str) -> None:
        """A run that was given up; inside `writing`. A run that was done before stays `lost`."""
        row = (site, run, "failed", seed, attempts, 0, 0, 0, 0, 0, 0.0, "[]", "{}", message)
        if self._one("SELECT 1 FROM runs WHERE site=? AND run=? AND state <> 'failed'", site, run):
            self._db.execute("UPDATE runs SET message=? WHERE site=? AND run=?", (message, site, run))
        else:
            self._db.execute(f"INSERT OR REPLACE INTO runs VALUES ({', '.join('?' * len(row))})", row)

    def lose(self, site: int, run: int) -> None:
        """A run that was done has to be made again; inside `writing`."""
        self._db.execute("UPDATE runs SET state='lost' WHERE site=? AND run=? AND state='done'", (site, run))

    def packed(self, site: int, run: int, packs: Mapping[str, int]) -> None:
        """A run that was done has come into the packs; inside `writing`."""
        self._db.execute("UPDATE runs SET packs=? WHERE site=? AND run=?", (json.dumps(packs), site, run))

    def convert(self, site: int, made: Mapping[str, FileMade]) -> None:
        """Other files stand in place of packs of a site; inside `writing`."""
        rows = [(site, pack, json.dumps([file.name, file.size, file.sha256])) for pack, file in made.items()]
        self._db.executemany("INSERT OR REPLACE INTO converted VALUES (?, ?, ?)", rows)

    def converted(self, site: int) -> dict[str, FileMade]:
        """What stands in place of the packs of a site, by the pack's name."""
        with self._telling():
            found = self._db.execute("SELECT pack, file FROM converted WHERE site=?", (site,))
            return {pack: FileMade(*json.loads(file)) for pack, file in found}

    def is_empty(self) -> bool:
        """Whether no run is known."""
        with self._telling():
            return self._one("SELECT 1 FROM runs LIMIT 1") is None

    def run(self, site: int, run: int) -> Row | None:
        """What is known of a run."""
        query = "SELECT site, run, state, attempts, files, packs, message FROM runs WHERE site=? AND run=?"
        with self._telling():
            found = self._db.execute(query, (site, run)).fetchone()
        return None if found is None else row_of(found)

    def runs(self, site: int) -> Iterator[Row]:
        """The runs of a site that are known, by number."""
        query = "SELECT site, run, state, attempts, files, packs, message FROM runs WHERE site=? ORDER BY run"
        with self._telling():
            yield from map(row_of, self._db.execute(query, (site,)))

    def ends(self, site: int) -> dict[str, int]:
        """The ends of the packs of a site, by their names."""
        with self._telling():
            packs = self._one("SELECT packs FROM runs WHERE site=? AND packs <> '{}' ORDER BY run DESC LIMIT 1", site)
        return {} if packs is None else dict(json.loads(packs))

    def troubled(self) -> list[Row]:
        """All runs that failed or are lost."""
        query = "SELECT site, run, state, attempts, files, packs, message FROM runs WHERE state <> 'done'"
        with self._telling():
            return sorted(map(row_of, self._db.execute(query)), key=lambda row: (row.site, row.run))

    def by_site(self) -> list[tuple[int, int, int, int]]:
        """Per site: runs done, runs in other states, operations."""
        sums = "site, sum(state = 'done'), sum(state <> 'done'), sum(operations)"
        query = f"SELECT {sums} FROM runs GROUP BY site ORDER BY site"
        with self._telling():
            return [tuple(row) for row in self._db.execute(query)]

    def totals(self) -> Totals:
        """The sums of the campaign."""
        query = (
            "SELECT coalesce(sum(state = 'done'), 0), coalesce(sum(state = 'failed'), 0),"
            " coalesce(sum(state = 'lost'), 0), coalesce(sum(operations), 0), coalesce(sum(dropped), 0),"
            " coalesce(sum(violations), 0), coalesce(sum(device_time), 0), coalesce(sum(hits), 0),"
            " coalesce(sum(seconds), 0), coalesce(sum(attempts), 0) FROM runs"
        )
        with self._telling():
            return Totals(*self._db.execute(query).fetchone())

    # -- coverage ------------------------------------------------------------------------------------------------

    def hits(self) -> Ints:
        """Hits of all runs that count, [op_state, op_name, bin]."""
        states, names, bins = self.shape()
        total = np.zeros((states, names, bins), dtype=np.int64)
        with self._telling():
            for op_state, blob in self._db.execute("SELECT op_state, hits FROM coverage"):
                total[op_state] = np.frombuffer(blob, dtype=np.int64).reshape(names, bins)
            flat = total.reshape(-1)
            for cells, hits in self._db.execute("SELECT cells, hits FROM pending"):
                flat[np.frombuffer(cells, dtype=np.int32)] += np.frombuffer(hits, dtype=np.int32)
        return total

    def fold(self, total: Ints) -> None:
        """Adds the hits that are pending to the coverage, which makes `total` of it; inside `writing`."""
        rows = [(op_state, hits.tobytes()) for op_state, hits in enumerate(total) if hits.any()]
        self._db.executemany("INSERT OR REPLACE INTO coverage VALUES (?, ?)", rows)
        self._db.execute("DELETE FROM pending")
        self._pending = 0

    def begin_round(self, run: int, cells: Ints) -> None:
        """Notes the cells that are dealt to the runs of this number; inside `writing`."""
        blob = zlib.compress(cells.astype(np.int32).tobytes())
        self._db.execute("INSERT OR REPLACE INTO rounds VALUES (?, ?)", (run, blob))

    def round(self, run: int) -> Ints | None:
        """The cells that are dealt to the runs of this number; None where none were."""
        with self._telling():
            blob = self._one("SELECT cells FROM rounds WHERE run=?", run)
        return None if blob is None else np.frombuffer(zlib.decompress(blob), dtype=np.int32).astype(np.int64)

    @property
    def pending(self) -> int:
        """Runs whose hits are pending."""
        return self._pending

    def shape(self) -> tuple[int, int, int]:
        """Op_states, op_names and bins of the coverage."""
        if self._shape is None:
            states, names, bins = self.meta()["shape"]
            self._shape = (states, names, bins)
        return self._shape

    # -- the lock ------------------------------------------------------------------------------------------------

    def holder(self) -> dict[str, Any] | None:
        """Who holds the lock."""
        with self._telling():
            cursor = self._db.execute("SELECT token, owner, place, pid, born, beat FROM lock")
            row = cursor.fetchone()
            return None if row is None else dict(zip((column[0] for column in cursor.description), row, strict=True))

    def hold(self, values: Mapping[str, Any]) -> None:
        """Enters a holder of the lock; inside `writing`."""
        keys = ("token", "owner", "place", "pid", "born", "beat")
        self._db.execute("INSERT OR REPLACE INTO lock VALUES (1, ?, ?, ?, ?, ?, ?)", [values[key] for key in keys])

    def beat(self, token: str) -> bool:
        """A sign of life of the holder; False where it holds the lock no more."""
        with self._telling():
            return self._db.execute("UPDATE lock SET beat = beat + 1 WHERE token = ?", (token,)).rowcount == 1

    def release(self, token: str) -> None:
        """Gives the lock back."""
        with self._telling():
            self._db.execute("DELETE FROM lock WHERE token = ?", (token,))


def _read_only(path: Path) -> sqlite3.Connection:
    """A ledger that is only read, also where nothing can be written beside it, as SQLite would to share it."""
    address = f"{path.resolve().as_uri()}?mode=ro"
    database = sqlite3.connect(address, timeout=30, uri=True)
    try:
        database.execute("SELECT 1 FROM sqlite_master").fetchone()
    except sqlite3.OperationalError:
        database.close()
        log = path.with_name(f"{path.name}-wal")
        if log.exists() and log.stat().st_size:
            raise
        return sqlite3.connect(f"{address}&immutable=1", uri=True)
    return database
