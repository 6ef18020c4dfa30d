"""One run of a campaign again, in a folder of its own: what a worker did, without workers and ledger."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from planner.batch.bench import WayOfRuns
from planner.batch.campaign import Campaign, site_folder
from planner.batch.chapters import chapters_of
from planner.batch.job import Job
from planner.batch.ledger import NAME, Ledger
from planner.batch.supervisor import dealt
from planner.errors import UnusableInput
from planner.export.snapshot import stem

FOLDER = "reproduced"


def reproduce(campaign: Campaign, out: Path, which: str, known: Mapping[str, Any]) -> Path:
    """Makes run `SITE:RUN` of the campaign in `out` again; gives the folder. All that `plan` raises; UnusableInput."""
    if not known:
        raise UnusableInput(f"{out}: there is no campaign in this folder")
    site, run = _which(campaign, which)
    start = campaign.start_of(run)
    snapshot = site_folder(out, site) / "snapshots" / f"{stem(start)}.json" if start else None
    if snapshot is not None and not snapshot.is_file():
        raise UnusableInput(f"--reproduce {which}: {snapshot} is not there, from which this run starts")
    ledger = Ledger(out / NAME)
    try:
        aimed = campaign.cover is not None and not campaign.is_bootstrap(run)
        cells = dealt(ledger, campaign, run)[site] if aimed else None
    finally:
        ledger.close()
    folder = site_folder(out / FOLDER, site)
    WayOfRuns(campaign, chapters_of(campaign)).planned(Job(site, run, "", cells), snapshot, folder)
    return folder


def _which(campaign: Campaign, which: str) -> tuple[int, int]:
    match = re.fullmatch(r"(\d{1,9}):(\d{1,9})", which, re.ASCII)
    if match is not None:
        site, run = int(match[1]), int(match[2])
        if site < campaign.sites and 1 <= run <= campaign.last:
            return site, run
    raise UnusableInput(
        f"--reproduce {which!r}: allowed: SITE:RUN, sites 0 to {campaign.sites - 1}, runs 1 to {campaign.last}"
    )
