"""The words of `nandplan show`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from planner.cli.application import ConfigFile, LogFile, Verbose, app
from planner.cli.usage import Command, whole


@app.command(cls=Command)
def show(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder with the files of a run.")],
    since: Annotated[str | None, typer.Option("--from", metavar="US", help="From this time.")] = None,
    until: Annotated[str | None, typer.Option("--to", metavar="US", help="Before this time.")] = None,
    rows: Annotated[
        int, typer.Option("--rows", parser=whole("--rows", 0), metavar="N", help="Operations listed.")
    ] = 20,
    width: Annotated[
        int | None,
        typer.Option("--width", parser=whole("--width", 40), metavar="N", help="Columns; default: the terminal's."),
    ] = None,
    config: ConfigFile = None,
    verbose: Verbose = False,
    log_file: LogFile = None,
) -> None:
    """Draw the timeline of a run in the terminal.

    Times are us of the history, as in the files. The runs of a folder are one history. Without a terminal, or with
    NO_COLOR, it is plain text.
    """
    from planner.cli import timeline  # noqa: PLC0415

    view = timeline.View(folder, since, until, rows, width, config)
    raise typer.Exit(timeline.run(view, verbose=verbose, log_file=log_file))
