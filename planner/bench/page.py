"""A comparison as a page, tables, and pictures in a folder."""

from __future__ import annotations

import io
import os
import platform
from collections.abc import Sequence
from pathlib import Path

from planner.bench.figures import Spread
from planner.bench.measure import Wish
from planner.bench.sample import Sample
from planner.bench.tables import Table, all_tables, as_csv, told
from planner.export.files import RunFiles
from planner.export.summary import versions

SAMPLES = "samples.jsonl"

NOTES = """\
Every run is a process of its own on one core: it plans, has every operation judged, and writes all files that
`nandplan plan` writes. Strategies take turns seed by seed. Figures are medians over the seeds, with the least and the
greatest in brackets; memory and violations are the greatest. Processes share a cache of what depends on the config
alone (why cells are out of reach), as runs of one user do.

- **cpsat**: what `nandplan plan` does, with `--ops` and with `--cover 1.0`.
- **sampler**: an event-driven constrained-random generator; docs/sampler.md says what it does.
- **greedy**: what the planner's chooser asks for, the motifs of `planner/targets/closing/`, placed by list scheduling;
  once through all cells for coverage, else again and again.

What a run costs before its first operation and after its last (starting Python, reading the config, the table and the
page of coverage) does not grow with its size: at small sizes it is most of the time. *op/s of those added* leaves it
out: what a run has more than the one of the size before, in operations and in seconds.

*Seconds* to a share of the cells are those from the start of the process to the moment at which the operation that hits
the last of them is judged; *whole process* goes on until all files are there. *Economy* is operations over a lower
bound on what any sequence needs for the same cells.

The *windows* are those of the other chooser, the walk of `planner/targets/choose.py`, which places operations inside of
others. One that list scheduling places *only without wishes* lost the operations of it that nothing depends on. *not
whole by list scheduling, by CP-SAT*: share of all windows chosen."""


def write_page(out: Path, wish: Wish, samples: Sequence[Sample], unfinished: int) -> list[Path]:
    """Writes bench.md, bench.csv and the pictures; their paths. UnusableOutput."""
    from planner.bench.pictures import pictures  # noqa: PLC0415 - only now are pictures needed
    from planner.plots.drawing import save  # noqa: PLC0415

    files = RunFiles(out)
    try:
        drawn = pictures(samples)
        texts = {"bench.md": page(wish, samples, list(drawn), unfinished), "bench.csv": as_csv(samples)}
        for name, text in texts.items():
            files.create(name)
            files.write(name, text)
        for name, figure in drawn.items():
            data = io.BytesIO()
            save(figure, data)
            files.create(f"{name}.png")
            files.write(f"{name}.png", data.getvalue())
        return list(files.publish())
    finally:
        files.discard()


def page(wish: Wish, samples: Sequence[Sample], drawn: Sequence[str], unfinished: int) -> str:
    """The Markdown page."""
    parts = ["# Strategies compared", measured(wish, samples, unfinished), NOTES]
    parts += [shown(table) for table in all_tables(samples)]
    parts += [f"![{name}]({name}.png)" for name in drawn]
    return "\n\n".join(parts) + "\n"


def shown(table: Table) -> str:
    """A table; a last column without words is left out."""
    if table.head[-1] == "" and not any(row[-1] for row in table.rows):
        table = Table(table.title, table.head[:-1], tuple(row[:-1] for row in table.rows))
    return table.markdown()


def measured(wish: Wish, samples: Sequence[Sample], unfinished: int) -> str:
    """What was measured, and on what."""
    names = ",".join(str(i.config) if i.config and i.name != i.config.stem else i.name for i in wish.instances)
    sizes = ",".join(map(str, wish.sizes))
    command = f"nandplan bench --instances {names} --strategies {','.join(wish.strategies)} --seeds {wish.seeds}"
    command += f" --sizes {sizes} --cover-ops {wish.cover} --cap {wish.cap:g}"
    found, load = versions(), Spread.of(sample.load for sample in samples if sample.wall)
    words = f"`{command}`: nandplan {found['nandplan']}, Python {found['python']}, OR-Tools {found['ortools']}, "
    words += f"one core of {os.cpu_count()}, {platform.machine()}; the machine's load was {told(load, 1)} meanwhile."
    if {sample.job for sample in samples} - set(wish.jobs()):
        words += " Runs that other commands measured into the same folder are shown, too."
    if unfinished:
        words += f"\n\n**Interrupted: {unfinished} of {len(wish.jobs())} runs are missing.**"
    return words
