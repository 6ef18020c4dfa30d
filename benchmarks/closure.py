"""Operations, device time and seconds until 90, 95, 99 and 100 % of all cells that can be hit are hit.

For every device, share and seed `nandplan plan --cover SHARE` is a process of its own on one core that writes all its
files and takes nothing from a cache on the disk. Medians, with the range behind them. A run drains at its end, which
counts; seconds are those of the whole process, from its start to its exit. With `--write FILE` a Markdown page is
written after each seed.

    python benchmarks/closure.py --seeds 10
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
DEVICES = {
    "shipped": "config.yaml",
    "narrow": "benchmarks/instances/narrow.yaml",
    "large": "benchmarks/instances/large.yaml",
    "loose": "benchmarks/instances/loose.yaml",
    "tiny": "benchmarks/instances/tiny.yaml",
}
SHARES = (0.9, 0.95, 0.99, 1.0)


@dataclass(frozen=True)
class Sample:
    """One process: cells hit and left open, operations, device time in s, wall seconds from start to exit."""

    hit: int
    open: int
    operations: int
    device_time: float
    wall: float


def measure(config: str, share: float, seed: int) -> Sample:
    """Covers a share of a device in a process of its own, bound to one core."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "planner.cli", "plan", "--out", folder, "--cover", str(share)]
        command += ["--seed", str(seed), "--date", "000101", "--no-progress", "--config", str(ROOT / config)]
        began = time.perf_counter()
        _run(command)
        wall = time.perf_counter() - began
        page = json.loads((Path(folder) / "run_0000001.json").read_text(encoding="utf-8"))
        coverage = page["coverage"]
    counts = page["counts"]
    us = float(counts["device_time_us"])
    return Sample(coverage["hit"], coverage["open"], counts["operations"], us / 1e6, wall)


def _run(command: Sequence[str]) -> None:
    """Runs a command on one core, without a cache on the disk. SystemExit where it fails."""
    child = os.fork()
    if child == 0:
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
        os.environ["NANDPLAN_CACHE"] = ""
        sink = os.open(os.devnull, os.O_WRONLY)
        os.dup2(sink, 1)
        os.execv(command[0], list(command))
    _, status, _ = os.wait4(child, 0)
    if status:
        raise SystemExit(f"{' '.join(command)} failed")


def spread(samples: Sequence[Sample], part: Callable[[Sample], float], digits: int) -> str:
    """The median of a figure, and its range."""
    values = [part(sample) for sample in samples]
    low, high = min(values), max(values)
    return f"{statistics.median(values):,.{digits}f} ({low:,.{digits}f}-{high:,.{digits}f})"


def table(samples: dict[tuple[str, float], list[Sample]]) -> str:
    """The figures as a Markdown table: a row per device and share."""
    head = ["device", "share", "cells hit", "open", "operations", "per cell", "device time s", "whole process s"]
    rows = [head, ["---"] * len(head)]
    for (device, share), taken in samples.items():
        rows.append(
            [
                device,
                f"{share:.0%}",
                spread(taken, lambda s: s.hit, 0),
                str(max(s.open for s in taken)) if share == 1.0 else "-",
                spread(taken, lambda s: s.operations, 0),
                f"{statistics.median(s.operations / s.hit for s in taken):.2f}",
                spread(taken, lambda s: s.device_time, 1),
                spread(taken, lambda s: s.wall, 1),
            ]
        )
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=10, help="seeds per device and share, from 1 on")
    parser.add_argument("--devices", default=",".join(DEVICES), help="comma separated; default: all")
    parser.add_argument("--shares", default=",".join(map(str, SHARES)), help="comma separated; default: all")
    parser.add_argument("--write", type=Path, default=None, help="write the page to this Markdown file")
    wish = parser.parse_args()
    devices, shares = wish.devices.split(","), [float(share) for share in wish.shares.split(",")]
    samples: dict[tuple[str, float], list[Sample]] = {(d, share): [] for d in devices for share in shares}
    loads: list[float] = []
    for seed in range(1, wish.seeds + 1):
        for (device, share), taken in samples.items():
            loads.append(os.getloadavg()[0])
            taken.append(measure(DEVICES[device], share, seed))
        if wish.write is not None:
            wish.write.write_text(page(samples, seed, loads), encoding="utf-8")
    print(table(samples))


def page(samples: dict[tuple[str, float], list[Sample]], seeds: int, loads: Sequence[float]) -> str:
    """The table as a page of its own that tells how it was measured."""
    note = (
        f"Seeds 1 to {seeds} per row: median (lowest-highest). One core of {os.cpu_count()}, Python "
        f"{platform.python_version()}, no cache on the disk; the machine's load was {statistics.median(loads):.1f} "
        f"({min(loads):.1f}-{max(loads):.1f}) meanwhile. Made by `python benchmarks/closure.py --seeds {seeds}`."
    )
    return f"# Operations and time to close coverage\n\n{note}\n\n{table(samples)}\n"


if __name__ == "__main__":
    main()
