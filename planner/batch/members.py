"""The files of one run as members of their site's packs: compressed, with the run's number in every row."""

from __future__ import annotations

import gzip
import json
import os
import re
import zlib
from collections.abc import Iterator
from pathlib import Path

from planner.errors import UnusableInput
from planner.export.files import writing

LEVEL = 6
_TABLE = re.compile(r"(\w+)_(\d{6})_(\d{7,})\.csv")
_PAGE = re.compile(r"(run|timing)_(\d{7,})\.json")


def to_members(staging: Path, names: list[Path], run: int) -> list[Path]:
    """Puts compressed members in place of the tables and pages of a run; gives the names of all its files then."""
    made = []
    for name in names:
        path = staging / name
        if _TABLE.fullmatch(path.name):
            content = with_run(path.read_bytes(), run)
        elif _PAGE.fullmatch(path.name):
            content = (json.dumps(json.loads(path.read_bytes()), separators=(",", ":")) + "\n").encode()
        else:
            made.append(name)
            continue
        member = name.with_name(f"{name.name}.gz")
        with writing(staging / member), (staging / member).open("wb") as file:
            file.write(gzip.compress(content, LEVEL, mtime=0))
            file.flush()
            os.fsync(file.fileno())
        made.append(member)
    return made


def with_run(table: bytes, run: int) -> bytes:
    """A table with a first column `run`; the header only in run 1, with which every pack begins."""
    header, _, body = table.partition(b"\n")
    prefix = str(run).encode() + b","
    rows = _rows(body)
    lines = [b"run," + header] if run == 1 else []
    return b"".join(line + b"\n" for line in (*lines, *(prefix + row for row in rows)))


def _rows(body: bytes) -> list[bytes]:
    """The rows of a CSV body without their line ends; a quoted field may hold some."""
    lines = body.split(b"\n")[:-1]
    if b'"' not in body:
        return lines
    rows: list[bytes] = []
    open_quote = False
    for line in lines:
        if open_quote:
            rows[-1] += b"\n" + line
        else:
            rows.append(line)
        open_quote ^= line.count(b'"') % 2 == 1
    return rows


def pack_of(member: str, run: int) -> str:
    """The pack that a member belongs to: `events_260101.csv.gz` of `events_260101_0000007.csv.gz`."""
    return member.replace(f"_{run:07d}", "", 1).replace(".json.", ".jsonl.")


def is_member(name: str) -> bool:
    """Whether a file of a run goes into a pack."""
    return name.endswith(".gz")


def tables_in(pack: Path, end: int | None = None) -> Iterator[tuple[int, bytes]]:
    """The tables of a pack, run after run: each exactly the CSV file that the run had. UnusableInput.

    `end`: so many bytes of the pack count; None: all.
    """
    header = b""
    for run, content in enumerate(_members(pack, end), 1):
        text = content
        if run == 1:
            header, _, text = content.partition(b"\n")
            if not header.startswith(b"run,"):
                raise UnusableInput(f"{pack}: not a pack of a campaign: its first column is not run")
            header = header.removeprefix(b"run,")
        prefix = len(str(run)) + 1
        yield run, b"".join(line + b"\n" for line in (header, *(row[prefix:] for row in _rows(text))))


def lines_in(pack: Path, end: int | None = None) -> Iterator[bytes]:
    """The lines of a pack of pages. `end` as in `tables_in`. UnusableInput."""
    for content in _members(pack, end):
        yield from content.splitlines()


def _members(pack: Path, end: int | None) -> Iterator[bytes]:
    """The uncompressed members of a gzip file, one after the other."""
    left = pack.stat().st_size if end is None and pack.exists() else end or 0
    inflate = zlib.decompressobj(31)
    parts: list[bytes] = []
    try:
        with pack.open("rb") as file:
            while data := file.read(min(left, 1 << 20)):
                left -= len(data)
                while data:
                    parts.append(inflate.decompress(data))
                    data = inflate.unused_data
                    if inflate.eof:
                        yield b"".join(parts)
                        parts, inflate = [], zlib.decompressobj(31)
    except (OSError, zlib.error) as error:
        raise UnusableInput(f"{pack}: cannot be read: {error}") from None
    if parts and any(parts):
        raise UnusableInput(f"{pack}: ends in the middle of a run")
