"""`nandplan plan`."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from planner.cli.common import Interrupted, log, read_config, read_date, read_us, require_file, start_logging
from planner.errors import UnusableInput, UnusableOutput
from planner.progress import counted, in_words, rate_of, shown_on

if TYPE_CHECKING:
    from model.config import Config
    from planner.covering import Covering
    from planner.run import OneRun, RunSummary


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
    parquet: bool = False
    cover: str | None = None
    hits: int | None = None
    grain: str | None = None


def run(wish: Wish, *, verbose: bool, log_file: Path | None) -> int:
    """Checks the options, plans, and says of each run what was made as soon as its files are there."""
    start_logging(verbose=verbose, log_file=log_file)
    if wish.ops is None and wish.run_until is None and wish.cover is None:
        raise UnusableInput("give --ops N, --run-until US or --cover SHARE (with several, what comes first ends a run)")
    share = covered_share(wish)
    date = read_date(wish.date)
    config = read_config(wish.config)
    until = None if wish.run_until is None else read_us("--run-until", wish.run_until, config)
    if wish.snapshot is not None:
        require_file("--snapshot", wish.snapshot)
    if wish.out.exists() and not wish.out.is_dir():
        raise UnusableOutput(wish.out, "it is not a folder")
    made: list[RunSummary] = []
    try:
        open_ = _plan(wish, config, date, until, share, made)
    except KeyboardInterrupt:
        raise Interrupted(what_is_kept(made, series(wish, config))) from None
    log.debug("planned %s", counted(len(made), "run"))
    return 1 if open_ and wish.ops is None and until is None else 0


def _plan(wish: Wish, config: Config, date: str, until: int | None, share: float | None, made: list[RunSummary]) -> int:
    """Plans; `made` grows by each run that is complete. How much of a goal in cells is open at the end."""
    from planner.run import plan  # noqa: PLC0415 - the solver is needed only now

    covering = None if share is None else _covering(wish, config, share)
    kind = None if covering is None else cover_runs(covering)
    with shown_on(sys.stderr, config.clock, runs=series(wish, config), quiet=wish.quiet) as display:

        def finished(summary: RunSummary) -> None:
            made.append(summary)
            display.clear()
            print(in_plain_words(summary, config), flush=True)

        plan(
            config, out=wish.out, seed=wish.seed, ops=wish.ops, until=until, runs=wish.runs, date=date,
            snapshot=wish.snapshot, observer=display, finished=finished, parquet=wish.parquet, kind=kind,
        )  # fmt: skip
    if covering is None:
        return 0
    print(of_the_goal(covering))
    return 0 if covering.reached() else covering.open


def of_the_goal(covering: Covering) -> str:
    """How much of what was to be covered is covered, for people."""
    hit, grain = covering.total - covering.open, covering.device.config.coverage.hosts
    times = f", {covering.goal.hits} hits each" if covering.goal.hits > 1 else ""
    return f"goal: {hit:,} of {covering.total:,} cells by {grain}{times}; {covering.open:,} open"


def covered_share(wish: Wish) -> float | None:
    """The share of --cover, None without. UnusableInput: it is none, or an option makes no sense without it."""
    if wish.grain not in (None, "base", "op_name"):
        raise UnusableInput(f"--grain {wish.grain!r}: allowed: base, op_name")
    if wish.cover is None:
        for option, value in (("--hits", wish.hits), ("--grain", wish.grain)):
            if value is not None:
                raise UnusableInput(f"{option} {value}: only together with --cover SHARE")
        return None
    try:
        share = float(wish.cover)
        if not 0.0 < share <= 1.0:
            raise ValueError
    except ValueError:
        raise UnusableInput(f"--cover {wish.cover!r}: allowed: a share, more than 0, up to 1.0") from None
    return share


def _covering(wish: Wish, config: Config, share: float) -> Covering:
    """What is to be covered; the runs of a series share what is covered already."""
    from model.device import Device  # noqa: PLC0415
    from planner.covering import Covering, Goal  # noqa: PLC0415
    from planner.targets.reachable import in_grain  # noqa: PLC0415

    return Covering(Device(in_grain(config, wish.grain)), Goal(share, wish.hits or 1))


def cover_runs(covering: Covering) -> Callable[..., OneRun]:
    """How runs that cover cells are made."""
    from planner.covering import CoverRun  # noqa: PLC0415

    return partial(CoverRun, covering=covering)


def series(wish: Wish, config: Config) -> int:
    """How many runs are made: one more where a bootstrap comes first."""
    return wish.runs + (config.bootstrap.enabled and wish.snapshot is None)


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
