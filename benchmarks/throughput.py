"""Judged and exported operations per second of `nandplan plan --ops`, its memory, and microseconds per stage.

A thin front over what `nandplan bench` measures (`planner/bench/`), without anybody to compare with: every size is
planned `--repeats` times as a process of its own on one core, the sizes in turns, so that a machine that drifts cannot
favour one. Medians, with the range behind them. Writes a Markdown table with `--write FILE`.

    python benchmarks/throughput.py --sizes 20000,200000 --repeats 3
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from planner.bench import figures
from planner.bench.figures import REST, per_operation, spread
from planner.bench.instances import instances
from planner.bench.measure import Measuring, Wish
from planner.bench.sample import DONE, RATE, Sample


def table(rows: Sequence[Sequence[Sample]]) -> str:
    """The figures as a Markdown table: a row per size."""
    stages = [*figures.stages_of([sample for members in rows for sample in members]), REST]
    head = ["operations", "op/s", "range", "us/op", "peak MiB", *(f"{stage} us/op" for stage in stages)]
    lines = [head, ["---"] * len(head)]
    for members in rows:
        rate, memory = spread(members, lambda s: s.rate), spread(members, lambda s: s.memory)
        if rate is None or memory is None:
            raise SystemExit(f"{members[0].job.size:,} operations: {members[0].status}: {members[0].note}")
        lines.append(
            [
                f"{members[0].operations:,}", f"{rate.middle:,.0f}", f"{rate.low:,.0f}-{rate.high:,.0f}",
                f"{1e6 / rate.middle:.0f}", f"{memory.high:.0f}",
                *(f"{per_operation(members, stage):.1f}" for stage in stages),
            ]
        )  # fmt: skip
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="20000,200000", help="operations per run, comma separated")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--config", default="shipped", help="a config, or the name of an instance")
    parser.add_argument("--cap", type=float, default=3600.0, help="most seconds of a run")
    parser.add_argument("--write", type=Path, default=None, help="write the table to this Markdown file")
    wish = parser.parse_args()
    sizes = tuple(int(size) for size in wish.sizes.split(","))
    asked = Wish(tuple(instances([wish.config])), ("cpsat",), wish.repeats, sizes, 0, wish.cap)
    with tempfile.TemporaryDirectory(prefix="nandplan-throughput-") as folder:
        measuring = Measuring(asked, Path(folder))
        measuring.prepare(lambda name: None)
        samples = []
        for sample in measuring.samples(asked.jobs(), []):
            samples.append(sample)
            told = f"{sample.rate:,.0f} op/s" if sample.status == DONE else f"{sample.status}: {sample.note}"
            print(f"{sample.job.size:,} operations, seed {sample.job.seed}: {told}", file=sys.stderr, flush=True)
    rows = list(figures.rows_of(samples, RATE).values())
    text = table(rows)
    if len(rows) > 1:
        first, last = (spread(members, lambda s: s.rate) for members in (rows[0], rows[-1]))
        if first is not None and last is not None:
            text += f"\n\nRate at {sizes[-1]:,} over rate at {sizes[0]:,}: {last.middle / first.middle:.2f}"
    print(text)
    if wish.write is not None:
        wish.write.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
