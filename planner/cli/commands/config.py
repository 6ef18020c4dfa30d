"""The words of `nandplan config`."""

from __future__ import annotations

import typer

from planner.cli.application import app
from planner.cli.usage import Command


@app.command(name="config", cls=Command)
def config_() -> None:
    """Print the shipped config."""
    from planner.cli import showing  # noqa: PLC0415

    raise typer.Exit(showing.config())
