"""`nandplan report`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from planner.cli.common import log, read_config, start_logging
from planner.errors import UnusableInput
from planner.export.files import RunFiles

if TYPE_CHECKING:
    from planner.report.facts import Facts
    from planner.report.folder import RunFolder

PAGE = "report.html"
MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Question:
    """The options of `report` as they were given."""

    folder: Path
    out: Path | None
    run: int | None
    with_runs: bool
    config: Path | None
    no_progress: bool


def run(ask: Question, *, verbose: bool, log_file: Path | None) -> int:
    """Writes the page, or the pages, and says where they are."""
    start_logging(verbose=verbose, log_file=log_file)
    from planner.report import folder as folders  # noqa: PLC0415

    folders.require_folder(ask.folder)
    runs, sites = folders.runs_in(ask.folder), folders.sites_in(ask.folder)
    if not runs and packed_run(ask, sites):
        return 0
    if ask.run is not None:
        runs = [found for found in runs if found.run == ask.run]
    if not runs and (not sites or ask.run is not None):
        what = "operation_sequence file" if ask.run is None else f"operation_sequence file of run {ask.run}"
        raise UnusableInput(f"{ask.folder}: no {what} in it; allowed: the folder of a run, or of a campaign")
    if sites and not runs:
        runs = [found for site in sites for found in folders.runs_in(site)]
        several(ask, runs)
    elif len(runs) == 1:
        one_run(ask, runs[0])
    else:
        several(ask, runs)
    return 0


def packed_run(ask: Question, sites: Sequence[Path]) -> bool:
    """Writes the page of a run out of the packs of a site; False where nothing is packed. UnusableInput: which run?"""
    from planner.recorded.packs import packed_in  # noqa: PLC0415
    from planner.report.folder import RunFolder  # noqa: PLC0415

    packed = next(filter(None, map(packed_in, (ask.folder, *sites))), None)
    if packed is None:
        return False
    if packed.folder != ask.folder or ask.run is None:
        raise UnusableInput(f"{ask.folder}: the runs in it are packed; allowed: one of them, {packed.folder} --run N")
    with packed.opened(only=ask.run) as found:
        for number, folder in found:
            run = RunFolder(folder, packed.date, number)
            one_run(replace(ask, out=ask.out or ask.folder / run.page.name), run)
            return True
    raise UnusableInput(f"{ask.folder}: there is no run {ask.run} in its packs")


def several(ask: Question, runs: Sequence[RunFolder]) -> None:
    """Writes the overview of several runs and, if wanted, a page for each of them."""
    from planner.report.overview import overview_page  # noqa: PLC0415
    from planner.report.page import run_page  # noqa: PLC0415

    step = _steps(ask)
    if not runs:
        raise UnusableInput(f"{ask.folder}: no operation_sequence file in its sites; allowed: a campaign with runs")
    for run in runs if ask.with_runs else ():
        facts, note = _facts(ask, run)
        written(run.page, run_page(run, facts, note, step))
    out = ask.out or ask.folder / PAGE
    written(out, overview_page(ask.folder, runs, out, step))


def one_run(ask: Question, run: RunFolder) -> None:
    """Writes the page of one run."""
    from planner.report.page import run_page  # noqa: PLC0415

    facts, note = _facts(ask, run)
    default = ask.folder / PAGE if ask.run is None else run.page
    written(ask.out or default, run_page(run, facts, note, _steps(ask)))


def written(path: Path, text: str) -> None:
    """Puts a page under its name when it is complete, and says so. UnusableOutput."""
    files = RunFiles(path.parent)
    try:
        files.create(path.name)
        files.write(path.name, text)
        files.publish()
    finally:
        files.discard()
    print(f"{path}  {len(text.encode()) / MIB:.1f} MiB")


def _facts(ask: Question, run: RunFolder) -> tuple[Facts, str]:
    """What the config says, if it is the one that the run was made with; else what to tell about that."""
    from planner.report.facts import Facts  # noqa: PLC0415

    config, made_with = read_config(ask.config), run.summary().get("config")
    if made_with in (None, config.digest):
        return Facts.of(config), ""
    note = (
        f"The run was made with another config ({str(made_with)[:12]}…) than {config.path}: lanes, the bus and the "
        "bins of coverage are told by the files alone. With --config the page knows better."
    )
    log.warning("%s", note)
    return Facts.unknown(), note


def _steps(ask: Question) -> Callable[[str], None]:
    """Tells on a terminal what is being done, on one line that does not stay."""
    seen = not ask.no_progress and sys.stderr is not None and sys.stderr.isatty()

    def tell(what: str) -> None:
        log.debug("%s", what)
        if seen:
            print(f"\r\x1b[K{what} …", end="", file=sys.stderr, flush=True)

    return tell
