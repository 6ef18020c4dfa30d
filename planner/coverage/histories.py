"""Which sequence files belong together: each folder is a series of runs, and so is each of its `site_*` folders."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from model.config import Config
from planner.errors import SnapshotError, UnusableInput
from planner.export.snapshot import Snapshot, load_snapshot, stem

TAIL = 1 << 16
"""Bytes at the end of a file that hold its last row."""
_NAME = re.compile(r"operation_sequence_(\d{6})_(\d{7,})\.csv")


@dataclass(frozen=True, slots=True)
class SequenceFile:
    """A sequence file; `date` and `run` as in its name, run 0 where the name tells none."""

    path: Path
    date: str
    run: int

    @staticmethod
    def of(path: Path) -> SequenceFile:
        """The file at a path, by its name."""
        match = _NAME.fullmatch(path.name)
        return SequenceFile(path, match[1], int(match[2])) if match else SequenceFile(path, "", 0)

    def sibling(self, name: str) -> Path | None:
        """Another table of the same run; None where the name tells no run."""
        return self.path.with_name(f"{name}_{self.date}_{self.run:07d}.csv") if self.run else None


@dataclass(frozen=True, slots=True)
class History:
    """Runs that follow each other, from a snapshot or (None) a fresh device on."""

    files: tuple[SequenceFile, ...]
    start: Snapshot | None


def histories_in(paths: Sequence[Path], config: Config, snapshot: Path | None = None) -> list[History]:
    """The histories of files and folders, in a fixed order that does not depend on that of the paths.

    A run that does not follow the one before it goes on from the snapshot of the run before it, where one of the
    folders has it, or from `snapshot`. UnusableInput: nothing there, or a run whose beginning nobody knows.
    """
    given = load_snapshot(snapshot, config) if snapshot is not None else None
    series = sorted({tuple(files) for path in paths for files in _series_of(path)}, key=_place)
    folders = sorted({files[0].path.parent for files in series})
    return [History(files, _start(files[0], folders, config, given)) for files in series]


def _place(files: Sequence[SequenceFile]) -> tuple[str, int]:
    return str(files[0].path.parent), files[0].run


def _series_of(path: Path) -> list[list[SequenceFile]]:
    if path.is_file():
        return [[SequenceFile.of(path)]]
    if not path.is_dir():
        raise UnusableInput(f"{path}: there is no such file or folder")
    found = [files for folder in (path, *sorted(path.glob("site_*"))) for files in _in_folder(folder)]
    if not found:
        raise UnusableInput(f"{path}: there is no operation_sequence*.csv in this folder")
    return found


def _in_folder(folder: Path) -> list[list[SequenceFile]]:
    """The sequence files of a folder as series: a run follows the one before it if it goes on counting operations."""
    files = [SequenceFile.of(path) for path in folder.glob("operation_sequence*.csv")]
    series: list[list[SequenceFile]] = []
    for file in sorted(files, key=lambda file: (file.date, file.run, file.path.name)):
        if series and file.run > 1 and series[-1][-1].run == file.run - 1 and _follows(file.path, series[-1][-1].path):
            series[-1].append(file)
        else:
            series.append([file])
    return series


def _follows(path: Path, before: Path) -> bool:
    """Whether the first operation of a file is the next one after the last of another; so if any is not numbered."""
    first, last = _first_number(path), _last_number(before)
    return first is None or last is None or first == last + 1


def _start(first: SequenceFile, folders: Sequence[Path], config: Config, given: Snapshot | None) -> Snapshot | None:
    """Where a series begins: on a fresh device if its first operation is number 1, or is not numbered.

    Otherwise after the newest run before it whose snapshot awaits that operation; its own folder goes before others.
    """
    number = _first_number(first.path)
    if number is None or number == 1:
        return given if given is not None and number == given.boundary.next_op_uid else None
    if given is not None and given.boundary.next_op_uid == number:
        return given
    own = first.path.parent
    for folder in (own, *(folder for folder in folders if folder != own)):
        for run in range(first.run - 1, 0, -1):
            snapshot = _loaded(folder / "snapshots" / f"{stem(run)}.json", config)
            if snapshot is not None and snapshot.boundary.next_op_uid == number:
                return snapshot
    raise UnusableInput(
        f"{first.path}: it begins with operation {number}, and no snapshot before that operation is in the folders; "
        f"allowed: a sequence that begins with operation 1, or --snapshot"
    )


def _loaded(path: Path, config: Config) -> Snapshot | None:
    try:
        return load_snapshot(path, config) if path.exists() else None
    except SnapshotError:
        return None


def _first_number(path: Path) -> int | None:
    """The op_uid of the first operation; None where the file does not tell it (what is wrong with it is told later)."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            row = next(csv.DictReader(file), {})
    except (OSError, UnicodeDecodeError, csv.Error):
        return None
    return _number(row.get("op_uid"))


def _last_number(path: Path) -> int | None:
    """The op_uid of the last operation; None where the file does not tell it."""
    try:
        with path.open("rb") as file:
            header = next(csv.reader([file.readline().decode("utf-8-sig")]), [])
            file.seek(max(file.tell(), path.stat().st_size - TAIL))
            lines = file.read().decode("utf-8", errors="replace").splitlines()
        row = dict(zip(header, next(csv.reader(lines[-1:]), []), strict=False))
    except (OSError, UnicodeDecodeError, csv.Error):
        return None
    return _number(row.get("op_uid"))


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() else None
