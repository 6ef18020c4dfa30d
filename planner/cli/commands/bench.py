"""The words of `nandplan bench`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from planner.cli.application import LogFile, Quiet, Verbose, app
from planner.cli.usage import Command, whole


@app.command(cls=Command)
def bench(
    instances: Annotated[
        str, typer.Option("--instances", metavar="NAMES", help="tiny, shipped, large, narrow, loose, or config files.")
    ] = "tiny,shipped,large,narrow",
    strategies: Annotated[
        str, typer.Option("--strategies", metavar="NAMES", help="Out of cpsat, sampler, greedy.")
    ] = "cpsat,sampler,greedy",
    seeds: Annotated[
        int, typer.Option("--seeds", parser=whole("--seeds", 1), metavar="N", help="Seeds 1 to N for each figure.")
    ] = 3,
    sizes: Annotated[
        str, typer.Option("--sizes", metavar="N,...", help="Operations of the runs whose rates are measured.")
    ] = "2000,20000",
    cover_ops: Annotated[
        int,
        typer.Option(
            "--cover-ops",
            parser=whole("--cover-ops", 0),
            metavar="N",
            help="Most operations of the sampler in runs for coverage; 0: no such runs.",
        ),
    ] = 50_000,
    cap: Annotated[
        int, typer.Option("--cap", parser=whole("--cap", 1), metavar="S", help="Most seconds of a run.")
    ] = 600,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder for the results.")] = Path("bench"),
    resume: Annotated[
        bool, typer.Option("--resume", help="Keep what is measured in the folder already; measure what is missing.")
    ] = False,
    no_progress: Quiet = False,
    verbose: Verbose = False,
    log_file: LogFile = None,
) -> None:
    """Compare the planner with other ways to make sequences.

    Every run is a process of its own on one core, judged and with all its files; strategies take turns, seed by seed.
    The result is a page with tables (bench.md), all measurements (bench.csv, samples.jsonl) and plots. What takes
    longer than --cap seconds is shown as capped. Ctrl-C keeps what is measured.

    The default takes about half an hour. The instances but `shipped` are files of the repository.
    """
    from planner.cli import benching  # noqa: PLC0415

    wish = benching.Words(instances, strategies, seeds, sizes, cover_ops, cap, out, resume, no_progress)
    raise typer.Exit(benching.run(wish, verbose=verbose, log_file=log_file))
