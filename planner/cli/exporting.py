"""`nandplan export`."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, cast

from planner.cli.common import log, read_config, start_logging
from planner.cli.percent import Tell, shown_for
from planner.errors import UnusableInput, UnusableOutput
from planner.progress import counted

if TYPE_CHECKING:
    from planner.recorded.history import History


@dataclass(frozen=True, slots=True)
class Order:
    """The options of `export` as they were given."""

    folders: tuple[Path, ...]
    vcd: Path | None
    perfetto: Path | None
    counts: Path | None
    payloads: Path | None
    since: str | None
    until: str | None
    config: Path | None
    quiet: bool = False

    @property
    def timed(self) -> dict[str, Path]:
        """What shows a history, by option."""
        wanted = {"--vcd": self.vcd, "--perfetto": self.perfetto}
        return {option: path for option, path in wanted.items() if path is not None}

    @property
    def files(self) -> list[Path]:
        """All files that are to be written."""
        return [path for path in (self.vcd, self.perfetto, self.counts, self.payloads) if path is not None]


def run(order: Order, *, verbose: bool, log_file: Path | None) -> int:
    """Checks the options, then writes one file after the other and says what is in it."""
    start_logging(verbose=verbose, log_file=log_file)
    _check(order)
    if order.timed:
        _timed(order)
    if order.counts is not None:
        _counts(order, order.counts)
    if order.payloads is not None:
        _payloads(order, order.payloads)
    return 0


def _check(order: Order) -> None:
    if not order.files:
        raise UnusableInput("give what to export: --vcd, --perfetto, --counts or --payloads, each with a file")
    if not order.folders and (order.timed or order.counts is not None):
        option = next(iter(order.timed), "--counts")
        raise UnusableInput(f"{option}: give the folder of a run; allowed without one: --payloads")
    if order.timed and len(order.folders) > 1:
        raise UnusableInput(f"{next(iter(order.timed))}: {len(order.folders)} folders; allowed: one, as one history")
    if not order.timed and (order.since is not None or order.until is not None):
        raise UnusableInput("--from and --to: allowed with --vcd and --perfetto only")
    for path in order.files:
        if path.is_dir():
            raise UnusableOutput(path, "it is a folder")
    if len({path.resolve() for path in order.files}) < len(order.files):
        raise UnusableInput("two exports into one file; allowed: a file for each")


def _timed(order: Order) -> None:
    from planner.recorded.folder import facts_of, read_range, runs_of  # noqa: PLC0415
    from planner.recorded.history import read_history  # noqa: PLC0415

    runs = runs_of(order.folders[0])
    history = read_history(runs, facts_of(runs, order.config), lambda run: log.debug("reading run %d", run.run))
    begin, end = read_range(order.since, order.until, history.decimals, history.span)
    for option, path in order.timed.items():
        write, what = _writer(option)
        with replaced(path) as file, shown_for(path.name, quiet=order.quiet) as tell:
            count = write(history, file, begin, end, tell)
        print(f"{path}: {counted(count, what)}, {counted(len(runs), 'run')}")


def _writer(option: str) -> tuple[Callable[[History, TextIO, int, int, Tell], int], str]:
    if option == "--vcd":
        from planner.waves.vcd import write_vcd  # noqa: PLC0415

        return write_vcd, "change"
    from planner.waves.perfetto import write_perfetto  # noqa: PLC0415

    return write_perfetto, "event"


def _counts(order: Order, path: Path) -> None:
    from planner.export.op_counts import count_names, counts_csv, sequences_in  # noqa: PLC0415

    config = read_config(order.config)
    files = sequences_in(order.folders)
    counts = count_names(files, config)
    with replaced(path) as file:
        file.write(counts_csv(counts, config))
    used = sum(1 for count in counts.values() if count)
    told = f"{counted(sum(counts.values()), 'operation')} of {counted(len(files), 'file')}"
    print(f"{path}: {told}, {used:,} of {counted(len(counts), 'op_name')} occur")


def _payloads(order: Order, path: Path) -> None:
    from planner.export.op_counts import sequences_in  # noqa: PLC0415
    from planner.export.payload_schema import payload_schemas  # noqa: PLC0415

    config = read_config(order.config)
    schemas = payload_schemas(config, sequences_in(order.folders))
    with replaced(path) as file:
        file.write(json.dumps(schemas, indent=2) + "\n")
    print(f"{path}: {counted(len(schemas['op_names']), 'op_name')}")


@contextlib.contextmanager
def replaced(path: Path) -> Iterator[TextIO]:
    """A text file that appears under its name when it is complete, or not at all. UnusableOutput."""
    from planner.export.files import RunFiles  # noqa: PLC0415

    files = RunFiles(path.parent)
    try:
        files.create(path.name)
        yield cast(TextIO, _Text(files, path.name))
        files.publish()
    finally:
        files.discard()


class _Text:
    """The part of a text stream that writers use."""

    def __init__(self, files: Any, name: str) -> None:
        self._files, self._name = files, name

    def write(self, text: str) -> int:
        """Adds to the file."""
        self._files.write(self._name, text)
        return len(text)

    def flush(self) -> None:
        """Nothing: the file is complete when it is published."""
