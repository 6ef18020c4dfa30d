"""The summary page of a campaign: one HTML file that needs no other."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from typing import Any

STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem;color:#1b1f24}"
    "h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:2rem}table{border-collapse:collapse;margin:.5rem 0}"
    "td,th{padding:.2rem .9rem .2rem 0;text-align:left;border-bottom:1px solid #d8dee4}"
    "td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}.bar{background:#d8dee4;width:100%;height:.6rem}"
    ".bar div{background:#1f7a4d;height:.6rem}"
)


def page(facts: Mapping[str, Any]) -> str:
    """The page of `finish.facts`."""
    runs, counts, asked = facts["runs"], facts["counts"], facts["campaign"]
    verdict = "legal: the judge found nothing" if not counts["violations"] else f"{counts['violations']:,} violations"
    told = [
        ("Runs", f"{runs['done']:,} of {runs['asked']:,} made, {runs['failed']:,} failed"),
        ("Operations", f"{counts['operations']:,}"),
        ("Device time", f"{counts['device_time_us']} us"),
        ("Dropped wishes", f"{counts['dropped']:,}"),
        ("Verdict", verdict),
        ("Coverage cells hit", f"{counts['cells_hit']:,}, {counts['hits']:,} times"),
    ]
    parts = ["<h1>Campaign</h1>", _table((), told)]
    covered = facts["coverage"]
    able = covered["reachable"] + covered["open"]
    wanted = "" if asked["cover"] is None else f"; {asked['cover']:.2%} was asked for"
    parts += [
        "<h2>Coverage</h2>",
        f"<p>{covered['hit']:,} of {able:,} cells that can be hit, {covered['coverage']:.2%}{wanted}. "
        f"Evenness {covered['evenness']:.3f}.</p>",
        f'<div class="bar"><div style="width:{100 * covered["coverage"]:.2f}%"></div></div>',
        _table((), [(key, covered[key]) for key in ("reachable", "open", "unreachable", "disabled", "excluded")]),
    ]
    sites = [(f"site_{s['site']:02d}", s["done"], s["failed"], s["operations"]) for s in facts["sites"]]
    parts += ["<h2>Sites</h2>", _table(("site", "runs", "failed", "operations"), sites)]
    settings = [(key, "-" if value is None else str(value)) for key, value in asked.items()]
    parts += ["<h2>Settings</h2>", _table((), settings)]
    body = "\n".join(parts)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Campaign</title>\n'
        f"<style>{STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _table(head: Iterable[str], rows: Iterable[tuple[Any, ...]]) -> str:
    heading = "".join(f"<th>{html.escape(text)}</th>" for text in head)
    lines = [f"<tr>{heading}</tr>"] if heading else []
    lines += ["<tr>" + "".join(map(_cell, row)) + "</tr>" for row in rows]
    return "<table>\n" + "\n".join(lines) + "\n</table>"


def _cell(value: Any) -> str:
    if isinstance(value, int):
        return f'<td class="n">{value:,}</td>'
    return f"<td>{html.escape(str(value))}</td>"
