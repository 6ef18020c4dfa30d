"""The words of `nandplan verify`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from planner.cli.application import ConfigFile, LogFile, SnapshotFile, Verbose, app
from planner.cli.usage import Command, whole


@app.command(cls=Command)
def verify(
    paths: Annotated[list[Path], typer.Argument(metavar="PATHS...", help="Sequence files, or folders with them.")],
    config: ConfigFile = None,
    snapshot: SnapshotFile = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    open_end: Annotated[bool, typer.Option("--open-end", help="The last file may leave things open.")] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Each file is a history of its own.")] = False,
    examples: Annotated[
        int | None,
        typer.Option(
            "--examples",
            parser=whole("--examples", 0),
            metavar="N",
            help="Findings per rule; default: 3, JSON: all.",
        ),
    ] = None,
    verbose: Verbose = False,
    log_file: LogFile = None,
) -> None:
    """Judge operation sequences.

    Several files are one history, in the order given, unless --fresh.
    """
    from planner.cli import verifying  # noqa: PLC0415

    ask = verifying.Question(tuple(paths), config, snapshot, as_json, open_end, fresh, examples)
    raise typer.Exit(verifying.run(ask, verbose=verbose, log_file=log_file))
