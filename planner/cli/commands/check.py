"""The words of `nandplan check`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from planner.cli.application import app
from planner.cli.usage import Command


@app.command(cls=Command)
def check(
    config: Annotated[Path | None, typer.Argument(metavar="[CONFIG]", help="The config; default: the shipped.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
    sarif: Annotated[
        Path | None, typer.Option("--sarif", metavar="FILE", help="Write the findings as SARIF 2.1.0.")
    ] = None,
    fix_hints: Annotated[bool, typer.Option("--fix-hints", help="Print the smallest edit that mends each.")] = False,
    catalogue: Annotated[
        bool, typer.Option("--catalogue", help="Print the page of all findings: docs/findings.md.")
    ] = False,
) -> None:
    """Find what is wrong with a config, where, and what it costs.

    Exit code 0: no errors (there may be warnings and notes); 1: errors; 2: the file cannot be read as a config.
    """
    from planner.cli import checking  # noqa: PLC0415

    if catalogue:
        raise typer.Exit(checking.catalogue())
    raise typer.Exit(checking.run(checking.Question(config, as_json, sarif, fix_hints)))
