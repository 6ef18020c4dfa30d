"""The command line: `plan`, `verify`, `config`, `rules`.

Exit codes: 0 fine, 1 the answer is no, 2 unusable input or output, 3 an error of ours, 130 interrupted. What a command
needs is imported when it runs, so that `--help` is instant.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from planner.cli.output import guarded
from planner.cli.usage import Command, whole

INTERRUPTED = 130

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
    runs: Annotated[
        int, typer.Option("--runs", parser=whole("--runs", 1), metavar="N", help="Runs of the series, one history.")
    ] = 1,
    date: Annotated[str | None, typer.Option("--date", metavar="YYMMDD", help="In file names; default: today.")] = None,
    snapshot: SnapshotFile = None,
    no_progress: Quiet = False,
    verbose: Verbose = False,
    log_file: LogFile = None,
) -> None:
    """Plan runs of legal operations and write their files.

    Give --ops or --run-until; with both, what comes first ends a run.

    A plan is made in windows of about 80 operations. A run ends at the first window boundary at or after --ops
    operations; then it drains: it resumes what is suspended, delivers what was read, ends its program chains (with
    policies.carry_over it does not). So it has some more operations than were asked for. What draining needs may also
    start after --run-until.
    """
    from planner.cli import planning  # noqa: PLC0415

    wish = planning.Wish(out, config, seed, ops, run_until, runs, date, snapshot, no_progress)
    raise typer.Exit(planning.run(wish, verbose=verbose, log_file=log_file))


@app.command(cls=Command)
def verify(
    paths: Annotated[list[Path], typer.Argument(metavar="PATHS...", help="Sequence files, or folders with them.")],
    config: ConfigFile = None,
    snapshot: SnapshotFile = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    open_end: Annotated[bool, typer.Option("--open-end", help="The last file may leave things open.")] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Each file is a history of its own.")] = False,
    examples: Annotated[
        int | None,
        typer.Option(
            "--examples",
            parser=whole("--examples", 0),
            metavar="N",
            help="Findings per rule; default: 3, JSON: all.",
        ),
    ] = None,
    verbose: Verbose = False,
    log_file: LogFile = None,
) -> None:
    """Judge operation sequences.

    Several files are one history, in the order given, unless --fresh.
    """
    from planner.cli import verifying  # noqa: PLC0415

    ask = verifying.Question(tuple(paths), config, snapshot, as_json, open_end, fresh, examples)
    raise typer.Exit(verifying.run(ask, verbose=verbose, log_file=log_file))


@app.command(name="config", cls=Command)
def config_() -> None:
    """Print the shipped config."""
    from planner.cli import showing  # noqa: PLC0415

    raise typer.Exit(showing.config())


@app.command(cls=Command)
def rules(
    rule: Annotated[str | None, typer.Argument(metavar="[ID]", help="Only this rule, whole.")] = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print a page: docs/rules.md.")] = False,
) -> None:
    """Print the rules of the device."""
    from planner.cli import showing  # noqa: PLC0415

    raise typer.Exit(showing.rules(rule, as_markdown=markdown))


@app.callback(invoke_without_command=True)
def nandplan(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Plans NAND flash test sequences, and judges them."""
    if version:
        from planner.export.summary import versions  # noqa: PLC0415

        typer.echo(f"nandplan {versions()['nandplan']}")
        raise typer.Exit(0)
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit(0)


def run(arguments: Sequence[str]) -> int:
    """Runs one command line and gives the exit code; every failure is one message on stderr."""
    try:
        with guarded():
            code = app(args=list(arguments), prog_name="nandplan", standalone_mode=False)
        if code == INTERRUPTED:  # typer turns Ctrl-C into this exit code and says nothing
            raise KeyboardInterrupt
        return code if isinstance(code, int) else 0
    except BaseException as error:
        from planner.cli import failing  # noqa: PLC0415

        return failing.tell(error)


def main() -> None:
    """The entry point."""
    sys.exit(run(sys.argv[1:]))
