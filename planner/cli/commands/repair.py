"""The words of `nandplan repair`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from planner.cli.application import ConfigFile, LogFile, SnapshotFile, Verbose, app
from planner.cli.usage import Command


@app.command(cls=Command)
def repair(
    sequence: Annotated[Path, typer.Argument(metavar="SEQUENCE", help="An operation sequence (CSV), legal or not.")],
    config: ConfigFile = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Write the repaired run here.")] = None,
    snapshot: SnapshotFile = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
    date: Annotated[str | None, typer.Option("--date", metavar="YYMMDD", help="In file names; default: today.")] = None,
    verbose: Verbose = False,
    log_file: LogFile = None,
) -> None:
    """Make an operation sequence legal with little change.

    Operations and their order are kept. Each is moved to the nearest legal time; what is missing (a DOUT, a RESUME,
    a step of a chain) is inserted, and what no time makes legal is taken out, with the rule that forbids it.
    """
    from planner.cli import repairing  # noqa: PLC0415

    ask = repairing.Question(sequence, config, out, snapshot, as_json, date)
    raise typer.Exit(repairing.run(ask, verbose=verbose, log_file=log_file))
