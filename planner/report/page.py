"""One run as one HTML page."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from bokeh.resources import Resources

from planner.report import cells, columns, figures
from planner.report.facts import Facts
from planner.report.history import History, read_history
from planner.report.pack import Pack, as_json, squeezed

if TYPE_CHECKING:
    from planner.report.folder import RunFolder

SCRIPTS = ("core.js", "lanes.js", "timeline.js", "panels.js", "heat.js", "counts.js", "main.js")
Step = Callable[[str], None]


def run_page(run: RunFolder, facts: Facts, note: str, step: Step) -> str:
    """The page of a run. `note` says what the config could not tell; `step` hears what is being done. UnusableInput."""
    step("reading the timeline")
    history = read_history(run, facts)
    step("reading coverage")
    universe, counted = cells.read_universe(run), cells.read_hits(run)
    hits = cells.hits_of_operations(history, facts)
    words = columns.Words.of(history, facts, universe.cells, counted, hits)
    step("packing")
    pack = Pack()
    lists: dict[str, Any] = dict(columns.add_operations(pack, history, hits, words))
    columns.add_pieces(pack, history)
    lists["reasons"] = columns.add_cells(pack, hits, universe, counted, words)
    columns.add_times(pack, counted, words)
    lists["celltypes"] = columns.add_touches(pack, run, history.planes)
    about = {
        **words.page(),
        **lists,
        **_of_run(run, history),
        "columns": pack.heads,
        "pages": facts.pages,
        "universe": universe.known,
        "coverageFile": universe.path.name,
        "timesKnown": counted is not None,
        "note": note,
    }
    step("writing")
    return assembled(_title(run), about, pack, _figures(history, words))


def _of_run(run: RunFolder, history: History) -> dict[str, Any]:
    return {
        "lanes": lane_names(history),
        "dies": sorted({die for die, _ in history.lanes}),
        "planes": history.planes,
        "decimals": history.decimals,
        "span": history.span,
        "run": run.run,
        "site": run.site,
        "date": run.date,
        "summary": run.summary(),
    }


def lane_names(history: History) -> list[str]:
    """The lanes from top to bottom: the bus, then each die and its planes."""
    made = ["bus"]
    for die in sorted({die for die, _ in history.lanes}):
        made.append(f"d{die}")
        made.extend(f"d{die}-p{plane}" for own, plane in history.lanes if own == die)
    return made


def _figures(history: History, words: columns.Words) -> dict[str, Any]:
    scale = 10**history.decimals
    start, end = history.span
    return figures.items(len(lane_names(history)), (start / scale, max(end, start + 1) / scale), len(words.states))


def _title(run: RunFolder) -> str:
    site = "" if run.site is None else f"site {run.site} · "
    return f"nandplan · {site}run {run.run}"


def assembled(title: str, about: dict[str, Any], pack: Pack, made: dict[str, Any], body: str = "run.html",
              scripts: Iterable[str] = SCRIPTS) -> str:  # fmt: skip
    """A page with everything in it: styles, Bokeh, the script, the columns."""
    parts = {
        "title": html.escape(title),
        "style": asset("page.css"),
        "body": asset(body),
        "bokeh": _bokeh(),
        "about": squeezed(as_json(about)),
        "columns": pack.text(),
        "figures": as_json(made),
        "script": "\n".join(asset(name) for name in scripts),
    }
    return re.sub(r"<!-- (\w+) -->", lambda found: parts[found.group(1)], asset("page.html"))


def asset(name: str) -> str:
    """A file of `assets/`."""
    return (files("planner.report") / "assets" / name).read_text(encoding="utf-8")


@cache
def _bokeh() -> str:
    """Bokeh's own script, without its parts for widgets and tables, which a page does not use."""
    return "\n".join(
        f"<script>{text}</script>" for text in Resources(mode="inline", components=["bokeh"], log_level="error").js_raw
    )
