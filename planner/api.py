"""The front door for Python: `plan` with the words of the command line, and results that a notebook can show."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from model.config import Config, load
from planner.errors import UnusableInput
from planner.recorded.results import Results, Shown, of_files
from planner.run import PlanResult, Progress
from planner.run import plan as plan_runs

if TYPE_CHECKING:
    import pandas as pd

log = logging.getLogger("nandplan")


def plan(
    config: Config | Path | str | None = None,
    *,
    out: Path | str = "out",
    seed: int = 0,
    ops: int | None = None,
    until_us: Decimal | str | float | None = None,
    runs: int = 1,
    date: datetime.date | str | None = None,
    snapshot: Path | str | None = None,
    parquet: bool = False,
    observer: Callable[[Progress], None] = lambda progress: None,
) -> Planned:
    """Plans a series of runs, writes their files into `out` and tells what they came to.

    `config`: a loaded one, a file, or None for the shipped one. `ops`: operations wanted per run; `until_us`: no
    operation starts at or after this time, in us from the run's beginning; what comes first ends a run, one of them
    has to be given. `date` stands in the names of the files (a date or yymmdd; None: today's). `snapshot`: a state
    snapshot (.json) to go on from. `parquet`: the tables as Parquet, too. `observer` is told after every window how
    far the plan is.

    Each of `result.runs` has `files` (their paths, operation_sequence first), `counts`, `report` (the judge's),
    `dropped` and `seconds`. `result.sequence`, `.timeline` and `.coverage` are DataFrames; a notebook shows the
    timeline.

    Raises ConfigError (the config file), UnusableInput (any other argument or file), UnusableOutput (`out`) and
    JudgeRefused (an error of ours).
    """
    if ops is None and until_us is None:
        raise UnusableInput("give ops or until_us (or both: what comes first ends a run)")
    _at_least("seed", seed, 0)
    _at_least("runs", runs, 1)
    if ops is not None:
        _at_least("ops", ops, 1)
    date = _date(date)
    device = config if isinstance(config, Config) else _loaded(config)
    until = None if until_us is None else _ticks(until_us, device)
    start = None if snapshot is None else Path(snapshot)
    done = plan_runs(
        device, out=Path(out), seed=seed, ops=ops, until=until, runs=runs, date=date, snapshot=start,
        observer=observer, parquet=parquet,
    )  # fmt: skip
    return Planned(done.runs, device)


@dataclass(frozen=True, slots=True)
class Planned(PlanResult):
    """What a plan came to. The tables are read from the files when they are asked for.

    UnusableInput: a file is not there any more.
    """

    config: Config = field(repr=False)

    def __repr__(self) -> str:
        runs = ", ".join(f"run {run.run}: {run.counts.operations:,} operations" for run in self.runs)
        return f"<{type(self).__name__} {runs}>"

    @property
    def results(self) -> Results:
        """The tables and pictures of the runs."""
        return of_files((run.files[0] for run in self.runs), self.config)

    @property
    def sequence(self) -> pd.DataFrame:
        """As in `Results`."""
        return self.results.sequence

    @property
    def timeline(self) -> pd.DataFrame:
        """As in `Results`."""
        return self.results.timeline

    @property
    def coverage(self) -> pd.DataFrame:
        """As in `Results`."""
        return self.results.coverage

    def show(self, begin_us: Decimal | str | float | None = None, end_us: Decimal | str | float | None = None) -> Shown:
        """As in `Results`."""
        return self.results.show(begin_us, end_us)

    def _repr_html_(self) -> str:
        return self.results._repr_html_()


def _loaded(path: Path | str | None) -> Config:
    config = load(path)
    for problem in config.warnings:
        log.warning("%s", problem)
    return config


def _at_least(name: str, value: object, least: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise UnusableInput(f"{name}={value!r}: allowed: a whole number, {least} or more")


def _date(date: datetime.date | str | None) -> str:
    """A date as yymmdd; today's if none is given."""
    if not isinstance(date, str):
        return (date or datetime.date.today()).strftime("%y%m%d")
    try:
        if not (len(date) == 6 and date.isascii() and date.isdigit()):
            raise ValueError
        datetime.datetime.strptime(date, "%y%m%d")
    except ValueError:
        raise UnusableInput(f"date={date!r}: not a date; allowed: a date, or six digits, yymmdd") from None
    return date


def _ticks(until_us: Decimal | str | float, config: Config) -> int:
    try:
        ticks = config.clock.ticks(until_us)
    except ValueError as error:
        raise UnusableInput(f"until_us={until_us!r}: {error}") from None
    if ticks <= 0:
        raise UnusableInput(f"until_us={until_us!r}: allowed: a time in us, more than 0")
    return ticks
