"""The words of `nandplan report`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from planner.cli.application import ConfigFile, LogFile, Quiet, Verbose, app
from planner.cli.usage import Command, whole


@app.command(cls=Command)
def report(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of a run, of a series, or of a campaign.")],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="FILE", help="The page to write; default: DIR/report.html, with --run beside its files."
        ),
    ] = None,
    run: Annotated[
        int | None,
        typer.Option("--run", parser=whole("--run", 1), metavar="N", help="This run of the folder; default: all."),
    ] = None,
    with_runs: Annotated[
        bool, typer.Option("--with-runs", help="With an overview: also a page for each run, beside its files.")
    ] = False,
    config: ConfigFile = None,
    no_progress: Quiet = False,
    verbose: Verbose = False,
    log_file: LogFile = None,
) -> None:
    """Make a page to look at: one HTML file that needs no network.

    One run: its timeline, coverage, addresses, input times and the judge's verdict. Several runs, or a campaign: an
    overview of coverage over time and per site, with links to the pages of its runs where they have been made.
    """
    from planner.cli import reporting  # noqa: PLC0415

    ask = reporting.Question(folder, out, run, with_runs, config, no_progress)
    raise typer.Exit(reporting.run(ask, verbose=verbose, log_file=log_file))
