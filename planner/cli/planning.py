"""`nandplan plan`."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from planner.cli.common import log, read_config, read_date, read_us, start_logging
from planner.errors import UnusableInput, UnusableOutput
from planner.progress import in_words, shown_on

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
    """Checks the options, plans, and says what was made."""
    start_logging(verbose=verbose, log_file=log_file)
    if wish.ops is None and wish.run_until is None:
        raise UnusableInput("give --ops N or --run-until US (or both: what comes first ends a run)")
    date = read_date(wish.date)
    config = read_config(wish.config)
    until = None if wish.run_until is None else read_us("--run-until", wish.run_until, config)
    if wish.snapshot is not None and not wish.snapshot.is_file():
        raise UnusableInput(f"--snapshot {wish.snapshot}: there is no such file")
    if wish.out.exists() and not wish.out.is_dir():
        raise UnusableOutput(wish.out, "it is not a folder")

    from planner.run import plan  # noqa: PLC0415 - the solver is needed only now

    with shown_on(sys.stderr, config.clock, quiet=wish.quiet) as observer:
        result = plan(
            config, out=wish.out, seed=wish.seed, ops=wish.ops, until=until, runs=wish.runs, date=date,
            snapshot=wish.snapshot, observer=observer,
        )  # fmt: skip
    for summary in result.runs:
        print(in_plain_words(summary, config))
    log.debug("planned %d runs", len(result.runs))
    return 0


def in_plain_words(summary: RunSummary, config: Config) -> str:
    """What a run made, for people."""
    counts, spent = summary.counts, sum(summary.seconds.values())
    rate = f", {counts.operations / spent:,.0f} operations per second" if spent > 0 else ""
    dropped = f"{summary.dropped:,} wanted targets were dropped" if summary.dropped else "no wanted target was dropped"
    report = summary.report
    verdict = "legal: the judge found nothing" if report.legal else f"{report.violations:,} violations"
    lines = [
        f"run {summary.run}: {counts.operations:,} operations in {in_words(counts.device_time, config.clock)} of device"
        f" time{rate}",
        f"  {counts.suspensions:,} suspensions, {counts.aborted:,} aborted; {dropped}",
        f"  {counts.cells:,} cells hit; {verdict}",
        *(f"  {path}" for path in summary.files),
    ]
    return "\n".join(lines)
