"""The words of `nandplan plot`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from planner.cli.application import ConfigFile, LogFile, Verbose, app
from planner.cli.usage import Command


@app.command(cls=Command)
def plot(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder with the files of a run.")],
    kind: Annotated[str, typer.Argument(metavar="KIND", help="state, operation, heatmap or histogram.")],
    png: Annotated[Path, typer.Option("--png", metavar="FILE", help="The picture.")],
    since: Annotated[str | None, typer.Option("--from", metavar="US", help="From this time.")] = None,
    until: Annotated[str | None, typer.Option("--to", metavar="US", help="Before this time.")] = None,
    config: ConfigFile = None,
    verbose: Verbose = False,
    log_file: LogFile = None,
) -> None:
    """Draw a picture of a run.

    state: what each plane did, and the bus. operation: the operations on their payload planes, and what is suspended.
    heatmap: hits by op_state and op_name. histogram: when in an op_state operations were issued.

    Times are us of the history, as in the files. The runs of a folder are one history. A heatmap or histogram of a
    part of it is counted by a replay.
    """
    from planner.cli import plotting  # noqa: PLC0415

    wish = plotting.Picture(folder, kind, png, since, until, config)
    raise typer.Exit(plotting.run(wish, verbose=verbose, log_file=log_file))
