"""Why cells are out of reach, and which are not, kept on disk: working it out takes seconds.

Both depend on config and program only.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
import time
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

import model
import planner
from model.config import Config
from model.event import Ints

WORTH_KEEPING = 1.0
"""Seconds; what takes less is worked out each time."""
MOST_FILES = 32
"""Of so many devices and versions reasons are kept; the oldest go."""
FOLDER = "NANDPLAN_CACHE"
"""The environment variable that names another folder, or (empty) none at all."""

T = TypeVar("T")

Reasons = tuple[Ints, tuple[str, ...]]
"""Of every cell the index of its reason, and the reasons."""


def kept(config: Config, cells: int, work_out: Callable[[], Reasons]) -> Reasons:
    """The reasons of that many cells, from the disk if they are there. A cache that cannot be used is none."""
    return _kept(f"reasons_{_key(config)}.json", lambda path: _read(path, cells), work_out, _write)


def kept_cells(config: Config, size: int, work_out: Callable[[], Ints]) -> Ints:
    """Cells out of `size`, as ascending positions, from the disk if they are there. A cache that is no use is none."""
    return _kept(f"witnesses_{_key(config)}.json", lambda path: _read_cells(path, size), work_out, _write_cells)


def _kept(
    name: str, read: Callable[[Path], T | None], work_out: Callable[[], T], write: Callable[[Path, T], None]
) -> T:
    folder = folder_of_caches()
    if folder is None:
        return work_out()
    path = folder / name
    found = read(path)
    if found is not None:
        return found
    began = time.process_time()
    made = work_out()
    if time.process_time() - began >= WORTH_KEEPING:
        with contextlib.suppress(OSError):
            write(path, made)
    return made


def _write_cells(path: Path, cells: Ints) -> None:
    _save(path, {"cells": cells.tolist()})


def _read_cells(path: Path, size: int) -> Ints | None:
    try:
        page: Any = json.loads(path.read_text(encoding="utf-8"))
        cells = np.array(page["cells"], dtype=np.int64).reshape(-1)
    except (OSError, ValueError, TypeError, KeyError, OverflowError):
        return None
    ordered = len(cells) == 0 or (cells[0] >= 0 and cells[-1] < size and bool((np.diff(cells) > 0).all()))
    return cells if ordered else None


def folder_of_caches() -> Path | None:
    """Where caches are: $NANDPLAN_CACHE, else nandplan in $XDG_CACHE_HOME or ~/.cache; None for nowhere."""
    named = os.environ.get(FOLDER)
    if named is not None:
        return Path(named) if named else None
    above = os.environ.get("XDG_CACHE_HOME")
    try:
        return (Path(above) if above else Path.home() / ".cache") / "nandplan"
    except RuntimeError:
        return None


def _key(config: Config) -> str:
    """All that reasons depend on: what the config means, its grain, the lines that they name, the program."""
    lines = json.dumps(sorted(config.lines.items()))
    parts = (config.digest, str(config.coverage.hosts), Path(config.path).name, lines, _program())
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


@cache
def _program() -> str:
    """The source of the device and of what plans for it, proves cells out of reach or hits them."""
    digest = hashlib.sha256()
    for package in (model, planner):
        for folder in map(Path, package.__path__):
            for path in sorted(folder.rglob("*.py")):
                digest.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def _read(path: Path, cells: int) -> Reasons | None:
    try:
        page: Any = json.loads(path.read_text(encoding="utf-8"))
        reasons = tuple(map(str, page["reasons"]))
        runs = np.array(page["runs"], dtype=np.int64).reshape(-1, 2)
    except (OSError, ValueError, TypeError, KeyError):
        return None
    index = np.repeat(runs[:, 0], np.maximum(runs[:, 1], 0))
    if len(index) != cells or not reasons or reasons[0] or not ((index >= 0) & (index < len(reasons))).all():
        return None
    return index, reasons


def _write(path: Path, made: Reasons) -> None:
    """Cells in a row with one reason as (reason, how many)."""
    index, reasons = made
    first = np.flatnonzero(np.diff(index, prepend=-1))
    lengths = np.diff(np.append(first, len(index)))
    runs = np.stack([index[first], lengths], axis=1).tolist()
    _save(path, {"reasons": reasons, "runs": runs})


def _save(path: Path, page: Mapping[str, Any]) -> None:
    """Under its name only when it is complete; the oldest of its kind go."""
    kind = path.name.split("_")[0]
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, hidden = tempfile.mkstemp(prefix=f".{kind}_", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(page, file, separators=(",", ":"))
        os.replace(hidden, path)
        files = sorted(path.parent.glob(f"{kind}_*.json"), key=lambda file: file.stat().st_mtime_ns)
        for old in files[:-MOST_FILES]:
            old.unlink(missing_ok=True)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(hidden)
        raise
