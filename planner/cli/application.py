"""The command line application, and the options that commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    name="nandplan",
    help="Plans NAND flash test sequences, and judges them.",
    no_args_is_help=False,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

ConfigFile = Annotated[Path | None, typer.Option("--config", metavar="FILE", help="The config; default: the shipped.")]
Verbose = Annotated[bool, typer.Option("--verbose", help="Tell more on stderr.")]
LogFile = Annotated[Path | None, typer.Option("--log-file", metavar="FILE", help="Write a log to this file.")]
Quiet = Annotated[bool, typer.Option("--no-progress", help="Show no progress.")]
SnapshotFile = Annotated[
    Path | None, typer.Option("--snapshot", metavar="FILE", help="Go on from this state snapshot (.json).")
]
