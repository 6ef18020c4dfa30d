"""Which run comes next: the order does not depend on who finishes first."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping

from planner.batch.campaign import Campaign


class Schedule:
    """The runs that are left, by number, then site. It needs memory for the sites, not for the runs.

    `left`: per site the numbers of runs to make before `fresh`, ascending, and `fresh`, from where on all are to be
    made. Runs above `limit` wait; None: none does.
    """

    def __init__(self, campaign: Campaign, left: Mapping[int, tuple[Iterable[int], int]], limit: int | None) -> None:
        self._campaign = campaign
        self.limit = limit
        self._gaps = {site: iter(gaps) for site, (gaps, _) in left.items()}
        self._fresh = {site: fresh for site, (_, fresh) in left.items()}
        self._ready: list[tuple[int, int]] = []
        self._stopped: set[int] = set()
        for site in range(campaign.sites):
            self._enter_next(site)

    def next(self) -> tuple[int, int] | None:
        """Site and run of the run that comes next; None where none may begin now."""
        while self._ready and self._ready[0][1] in self._stopped:
            heapq.heappop(self._ready)
        if not self._ready or (self.limit is not None and self._ready[0][0] > self.limit):
            return None
        run, site = heapq.heappop(self._ready)
        if not self._waits_for(run):
            self._enter_next(site)
        return site, run

    def again(self, site: int, run: int) -> None:
        """A run that was begun has to be made again."""
        heapq.heappush(self._ready, (run, site))

    def made(self, site: int, run: int) -> None:
        """A run's files are there."""
        if self._waits_for(run):
            self._enter_next(site)

    def given_up(self, site: int, run: int) -> None:
        """A run cannot be made; those that need its snapshot are not begun."""
        if self._waits_for(run):
            self._stopped.add(site)

    @property
    def waiting(self) -> bool:
        """Whether there are runs that could begin, were it not for the limit."""
        return any(site not in self._stopped for _, site in self._ready)

    def _waits_for(self, run: int) -> bool:
        """Whether the next run of a site begins only after this one."""
        return self._campaign.chained or self._campaign.is_bootstrap(run)

    def _enter_next(self, site: int) -> None:
        run = next(self._gaps[site], None)
        if run is None:
            run = self._fresh[site]
            self._fresh[site] += 1
        if run <= self._campaign.last:
            heapq.heappush(self._ready, (run, site))
