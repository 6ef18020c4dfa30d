"""Many runs as one HTML page: coverage over time and per site, and a line for each run that leads to its own page."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from planner.report import cells, figures, tables
from planner.report.cells import BINS, FINE, STATUSES
from planner.report.folder import RunFolder
from planner.report.pack import Pack
from planner.report.page import assembled

SCRIPTS = ("core.js", "overview.js")
TO_BE_HIT = ("reachable", "open")


@dataclass(frozen=True, slots=True)
class RunLine:
    """A run among others. `cells`: hit in it; `site_cells`, `all_cells`: in its site, and in all, until its end.

    `site` -1 for runs that lie in no site's folder, `cells` -1 where its hits are not kept, `violations` -1 where the
    judge's word is missing; `page`: whether `link` is a page.
    """

    site: int
    run: int
    operations: int
    device_us: float
    suspensions: int
    cells: int
    site_cells: int
    all_cells: int
    violations: int
    link: str
    page: bool


def overview_page(folder: Path, runs: Sequence[RunFolder], out: Path, step: Callable[[str], None]) -> str:
    """The page of these runs. Runs count as made in turn: the first of each site, then the second. UnusableInput."""
    ordered = sorted(runs, key=lambda run: (run.run, _site(run), run.date))
    lines = _lines(ordered, out, step)
    about = {
        "columns": {},
        "decimals": 0,
        "name": folder.resolve().name,
        "wanted": _wanted(folder, ordered),
        "fields": list(RunLine.__dataclass_fields__),
        "runs": [[getattr(line, name) for name in RunLine.__dataclass_fields__] for line in lines],
    }
    sites = len({line.site for line in lines})
    made = {"growth": figures.item(figures.lines("cells")), "sites": figures.item(figures.bars(sites))}
    return assembled(f"nandplan · {folder.resolve().name}", about, Pack(), made, "overview.html", SCRIPTS)


def _lines(runs: Sequence[RunFolder], out: Path, step: Callable[[str], None]) -> list[RunLine]:
    seen: set[tuple[str, str, int]] = set()
    of_site: dict[int, set[tuple[str, str, int]]] = {}
    made = []
    for number, run in enumerate(runs, 1):
        step(f"reading run {number} of {len(runs)}")
        site, hit = _site(run), _cells_of(run)
        own = of_site.setdefault(site, set())
        seen |= hit or set()
        own |= hit or set()
        summary = run.summary()
        counts, verdict = summary.get("counts", {}), summary.get("verdict", {})
        link = run.page if run.page.is_file() else run.folder
        made.append(
            RunLine(
                site=site,
                run=run.run,
                operations=int(counts.get("operations", 0)),
                device_us=float(counts.get("device_time_us", 0)),
                suspensions=int(counts.get("suspensions", 0)),
                cells=-1 if hit is None else len(hit),
                site_cells=len(own),
                all_cells=len(seen),
                violations=int(verdict.get("violations", -1)),
                link=Path(os.path.relpath(link, out.parent)).as_posix(),
                page=run.page.is_file(),
            )
        )
    return made


def _site(run: RunFolder) -> int:
    return -1 if run.site is None else run.site


def _cells_of(run: RunFolder) -> set[tuple[str, str, int]] | None:
    """The cells that a run hit, by the file that counts its hits; None where it is not kept."""
    counted = cells.read_hits(run)
    if counted is None:
        return None
    return set(counted.select("op_state", "op_name", pl.col("fine") * BINS // FINE).iter_rows())


def _wanted(folder: Path, runs: Sequence[RunFolder]) -> dict[str, Any] | None:
    """How many cells can be hit, by the campaign's coverage file, else by a run's; None without one.

    `hit`: how many of them all runs together have hit, if the campaign's own file says so, else -1.
    """
    own = sorted(path for path in folder.glob("coverage*.csv") if path.is_file())
    of_runs = (run.table("coverage") for run in runs)
    found = next((path for path in (*own, *of_runs) if path.is_file()), None)
    if found is None:
        return None
    frame = tables.read(found, cells.COVERAGE)
    status = tables.one_of(frame, "status", found, (*STATUSES, "hit"))
    hits = tables.whole(frame, "hits", found)
    wanted = [STATUSES.index(name) for name in TO_BE_HIT] + [len(STATUSES)]
    count = frame.select(status, hits).filter(pl.col("status").is_in(wanted) | (pl.col("hits") > 0)).height
    hit = int((hits > 0).sum()) if found in own else -1
    return {"cells": count, "hit": hit, "file": found.name}
