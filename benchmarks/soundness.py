"""Whether the judge accepts whatever the planners make, on devices drawn by chance.

Each case is a number, from which device (op_names, durations, topology, groups, chains, policies), engine (the walk of
`plan --ops`, the closing planner of `plan --cover`), seed, sizes, `--run-until`, runs of a series and a second series
from the snapshot of the first follow (`tests/soundness/campaign.py`). Every window is judged when it is planned, and
all files of each series are judged anew by `verify`. Exit code 1 where a judge refuses anything.

    python benchmarks/soundness.py --cases 1000 --write benchmarks/results/soundness.md
    python benchmarks/soundness.py --first 27 --cases 1
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import time
import traceback
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from planner.coverage.kept import FOLDER  # noqa: E402
from tests.soundness.campaign import Tally, cases  # noqa: E402

BETWEEN = 25
"""Cases between two writings of the report."""


def report(tally: Tally, first: int, count: int, seconds: float) -> str:
    """The figures in Markdown."""
    operations = sum(tally.operations.values())
    rows: list[tuple[str, object]] = [
        ("cases", f"{first} to {first + count - 1}"),
        *((f"devices, engine `{engine}`", tally.devices[engine]) for engine in sorted(tally.devices)),
        ("series of runs", tally.series),
        ("of these from a snapshot", tally.resumed),
        ("of these carried over from run to run", tally.carried),
        ("sequences", tally.sequences),
        *((f"operations, engine `{engine}`", f"{n:,}") for engine, n in sorted(tally.operations.items())),
        ("suspensions", f"{tally.suspensions:,}"),
        ("aborted operations", f"{tally.aborted:,}"),
        ("judged while planned", f"{operations:,}"),
        ("judged again from the files", f"{tally.judged:,}"),
        ("bootstraps that a device leaves no way for", tally.declined),
        ("refusals", len(tally.refusals)),
        ("peak memory", f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB"),
        ("seconds", f"{seconds:,.0f} ({time.process_time():,.0f} of the processor)"),
    ]
    lines = [
        "# Soundness",
        "",
        "| what | figure |",
        "| --- | --- |",
        *(f"| {what} | {value} |" for what, value in rows),
        "",
    ]
    lines += [f"- case {number}: {why}".splitlines()[0] for number, why in tally.refusals.items()] or [
        "Nothing refused."
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Plans, judges, counts, prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--first", type=int, default=0, help="the first case")
    parser.add_argument("--cases", type=int, default=1_000, help="how many")
    parser.add_argument("--minutes", type=float, default=None, help="no case begins after so many")
    parser.add_argument("--write", type=Path, default=None, help="write the report to this Markdown file")
    wish = parser.parse_args()
    os.environ[FOLDER] = ""  # proofs about devices that nobody asks for again are not worth keeping
    tally, began, done, text = Tally(), time.perf_counter(), 0, ""
    for done, case in enumerate(cases(wish.first, wish.cases), 1):
        before = len(tally.refusals)
        try:
            tally.run(case)
        except Exception as error:  # whatever breaks is a finding
            tally.refusals[case.number] = (
                f"{type(error).__name__}: {error} ({traceback.extract_tb(error.__traceback__)[-1]})"
            )
        seconds = time.perf_counter() - began
        if len(tally.refusals) > before:
            print(f"case {case.number}: {tally.refusals[case.number]}", file=sys.stderr, flush=True)
        over = wish.minutes is not None and seconds > 60 * wish.minutes
        if done % BETWEEN == 0 or done == wish.cases or over:
            text = report(tally, wish.first, done, seconds)
            print(f"{done:,} cases, {tally.judged:,} operations, {seconds:.0f} s", file=sys.stderr, flush=True)
            if wish.write is not None:
                wish.write.write_text(text, encoding="utf-8")
        if over:
            break
    print(text)
    if tally.refusals:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
