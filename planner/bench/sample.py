"""What is measured: a job, and what came of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

STRATEGIES = ("cpsat", "sampler", "greedy")
SHARES = (0.9, 0.95, 0.99, 1.0)
RATE, COVER, WINDOWS = "rate", "cover", "windows"
"""Kinds of jobs: so many operations; as many cells as can be; windows put to list scheduling and to CP-SAT."""
DONE, CAPPED, FAILED = "done", "capped", "failed"


@dataclass(frozen=True, slots=True)
class Job:
    """A strategy on an instance with a seed. `size`: operations wanted; with COVER the most that the sampler makes."""

    kind: str
    instance: str
    strategy: str
    size: int
    seed: int

    @property
    def row(self) -> tuple[str, str, str, int]:
        """The row of the tables that it belongs to."""
        return self.kind, self.instance, self.strategy, self.size


@dataclass(frozen=True, slots=True)
class Point:
    """Where a share of the cells was reached: operations, device time (s), wall seconds of the process until then."""

    operations: int
    device_time: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Sample:
    """What came of a job; `wall` seconds from start to exit of its process, `memory` its peak in MiB.

    `stages`: seconds of each. `cells` of `candidates` were hit. `reached`: by share, where it was reached; `curve`:
    (operations, share) on the way. `counts`: other numbers. `note`: why it is not DONE.
    `load`: the machine's, at the end.
    """

    job: Job
    status: str = DONE
    note: str = ""
    operations: int = 0
    device_time: float = 0.0
    wall: float = 0.0
    memory: float = 0.0
    violations: int = 0
    stages: Mapping[str, float] = field(default_factory=dict)
    cells: int = 0
    candidates: int = 0
    evenness: float = 0.0
    economy: float = 0.0
    reached: Mapping[float, Point] = field(default_factory=dict)
    curve: Sequence[tuple[int, float]] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    load: float = 0.0

    @property
    def rate(self) -> float:
        """Operations per second of the whole process."""
        return self.operations / self.wall if self.wall else 0.0

    @property
    def share(self) -> float:
        """The share of the cells that can be hit that was."""
        return self.cells / self.candidates if self.candidates else 0.0

    def line(self) -> str:
        """As a line of JSON."""
        return json.dumps(asdict(self))

    @staticmethod
    def of(line: str) -> Sample:
        """From such a line. ValueError: it is none."""
        try:
            page: dict[str, Any] = json.loads(line)
            page["job"] = Job(**page["job"])
            page["reached"] = {float(share): Point(**point) for share, point in page["reached"].items()}
            page["curve"] = tuple((int(operations), float(share)) for operations, share in page["curve"])
            return Sample(**page)
        except (TypeError, KeyError, AttributeError) as error:
            raise ValueError(str(error)) from None


def read_samples(path: Path) -> list[Sample]:
    """All samples of a file; a last line that was cut off is left out. ValueError: another line is none."""
    found: list[Sample] = []
    lines = path.read_text(encoding="utf-8").split("\n")
    for number, line in enumerate(lines, start=1):
        if not line:
            continue
        try:
            found.append(Sample.of(line))
        except ValueError:
            if number == len(lines):
                break
            raise ValueError(f"{path}:{number}: not a measured job") from None
    return found
