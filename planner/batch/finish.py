"""The end of a campaign: packs become Parquet where that is wanted, and one page tells what it came to."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from planner.batch.campaign import Campaign, site_folder
from planner.batch.ledger import Ledger
from planner.batch.lock import Lock
from planner.batch.packing import as_parquet, measured
from planner.batch.page import page
from planner.coverage.chart import CHARTS
from planner.coverage.shares import run_section
from planner.export.coverage import CoverageTable, cell_rows
from planner.export.files import RunFiles

FACTS, PAGE = "campaign.json", "campaign.html"


def convert(campaign: Campaign, out: Path, ledger: Ledger, lock: Lock) -> None:
    """Parquet in place of packs, where that is wanted. UnusableOutput; may be done again."""
    if campaign.pack == "parquet":
        for site in range(campaign.sites):
            _convert(campaign, out, site, ledger)
            lock.keep()


def write_pages(campaign: Campaign, out: Path, ledger: Ledger) -> None:
    """The coverage of the campaign as a table, its facts, and the page that shows them. UnusableOutput."""
    found = facts(campaign, ledger)
    files = RunFiles(out)
    try:
        table, told = coverage_table(campaign, ledger), json.dumps(found, indent=2) + "\n"
        for name, text in ((f"coverage_{campaign.date}.csv", table), (FACTS, told), (PAGE, page(found))):
            files.create(name)
            files.write(name, text)
        files.publish()
    finally:
        files.discard()
    with ledger.writing():
        ledger.remember({"finished": True})


def coverage_table(campaign: Campaign, ledger: Ledger) -> str:
    """Every cell with its hits in all runs, as in the coverage file of a run."""
    rows = cell_rows(CHARTS.of(campaign.config), ledger.hits()).text.decode()
    return ",".join(CoverageTable.columns) + "\n" + rows


def facts(campaign: Campaign, ledger: Ledger) -> dict[str, Any]:
    """What a campaign came to, without any clock in it."""
    totals, hits = ledger.totals(), ledger.hits()
    found: dict[str, Any] = {
        "schema": 1,
        "campaign": campaign.page(),
        "runs": {"done": totals.done, "failed": totals.failed + totals.lost, "asked": campaign.total},
        "counts": {
            "operations": totals.operations,
            "dropped": totals.dropped,
            "violations": totals.violations,
            "hits": totals.hits,
            "cells_hit": int((hits > 0).sum()),
            "device_time_us": campaign.config.clock.us(totals.device_time),
        },
        "hits_sha256": hashlib.sha256(hits.tobytes()).hexdigest(),
        "sites": [
            {"site": site, "done": done, "failed": failed, "operations": operations}
            for site, done, failed, operations in ledger.by_site()
        ],
    }
    found["coverage"] = run_section(CHARTS.of(campaign.config), hits, totals.operations)
    return found


def _convert(campaign: Campaign, out: Path, site: int, ledger: Ledger) -> None:
    """Tables of a site as Parquet; the packs go when the ledger knows of it."""
    folder = site_folder(out, site)
    packs = sorted(folder.glob("*.csv.gz"))
    if not packs:
        return
    made = {
        pack.name: measured(folder, as_parquet(folder, pack.name, campaign.config.clock.decimals)) for pack in packs
    }
    with ledger.writing():
        ledger.convert(site, made)
    for pack in packs:
        pack.unlink()
