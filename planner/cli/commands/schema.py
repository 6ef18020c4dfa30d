"""The words of `nandplan schema`."""

from __future__ import annotations

from typing import Annotated

import typer

from planner.cli.application import app
from planner.cli.usage import Command


@app.command(cls=Command)
def schema(
    scenario: Annotated[bool, typer.Option("--scenario", help="That of a scenario instead.")] = False,
) -> None:
    """Print the JSON Schema of a config, for editors.

    With `# yaml-language-server: $schema=FILE` as its first line, a file is completed and checked while it is typed.
    """
    from planner.cli import checking  # noqa: PLC0415

    raise typer.Exit(checking.schema(scenario=scenario))
