"""`nandplan batch`."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.cli.common import Interrupted, log, read_config, start_logging
from planner.errors import UnusableInput, UnusableOutput
from planner.progress import counted

if TYPE_CHECKING:
    from model.config import Config
    from planner.batch.campaign import Campaign
    from planner.batch.carry import Outcome
    from planner.batch.executor import Executor
    from planner.batch.job import Setup
    from planner.batch.rows import Row

OURS = 3
MOST_TOLD = 10
"""Failed runs that are told one by one."""


@dataclass(frozen=True, slots=True)
class Ask:
    """The options of `batch` as they were given."""

    options: Mapping[str, str | None]
    file: Path | None
    resume: bool
    rehash: bool
    reproduce: str | None
    quiet: bool


def run(ask: Ask, *, verbose: bool, log_file: Path | None) -> int:
    """Checks what is asked, carries the campaign out, and says what came of it."""
    from planner.batch import order as asking  # noqa: PLC0415

    start_logging(verbose=verbose, log_file=log_file)
    order = {**(asking.read_file(ask.file) if ask.file is not None else {}), **asking.read_options(ask.options)}
    out = Path(order.get("out", "out"))
    if out.exists() and not out.is_dir():
        raise UnusableOutput(out, "it is not a folder")
    if ask.rehash and not ask.resume:
        raise UnusableInput("--rehash: only with --resume")
    known = _known(out) if ask.resume or ask.reproduce is not None else {}
    config = _config(order, known)
    campaign = asking.campaign_of(order, config, known.get("campaign"))
    if ask.reproduce is not None:
        from planner.batch.reproduce import reproduce  # noqa: PLC0415

        made = reproduce(campaign, out, ask.reproduce, known)
        print(f"made again: {made}")
        return 0
    return _carry_out(ask, order, campaign, out)


def _known(out: Path) -> dict[str, Any]:
    """What the ledger of a campaign that was left says; nothing where there is none."""
    from planner.batch.ledger import NAME, Ledger  # noqa: PLC0415

    if not (out / NAME).is_file():
        return {}
    ledger = Ledger(out / NAME)
    try:
        return ledger.meta()
    finally:
        ledger.close()


def _config(order: Mapping[str, Any], known: Mapping[str, Any]) -> Config:
    """The config that is asked for, else the one that the campaign began with; the same content in any case."""
    remembered = known.get("notes", {}).get("config")
    path = order.get("config", remembered)
    config = read_config(None if path is None else Path(path))
    if known and known["campaign"]["config"] != config.digest:
        raise UnusableInput(
            f"{config.path}: not the config that the campaign began with"
            f" ({config.digest[:12]}, it was {known['campaign']['config'][:12]})"
        )
    return config


def _carry_out(ask: Ask, order: Mapping[str, Any], campaign: Campaign, out: Path) -> int:
    from planner.batch.carry import TRIES, Way, carry_out  # noqa: PLC0415
    from planner.batch.display import shown_on  # noqa: PLC0415
    from planner.batch.goal import goal_of  # noqa: PLC0415

    config = order.get("config")
    notes = {"config": None if config is None else str(Path(config).absolute())}
    with shown_on(sys.stderr, quiet=ask.quiet) as display:
        way = Way(
            _executor(order), ask.resume, ask.rehash, order.get("retries", TRIES - 1) + 1, display, notes
        )  # fmt: skip
        try:
            outcome = carry_out(campaign, out, way, goal_of(campaign))
        except KeyboardInterrupt:
            raise Interrupted(f"{_so_far(out)}; to go on: {_resumes(out)}") from None
        except UnusableOutput as error:
            log.info("stopped: %s", error)
            raise UnusableInput(f"{error}; to go on when that is mended: {_resumes(out)}") from None
    return _told(outcome, campaign, out)


def _executor(order: Mapping[str, Any]) -> Callable[[Setup], Executor]:
    """Makes the workers that are asked for."""
    cluster, workers = order.get("cluster"), order.get("workers")
    if cluster is not None and workers is not None:
        raise UnusableInput("--workers with --cluster: the cluster has workers of its own; allowed: one of the two")

    def made(setup: Setup) -> Executor:
        if cluster is not None:
            from planner.batch.cluster import Cluster  # noqa: PLC0415

            return Cluster(setup, cluster)
        from planner.batch.local import Local  # noqa: PLC0415

        return Local(setup, workers or _cores())

    return made


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _resumes(out: Path) -> str:
    return f"nandplan batch --out {shlex.quote(str(out))} --resume"


def _so_far(out: Path) -> str:
    from planner.batch.ledger import NAME, Ledger  # noqa: PLC0415

    try:
        ledger = Ledger(out / NAME, write=False)
        try:
            done = ledger.totals().done
            return f"{counted(done, 'run')} {'is' if done == 1 else 'are'} complete"
        finally:
            ledger.close()
    except (UnusableInput, UnusableOutput):
        return "no run is complete"


def _told(outcome: Outcome, campaign: Campaign, out: Path) -> int:
    """Prints what a campaign came to; the exit code."""
    from planner.batch.finish import PAGE  # noqa: PLC0415

    standing = outcome.standing
    early = "" if standing.done == standing.total else f" of {standing.total:,}"
    print(f"{counted(standing.done, 'run')}{early} on {counted(campaign.sites, 'site')}: ", end="")
    print(f"{counted(standing.operations, 'operation')}, {counted(standing.cells, 'cell')} hit")
    if standing.covered is not None and campaign.cover is not None:
        print(f"  coverage {standing.covered:.2%}; {campaign.cover:.2%} was asked for")
    for row in outcome.troubled[:MOST_TOLD]:
        print("\n".join(_failure(row, campaign, out)), file=sys.stderr)
    if outcome.troubled:
        print(f"  {counted(len(outcome.troubled), 'run')} failed; to try them again: {_resumes(out)}", file=sys.stderr)
        return OURS
    print(f"  {out / PAGE}")
    return 0


def _failure(row: Row, campaign: Campaign, out: Path) -> list[str]:
    """A run that could not be made: why, its seed, and how to see it again."""
    why = row.message.splitlines()[0] if row.message else "no message"
    again = f"nandplan batch --out {shlex.quote(str(out))} --reproduce {row.site}:{row.run}"
    tries = f"{row.attempts} tries" if row.attempts > 1 else "one try"
    return [
        f"nandplan: site {row.site}, run {row.run} failed after {tries}: {why}",
        f"  seed {campaign.seed}, spawn_key=({row.site}, {row.run}); to see it again: {again}",
    ]
