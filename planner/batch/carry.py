"""A campaign from its beginning, or from where it was left, to its end."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model.timeline import Layout
from planner.batch.campaign import Campaign, site_folder
from planner.batch.executor import Executor
from planner.batch.finish import convert, write_pages
from planner.batch.goal import Goal
from planner.batch.job import Setup
from planner.batch.ledger import NAME, SCHEMA, Ledger
from planner.batch.lock import Lock
from planner.batch.packing import SitePacks
from planner.batch.rows import Row
from planner.batch.schedule import Schedule
from planner.batch.standing import Observer, Standing
from planner.batch.supervisor import Supervisor
from planner.batch.survey import SiteLeft, Survey, sweep_unfinished
from planner.coverage import BINS
from planner.errors import UnusableInput
from planner.export.files import writing

log = logging.getLogger("nandplan")

TRIES = 3
"""How often a run may lose its worker before it is given up."""


@dataclass(frozen=True, slots=True)
class Way:
    """How a campaign is carried out; none of it shows in the files of its runs.

    `notes`: what the ledger remembers for a resume beside the campaign itself. `pages`: what tells of the campaign as a
    whole is written at its end.
    """

    executor: Callable[[Setup], Executor]
    resume: bool = False
    rehash: bool = False
    tries: int = TRIES
    observer: Observer = lambda standing: None
    notes: dict[str, Any] | None = None
    pages: bool = True


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a campaign came to: its standing, and the runs that could not be made."""

    standing: Standing
    troubled: tuple[Row, ...]


def carry_out(campaign: Campaign, out: Path, way: Way, goal: Goal | None = None) -> Outcome:
    """Carries a campaign out in a folder. `goal`: the cells that are dealt and counted where it asks for coverage.

    UnusableInput: there is another campaign, or someone is working on it. UnusableOutput: it cannot be written; it can
    be resumed then.
    """
    out = out.absolute()
    with writing(out):
        out.mkdir(parents=True, exist_ok=True)
    shape = (len(Layout.of(campaign.config).op_states), len(campaign.config.names), BINS)
    ledger = Ledger(out / NAME, shape=shape)
    try:
        lock = Lock(ledger, log.warning)
        try:
            _enter(campaign, ledger, way, shape)
            return _carried(campaign, out, way, goal, ledger, lock)
        finally:
            lock.release()
    finally:
        ledger.close()


def _enter(campaign: Campaign, ledger: Ledger, way: Way, shape: tuple[int, int, int]) -> None:
    """The campaign into a new ledger; the same campaign as in one that is there."""
    known = ledger.meta()
    page = campaign.page()
    if not known or (not way.resume and ledger.is_empty()):
        with ledger.writing():
            ledger.remember({"schema": SCHEMA, "campaign": page, "shape": shape, "notes": way.notes or {}})
        return
    if not way.resume:
        done = ledger.totals().done
        raise UnusableInput(
            f"{ledger.path}: a campaign has begun here, {done:,} runs are done; --resume goes on with it"
        )
    for key, value in page.items():
        if known["campaign"].get(key) != value:
            theirs = known["campaign"].get(key)
            raise UnusableInput(
                f"{ledger.path}: this campaign has {key} {theirs!r}, not {value!r}: no other way to go on"
            )


def _carried(campaign: Campaign, out: Path, way: Way, goal: Goal | None, ledger: Ledger, lock: Lock) -> Outcome:
    left, packs = _surveyed(campaign, out, way, ledger, lock)
    known = ledger.meta()
    limit = None
    if goal is not None:
        limit = known.get("round", 0) + (not known.get("ended", False))
    setup = _setup(campaign, out, anything=any(found.gaps or found.fresh <= campaign.last for found in left.values()))
    schedule = Schedule(campaign, {site: (found.gaps, found.fresh) for site, found in left.items()}, limit)
    supervisor = Supervisor(campaign, out, ledger, lock, schedule, packs, goal, way.tries, way.observer)
    executor = way.executor(setup)
    try:
        standing = supervisor.run(executor)
    finally:
        executor.close()
        for site in range(campaign.sites):
            sweep_unfinished(site_folder(out, site))
    troubled = tuple(ledger.troubled())
    if not troubled:
        convert(campaign, out, ledger, lock)
        if way.pages:
            write_pages(campaign, out, ledger)
    return Outcome(standing, troubled)


def _setup(campaign: Campaign, out: Path, *, anything: bool) -> Setup:
    """What the jobs share, if there is anything to make."""
    if not anything:
        return Setup(campaign, out)
    from planner.batch.chapters import chapters_of  # noqa: PLC0415 - the solver is needed only now

    return Setup(campaign, out, chapters_of(campaign))


def _surveyed(
    campaign: Campaign, out: Path, way: Way, ledger: Ledger, lock: Lock
) -> tuple[dict[int, SiteLeft], list[SitePacks] | None]:
    survey = Survey(campaign, out, ledger, rehash=way.rehash)
    left: dict[int, SiteLeft] = {}
    packs: list[SitePacks] = []
    for site in range(campaign.sites):
        left[site], found = survey.site(site)
        if found is not None:
            packs.append(found)
        if left[site].lost:
            log.warning(
                "%s: %d runs were done and their files are not there as recorded; they are made again",
                site_folder(out, site), len(left[site].lost),
            )  # fmt: skip
            with ledger.writing():
                for run in left[site].lost:
                    ledger.lose(site, run)
        lock.keep()
    return left, packs if campaign.pack is not None else None
