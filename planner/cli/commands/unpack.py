"""The words of `nandplan unpack`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from planner.cli.application import app
from planner.cli.usage import Command, whole


@app.command(cls=Command)
def unpack(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of a campaign that was packed.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder for the files.")] = Path("unpacked"),
    site: Annotated[
        int | None, typer.Option("--site", parser=whole("--site", 0), metavar="N", help="Only this site.")
    ] = None,
    run: Annotated[
        int | None, typer.Option("--run", parser=whole("--run", 1), metavar="N", help="Only this run.")
    ] = None,
) -> None:
    """Take files of single runs out of a campaign's packs.

    They are byte for byte what they would have been without --pack.
    """
    from planner.batch import unpack as packs  # noqa: PLC0415
    from planner.progress import counted  # noqa: PLC0415

    print(f"{counted(packs.unpack(folder, out, site=site, run=run), 'file')} in {out}")
    raise typer.Exit(0)
