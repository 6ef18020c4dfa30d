"""`nandplan coverage`."""

from __future__ import annotations

import contextlib
import csv
import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from planner.cli.common import SAID, log, read_config, require_file, start_logging
from planner.errors import UnusableInput, UnusableOutput
from planner.progress import CLEAR_LINE, SECONDS_BETWEEN_BARS, counted

if TYPE_CHECKING:
    from model.config import Config
    from planner.coverage.report import Outcome

MOST_TOLD = 20
"""Findings of a kind that are told one by one."""


@dataclass(frozen=True, slots=True)
class Question:
    """The options of `coverage` as they were given."""

    paths: tuple[Path, ...]
    config: Path | None
    grains: tuple[str, ...]
    cells: bool
    as_json: bool
    merge: bool
    ucis: Path | None
    snapshot: Path | None
    holes: int
    quiet: bool


def run(ask: Question, *, verbose: bool, log_file: Path | None) -> int:
    """Counts, compares and prints; 1 if a file tells other counts, or a sequence does what it may not."""
    start_logging(verbose=verbose, log_file=log_file)
    config = read_config(ask.config)
    grains = _grains(ask, config)
    if ask.snapshot is not None:
        require_file("--snapshot", ask.snapshot)
    if ask.ucis is not None and ask.ucis.is_dir():
        raise UnusableOutput(ask.ucis, "it is a folder")

    from planner.coverage.report import Outcome  # noqa: PLC0415

    groups = [ask.paths] if ask.merge or not ask.paths else [(path,) for path in ask.paths]
    if len(groups) > 1 and (ask.ucis is not None or ask.cells):
        raise UnusableInput("--cells and --ucis are about one set of hits; with several folders give --merge, too")
    found = 0
    with _Display(sys.stderr, quiet=ask.quiet) as display:
        for group in groups:
            outcome = Outcome.of(config, group, grains, snapshot=ask.snapshot, observer=display, told=display.found)
            display.clear()
            title = ", ".join(map(str, group)) if len(groups) > 1 or ask.merge else ""
            _print(ask, outcome, title)
            found += _complain(outcome)
            if ask.ucis is not None:
                _write_ucis(ask.ucis, outcome)
    return 1 if found else 0


def _grains(ask: Question, config: Config) -> tuple[str, ...]:
    from planner.targets.reachable import GRAINS  # noqa: PLC0415

    for grain in ask.grains:
        if grain not in GRAINS:
            raise UnusableInput(f"--grain {grain!r}: allowed: {' or '.join(GRAINS)}")
    grains = tuple(dict.fromkeys(ask.grains)) or (str(config.coverage.hosts),)
    if ask.cells and ask.as_json:
        raise UnusableInput("--cells and --json: give one of them")
    if ask.cells and len(grains) > 1:
        raise UnusableInput("--cells lists the cells of one grain; give one --grain")
    return grains


def _print(ask: Question, outcome: Outcome, title: str) -> None:
    if ask.cells:
        rows = csv.writer(sys.stdout, lineterminator="\n")
        rows.writerows(outcome.cell_rows())
        return
    if ask.as_json:
        for measures in outcome.measures:
            print(json.dumps(measures.to_json()))
        return
    if title:
        print(f"{title}:")
    print("\n".join(outcome.text(ask.holes)), flush=True)


def _complain(outcome: Outcome) -> int:
    """Says on stderr what is wrong; how much that is."""
    found = 0
    for findings, what in outcome.complaints():
        told = 0
        for text in findings:
            told += 1
            if told <= MOST_TOLD:
                _say(text)
        if told > MOST_TOLD:
            _say(f"and {told - MOST_TOLD:,} more {what}")
        found += told
    return found


def _say(text: str) -> None:
    log.info("%s", text, extra={SAID: True})
    print(f"nandplan: {text}", file=sys.stderr, flush=True)


def _write_ucis(path: Path, outcome: Outcome) -> None:
    from planner.coverage.ucis import ucis_lines  # noqa: PLC0415
    from planner.export.files import RunFiles  # noqa: PLC0415

    files = RunFiles(path.parent)
    try:
        files.create(path.name)
        for lines in _batches(ucis_lines(outcome)):
            files.write(path.name, "\n".join([*lines, ""]))
        files.publish()
    finally:
        files.discard()


def _batches(lines: Iterator[str], size: int = 10_000) -> Iterator[Sequence[str]]:
    batch: list[str] = []
    for line in lines:
        batch.append(line)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


class _Display:
    """How far it is: one line of a terminal, drawn a few times per second; nothing elsewhere."""

    def __init__(self, stream: TextIO | None, *, quiet: bool) -> None:
        self._stream = None if quiet or stream is None or not stream.isatty() else stream
        self._drawn_at = time.monotonic()
        self._drawn = False

    def __call__(self, file: int, files: int, operations: int) -> None:
        """Draws it, if it is time for that."""
        self._show(f"replaying file {file} of {files}, {counted(operations, 'operation')}")

    def found(self, hit: int, wanted: int) -> None:
        """How many cells have a witness so far."""
        self._show(f"looking for witnesses: {hit:,} of {counted(wanted, 'cell')}")

    def _show(self, text: str) -> None:
        now = time.monotonic()
        if self._stream is not None and now - self._drawn_at >= SECONDS_BETWEEN_BARS:
            self._drawn, self._drawn_at = True, now
            self._write(f"{CLEAR_LINE}{text}")

    def clear(self) -> None:
        """Takes the line away."""
        if self._drawn:
            self._drawn = False
            self._write(CLEAR_LINE)

    def _write(self, text: str) -> None:
        with contextlib.suppress(OSError):
            if self._stream is not None:
                self._stream.write(text)
                self._stream.flush()

    def __enter__(self) -> _Display:
        return self

    def __exit__(self, *error: object) -> None:
        self.clear()
