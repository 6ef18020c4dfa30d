"""The bad blocks of a device, from a CSV file with the header `die,block`."""

from __future__ import annotations

import csv
from pathlib import Path

from model.config.problems import Problem

HEADER = ["die", "block"]
_FILE, _ROW = "bad-block-file", "bad-block-row"


def read_bad_blocks(
    path: Path, shown: str, dies: int, blocks_per_die: int
) -> tuple[frozenset[tuple[int, int]], list[Problem]]:
    """The (die, block) pairs of the file, and everything that is wrong with it by line."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return frozenset(), [Problem(shown, 0, 0, "", None, "there is no such bad-block file", _FILE)]
    except (OSError, ValueError) as error:
        wrong = f"the bad-block file cannot be read: {_said(error)}"
        return frozenset(), [Problem(shown, 0, 0, "", None, wrong, _FILE)]
    reader = csv.reader(text.splitlines())
    header = [cell.strip() for cell in next(reader, [])]
    if header != HEADER:
        wrong = "the first line of a bad-block file is its header die,block"
        return frozenset(), [Problem(shown, 1, 1, "", ",".join(header), wrong, _ROW)]
    problems: list[Problem] = []
    lines: dict[tuple[int, int], int] = {}
    for row in reader:
        if not row:
            continue
        message = _wrong(row, dies, blocks_per_die)
        if message is None:
            pair = int(row[0]), int(row[1])
            message = f"the same as line {lines[pair]}" if pair in lines else None
            lines.setdefault(pair, reader.line_num)
        if message is not None:
            problems.append(Problem(shown, reader.line_num, 1, "", ",".join(row), message, _ROW))
    return frozenset(lines), problems


def _wrong(row: list[str], dies: int, blocks_per_die: int) -> str | None:
    if len(row) != len(HEADER):
        return f"{len(row)} values; a row is die,block"
    for name, cell, count in zip(HEADER, row, (dies, blocks_per_die), strict=True):
        number = cell.strip()
        if not (number.isascii() and number.isdigit()) or len(number) > 18:
            return f"{name} is not a whole number: {cell!r}"
        if int(number) >= count:
            return f"{name} {number} does not exist; allowed: 0 to {count - 1}"
    return None


def _said(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "not UTF-8"
    return str(getattr(error, "strerror", None) or error)
