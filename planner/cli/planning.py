"""`nandplan plan`."""

from __future__ import annotations

import shlex
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from planner.cli.common import Interrupted, log, read_config, read_date, read_us, require_file, start_logging
from planner.errors import UnusableInput, UnusableOutput
from planner.progress import counted, in_words, rate_of, shown_on

if TYPE_CHECKING:
    from model.config import Config
    from planner.run import RunSummary


@dataclass(frozen=True, slots=True)
class Wish:
    """The options of `plan` as they were given."""

    out: Path
    config: Path | None
    seed: int
    ops: int | None
    run_until: str | None
    runs: int
    date: str | None
    snapshot: Path | None
    quiet: bool


def run(wish: Wish, *, verbose: bool, log_file: Path | None) -> int:
    """Checks the options, plans, and says of each run what was made as soon as its files are there."""
    start_logging(verbose=verbose, log_file=log_file)
    if wish.ops is None and wish.run_until is None:
        raise UnusableInput("give --ops N or --run-until US (or both: what comes first ends a run)")
    date = read_date(wish.date)
    config = read_config(wish.config)
    until = None if wish.run_until is None else read_us("--run-until", wish.run_until, config)
    if wish.snapshot is not None:
        require_file("--snapshot", wish.snapshot)
    if wish.out.exists() and not wish.out.is_dir():
        raise UnusableOutput(wish.out, "it is not a folder")
    if config.bootstrap.enabled:
        log.warning(
            "%s: bootstrap.enabled: bootstrap is not carried out by this version", config.at("bootstrap.enabled")
        )
    made: list[RunSummary] = []
    try:
        _plan(wish, config, date, until, made)
    except KeyboardInterrupt:
        raise Interrupted(what_is_kept(made, wish.runs)) from None
    log.debug("planned %s", counted(len(made), "run"))
    return 0


def _plan(wish: Wish, config: Config, date: str, until: int | None, made: list[RunSummary]) -> None:
    """Plans; `made` grows by each run that is complete."""
    from planner.run import plan  # noqa: PLC0415 - the solver is needed only now

    with shown_on(sys.stderr, config.clock, runs=wish.runs, quiet=wish.quiet) as display:

        def finished(summary: RunSummary) -> None:
            made.append(summary)
            display.clear()
            print(in_plain_words(summary, config), flush=True)

        plan(
            config, out=wish.out, seed=wish.seed, ops=wish.ops, until=until, runs=wish.runs, date=date,
            snapshot=wish.snapshot, observer=display, finished=finished,
        )  # fmt: skip


def what_is_kept(made: list[RunSummary], runs: int) -> str:
    """After an interruption: which runs of how many are complete, and how to go on."""
    if not made:
        return "nothing of the unfinished run was kept"
    first, last = made[0].run, made[-1].run
    complete = f"run {last} is complete" if first == last else f"runs {first} to {last} are complete"
    left = runs - len(made)
    if not left:
        return f"{complete}; there was nothing left to plan"
    snapshots = [path for path in made[-1].files if path.match("snapshots/*.json")]
    way = "".join(f"; to go on: --runs {left} --snapshot {shlex.quote(str(path))}" for path in snapshots)
    return f"{complete}; nothing of run {last + 1} was kept{way}"


def in_plain_words(summary: RunSummary, config: Config) -> str:
    """What a run made, for people."""
    counts, spent = summary.counts, sum(summary.seconds.values())
    operations = counted(counts.operations, "operation")
    rate = f", {rate_of(counts.operations, spent)} operations per second" if spent > 0 else ""
    report = summary.report
    verdict = "legal: the judge found nothing" if report.legal else counted(report.violations, "violation")
    lines = [
        f"run {summary.run}: {operations} in {in_words(counts.device_time, config.clock)} of device time{rate}",
        f"  {counted(counts.suspensions, 'suspension')}, {counts.aborted:,} aborted;"
        f" {in_share(summary.dropped, counts.operations)}",
        f"  {counted(counts.cells, 'cell')} hit; {verdict}",
        *(f"  {path}" for path in summary.files),
    ]
    return "\n".join(lines)


def in_share(dropped: int, planned: int) -> str:
    """How much of what was wanted was dropped, for people."""
    if not dropped:
        return "no wanted target was dropped"
    part = dropped / (dropped + planned)
    told = f"{part:.1%}" if part >= 0.001 else "less than 0.1%"
    return f"{counted(dropped, 'wanted target')} {'was' if dropped == 1 else 'were'} dropped, {told} of all wanted"
