"""Which sequence files belong together: each folder is a series of runs, and so is each of its `site_*` folders."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from model.config import Config
from planner.errors import SnapshotError, UnusableInput
from planner.export.snapshot import Snapshot, load_snapshot, stem
from planner.recorded.campaigns import record_of
from planner.recorded.packs import PackedSite, packed_in

TAIL = 1 << 16
"""Bytes at the end of a file that hold its last row."""
_NAME = re.compile(r"operation_sequence_(\d{6})_(\d{7,})\.csv")


@dataclass(frozen=True, slots=True)
class SequenceFile:
    """A sequence file; `date` and `run` as in its name, run 0 where the name tells none. `packed`: of many runs."""

    path: Path
    date: str
    run: int
    packed: bool = False

    @staticmethod
    def of(path: Path) -> SequenceFile:
        """The file at a path, by its name."""
        match = _NAME.fullmatch(path.name)
        return SequenceFile(path, match[1], int(match[2])) if match else SequenceFile(path, "", 0)

    def sibling(self, name: str) -> Path | None:
        """Another table of the same run; None where the name tells no run."""
        return self.path.with_name(f"{name}_{self.date}_{self.run:07d}.csv") if self.run else None


@dataclass(frozen=True, slots=True)
class Opened:
    """A run that can be read: the place of its file in the history, its number, its path now, and its name."""

    place: int
    run: int
    path: Path
    name: str


@dataclass(frozen=True, slots=True)
class Part:
    """Runs that follow each other, from a snapshot or (None) a fresh device on; to be read once and in order."""

    start: Snapshot | None
    runs: Iterable[Opened]


@dataclass(frozen=True, slots=True)
class History:
    """Sequence files that follow each other, from a snapshot or (None) a fresh device on."""

    files: tuple[SequenceFile, ...]
    start: Snapshot | None

    @contextmanager
    def opened(self) -> Iterator[Iterator[Part]]:
        """Its only part."""
        runs = [Opened(place, file.run, file.path, str(file.path)) for place, file in enumerate(self.files)]
        yield iter((Part(self.start, runs),))


@dataclass(frozen=True, slots=True)
class PackedHistory:
    """The runs of a pack: one history, or many. `given`: a snapshot that one of them may begin from."""

    packed: PackedSite
    config: Config
    given: Snapshot | None

    @property
    def files(self) -> tuple[SequenceFile, ...]:
        """The pack."""
        return (SequenceFile(self.packed.sequence, self.packed.date, 0, packed=True),)

    @contextmanager
    def opened(self) -> Iterator[Iterator[Part]]:
        """Its parts, each to be read to its end before the next is asked for. UnusableInput, UnusableOutput."""
        with self.packed.opened(()) as runs:
            yield self._parts(SequenceFile.of(path) for _, folder in runs for path in folder.iterdir())

    def _parts(self, files: Iterator[SequenceFile]) -> Iterator[Part]:
        waiting = next(files, None)
        while waiting is not None:
            first, waiting = waiting, None

            def following(before: SequenceFile = first) -> Iterator[Opened]:
                nonlocal waiting
                yield self._opened(before)
                for file in files:
                    if not _follows(file.path, before.path):
                        waiting = file
                        return
                    yield self._opened(file)
                    before = file

            yield Part(_start(first, (self.packed.folder,), self.config, self.given, self._name(first)), following())

    def _opened(self, file: SequenceFile) -> Opened:
        return Opened(0, file.run, file.path, self._name(file))

    def _name(self, file: SequenceFile) -> str:
        return f"{self.packed.sequence}, run {file.run}"


def histories_in(paths: Sequence[Path], config: Config, snapshot: Path | None = None) -> list[History | PackedHistory]:
    """The histories of files and folders, in a fixed order that does not depend on that of the paths.

    A run that does not follow the one before it goes on from the snapshot of the run before it, where one of the
    folders has it, or from `snapshot`. UnusableInput: nothing there, or a run whose beginning nobody knows.
    """
    given = load_snapshot(snapshot, config) if snapshot is not None else None
    folders = [folder for path in paths for folder in _folders_of(path)]
    packs = {pack.folder: pack for folder in folders if (pack := _packed(folder)) is not None}
    found = {tuple(files) for folder in folders for files in _in_folder(folder)}
    series = sorted(found | {(SequenceFile.of(path),) for path in paths if path.is_file()}, key=_place)
    homes = sorted({files[0].path.parent for files in series})
    plain = [History(files, _start(files[0], homes, config, given, str(files[0].path))) for files in series]
    return [*plain, *(PackedHistory(packs[folder], config, given) for folder in sorted(packs))]


def sequences_below(folder: Path) -> set[Path]:
    """All sequence files, and packs of them, in the sites of a campaign."""
    found = {path.resolve() for path in folder.glob("site_*/operation_sequence*.csv")}
    packs = [_packed(site) for site in folder.glob("site_*")]
    return found | {pack.sequence.resolve() for pack in packs if pack is not None}


def _place(files: Sequence[SequenceFile]) -> tuple[str, int]:
    return str(files[0].path.parent), files[0].run


def _folders_of(path: Path) -> list[Path]:
    """A folder and its sites; those that hold sequences. UnusableInput: no such path, or nothing there."""
    if path.is_file():
        return []
    if not path.is_dir():
        raise UnusableInput(f"{path}: there is no such file or folder")
    folders = [folder for folder in (path, *sorted(path.glob("site_*"))) if _in_folder(folder) or _packed(folder)]
    if not folders:
        raise UnusableInput(f"{path}: there is no operation_sequence*.csv in this folder")
    return folders


def _packed(folder: Path) -> PackedSite | None:
    record = record_of(folder)
    return packed_in(folder, None if record is None else record.ends)


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


def _start(
    first: SequenceFile, folders: Sequence[Path], config: Config, given: Snapshot | None, name: str
) -> Snapshot | None:
    """Where a series begins: on a fresh device if its first operation is number 1, or is not numbered.

    Otherwise after a run before it whose snapshot awaits that operation: the one before it, the first (as after a
    bootstrap), or the newest; its own folder goes before others.
    """
    number = _first_number(first.path)
    if number is None or number == 1:
        return given if given is not None and number == given.boundary.next_op_uid else None
    if given is not None and given.boundary.next_op_uid == number:
        return given
    own = first.path.parent
    for folder in (own, *(folder for folder in folders if folder != own)):
        likely = (run for run in (first.run - 1, 1) if 0 < run < first.run)
        for run in chain(likely, range(first.run - 2, 1, -1)):
            snapshot = _loaded(folder / "snapshots" / f"{stem(run)}.json", config)
            if snapshot is not None and snapshot.boundary.next_op_uid == number:
                return snapshot
    raise UnusableInput(
        f"{name}: it begins with operation {number}, and no snapshot before that operation is in the folders; "
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
