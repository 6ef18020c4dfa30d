"""Operations, device time and seconds until 90, 95, 99 and 100 % of all cells that can be hit are hit.

A thin front over what `nandplan bench` measures (`planner/bench/`), for `nandplan plan --cover 1.0` alone: every run is
a process of its own on one core that judges all operations and writes all its files. Where a share was reached is
recounted from its sequence file; seconds are those from the start of the process to the moment at which that operation
was judged, or, in the second table, to its exit. Medians, with the range behind them. With `--write FILE` a Markdown
page is written after each seed.

    python benchmarks/closure.py --seeds 10
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from planner.bench import tables
from planner.bench.instances import instances
from planner.bench.measure import Measuring, Wish
from planner.bench.sample import DONE, Sample


def shown(samples: Sequence[Sample]) -> str:
    """The figures as Markdown tables."""
    return f"{tables.coverage(samples).markdown()}\n\n{tables.ends(samples).markdown()}"


def page(samples: Sequence[Sample], seeds: int) -> str:
    """The tables as a page that tells how they were measured."""
    loads = [sample.load for sample in samples]
    note = (
        f"Seeds 1 to {seeds} per row: median (lowest-highest). One core of {os.cpu_count()}, Python "
        f"{platform.python_version()}; the machine's load was {statistics.median(loads):.1f} "
        f"({min(loads):.1f}-{max(loads):.1f}) meanwhile. Made by `python benchmarks/closure.py --seeds {seeds}`."
    )
    return f"# Operations and time to close coverage\n\n{note}\n\n{shown(samples)}\n"


def main() -> None:
    """Measures and prints. Exits with 1 where a run has failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=10, help="seeds per device, from 1 on")
    parser.add_argument("--devices", default="shipped,narrow,large,loose,tiny", help="names or configs; default: all")
    parser.add_argument("--cap", type=float, default=600.0, help="most seconds of a run")
    parser.add_argument("--write", type=Path, default=None, help="write the page to this Markdown file")
    wish = parser.parse_args()
    asked = Wish(tuple(instances(wish.devices.split(","))), ("cpsat",), wish.seeds, (), 1, wish.cap)
    samples: list[Sample] = []
    with tempfile.TemporaryDirectory(prefix="nandplan-closure-") as folder:
        measuring = Measuring(asked, Path(folder))
        measuring.prepare(lambda name: None)
        for sample in measuring.samples(asked.jobs(), samples):
            samples.append(sample)
            told = f"{sample.operations:,} operations" if sample.status == DONE else f"{sample.status}: {sample.note}"
            print(f"{sample.job.instance}, seed {sample.job.seed}: {told}", file=sys.stderr, flush=True)
            if wish.write is not None and len(samples) % len(asked.instances) == 0:
                wish.write.write_text(page(samples, sample.job.seed), encoding="utf-8")
    print(shown(samples))
    raise SystemExit(any(sample.status != DONE for sample in samples))


if __name__ == "__main__":
    main()
