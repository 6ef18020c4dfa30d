"""The loop of a campaign: hand out runs, record what came back, until nothing is left or enough is covered."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from planner.batch.campaign import Campaign
from planner.batch.executor import Executor
from planner.batch.goal import Goal, deal
from planner.batch.job import Done, Failed, Job, Lost, Outcome
from planner.batch.ledger import FOLD_AFTER, Ledger
from planner.batch.lock import Lock
from planner.batch.packing import SitePacks
from planner.batch.schedule import Schedule
from planner.batch.standing import Observer, Standing
from planner.batch.survey import drop_snapshot
from planner.errors import UnusableOutput

MOST_IN_A_ROW = 20
"""Runs that may be given up one after the other: then it is not the runs that are at fault."""
PATIENCE = 12
"""So many rounds in a row without a new cell: what is left is given up as open."""
LOOK_UP = 1.0
"""Seconds after which the supervisor looks up from waiting."""


class Stopped(UnusableOutput):
    """A campaign that cannot go on now, and can be resumed."""

    def __init__(self, message: str) -> None:
        Exception.__init__(self, message)


class Supervisor:
    """Carries a campaign out. `tries`: how often a run may lose its worker before it is given up."""

    def __init__(
        self,
        campaign: Campaign,
        out: Path,
        ledger: Ledger,
        lock: Lock,
        schedule: Schedule,
        packs: Sequence[SitePacks] | None,
        goal: Goal | None,
        tries: int,
        observer: Observer,
    ) -> None:
        self._campaign, self._out, self._ledger, self._lock = campaign, out, ledger, lock
        self._schedule, self._packs, self._goal, self._tries = schedule, packs, goal, tries
        self._observer = observer
        self._losses: dict[tuple[int, int], int] = {}
        self._in_flight = 0
        self._in_a_row = 0
        self._serial = 0
        self._hits = ledger.hits()
        self._dealt: dict[int, tuple[tuple[int, ...], ...]] = {}
        totals = ledger.totals()
        self.standing = Standing(campaign.total, totals.done, operations=totals.operations, began=time.monotonic())
        self._counted = 0.0

    def run(self, executor: Executor) -> Standing:
        """Until all is done. Stopped, UnusableOutput, UnusableInput: it cannot go on."""
        while True:
            self._hand_out(executor)
            if self._in_flight:
                self._take_in(executor.outcomes(LOOK_UP))
                self._lock.keep()
                self._tell()
            elif not self._next_round():
                break
        self._tell(last=True)
        return self.standing

    # -- out ---------------------------------------------------------------------------------------------------

    def _hand_out(self, executor: Executor) -> None:
        while executor.free > 0:
            following = self._schedule.next()
            if following is None:
                return
            site, run = following
            self._serial += 1
            executor.submit(Job(site, run, f"{self._lock.token[:8]}-{self._serial}", self._cells(site, run)))
            self._in_flight += 1

    def _cells(self, site: int, run: int) -> tuple[int, ...] | None:
        if self._goal is None or self._campaign.is_bootstrap(run):
            return None
        if run not in self._dealt:
            if self._ledger.round(run) is None:
                with self._ledger.writing():
                    self._ledger.begin_round(run, self._goal.left(self._ledger.hits()))
            self._dealt = {run: dealt(self._ledger, self._campaign, run)}
        return self._dealt[run][site]

    def _next_round(self) -> bool:
        """All runs that may be made now are made: notes what is covered. False where that is the end."""
        limit = self._schedule.limit
        over = limit is not None and (self._serial > 0 or self._schedule.waiting)
        ended = self._ended() if over else {"ended": True}
        with self._ledger.writing():
            self._ledger.fold(self._hits)
            if over:
                self._ledger.remember(ended)
        if limit is None or ended["ended"] or not self._schedule.waiting:
            return False
        self._schedule.limit = limit + 1
        return True

    def _ended(self) -> dict[str, Any]:
        """What the ledger remembers of the round that is over; `ended`: enough is covered, or no more is found."""
        assert self._goal is not None
        known = self._ledger.meta()
        hit = self._goal.hit(self._hits)
        idle = known.get("idle", 0) + 1 if hit == known.get("hit", 0) else 0
        ended = self._goal.reached(self._hits) or idle >= PATIENCE
        return {"round": self._schedule.limit, "hit": hit, "idle": idle, "ended": ended}

    # -- in ----------------------------------------------------------------------------------------------------

    def _take_in(self, outcomes: Sequence[Outcome]) -> None:
        if not outcomes:
            return
        self._in_flight -= len(outcomes)
        made = [outcome for outcome in outcomes if isinstance(outcome, Done)]
        packed: list[tuple[int, int]] = []
        with self._ledger.writing():
            for done in made:
                packed += self._record(done)
            if self._goal is None and self._ledger.pending >= FOLD_AFTER:
                self._ledger.fold(self._hits)
        for site, run in packed:
            self._clear(site, run)
        for done in made:
            self._after(done)
        for outcome in outcomes:
            if not isinstance(outcome, Done):
                self._missed(outcome)

    def _record(self, done: Done) -> list[tuple[int, int]]:
        """Notes a run; gives the runs that came into the packs by it."""
        job, campaign = done.job, self._campaign
        attempts = self._losses.pop((job.site, job.run), 0) + 1
        packs = self._packs[job.site] if self._packs is not None else None
        in_turn = packs is not None and job.run == packs.run + 1
        if packs is not None and in_turn:
            packs.add(job.run, done.files)
        ends = packs.ends if packs is not None and in_turn else {}
        counted = self._ledger.record(done, seed=seed_of(campaign, job.site, job.run), attempts=attempts, packs=ends)
        if counted:
            cells = np.frombuffer(done.cells, dtype=np.int32)
            self._hits.reshape(-1)[cells] += np.frombuffer(done.hits, dtype=np.int32)
        return [] if packs is None or not in_turn else [(job.site, job.run), *self._followers(packs, job.site)]

    def _followers(self, packs: SitePacks, site: int) -> list[tuple[int, int]]:
        """Runs that were made before their turn and come into the packs now."""
        found = []
        while (row := self._ledger.run(site, packs.run + 1)) is not None and row.state == "done" and not row.packs:
            packs.add(row.run, row.files)
            self._ledger.packed(site, row.run, packs.ends)
            found.append((site, row.run))
        return found

    def _clear(self, site: int, run: int) -> None:
        row = self._ledger.run(site, run)
        if row is not None and self._packs is not None:
            self._packs[site].clear(run, row.files)

    def _after(self, done: Done) -> None:
        job, standing = done.job, self.standing
        self._in_a_row = 0
        self._schedule.made(job.site, job.run)
        standing.done += 1
        standing.fresh += 1
        standing.operations += done.operations
        standing.fresh_operations += done.operations
        if not self._campaign.keeps_snapshots and self._campaign.chained and job.run > 1:
            drop_snapshot(self._out, job.site, job.run - 1)

    def _missed(self, outcome: Failed | Lost) -> None:
        job = outcome.job
        if isinstance(outcome, Failed) and outcome.output:
            raise Stopped(outcome.message)
        losses = self._losses[job.site, job.run] = self._losses.get((job.site, job.run), 0) + 1
        if (isinstance(outcome, Lost) or outcome.again) and losses < self._tries:
            self.standing.again += 1
            self._schedule.again(job.site, job.run)
            return
        del self._losses[job.site, job.run]
        with self._ledger.writing():
            seed = seed_of(self._campaign, job.site, job.run)
            self._ledger.failed(job.site, job.run, seed=seed, attempts=losses, message=outcome.message)
        self.standing.failed += 1
        self._in_a_row += 1
        self._schedule.given_up(job.site, job.run)
        if self._in_a_row == MOST_IN_A_ROW:
            said = outcome.message.partition("\n")[0]
            raise Stopped(f"{self._ledger.path}: {MOST_IN_A_ROW} runs failed one after the other, the last: {said}")

    def _tell(self, *, last: bool = False) -> None:
        """Tells the observer; cells are counted anew from time to time only."""
        now = time.monotonic()
        if last or now - self._counted > LOOK_UP:
            self._counted = now
            self.standing.cells = int(np.count_nonzero(self._hits))
            self.standing.covered = None if self._goal is None else self._goal.covered(self._hits)
        self._observer(self.standing)


def dealt(ledger: Ledger, campaign: Campaign, run: int) -> tuple[tuple[int, ...], ...]:
    """The cells of the runs of a number, by site; none where that round has not begun."""
    cells = ledger.round(run)
    return deal(np.zeros(0, dtype=np.int64) if cells is None else cells, campaign.sites, run)


def seed_of(campaign: Campaign, site: int, run: int) -> str:
    """A run's seed as numpy's SeedSequence takes it: entropy, then spawn key."""
    return f"{campaign.seed}, spawn_key=({site}, {run})"
