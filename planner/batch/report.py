"""How far a campaign is, by its ledger alone."""

from __future__ import annotations

from typing import Any

from planner.batch.ledger import Ledger
from planner.batch.lock import is_gone, named
from planner.errors import UnusableInput
from planner.progress import counted

MOST_TOLD = 10


def report(ledger: Ledger) -> dict[str, Any]:
    """The facts, as plain data. UnusableInput: the campaign has not begun."""
    known = ledger.meta()
    if "campaign" not in known:
        raise UnusableInput(f"{ledger.path}: a ledger without a campaign")
    asked, totals, holder = known["campaign"], ledger.totals(), ledger.holder()
    hits = ledger.hits()
    return {
        "campaign": asked,
        "finished": bool(known.get("finished")),
        "owner": None if holder is None else named(holder),
        "owner_is_gone": holder is not None and is_gone(holder),
        "runs": asked["sites"] * asked["last"],
        "done": totals.done,
        "failed": totals.failed,
        "lost": totals.lost,
        "tries": totals.attempts,
        "operations": totals.operations,
        "violations": totals.violations,
        "cells_hit": int((hits > 0).sum()),
        "hits": int(hits.sum()),
        "round": known.get("round"),
        "seconds": round(totals.seconds, 3),
        "failures": [
            {"site": row.site, "run": row.run, "tries": row.attempts, "message": row.message.partition("\n")[0]}
            for row in ledger.troubled()[:MOST_TOLD]
        ],
    }


def lines(found: dict[str, Any]) -> list[str]:
    """The facts for people."""
    state = "finished" if found["finished"] else "left unfinished"
    if found["owner"] is not None:
        state = f"left by {found['owner']}, which is gone" if found["owner_is_gone"] else f"held by {found['owner']}"
    told = [
        f"{found['done']:,} of {counted(found['runs'], 'run')} done, {found['failed']:,} failed; {state}",
        f"  {counted(found['operations'], 'operation')}, {counted(found['cells_hit'], 'cell')} hit "
        f"{found['hits']:,} times, {counted(found['violations'], 'violation')}",
    ]
    if found["seconds"]:
        told.append(f"  {found['operations'] / found['seconds']:,.0f} operations per second and worker")
    if found["lost"]:
        told.append(f"  {counted(found['lost'], 'run')} to be made again: their files were not there")
    for failure in found["failures"]:
        told.append(f"  site {failure['site']}, run {failure['run']}, {failure['tries']} tries: {failure['message']}")
    return told
