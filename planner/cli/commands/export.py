"""The words of `nandplan export`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from planner.cli.application import ConfigFile, LogFile, Quiet, Verbose, app
from planner.cli.usage import Command


@app.command(cls=Command)
def export(
    folders: Annotated[
        list[Path] | None, typer.Argument(metavar="[DIR...]", help="Folders with the files of runs.")
    ] = None,
    vcd: Annotated[
        Path | None, typer.Option("--vcd", metavar="FILE", help="Waves, for GTKWave, Surfer and the like; one DIR.")
    ] = None,
    perfetto: Annotated[
        Path | None, typer.Option("--perfetto", metavar="FILE", help="Chrome trace events, for Perfetto; one DIR.")
    ] = None,
    counts: Annotated[
        Path | None, typer.Option("--counts", metavar="FILE", help="How often each op_name and op_base occurs (CSV).")
    ] = None,
    payloads: Annotated[
        Path | None, typer.Option("--payloads", metavar="FILE", help="The form of each op_name's payload (JSON).")
    ] = None,
    since: Annotated[str | None, typer.Option("--from", metavar="US", help="Waves and traces: from this time.")] = None,
    until: Annotated[str | None, typer.Option("--to", metavar="US", help="Waves and traces: before this time.")] = None,
    config: ConfigFile = None,
    no_progress: Quiet = False,
    verbose: Verbose = False,
    log_file: LogFile = None,
) -> None:
    """Export finished runs: waves, traces, counts, payload forms.

    Times are us of the history, as in the files. The runs of one folder are one history. --counts and --payloads take
    every operation_sequence in the folders and below them; --payloads needs no folder at all.
    """
    from planner.cli import exporting  # noqa: PLC0415

    order = exporting.Order(tuple(folders or ()), vcd, perfetto, counts, payloads, since, until, config, no_progress)
    raise typer.Exit(exporting.run(order, verbose=verbose, log_file=log_file))
