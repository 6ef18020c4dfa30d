"""The words of `nandplan status`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from planner.cli.application import app
from planner.cli.usage import Command


@app.command(cls=Command)
def status(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of a campaign.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the facts as JSON.")] = False,
) -> None:
    """Tell how far a campaign is, also while it is under way."""
    from planner.cli import telling  # noqa: PLC0415

    raise typer.Exit(telling.run(folder, as_json=as_json))
