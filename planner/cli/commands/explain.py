"""The words of `nandplan explain`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from planner.cli.application import LogFile, Verbose, app
from planner.cli.usage import Command, whole


@app.command(cls=Command)
def explain(
    config: Annotated[Path | None, typer.Argument(metavar="[CONFIG]", help="The config; default: the shipped.")] = None,
    cell: Annotated[
        str | None, typer.Option("--cell", metavar="STATE,OP,BIN", help="A coverage cell: READ.DATA_OUT,DOUT,3.")
    ] = None,
    op: Annotated[str | None, typer.Option("--op", metavar="NAME", help="An op_name or a base, anywhere.")] = None,
    after: Annotated[
        str | None, typer.Option("--after", metavar="OP,OP,...", help="What may come directly after these.")
    ] = None,
    grain: Annotated[
        str | None, typer.Option("--grain", metavar="GRAIN", help="base or op_name; default: the config's.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    width: Annotated[
        int | None,
        typer.Option("--width", parser=whole("--width", 40), metavar="N", help="Columns; default: the terminal's."),
    ] = None,
    verbose: Verbose = False,
    log_file: LogFile = None,
) -> None:
    """Tell whether something can be, and why not.

    Can it be: the shortest sequence that does it, as a table and a timeline, judged. Can it not: the rules that forbid
    it, the lines of the config that make it so, and the smallest change that would allow it.

    Exit code 0: answered; 2: the question or the config cannot be used.
    """
    from planner.cli import explaining  # noqa: PLC0415

    ask = explaining.Question(config, cell, op, after, grain, as_json, width)
    raise typer.Exit(explaining.run(ask, verbose=verbose, log_file=log_file))
