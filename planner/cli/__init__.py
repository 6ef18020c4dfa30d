"""The command line.

Exit codes: 0 fine, 1 the answer is no, 2 unusable input or output, 3 an error of ours, 130 interrupted (143 by SIGTERM,
129 by SIGHUP). What a command needs is imported when it runs, so that `--help` is instant.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from planner.cli import commands  # noqa: F401 - every command enters itself into the application
from planner.cli.application import app
from planner.cli.output import guarded
from planner.cli.stopping import stoppable

__all__ = ["app", "main", "run"]

INTERRUPTED = 130


@app.callback(invoke_without_command=True)
def nandplan(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Plans NAND flash test sequences, and judges them."""
    if version:
        from planner.export.summary import versions  # noqa: PLC0415

        typer.echo(f"nandplan {versions()['nandplan']}")
        raise typer.Exit(0)
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit(0)


def run(arguments: Sequence[str]) -> int:
    """Runs one command line and gives the exit code; every failure is one message on stderr."""
    try:
        with guarded():
            code = app(args=list(arguments), prog_name="nandplan", standalone_mode=False)
        if code == INTERRUPTED:  # typer turns Ctrl-C into this exit code and says nothing
            raise KeyboardInterrupt
        return code if isinstance(code, int) else 0
    except BaseException as error:
        from planner.cli import failing  # noqa: PLC0415

        return failing.tell(error)


def main() -> None:
    """The entry point."""
    with stoppable() as stopping:
        code = run(sys.argv[1:])
    sys.exit(stopping.code(code, INTERRUPTED))
