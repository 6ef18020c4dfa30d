"""The words of `nandplan solve`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from planner.cli.application import ConfigFile, LogFile, SnapshotFile, Verbose, app
from planner.cli.usage import Command


@app.command(cls=Command)
def solve(
    scenario: Annotated[
        Path | None, typer.Argument(metavar="[SCENARIO]", help="What must happen: a scenario file (YAML).")
    ] = None,
    config: ConfigFile = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Write the files of a yes here.")] = None,
    snapshot: SnapshotFile = None,
    time_limit: Annotated[
        str, typer.Option("--time-limit", metavar="S", help="Seconds that the answer may take.")
    ] = "60",
    sequence: Annotated[
        Path | None,
        typer.Option(
            "--from", metavar="SEQUENCE", help="In place of a scenario: keep the operations of this sequence."
        ),
    ] = None,
    write: Annotated[
        Path | None,
        typer.Option("--write-scenario", metavar="FILE", help="With --from: write the scenario to be edited."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
    date: Annotated[str | None, typer.Option("--date", metavar="YYMMDD", help="In file names; default: today.")] = None,
    verbose: Verbose = False,
    log_file: LogFile = None,
) -> None:
    """Find a sequence for a scenario, or prove that there is none.

    The answer is yes (a judged sequence), no (the smallest set of statements and rules that do not go together, and
    what would do), or not found in time. See docs/scenarios.md.
    """
    from planner.cli import solving  # noqa: PLC0415

    ask = solving.Question(scenario, config, out, snapshot, time_limit, as_json, date, sequence, write)
    raise typer.Exit(solving.run(ask, verbose=verbose, log_file=log_file))
