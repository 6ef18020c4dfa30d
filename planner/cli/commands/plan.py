"""The words of `nandplan plan`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from planner.cli.application import ConfigFile, LogFile, Quiet, SnapshotFile, Verbose, app
from planner.cli.usage import Command, whole


@app.command(cls=Command)
def plan(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder for the results.")] = Path("out"),
    config: ConfigFile = None,
    seed: Annotated[
        int, typer.Option("--seed", parser=whole("--seed", 0), metavar="N", help="The same seed gives the same bytes.")
    ] = 0,
    ops: Annotated[
        int | None, typer.Option("--ops", parser=whole("--ops", 1), metavar="N", help="Operations wanted per run.")
    ] = None,
    run_until: Annotated[
        str | None,
        typer.Option("--run-until", metavar="US", help="No operation starts at or after this, in us of the run."),
    ] = None,
    cover: Annotated[
        str | None, typer.Option("--cover", metavar="SHARE", help="Until this share of the cells is hit: 0.9, 1.0.")
    ] = None,
    hits: Annotated[
        int | None, typer.Option("--hits", parser=whole("--hits", 1), metavar="K", help="With --cover: K hits each.")
    ] = None,
    grain: Annotated[
        str | None, typer.Option("--grain", metavar="GRAIN", help="With --cover: cells by base or by op_name.")
    ] = None,
    runs: Annotated[
        int, typer.Option("--runs", parser=whole("--runs", 1), metavar="N", help="Runs of the series, one history.")
    ] = 1,
    date: Annotated[str | None, typer.Option("--date", metavar="YYMMDD", help="In file names; default: today.")] = None,
    snapshot: SnapshotFile = None,
    parquet: Annotated[bool, typer.Option("--parquet", help="Write the tables as Parquet, too.")] = False,
    parser_test: Annotated[
        bool, typer.Option("--parser-test", help="Instead of a plan: every op_name once, to try out a parser.")
    ] = False,
    no_progress: Quiet = False,
    verbose: Verbose = False,
    log_file: LogFile = None,
) -> None:
    """Plan runs of legal operations and write their files.

    Give --ops, --run-until or --cover; with several, what comes first ends a run. (Or --parser-test: that is no plan,
    but a file in the form of an operation_sequence that holds every op_name once, with random payloads of valid form.)

    A plan is made in windows of about 80 operations. A run ends at the first window boundary at or after --ops
    operations; then it drains: it resumes what is suspended, delivers what was read, ends its program chains (with
    policies.carry_over it does not). So it has some more operations than were asked for. What draining needs may also
    start after --run-until.

    With --cover every window is filled with coverage cells that were not hit yet, with the operations that lead to
    them and no others.
    """
    if parser_test:
        from planner.cli import parser_testing  # noqa: PLC0415

        others = {
            "--ops": ops, "--run-until": run_until, "--snapshot": snapshot, "--cover": cover, "--hits": hits,
            "--grain": grain,
            "--runs": None if runs == 1 else runs, "--parquet": parquet or None,
        }  # fmt: skip
        done = parser_testing.run(out, config, seed, date, others, verbose=verbose, log_file=log_file)
        raise typer.Exit(done)

    from planner.cli import planning  # noqa: PLC0415

    wish = planning.Wish(
        out, config, seed, ops, run_until, runs, date, snapshot, no_progress, parquet, cover, hits, grain
    )
    raise typer.Exit(planning.run(wish, verbose=verbose, log_file=log_file))
