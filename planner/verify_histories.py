"""Which sequence files are one history: a folder's runs by number, unless its campaign made them independent."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from planner.errors import UnusableInput
from planner.export.snapshot import stem
from planner.recorded.campaigns import Record, record_of
from planner.recorded.packs import PackedSite, packed_in
from planner.verify_files import COUNTED, ORDERED, RunFile

_NAME = re.compile(r"operation_sequence_(\d{6})_(\d{7,})\.csv")
_WHAT = (*ORDERED, *COUNTED, "run")


@dataclass(frozen=True, slots=True)
class Part:
    """Runs that are one history, to be read once and in order. `start`: the snapshot that they begin from, if it is
    known; `place`: what tells it from the other histories, empty where there is one only; `beside`: whether the other
    files of any run are to be compared.
    """

    runs: Iterable[RunFile]
    start: Path | None
    place: str
    beside: bool


@dataclass(frozen=True, slots=True)
class _Group:
    """Runs that lie together. They may be gone through once: `runs` opens what is packed."""

    runs: Callable[[], Iterator[RunFile]]
    record: Record | None
    beside: bool

    @staticmethod
    def of(files: Sequence[RunFile], record: Record | None) -> _Group:
        """Files that lie there as they are."""
        return _Group(partial(iter, files), record, any(file.beside for file in files))

    @property
    def independent(self) -> bool:
        """Whether it is known that no run follows another."""
        return self.record is not None and not self.record.chained

    def start_of(self, file: RunFile) -> int | None:
        """The run that this one starts from, 0: a fresh device; None: it follows the run before."""
        if self.record is not None:
            return self.record.start_of(file.run)
        return 0 if file.beside and file.run > 1 and not (begin_of(file) or "-").strip("0.") else None


def histories(paths: Sequence[Path], *, fresh: bool) -> Iterator[Part]:
    """The histories of files and folders, one after the other; each is to be read before the next is asked for.

    UnusableInput: there is nothing.
    """
    groups = _groups(paths)
    for group in groups:
        yield from _parts(group, fresh=fresh, alone=len(groups) == 1)


def _groups(paths: Sequence[Path]) -> list[_Group]:
    named: list[RunFile] = []
    groups: list[_Group] = []
    for path in paths:
        if path.is_dir():
            inside = _plain(path)
            below = [group for folder in (path, *sorted(path.glob("site_*"))) for group in _packed(folder)]
            below += [
                _Group.of(files, record_of(site)) for site in sorted(path.glob("site_*")) if (files := _plain(site))
            ]
            if not inside and not below:
                raise UnusableInput(f"{path}: there is no operation_sequence*.csv in this folder")
            if inside and (record := record_of(path)) is not None and not record.chained:
                below.insert(0, _Group.of(inside, record))
            else:
                named += inside
            groups += below
        elif path.exists():
            named.append(_run_file(path, beside=False))
        else:
            raise UnusableInput(f"{path}: there is no such file or folder")
    return [*([_Group.of(named, None)] if named else []), *groups]


def _plain(folder: Path) -> list[RunFile]:
    files = [_run_file(path, beside=True) for path in folder.glob("operation_sequence*.csv")]
    return sorted(files, key=lambda file: (file.run, file.path.name))


def _run_file(path: Path, *, beside: bool) -> RunFile:
    match = _NAME.fullmatch(path.name)
    if match is None:
        return RunFile(path, "", 0, beside=False)
    return RunFile(path, match[1], int(match[2]), beside)


def _packed(folder: Path) -> Iterator[_Group]:
    record = record_of(folder)
    found = packed_in(folder, None if record is None else record.ends)
    if found is not None:
        yield _Group(partial(_out_of, found), record, beside=True)


def _out_of(packed: PackedSite) -> Iterator[RunFile]:
    with packed.opened(_WHAT) as runs:
        for _, folder in runs:
            (file,) = _plain(folder)
            yield replace(file, home=packed.folder)


def _parts(group: _Group, *, fresh: bool, alone: bool) -> Iterator[Part]:
    """The histories of a group. A part has to be read to its end before the next one is asked for."""
    runs = group.runs()
    waiting = next(runs, None)
    while waiting is not None:
        first, waiting = waiting, None

        def following(first: RunFile = first) -> Iterator[RunFile]:
            nonlocal waiting
            yield first
            for file in runs:
                if fresh or group.start_of(file) is not None:
                    waiting = file
                    return
                yield file

        start = None if fresh else group.start_of(first)
        apart = fresh or (start is not None and first.run > 1) or group.independent
        place = first.told(str(first.path)) if apart else str(first.folder)
        shown = place if apart or not alone else ""
        yield Part(following(), snapshot_of(first, start) if start else None, shown, group.beside)


def snapshot_of(file: RunFile, run: int) -> Path:
    """Where the snapshot of a run is, in the folder of another one."""
    return file.folder / "snapshots" / f"{stem(run)}.json"


def begin_of(file: RunFile) -> str | None:
    """When a run begins (us), by its page; None where that does not tell it."""
    try:
        page = json.loads(file.path.with_name(f"run_{file.run:07d}.json").read_text(encoding="utf-8"))
        return str(page["counts"]["begin_us"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
