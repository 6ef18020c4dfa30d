"""The words of `nandplan batch`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from planner.cli.application import LogFile, Quiet, Verbose, app
from planner.cli.usage import Command


@app.command(cls=Command)
def batch(
    out: Annotated[
        str | None, typer.Option("--out", metavar="DIR", help="The campaign's folder; default: out.")
    ] = None,
    campaign: Annotated[
        Path | None,
        typer.Option("--campaign", metavar="FILE", help="A YAML file with these options; they win over it."),
    ] = None,
    config: Annotated[
        str | None, typer.Option("--config", metavar="FILE", help="The config; default: the shipped.")
    ] = None,
    seed: Annotated[str | None, typer.Option("--seed", metavar="N", help="The base seed; default: 0.")] = None,
    sites: Annotated[
        str | None, typer.Option("--sites", metavar="N", help="Sites, each with files of its own.")
    ] = None,
    runs: Annotated[str | None, typer.Option("--runs", metavar="N", help="Runs on each site.")] = None,
    ops: Annotated[str | None, typer.Option("--ops", metavar="N", help="Operations wanted per run.")] = None,
    run_until: Annotated[
        str | None,
        typer.Option("--run-until", metavar="US", help="No operation starts at or after this, in us of a run."),
    ] = None,
    cover: Annotated[
        str | None, typer.Option("--cover", metavar="SHARE", help="Aim at coverage; stop when this share is covered.")
    ] = None,
    series: Annotated[
        str | None, typer.Option("--series", metavar="KIND", help="chained (default) or independent runs.")
    ] = None,
    date: Annotated[str | None, typer.Option("--date", metavar="YYMMDD", help="In file names; default: today.")] = None,
    keep: Annotated[
        str | None, typer.Option("--keep", metavar="WHAT", help="all (default) files, or sequence files only.")
    ] = None,
    pack: Annotated[
        str | None, typer.Option("--pack", metavar="FORM", help="One file per site and table: csv, parquet; none.")
    ] = None,
    workers: Annotated[
        str | None, typer.Option("--workers", metavar="N", help="Processes on this machine; default: one per core.")
    ] = None,
    cluster: Annotated[
        str | None, typer.Option("--cluster", metavar="ADDRESS", help="Workers of this Dask scheduler instead.")
    ] = None,
    retries: Annotated[
        str | None, typer.Option("--retries", metavar="N", help="More tries of a run whose worker died; default: 2.")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a campaign that was left.")] = False,
    rehash: Annotated[bool, typer.Option("--rehash", help="With --resume: compare contents of files, too.")] = False,
    reproduce: Annotated[
        str | None, typer.Option("--reproduce", metavar="SITE:RUN", help="Make one run of a campaign again, apart.")
    ] = None,
    no_progress: Quiet = False,
    verbose: Verbose = False,
    log_file: LogFile = None,
) -> None:
    """Plan many runs on many sites: a campaign.

    Give --sites and --runs, and what ends a run: --ops, --run-until or both. With --cover, cells that nobody has hit
    are dealt to the runs, round by round, and the campaign ends as soon as enough is covered; with none of these,
    --cover 1.0 is taken.

    Chained: a run starts from the state that the run before left on its site. Independent: each has a fresh device (the
    one that the bootstrap leaves, if the config wants one: that is then run 1 of each site, beyond --runs).

    What is done is never lost: after a crash or Ctrl-C the same command with --resume goes on, and ends with the same
    files.
    """
    from planner.cli import batching  # noqa: PLC0415

    options = {
        "out": out, "config": config, "seed": seed, "sites": sites, "runs": runs, "ops": ops, "run_until": run_until,
        "cover": cover, "series": series, "date": date, "keep": keep, "pack": pack, "workers": workers,
        "cluster": cluster, "retries": retries,
    }  # fmt: skip
    ask = batching.Ask(options, campaign, resume, rehash, reproduce, no_progress)
    raise typer.Exit(batching.run(ask, verbose=verbose, log_file=log_file))
