"""The words of `nandplan rules`."""

from __future__ import annotations

from typing import Annotated

import typer

from planner.cli.application import app
from planner.cli.usage import Command


@app.command(cls=Command)
def rules(
    rule: Annotated[str | None, typer.Argument(metavar="[ID]", help="Only this rule, whole.")] = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print a page: docs/rules.md.")] = False,
) -> None:
    """Print the rules of the device."""
    from planner.cli import showing  # noqa: PLC0415

    raise typer.Exit(showing.rules(rule, as_markdown=markdown))
