"""The run in one page, and the wall times that it took: both JSON."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from model.config import Config

PACKAGES = ("nandplan", "numpy", "ortools")


def versions() -> dict[str, str]:
    """The versions of what shapes a run."""
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def run_json(
    config: Config, *, run: int, date: str, seed: int, sections: Mapping[str, Any], files: Mapping[str, int]
) -> str:
    """The run summary: config hash, seed, versions, the given sections (counts, coverage, verdict), rows per file.

    No clock in it: the same run gives the same bytes.
    """
    page = {
        "schema": 1,
        "run": run,
        "date": date,
        "seed": seed,
        "config": config.digest,
        "versions": versions(),
        **sections,
        "rows": dict(files),
    }
    return json.dumps(page, indent=2) + "\n"


def timing_json(*, run: int, seconds: Mapping[str, float], operations: int) -> str:
    """Wall times per stage in seconds, and operations per second of all stages together."""
    total = sum(seconds.values())
    rate = operations / total if total > 0 else 0.0
    page = {
        "run": run,
        "seconds": {stage: round(value, 6) for stage, value in seconds.items()},
        "total": round(total, 6),
        "operations": operations,
        "operations_per_second": round(rate, 1),
    }
    return json.dumps(page, indent=2) + "\n"
