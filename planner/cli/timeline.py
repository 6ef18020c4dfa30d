"""`nandplan show`."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from planner.cli.common import log, start_logging

PLAIN_WIDTH = 120
"""Columns where there is no terminal to ask."""


@dataclass(frozen=True, slots=True)
class View:
    """The options of `show` as they were given."""

    folder: Path
    since: str | None
    until: str | None
    rows: int
    width: int | None
    config: Path | None


def run(view: View, *, verbose: bool, log_file: Path | None) -> int:
    """Draws the timeline on standard output, and lists operations below it."""
    start_logging(verbose=verbose, log_file=log_file)
    from rich.console import Console  # noqa: PLC0415

    from planner.plots.terminal import drawn, listed  # noqa: PLC0415
    from planner.recorded.folder import facts_of, read_range, runs_of  # noqa: PLC0415
    from planner.recorded.history import read_history  # noqa: PLC0415

    runs = runs_of(view.folder)
    history = read_history(runs, facts_of(runs, view.config), lambda run: log.debug("reading run %d", run.run))
    begin, end = read_range(view.since, view.until, history.decimals, history.span)
    width = view.width
    if width is None and not sys.stdout.isatty():
        width = PLAIN_WIDTH
    colours: Literal["auto"] | None = None if os.environ.get("NO_COLOR") else "auto"
    console = Console(file=sys.stdout, width=width, color_system=colours, highlight=False, markup=False, emoji=False)
    few = console.color_system == "standard"
    for line in drawn(history, begin, end, console.width, few_colours=few):
        console.print(line, no_wrap=True, overflow="ignore", crop=False)
    for number, line in enumerate(listed(history, begin, end, view.rows)):
        if not number:
            console.print()
        console.print(line, no_wrap=True, overflow="ignore", crop=False)
    return 0
