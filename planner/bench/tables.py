"""Figures -> tables, as rows of text, for Markdown, for the terminal and for CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from planner.bench import figures
from planner.bench.figures import PARTS, REST, Spread
from planner.bench.sample import CAPPED, COVER, FAILED, RATE, SHARES, Sample


@dataclass(frozen=True, slots=True)
class Table:
    """A title, a head and rows."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def markdown(self) -> str:
        """As Markdown."""
        lines = [self.head, ("---",) * len(self.head), *self.rows]
        return f"## {self.title}\n\n" + "\n".join("| " + " | ".join(row) + " |" for row in lines)

    def plain(self) -> str:
        """With columns side by side."""
        widths = [max(map(len, column)) for column in zip(self.head, *self.rows, strict=True)]
        lines = [
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            for row in (self.head, *self.rows)
        ]
        return "\n".join([self.title, *lines])


def told(value: Spread | None, digits: int, unit: str = "") -> str:
    """A median with its range, or a dash."""
    if value is None:
        return "-"
    middle, low, high = (f"{number:,.{digits}f}{unit}" for number in (value.middle, value.low, value.high))
    return middle if low == high else f"{middle} ({low}-{high})"


def percent(value: Spread | None) -> str:
    """A share with its range in percent."""
    return told(Spread(*(100 * number for number in (value.middle, value.low, value.high))) if value else None, 1, "%")


def what_else(samples: Sequence[Sample]) -> str:
    """Of a row without figures why; of one with some what is missing."""
    capped = [sample for sample in samples if sample.status == CAPPED]
    failed = [sample for sample in samples if sample.status == FAILED]
    words = [f"capped: {sample.note}" for sample in capped[:1]] + [f"failed: {sample.note}" for sample in failed[:1]]
    some = f"{len(capped) + len(failed)} of {len(samples)} " if len(capped) + len(failed) < len(samples) else ""
    return some + "; ".join(words) if words else ""


def rates(samples: Sequence[Sample]) -> Table:
    """Judged and exported operations per second of whole processes."""
    found, rows = figures.rows_of(samples, RATE), []
    before: dict[tuple[str, str], Sequence[Sample]] = {}
    for (instance, strategy, size), members in found.items():
        added = figures.against(members, before.get((instance, strategy), []), figures.added_rate)
        before[instance, strategy] = members
        ratio = None
        if strategy != "sampler":
            others = found.get((instance, "sampler", size), [])
            ratio = figures.against(members, others, figures.rate_ratio)
        rows.append(
            (
                instance, f"{size:,}", strategy, told(figures.spread(members, lambda s: s.rate), 0), told(ratio, 2),
                told(added, 0),
                percent(figures.spread(members, lambda s: s.share)),
                told(figures.spread(members, lambda s: s.wall), 1), _most(members, lambda s: s.memory),
                _most(members, lambda s: s.violations), what_else(members),
            )
        )  # fmt: skip
    head = ("instance", "operations", "strategy", "op/s", "times the sampler", "op/s of those added", "cells hit",
            "whole process s", "peak MiB", "violations", "")  # fmt: skip
    return Table("Operations per second", head, tuple(rows))


def stages(samples: Sequence[Sample]) -> Table:
    """Where the time goes: microseconds per operation of each stage, and its share."""
    found = figures.rows_of(samples, RATE)
    names = figures.stages_of([s for members in found.values() for s in figures.done(members)])
    rows = []
    for (instance, strategy, size), members in found.items():
        if figures.done(members):
            parts = tuple(_part(members, stage) for stage in (*names, REST))
            rows.append((instance, strategy, f"{size:,}", *parts))
    rows.sort(key=lambda row: (list(dict.fromkeys(key[0] for key in found)).index(row[0]), row[1]))
    head = ("instance", "strategy", "operations", *names, REST)
    return Table("Stages: microseconds per operation, and share of the whole process", head, tuple(rows))


def _part(members: Sequence[Sample], stage: str) -> str:
    share = figures.share_of(members, stage)
    return f"{figures.per_operation(members, stage):,.1f} ({share:.0%})" if share else "-"


def _most(members: Sequence[Sample], part: Callable[[Sample], float]) -> str:
    value = figures.spread(members, part)
    return "-" if value is None else f"{value.high:,.0f}"


def coverage(samples: Sequence[Sample]) -> Table:
    """Operations, device time and seconds to shares of the cells that can be hit."""
    rows = []
    for (instance, strategy, _), members in figures.rows_of(samples, COVER).items():
        for share in SHARES:
            rows.append((instance, strategy, f"{share:.0%}", *_to_share(members, share)))
            if figures.reached(members, share, "operations")[1] == 0:
                rows[-1] = (instance, strategy, f"{share:.0%}" + " and more" * (share < 1), *rows[-1][3:])
                break
    head = ("instance", "strategy", "cells", "operations", "device time s", "seconds", "")
    return Table("To how much of the cells that can be hit", head, tuple(rows))


def _to_share(members: Sequence[Sample], share: float) -> tuple[str, ...]:
    """Where a share was reached, and what of it was not."""
    ended = figures.done(members)
    values = [figures.reached(members, share, part)[0] for part, _, _ in PARTS]
    count, note = figures.reached(members, share, "operations")[1], what_else(members)
    if ended and count < len(ended):
        best = percent(figures.spread(members, lambda s: s.share))
        missed = f"not reached by {len(ended) - count} of {len(ended)} seeds" if count else "not reached"
        note = f"{missed}: {best} after {told(figures.spread(members, lambda s: s.operations), 0)}"
    return (*(told(value, digits) for value, (_, _, digits) in zip(values, PARTS, strict=True)), note)


def ends(samples: Sequence[Sample]) -> Table:
    """The runs for coverage at their end."""
    rows = []
    for (instance, strategy, _), members in figures.rows_of(samples, COVER).items():
        rows.append(
            (
                instance, strategy, percent(figures.spread(members, lambda s: s.share)),
                told(figures.spread(members, lambda s: s.operations), 0),
                told(figures.spread(members, lambda s: s.operations / s.cells if s.cells else 0.0), 2),
                told(figures.spread(members, lambda s: s.economy), 2),
                told(figures.spread(members, lambda s: s.evenness), 3),
                told(figures.spread(members, lambda s: s.device_time), 3),
                told(figures.spread(members, lambda s: s.wall), 1), _most(members, lambda s: s.memory),
                _most(members, lambda s: s.violations), what_else(members),
            )
        )  # fmt: skip
    head = ("instance", "strategy", "cells hit", "operations", "per cell", "economy", "evenness", "device time s",
            "whole process s", "peak MiB", "violations", "")  # fmt: skip
    return Table("Runs for coverage at their end", head, tuple(rows))


def ratios(samples: Sequence[Sample]) -> Table:
    """What the others need for the sampler's best coverage."""
    found, rows = figures.rows_of(samples, COVER), []
    for (instance, strategy, size), members in found.items():
        sampled = found.get((instance, "sampler", size), [])
        if strategy == "sampler" or not figures.done(sampled):
            continue
        rows.append(
            (
                instance, strategy, percent(figures.spread(sampled, lambda s: s.share)),
                told(figures.against(sampled, sampled, figures.needed_for_best), 0),
                told(figures.against(members, sampled, figures.needed_for_best), 0),
                told(figures.against(members, sampled, figures.saving), 2),
            )
        )  # fmt: skip
    head = ("instance", "strategy", "sampler's best", "its operations", "operations for that", "times fewer")
    return Table("Operations for the sampler's best coverage", head, tuple(rows))


def windows(samples: Sequence[Sample]) -> Table:
    """Windows that list scheduling can place, and those that only CP-SAT can."""
    shares = ("whole", "modest", "none", "cpsat")
    rows = [
        (instance, told(found["chosen"], 0), *(percent(found[share]) for share in shares))
        for instance, found in figures.window_shares(samples).items()
    ]
    head = ("instance", "windows chosen", "placed by list scheduling", "only without wishes", "not at all",
            "not whole by list scheduling, by CP-SAT")  # fmt: skip
    return Table("Windows that list scheduling cannot place", head, tuple(rows))


def ahead(samples: Sequence[Sample]) -> Table:
    """Where greedy beats cpsat."""
    rows = [
        (one.instance, one.what, f"{one.greedy:,.{one.digits}f}", f"{one.cpsat:,.{one.digits}f}")
        for one in figures.ahead(samples)
    ]
    return Table(
        "Where greedy beats cpsat (medians, by more than 1%)", ("instance", "figure", "greedy", "cpsat"), tuple(rows)
    )


def all_tables(samples: Sequence[Sample]) -> list[Table]:
    """Every table that has a row."""
    made = [make(samples) for make in (rates, stages, coverage, ends, ratios, windows, ahead)]
    return [table for table in made if table.rows]


def as_csv(samples: Sequence[Sample]) -> str:
    """All samples, one row each, with all their numbers."""
    names = figures.stages_of(list(samples))
    at = [(share, part) for share in SHARES for part, _, _ in PARTS]
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(
        [
            "kind", "instance", "strategy", "size", "seed", "status", "note", "operations", "device_time_s", "wall_s",
            "op_per_s", "peak_mib", "violations", "cells", "candidates", "evenness", "economy",
            *(f"{name}_s" for name in names), *(f"{part}_to_{share:.0%}" for share, part in at),
            "windows_chosen", "windows_whole", "windows_modest", "windows_cpsat",
        ]
    )  # fmt: skip
    for sample in samples:
        job, points = sample.job, sample.reached
        writer.writerow(
            [
                job.kind, job.instance, job.strategy, job.size, job.seed, sample.status, sample.note,
                sample.operations, f"{sample.device_time:.6f}", f"{sample.wall:.3f}", f"{sample.rate:.1f}",
                f"{sample.memory:.1f}", sample.violations, sample.cells, sample.candidates, sample.evenness,
                sample.economy, *(f"{sample.stages.get(name, 0.0):.4f}" for name in names),
                *(getattr(points[share], part) if share in points else "" for share, part in at),
                *(sample.counts.get(name, "") for name in ("chosen", "whole", "modest", "cpsat")),
            ]
        )  # fmt: skip
    return stream.getvalue()
