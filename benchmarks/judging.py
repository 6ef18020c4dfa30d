"""Judged operations per second of the whole process, from start to exit: `nandplan verify` of a sequence alone.

The sequence is planned once, on the shipped device unless told otherwise, and copied where no other file of its run
lies beside it. Every repeat judges it in a process of its own on one core. Medians, with the range behind them.

    python benchmarks/judging.py --ops 200000 --repeats 5 --write benchmarks/results/judging.md
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

WANTED = 40_000
MIB = 1024


@dataclass(frozen=True)
class Sample:
    """One process: wall and processor seconds, peak memory in MiB."""

    wall: float
    cpu: float
    memory: float


def planned(folder: Path, operations: int, seed: int, config: str | None) -> Path:
    """A sequence file of about so many operations, alone in a folder."""
    command = [sys.executable, "-m", "planner.cli", "plan", "--ops", str(operations), "--seed", str(seed)]
    command += ["--out", str(folder / "run"), "--date", "000101", "--no-progress", *_config(config)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    (made,) = (folder / "run").glob("operation_sequence_*.csv")
    return Path(shutil.copy(made, folder / "operation_sequence.csv"))


def judged(file: Path, config: str | None) -> Sample:
    """Judges a file in a process of its own, bound to one core. SystemExit: it is not found legal."""
    command = [sys.executable, "-m", "planner.cli", "verify", str(file), *_config(config)]
    began = time.perf_counter()
    child = os.fork()
    if child == 0:
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.execv(command[0], command)
    _, status, usage = os.wait4(child, 0)
    wall = time.perf_counter() - began
    if status:
        raise SystemExit(f"{' '.join(command)} failed")
    return Sample(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / MIB)


def _config(config: str | None) -> list[str]:
    return [] if config is None else ["--config", config]


def table(operations: int, samples: Sequence[Sample], start: Sequence[Sample]) -> str:
    """The figures as a Markdown table: a row per clock."""
    rows = [["clock", "median op/s", "range", "median s", "of it start-up s", "us/op"], ["---"] * 6]
    for clock in ("wall", "cpu"):
        taken = sorted(getattr(sample, clock) for sample in samples)
        middle = statistics.median(taken)
        begin = statistics.median(getattr(sample, clock) for sample in start)
        rates = f"{operations / taken[-1]:,.0f}-{operations / taken[0]:,.0f}"
        each = f"{middle / operations * 1e6:.1f}"
        rows.append([clock, f"{operations / middle:,.0f}", rates, f"{middle:.2f}", f"{begin:.2f}", each])
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def main() -> None:
    """Measures, prints, and exits with 1 where the rate is less than wanted."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ops", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--config", default=None)
    parser.add_argument("--file", type=Path, default=None, help="a sequence file instead of a planned one")
    parser.add_argument("--write", type=Path, default=None, help="write the table to this Markdown file")
    wish = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = wish.file or planned(folder, wish.ops, wish.seed, wish.config)
        lines = file.read_text(encoding="utf-8").splitlines()
        empty = folder / "operation_sequence_empty.csv"
        empty.write_text(lines[0] + "\n", encoding="utf-8")
        samples, start = [], []
        for _ in range(wish.repeats):
            samples.append(judged(file, wish.config))
            start.append(judged(empty, wish.config))
    operations = len(lines) - 1
    text = table(operations, samples, start)
    memory = max(sample.memory for sample in samples)
    told = f"{operations:,} operations, {wish.repeats} processes, peak {memory:.0f} MiB, {_machine()}"
    print(f"{text}\n\n{told}")
    if wish.write is not None:
        head = "# Judging a sequence file alone\n\n`python benchmarks/judging.py`: whole processes, reading included.\n"
        wish.write.write_text(f"{head}\n{told}\n\n{text}\n", encoding="utf-8")
    if operations / statistics.median(sample.wall for sample in samples) < WANTED:
        raise SystemExit(f"less than the {WANTED:,} operations per second that are wanted")


def _machine() -> str:
    return f"one core of {os.cpu_count()}, {platform.machine()}, Python {platform.python_version()}"


if __name__ == "__main__":
    main()
