"""The words of `nandplan coverage`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from planner.cli.application import ConfigFile, LogFile, Quiet, SnapshotFile, Verbose, app
from planner.cli.usage import Command, whole


@app.command(cls=Command)
def coverage(
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="[DIR...]", help="Folders of runs; default: none, only the universe.")
    ] = None,
    config: ConfigFile = None,
    grain: Annotated[
        list[str] | None,
        typer.Option("--grain", metavar="GRAIN", help="base or op_name (may be given twice); default: the config's."),
    ] = None,
    cells: Annotated[bool, typer.Option("--cells", help="List every cell as CSV, with its reason or witness.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object per grain, each on a line.")] = False,
    merge: Annotated[bool, typer.Option("--merge", help="Add up all folders, in whatever order.")] = False,
    ucis: Annotated[Path | None, typer.Option("--ucis", metavar="FILE", help="Write UCIS XML (base grain).")] = None,
    snapshot: SnapshotFile = None,
    holes: Annotated[int, typer.Option("--holes", parser=whole("--holes", 0), metavar="N", help="Holes listed.")] = 10,
    no_progress: Quiet = False,
    verbose: Verbose = False,
    log_file: LogFile = None,
) -> None:
    """Show what is covered, what can be, and what cannot.

    Hits are counted anew from the operation sequences in the folders; a folder is a series of runs, or holds folders
    site_*. Coverage files there that tell other counts are named, and the exit code is 1. Without --merge, each folder
    is reported by itself.
    """
    from planner.cli import covering  # noqa: PLC0415

    ask = covering.Question(
        tuple(paths or ()), config, tuple(grain or ()), cells, as_json, merge, ucis, snapshot, holes, no_progress
    )
    raise typer.Exit(covering.run(ask, verbose=verbose, log_file=log_file))
