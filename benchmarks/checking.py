"""How long `nandplan check` takes on the shipped config.

    python -m benchmarks.checking          # prints the times
    python -m benchmarks.checking --write  # and keeps them in results/checking.md

Targets: form and consistency within 2 s, feasibility within 10 s.
"""

from __future__ import annotations

import argparse
import platform
import statistics
import time
from pathlib import Path

from planner.checking import check
from planner.checking.catalogue import LEVELS

RESULTS = Path(__file__).parent / "results" / "checking.md"
REPEATS = 5


def measured() -> list[tuple[str, float, float, float]]:
    """Per row: what, the median and worst of some repetitions in s, and the target in s."""
    first, both = [], []
    for _ in range(REPEATS):
        begun = time.perf_counter()
        check(levels=LEVELS[:2])
        middle = time.perf_counter()
        check()
        both.append(time.perf_counter() - middle)
        first.append(middle - begun)
    rest = [max(0.0, whole - part) for whole, part in zip(both, first, strict=True)]
    rows = (("form and consistency", first, 2.0), ("feasibility", rest, 10.0), ("all", both, 12.0))
    return [(what, statistics.median(times), max(times), target) for what, times, target in rows]


def table(rows: list[tuple[str, float, float, float]]) -> str:
    """The page."""
    lines = [
        "# nandplan check on the shipped config",
        "",
        f"Made by `python -m benchmarks.checking --write`: {REPEATS} times, Python {platform.python_version()},"
        f" {platform.machine()}.",
        "",
        "| level | median, s | worst, s | target, s |",
        "|---|---|---|---|",
    ]
    lines += [f"| {what} | {median:.2f} | {worst:.2f} | {target:.0f} |" for what, median, worst, target in rows]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measures, prints, keeps."""
    parser = argparse.ArgumentParser(description="Times nandplan check.")
    parser.add_argument("--write", action="store_true", help="keep the table in results/checking.md")
    wanted = parser.parse_args()
    page = table(measured())
    print(page, end="")
    if wanted.write:
        RESULTS.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
