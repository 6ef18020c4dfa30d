"""The files of single runs, as they come out of the packs of a site: run after run, never more than one at a time."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from planner.batch.members import lines_in, tables_in
from planner.errors import UnusableInput
from planner.export.files import writing

if TYPE_CHECKING:
    import polars as pl

ROWS = 1 << 18
"""Rows of a Parquet file that are read at a time."""
SEQUENCE = "operation_sequence"
PAGES = ("run", "timing")
_TABLE = re.compile(r"(\w+)_(\d{6})\.(csv\.gz|parquet)")
_PAGES = re.compile(r"(run|timing)\.jsonl\.gz")

Content = Iterator[tuple[int, str, bytes]]
"""Files of runs, in order: run, name, content."""


@dataclass(frozen=True, slots=True)
class PackedSite:
    """A folder with packs. `packs`: by what they hold (a table's name, `run`, `timing`); `ends` as in Record."""

    folder: Path
    date: str
    packs: Mapping[str, Path]
    ends: Mapping[str, int] = field(default_factory=dict)

    @property
    def sequence(self) -> Path:
        """The pack of the operation sequences."""
        return self.packs[SEQUENCE]

    @contextmanager
    def opened(
        self, what: Collection[str] | None = None, only: int | None = None
    ) -> Iterator[Iterator[tuple[int, Path]]]:
        """Run after run, each with a folder that holds its files (only `what`) until the next but one is asked for.

        `only`: no other run than this. These folders have the name of the site's. UnusableInput: a pack is broken;
        UnusableOutput: there is no room.
        """
        with writing(Path(tempfile.gettempdir())):
            room = Path(tempfile.mkdtemp(prefix="nandplan-"))
        try:
            yield self._laid_out(room, what, only)
        finally:
            shutil.rmtree(room, ignore_errors=True)

    def _laid_out(self, room: Path, what: Collection[str] | None, only: int | None) -> Iterator[tuple[int, Path]]:
        wanted = [name for name in self.packs if (what is None or name in what) and name != SEQUENCE]
        others = [_Files(self._content(name)) for name in wanted]
        for run, name, content in self._content(SEQUENCE):
            if only is not None and run != only:
                continue
            folder = room / str(run) / self.folder.resolve().name
            with writing(folder):
                folder.mkdir(parents=True)
                for file, text in [(name, content), *(found for other in others for found in other.of(run))]:
                    (folder / file).write_bytes(text)
            yield run, folder
            shutil.rmtree(room / str(run - 1), ignore_errors=True)

    def content(self) -> Content:
        """All files in the packs, pack after pack. UnusableInput."""
        for name in self.packs:
            yield from self._content(name)

    def _content(self, name: str) -> Content:
        pack = self.packs[name]
        found = _pages(pack, self.ends.get(pack.name)) if name in PAGES else self._tables(name, pack)
        return _checked(pack, found)

    def _tables(self, name: str, pack: Path) -> Content:
        is_parquet = pack.suffix == ".parquet"
        found = _of_parquet(pack, self.sequence) if is_parquet else tables_in(pack, self.ends.get(pack.name))
        for run, content in found:
            yield run, f"{name}_{self.date}_{run:07d}.csv", content


def packed_in(folder: Path, ends: Mapping[str, int] | None = None) -> PackedSite | None:
    """The packs of a folder; None where no operation sequences are packed there. `ends` as in Record."""
    dates: dict[str, dict[str, Path]] = {}
    pages: dict[str, Path] = {}
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if (table := _TABLE.fullmatch(path.name)) is not None:
            dates.setdefault(table[2], {}).setdefault(table[1], path)  # a pack goes before what was made of it
        elif (page := _PAGES.fullmatch(path.name)) is not None:
            pages[page[1]] = path
    for date, tables in sorted(dates.items()):
        if SEQUENCE in tables:
            return PackedSite(folder, date, {**tables, **pages}, ends or {})
    return None


@dataclass(slots=True)
class _Files:
    """The files of one pack, given out run by run; of some runs there may be none."""

    content: Content
    waiting: tuple[int, str, bytes] | None = None

    def of(self, run: int) -> Iterable[tuple[str, bytes]]:
        """The file of a run, if there is one. Runs ascend from call to call."""
        while self.waiting is None or self.waiting[0] < run:
            self.waiting = next(self.content, None)
            if self.waiting is None:
                return ()
        return ((self.waiting[1], self.waiting[2]),) if self.waiting[0] == run else ()


def _pages(pack: Path, end: int | None) -> Content:
    kind = pack.name.partition(".")[0]
    for line in lines_in(pack, end):
        page = json.loads(line)
        yield page["run"], f"{kind}_{page['run']:07d}.json", (json.dumps(page, indent=2) + "\n").encode()


def _of_parquet(pack: Path, sequence: Path) -> Iterator[tuple[int, bytes]]:
    """The tables in a Parquet file, run after run; a run of the sequence without any row here has the header only.

    UnusableInput.
    """
    import polars as pl  # noqa: PLC0415 - only where it is wanted

    try:
        frame = pl.scan_parquet(pack)
        header = (",".join(name for name in frame.collect_schema().names() if name != "run") + "\n").encode()
        due = 1
        for run, rows in _by_run(frame):
            yield from ((empty, header) for empty in range(due, run))
            yield run, rows.drop("run").write_csv().encode()
            due = run + 1
        last = pl.scan_parquet(sequence).select(pl.col("run").max()).collect().item()
        yield from ((empty, header) for empty in range(due, (last or 0) + 1))
    except pl.exceptions.PolarsError as error:
        raise UnusableInput(f"{pack}: cannot be read: {str(error).splitlines()[0]}") from None


def _by_run(frame: pl.LazyFrame) -> Iterator[tuple[int, pl.DataFrame]]:
    """The rows of every run, in order, read part by part."""
    import polars as pl  # noqa: PLC0415

    first, is_last = 0, False
    waiting: pl.DataFrame | None = None
    while not is_last:
        part = frame.slice(first, ROWS).collect()
        rows = part if waiting is None else pl.concat([waiting, part])
        first, is_last = first + ROWS, part.height < ROWS
        runs = rows["run"].unique(maintain_order=True).to_list()
        for run in runs if is_last else runs[:-1]:
            yield run, rows.filter(pl.col("run") == run)
        waiting = rows.filter(pl.col("run") == runs[-1]) if runs else None


def _checked(pack: Path, content: Content) -> Content:
    """UnusableInput, with the name of the pack, where something in it is not what a pack holds."""
    try:
        yield from content
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise UnusableInput(f"{pack}: not a pack of a campaign: {str(error).splitlines()[0]}") from None
