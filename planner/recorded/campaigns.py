"""What a campaign's folder tells of the campaign: how its runs follow each other, and how far its packs go."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from planner.errors import UnusableInput, UnusableOutput

FACTS, LEDGER = "campaign.json", "campaign.sqlite"
_SITE = re.compile(r"site_(\d{2,})")


@dataclass(frozen=True, slots=True)
class Record:
    """`chained`: each run goes on where the one before ended; else each starts anew, from the bootstrap (run 1) if
    there is one. `ends`: how many bytes of each pack of a site hold runs that are done; empty: all.
    """

    chained: bool
    bootstrap: bool
    ends: Mapping[str, int] = field(default_factory=dict)

    def start_of(self, run: int) -> int | None:
        """The run whose snapshot this one starts from; 0: a fresh device; None: it follows the run before."""
        if self.chained or run == 1:
            return None if run > 1 else 0
        return 1 if self.bootstrap else 0


def record_of(site: Path) -> Record | None:
    """What the campaign above a site's folder remembers; None where there is no site or no campaign."""
    found = _SITE.fullmatch(site.resolve().name)
    if found is None:
        return None
    above = site.resolve().parent
    record = _of_ledger(above / LEDGER, int(found[1])) if (above / LEDGER).is_file() else None
    return _record(_facts(above / FACTS), {}) if record is None else record


def _record(page: Any, ends: Mapping[str, int]) -> Record | None:
    try:
        return Record(page["series"] == "chained", int(page["last"]) > int(page["runs"]), dict(ends))
    except (KeyError, TypeError, ValueError):
        return None


def _facts(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))["campaign"]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _of_ledger(path: Path, site: int) -> Record | None:
    """What a ledger says; a ledger that cannot be read says nothing."""
    from planner.batch.ledger import Ledger  # noqa: PLC0415 - only where there is one

    try:
        ledger = Ledger(path, write=False)
    except (UnusableInput, UnusableOutput):
        return None
    try:
        return _record(ledger.meta().get("campaign"), ledger.ends(site))
    except (UnusableInput, UnusableOutput):
        return None
    finally:
        ledger.close()
