"""The files of single runs again, out of the packs of a campaign: byte for byte what they were."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from planner.batch.members import lines_in, tables_in
from planner.errors import UnusableInput
from planner.export.files import RunFiles

ROWS = 1 << 18
"""Rows that are read at a time."""
_TABLE = re.compile(r"(\w+)_(\d{6})\.(csv\.gz|parquet)")
_PAGES = re.compile(r"(run|timing)\.jsonl\.gz")


def unpack(folder: Path, into: Path, *, site: int | None = None, run: int | None = None) -> int:
    """Writes the files of packed runs of a campaign (only of a site, only of one run) below a folder.

    Returns how many. UnusableInput: no packs there; UnusableOutput.
    """
    name = "site_*" if site is None else f"site_{site:02d}"
    packs = [path for found in sorted(folder.glob(name)) for path in sorted(found.iterdir()) if _is_pack(path)]
    if not packs:
        raise UnusableInput(f"{folder}: there are no packs in {name}")
    count = 0
    for pack in packs:
        for number, file, content in _files_in(pack):
            if run is None or run == number:
                _write(into / pack.parent.name, file, content)
                count += 1
    return count


def _is_pack(path: Path) -> bool:
    return _TABLE.fullmatch(path.name) is not None or _PAGES.fullmatch(path.name) is not None


def _files_in(pack: Path) -> Iterator[tuple[int, str, bytes]]:
    """The files in a pack: run, name, content."""
    table = _TABLE.fullmatch(pack.name)
    if table is None:
        kind = pack.name.partition(".")[0]
        for line in lines_in(pack):
            page = json.loads(line)
            yield page["run"], f"{kind}_{page['run']:07d}.json", (json.dumps(page, indent=2) + "\n").encode()
        return
    found = tables_in(pack) if pack.suffix == ".gz" else _tables_of_parquet(pack)
    for run, content in found:
        yield run, f"{table[1]}_{table[2]}_{run:07d}.csv", content


def _tables_of_parquet(pack: Path) -> Iterator[tuple[int, bytes]]:
    """The tables in a Parquet file, run after run; those without any row are not in it."""
    import polars as pl  # noqa: PLC0415 - only where it is wanted

    frame = pl.scan_parquet(pack)
    waiting: pl.DataFrame | None = None
    first = 0
    while True:
        part = frame.slice(first, ROWS).collect()
        rows = part if waiting is None else pl.concat([waiting, part])
        first += ROWS
        runs = rows["run"].unique(maintain_order=True).to_list()
        is_last = part.height < ROWS
        for run in runs if is_last else runs[:-1]:
            yield run, rows.filter(pl.col("run") == run).drop("run").write_csv().encode()
        if is_last:
            return
        waiting = rows.filter(pl.col("run") == runs[-1])


def _write(folder: Path, name: str, content: bytes) -> None:
    files = RunFiles(folder)
    try:
        files.create(name)
        files.write(name, content)
        files.publish()
    finally:
        files.discard()
