"""`nandplan status`."""

from __future__ import annotations

import json
from pathlib import Path

from planner.batch.ledger import NAME, Ledger
from planner.batch.report import lines, report
from planner.errors import UnusableInput


def run(folder: Path, *, as_json: bool) -> int:
    """Prints how far a campaign is; 0, or 1 where runs failed."""
    if not (folder / NAME).is_file():
        raise UnusableInput(f"{folder}: there is no campaign in this folder ({NAME} is missing)")
    ledger = Ledger(folder / NAME, write=False)
    try:
        found = report(ledger)
    finally:
        ledger.close()
    print(json.dumps(found, indent=2) if as_json else "\n".join(lines(found)))
    return 1 if found["failed"] else 0
