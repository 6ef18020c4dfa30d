"""Judged and exported operations per second of the whole process, its memory, and the share of each stage.

Every size is planned `--repeats` times as a process of its own on one core, the sizes interleaved, so that a machine
that drifts cannot favour one. Medians, with the range behind them. Writes a Markdown table with `--write FILE`.

    python benchmarks/throughput.py --sizes 20000,200000 --repeats 3
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

STAGES = ("choose", "build", "solve", "decode", "judge", "export")
MIB = 1024


@dataclass(frozen=True)
class Sample:
    """One process: operations planned, wall seconds from start to exit, peak memory in MiB, seconds per stage."""

    operations: int
    wall: float
    memory: float
    stages: dict[str, float]

    @property
    def rate(self) -> float:
        """Operations per second of wall time."""
        return self.operations / self.wall


def measure(operations: int, seed: int, config: str | None) -> Sample:
    """Plans `operations` in a process of its own, bound to one core."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "planner.cli", "plan", "--out", folder, "--ops", str(operations)]
        command += ["--seed", str(seed), "--date", "000101", "--no-progress"]
        if config is not None:
            command += ["--config", config]
        began = time.perf_counter()
        memory = _run(command)
        wall = time.perf_counter() - began
        timing = json.loads((Path(folder) / "timing_0000001.json").read_text(encoding="utf-8"))
        page = json.loads((Path(folder) / "run_0000001.json").read_text(encoding="utf-8"))
    return Sample(page["counts"]["operations"], wall, memory, timing["seconds"])


def _run(command: Sequence[str]) -> float:
    """Runs a command on one core; its peak memory in MiB. SystemExit where it fails."""
    child = os.fork()
    if child == 0:
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
        sink = os.open(os.devnull, os.O_WRONLY)
        os.dup2(sink, 1)
        os.execv(command[0], list(command))
    _, status, usage = os.wait4(child, 0)
    if status:
        raise SystemExit(f"{' '.join(command)} failed")
    return usage.ru_maxrss / MIB


def table(samples: dict[int, list[Sample]]) -> str:
    """The figures as a Markdown table: a row per size."""
    head = ["operations", "op/s", "range", "us/op", "peak MiB", *(f"{stage} us/op" for stage in STAGES), "rest us/op"]
    rows = [head, ["---"] * len(head)]
    for taken in samples.values():
        rate = statistics.median(sample.rate for sample in taken)
        low, high = min(s.rate for s in taken), max(s.rate for s in taken)
        each = [statistics.median(s.stages.get(stage, 0.0) / s.operations for s in taken) * 1e6 for stage in STAGES]
        whole = statistics.median(s.wall / s.operations for s in taken) * 1e6
        memory = max(s.memory for s in taken)
        rows.append(
            [
                f"{taken[0].operations:,}",
                f"{rate:,.0f}",
                f"{low:,.0f}-{high:,.0f}",
                f"{whole:.0f}",
                f"{memory:.0f}",
                *(f"{share:.0f}" for share in each),
                f"{whole - sum(each):.0f}",
            ]
        )
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="20000,200000", help="operations per run, comma separated")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--config", default=None)
    parser.add_argument("--write", type=Path, default=None, help="write the table to this Markdown file")
    wish = parser.parse_args()
    sizes = [int(size) for size in wish.sizes.split(",")]
    samples: dict[int, list[Sample]] = {size: [] for size in sizes}
    for repeat in range(wish.repeats):
        for size in sizes:
            samples[size].append(measure(size, 7 + repeat, wish.config))
    text = table(samples)
    print(text)
    if len(sizes) > 1:
        first, last = (statistics.median(s.rate for s in samples[size]) for size in (sizes[0], sizes[-1]))
        text += f"\n\nRate at {sizes[-1]:,} over rate at {sizes[0]:,}: {last / first:.2f}\n"
        print(f"\nrate at {sizes[-1]:,} over rate at {sizes[0]:,}: {last / first:.2f}")
    if wish.write is not None:
        wish.write.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
