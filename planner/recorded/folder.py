"""The runs of a folder that are one history, and the device that they were made for."""

from __future__ import annotations

import logging
from itertools import pairwise
from pathlib import Path

from model.config import Config, load
from model.units import Clock
from planner.errors import UnusableInput
from planner.report.facts import Facts
from planner.report.folder import RunFolder, runs_in, sites_in

log = logging.getLogger("nandplan")


def runs_of(folder: Path) -> list[RunFolder]:
    """The runs of a folder, in order: one history.

    UnusableInput: no folder, no run in it (a campaign's runs are in its sites), or a run of two dates.
    """
    if not folder.is_dir():
        raise UnusableInput(f"{folder}: there is no such folder; allowed: a folder with the files of a run")
    runs = runs_in(folder)
    if not runs:
        sites = [site for site in sites_in(folder) if runs_in(site)]
        hint = f"; give one of its sites, for instance {sites[0]}" if sites else ""
        raise UnusableInput(f"{folder}: there is no operation_sequence_*.csv of a run in this folder{hint}")
    for before, after in pairwise(runs):
        if before.run == after.run:
            raise UnusableInput(
                f"{folder}: run {after.run} is there twice, of {before.date} and of {after.date}; keep one of them"
            )
    return runs


def facts_of(runs: list[RunFolder], path: Path | None) -> Facts:
    """The device of the runs: from the config `path`, or from the shipped one where that is theirs.

    Where neither is known, ISSUE alone is taken to use the bus; a warning says so.
    UnusableInput: the runs were made with another config than `path`; ConfigError.
    """
    config = config_of(runs, path)
    if config is not None:
        return Facts.of(config)
    log.warning("%s: made with another config than the shipped one: give it with --config", runs[0].folder)
    log.warning("without it, ISSUE alone is taken to use the bus")
    return Facts.unknown()


def config_of(runs: list[RunFolder], path: Path | None) -> Config | None:
    """The config of the runs, as in `facts_of`; None where it is not known."""
    config = load(path)
    for run in runs:
        digest = run.summary().get("config", config.digest)
        if digest == config.digest:
            continue
        if path is None:
            return None
        theirs = str(digest)[:12]
        raise UnusableInput(f"--config {path} ({config.digest[:12]}): run {run.run} was made with another ({theirs})")
    return config


def title_of(runs: list[RunFolder], since: str | None, until: str | None) -> str:
    """What is shown: the name of the folder, the runs, and the range in us, if one was given."""
    numbers = [run.run for run in runs]
    which = f"run {numbers[0]}" if len(numbers) == 1 else f"runs {numbers[0]} to {numbers[-1]}"
    words = [f"from {since} us"] if since is not None else []
    words += [f"to {until} us"] if until is not None else []
    return ", ".join([runs[0].folder.resolve().name, which, *([" ".join(words)] if words else [])])


def read_range(since: str | None, until: str | None, decimals: int, span: tuple[int, int]) -> tuple[int, int]:
    """--from and --to, in us, as ticks; what is not given is the end of `span` on that side. UnusableInput."""
    begin = span[0] if since is None else _ticks("--from", since, decimals)
    end = span[1] if until is None else _ticks("--to", until, decimals)
    clock = Clock(decimals)
    if begin >= end:
        said = " ".join(f"{name} {text}" for name, text in (("--from", since), ("--to", until)) if text is not None)
        whole = f"the runs last from {clock.us(span[0])} to {clock.us(span[1])} us"
        raise UnusableInput(
            f"{said or 'the runs'}: no time lies between {clock.us(begin)} and {clock.us(end)}; {whole}"
        )
    return begin, end


def _ticks(option: str, text: str, decimals: int) -> int:
    try:
        return Clock(decimals).ticks(text)
    except ValueError:
        allowed = f"a time in us, 0 or more, up to {decimals} decimals"
        raise UnusableInput(f"{option} {text!r}: allowed: {allowed}") from None
