"""Samples -> figures: medians with their spread, ratios seed by seed, shares of stages."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from planner.bench.sample import COVER, DONE, RATE, SHARES, WINDOWS, Sample

STAGES = ("choose", "build", "solve", "place", "repeat", "decode", "judge", "export")
"""In the order in which tables show them; stages with other names follow."""
REST = "rest"
"""Whatever is in no stage: starting Python, reading the config, leaving."""
CLEARLY = 1.01
"""So many times as good as the other a figure has to be to be called better."""
Row = tuple[str, str, int]
"""Instance, strategy, size."""


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of some values, and the least and the greatest of them."""

    middle: float
    low: float
    high: float

    @staticmethod
    def of(values: Iterable[float]) -> Spread | None:
        """None where there is no value."""
        found = list(values)
        return Spread(statistics.median(found), min(found), max(found)) if found else None


def rows_of(samples: Sequence[Sample], kind: str) -> dict[Row, list[Sample]]:
    """The samples of a kind by row: instances in order of appearance, then sizes, then strategies by name."""
    of_kind = [sample for sample in samples if sample.job.kind == kind]
    places = list(dict.fromkeys(sample.job.instance for sample in of_kind))
    rows: dict[Row, list[Sample]] = {}
    for sample in of_kind:
        rows.setdefault((sample.job.instance, sample.job.strategy, sample.job.size), []).append(sample)
    return dict(sorted(rows.items(), key=lambda item: (places.index(item[0][0]), item[0][2], item[0][1])))


def done(samples: Sequence[Sample]) -> list[Sample]:
    """Those that came to their end."""
    return [sample for sample in samples if sample.status == DONE]


def spread(samples: Sequence[Sample], part: Callable[[Sample], float]) -> Spread | None:
    """A figure over the samples that came to their end."""
    return Spread.of(part(sample) for sample in done(samples))


def stages_of(samples: Sequence[Sample]) -> list[str]:
    """The stages that any of the samples has, in order of tables."""
    named = dict.fromkeys(name for sample in samples for name in sample.stages)
    return [*(stage for stage in STAGES if stage in named), *(stage for stage in named if stage not in STAGES)]


def per_operation(samples: Sequence[Sample], stage: str) -> float:
    """Median microseconds per operation of a stage, or of the rest."""
    ended = [sample for sample in done(samples) if sample.operations]
    if not ended:
        return 0.0
    return statistics.median(_seconds(sample, stage) / sample.operations for sample in ended) * 1e6


def share_of(samples: Sequence[Sample], stage: str) -> float:
    """Median share of a stage, or of the rest, in the whole process."""
    ended = [sample for sample in done(samples) if sample.wall]
    return statistics.median(_seconds(sample, stage) / sample.wall for sample in ended) if ended else 0.0


def _seconds(sample: Sample, stage: str) -> float:
    return sample.wall - sum(sample.stages.values()) if stage == REST else sample.stages.get(stage, 0.0)


def against(
    one: Sequence[Sample], other: Sequence[Sample], part: Callable[[Sample, Sample], float | None]
) -> Spread | None:
    """A comparison of two rows, seed by seed, over the seeds that both have."""
    partners = {sample.job.seed: sample for sample in done(other)}
    found = (part(sample, partners[sample.job.seed]) for sample in done(one) if sample.job.seed in partners)
    return Spread.of(value for value in found if value is not None)


def rate_ratio(sample: Sample, other: Sample) -> float | None:
    """How many times as fast it is."""
    return sample.rate / other.rate if other.rate else None


def added_rate(sample: Sample, smaller: Sample) -> float | None:
    """Operations per second of what a larger run has more than a smaller one: without what every run costs."""
    operations, wall = sample.operations - smaller.operations, sample.wall - smaller.wall
    return operations / wall if operations > 0 and wall > 0 else None


def needed_for_best(sample: Sample, other: Sample) -> int | None:
    """The operations that a run needs for the share of cells that another one came to; None: it does not."""
    best = other.share
    return next((operations for operations, share in sample.curve if share >= best - 1e-12), None)


def saving(sample: Sample, other: Sample) -> float | None:
    """How many times as many operations the other one needs for its own best share."""
    own, its = needed_for_best(sample, other), needed_for_best(other, other)
    return its / own if own and its else None


def reached(samples: Sequence[Sample], share: float, part: str) -> tuple[Spread | None, int]:
    """A part (operations, device_time, seconds) of where a share was reached, and how many samples reached it."""
    found = [getattr(sample.reached[share], part) for sample in done(samples) if share in sample.reached]
    return Spread.of(float(value) for value in found), len(found)


@dataclass(frozen=True, slots=True)
class Ahead:
    """Where the greedy strategy is ahead of CP-SAT: medians of both."""

    instance: str
    what: str
    greedy: float
    cpsat: float
    digits: int


def ahead(samples: Sequence[Sample]) -> list[Ahead]:
    """All figures in which the greedy strategy is better than CP-SAT in the median, by more than 1%."""
    return [
        Ahead(instance, what, greedy.middle, cpsat.middle, digits)
        for instance, what, greedy, cpsat, digits, more in _pairs(samples)
        if greedy is not None and cpsat is not None and _better(greedy.middle, cpsat.middle, digits, more)
    ]


def _better(one: float, other: float, digits: int, more: bool) -> bool:
    """Whether it is clearly better, as the tables show it."""
    one, other = round(one, digits), round(other, digits)
    return one > CLEARLY * other if more else CLEARLY * one < other


def _pairs(samples: Sequence[Sample]) -> Iterable[tuple[str, str, Spread | None, Spread | None, int, bool]]:
    """Instance, figure, greedy, cpsat, digits, whether more is better."""
    rates, covers = rows_of(samples, RATE), rows_of(samples, COVER)
    for (instance, strategy, size), greedy in rates.items():
        if strategy == "greedy":
            other = rates.get((instance, "cpsat", size), [])
            yield (
                instance, f"operations per second at {size:,}", spread(greedy, lambda s: s.rate),
                spread(other, lambda s: s.rate), 0, True,
            )  # fmt: skip
            yield (
                instance, f"peak MiB at {size:,}", spread(greedy, lambda s: s.memory),
                spread(other, lambda s: s.memory), 0, False,
            )  # fmt: skip
    for (instance, strategy, size), greedy in covers.items():
        if strategy == "greedy":
            other = covers.get((instance, "cpsat", size), [])
            for share in SHARES:
                for part, word, digits in PARTS:
                    ours, theirs = reached(greedy, share, part)[0], reached(other, share, part)[0]
                    yield instance, f"{word} to {share:.0%} of the cells", ours, theirs, digits, False


PARTS = (("operations", "operations", 0), ("device_time", "seconds of device time", 3), ("seconds", "seconds", 1))
"""Parts of a point, in words, with the decimals that tables show."""


def window_shares(samples: Sequence[Sample]) -> Mapping[str, dict[str, Spread | None]]:
    """By instance: the windows chosen, and the shares of them that were placed, and that only CP-SAT places."""
    found: dict[str, dict[str, Spread | None]] = {}
    for (instance, _, _), members in rows_of(samples, WINDOWS).items():
        found[instance] = {
            "chosen": spread(members, lambda s: s.counts["chosen"]),
            "whole": spread(members, lambda s: s.counts["whole"] / s.counts["chosen"]),
            "modest": spread(members, lambda s: s.counts["modest"] / s.counts["chosen"]),
            "none": spread(members, lambda s: 1 - (s.counts["whole"] + s.counts["modest"]) / s.counts["chosen"]),
            "cpsat": spread(members, lambda s: s.counts["cpsat"] / s.counts["chosen"]),
        }
    return found
