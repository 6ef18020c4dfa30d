"""The packs of a campaign: one file per site and table, to which the runs are added in their order."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from planner.batch.campaign import site_folder
from planner.batch.job import FileMade
from planner.batch.members import is_member, pack_of
from planner.errors import UnusableOutput
from planner.export.files import writing


class SitePacks:
    """The packs of a site. `run` is the last run in them, `ends` their lengths in bytes by name.

    A pack is cut to its length before something is added: what was added and not recorded is gone.
    """

    def __init__(self, out: Path, site: int, run: int, ends: Mapping[str, int]) -> None:
        self._folder = site_folder(out, site)
        self.run = run
        self.ends = dict(ends)

    def add(self, run: int, files: Iterable[FileMade]) -> None:
        """Adds the members of the next run."""
        for made in files:
            if not is_member(made.name):
                continue
            pack = pack_of(made.name, run)
            end = self.ends.get(pack, 0)
            with writing(self._folder / pack):
                content = (self._folder / made.name).read_bytes()
                with (self._folder / pack).open("r+b" if end else "wb") as file:
                    file.seek(end)
                    file.truncate()
                    file.write(content)
            self.ends[pack] = end + len(content)
        self.run = run

    def clear(self, run: int, files: Iterable[FileMade]) -> None:
        """Removes the members of a run that is recorded as packed."""
        for made in files:
            if is_member(made.name):
                with contextlib.suppress(OSError):
                    (self._folder / made.name).unlink()


def as_parquet(folder: Path, pack: str, decimals: int) -> Path:
    """A `.parquet` beside the pack of a table; times are decimals with `decimals` places. UnusableOutput."""
    source, target = folder / pack, folder / (pack.removesuffix(".csv.gz") + ".parquet")
    with writing(target), tempfile.TemporaryDirectory(prefix=".pack_", dir=folder) as room:
        plain, hidden = Path(room) / "table.csv", Path(room) / "table.parquet"
        with gzip.open(source, "rb") as packed, plain.open("wb") as file:
            shutil.copyfileobj(packed, file, 1 << 20)
        _convert(plain, hidden, decimals, target)
        with hidden.open("rb") as made:
            os.fsync(made.fileno())
        os.replace(hidden, target)
    return target


def _convert(plain: Path, hidden: Path, decimals: int, shown: Path) -> None:
    """In bounded memory, row group by row group."""
    import polars as pl  # noqa: PLC0415 - only where it is wanted

    from planner.export.parquet import ROWS, type_of  # noqa: PLC0415

    with plain.open(encoding="utf-8") as file:
        columns = file.readline().rstrip("\n").split(",")
    schema = {column: pl.Int64 if column == "run" else type_of(column, decimals) for column in columns}
    try:
        frame = pl.scan_csv(plain, schema=schema, null_values="")
        frame.sink_parquet(hidden, row_group_size=ROWS, compression="zstd", engine="streaming")
    except pl.exceptions.PolarsError as error:
        raise UnusableOutput(shown, str(error).splitlines()[0]) from None


def measured(folder: Path, path: Path) -> FileMade:
    """A file's name below a folder, its size and hash."""
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return FileMade(path.relative_to(folder).as_posix(), path.stat().st_size, sha256)
