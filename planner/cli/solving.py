"""`nandplan solve`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from planner.cli.common import log, read_config, read_date, require_file, start_logging
from planner.errors import UnusableInput, UnusableOutput

LONGEST = 1_000_000.0


@dataclass(frozen=True, slots=True)
class Question:
    """The options of `solve` as they were given."""

    scenario: Path
    config: Path | None
    out: Path | None
    snapshot: Path | None
    time_limit: str
    as_json: bool
    date: str | None


def run(ask: Question, *, verbose: bool, log_file: Path | None) -> int:
    """Answers a scenario and says so; 1 where the answer is not yes."""
    start_logging(verbose=verbose, log_file=log_file)
    limit = read_seconds(ask.time_limit)
    date = read_date(ask.date)
    config = read_config(ask.config)
    require_file("SCENARIO", ask.scenario)
    if ask.snapshot is not None:
        require_file("--snapshot", ask.snapshot)
    if ask.out is not None and ask.out.exists() and not ask.out.is_dir():
        raise UnusableOutput(ask.out, "it is not a folder")

    from planner.scenario.answer import Yes  # noqa: PLC0415 - the solver is needed only now
    from planner.scenario.service import Job, solve_scenario  # noqa: PLC0415
    from planner.scenario.words import plain, text  # noqa: PLC0415

    answer = solve_scenario(ask.scenario, config, Job(ask.out, date, ask.snapshot, limit))
    log.debug("%s: %s", ask.scenario, type(answer).__name__)
    if ask.as_json:
        print(json.dumps(plain(answer, config.clock), indent=2))
    else:
        print(f"{ask.scenario}: {text(answer, config.clock)}")
    return 0 if isinstance(answer, Yes) else 1


def read_seconds(said: str) -> float:
    """A number of seconds, more than 0. UnusableInput."""
    try:
        seconds = float(said)
        if not 0 < seconds <= LONGEST:
            raise ValueError
    except ValueError:
        raise UnusableInput(f"--time-limit {said!r}: allowed: seconds, more than 0, such as 60") from None
    return seconds
