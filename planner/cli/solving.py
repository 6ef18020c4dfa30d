"""`nandplan solve`, and what `nandplan repair` has in common with it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from planner.cli.common import log, read_config, read_date, require_file, start_logging
from planner.errors import UnusableInput, UnusableOutput

if TYPE_CHECKING:
    from model.config import Config

LONGEST = 1_000_000.0
BETWEEN = 500
"""Operations between two lines of progress."""


@dataclass(frozen=True, slots=True)
class Question:
    """The options of `solve` as they were given."""

    scenario: Path | None
    config: Path | None
    out: Path | None
    snapshot: Path | None
    time_limit: str
    as_json: bool
    date: str | None
    sequence: Path | None = None
    write: Path | None = None


def run(ask: Question, *, verbose: bool, log_file: Path | None) -> int:
    """Answers a scenario and says so; 1 where the answer is not yes."""
    start_logging(verbose=verbose, log_file=log_file)
    limit = read_seconds(ask.time_limit)
    asked = _asked(ask)
    date, config = begin(ask.config, ask.out, ask.snapshot, ask.date)
    require_file("SCENARIO" if ask.sequence is None else "--from", asked)

    from planner.scenario.answer import Nearest, Yes  # noqa: PLC0415 - the solver is needed only now
    from planner.scenario.service import Job, solve_scenario, solve_sequence  # noqa: PLC0415
    from planner.scenario.words import plain, text  # noqa: PLC0415

    job = Job(ask.out, date, ask.snapshot, limit, progress("placed"))
    if ask.sequence is None:
        answer = solve_scenario(asked, config, job)
    else:
        answer = solve_sequence(asked, config, job, ask.write)
    log.debug("%s: %s", asked, type(answer).__name__)
    if ask.as_json:
        print(json.dumps(plain(answer, config), indent=2))
    else:
        print(f"{asked}: {text(answer, config)}")
    return 0 if isinstance(answer, Yes | Nearest) else 1


def _asked(ask: Question) -> Path:
    """The scenario, or the sequence that is made one. UnusableInput: both or neither."""
    if (ask.scenario is None) == (ask.sequence is None):
        what = "neither" if ask.scenario is None else "both"
        raise UnusableInput(f"{what} given; allowed: a SCENARIO, or --from SEQUENCE")
    if ask.write is not None and ask.sequence is None:
        raise UnusableInput("--write-scenario goes with --from: it writes the scenario of a sequence")
    return ask.scenario or ask.sequence or Path()


def begin(config: Path | None, out: Path | None, snapshot: Path | None, date: str | None) -> tuple[str, Config]:
    """The date and the config, when everything else that was given is usable. UnusableInput, UnusableOutput."""
    day = read_date(date)
    read = read_config(config)
    if snapshot is not None:
        require_file("--snapshot", snapshot)
    if out is not None and out.exists() and not out.is_dir():
        raise UnusableOutput(out, "it is not a folder")
    return day, read


def progress(what: str) -> Callable[[int], None]:
    """Tells on stderr how many operations are done, now and then."""
    last = 0

    def told(done: int) -> None:
        nonlocal last
        if done - last >= BETWEEN:
            last = done
            print(f"{what} {done:,} operations", file=sys.stderr, flush=True)

    return told


def read_seconds(said: str) -> float:
    """A number of seconds, more than 0. UnusableInput."""
    try:
        seconds = float(said)
        if not 0 < seconds <= LONGEST:
            raise ValueError
    except ValueError:
        raise UnusableInput(f"--time-limit {said!r}: allowed: seconds, more than 0, such as 60") from None
    return seconds
