"""Plans on devices drawn by chance, by both planners, alone and in series; the judge reads every file that they write.

A case is a number: device, engine, seeds and sizes follow from it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from model.config import Config
from model.device import Device
from planner.covering import Covering, CoverRun, Goal
from planner.errors import JudgeRefused, UnusableInput
from planner.repeats.library import library
from planner.repeats.run import RepeatingRun
from planner.run import PlanResult, plan
from planner.targets.reachable import in_grain
from planner.verify import verify
from planner.verify_files import COUNTED, ORDERED
from tests.soundness.raws import FEW, Raw, drawn, written

DATE = "000101"
MOST, MANY = 200, 56
"""Op_names of a device, and of one that is to be covered: what can be covered has to be found out."""
TABLES = (*ORDERED, *COUNTED, "operation_sequence", "phase_proposal_counts")
"""The tables of a run but the coverage: why cells are out of reach would have to be proven of each device."""


@dataclass(frozen=True)
class Case:
    """What is drawn: a device and what is to be planned on it.

    `cover`: the share of the cells to cover, by `grain` and `hits` times each, None for a plan of `ops` operations.
    `until`: ticks. `again`: runs of a second series, from the snapshot of the first one. `repeats`: its runs play
    chapters, however short they are.
    """

    number: int
    raw: Raw
    seed: int
    ops: int
    runs: int
    until: int | None
    again: int
    cover: float | None
    grain: str
    hits: int
    repeats: bool

    @property
    def engine(self) -> str:
        """Which planner makes it."""
        if self.cover is not None:
            return "cover"
        return "repeat" if self.repeats else "walk"

    def __repr__(self) -> str:
        return f"Case.of({self.number})"

    @staticmethod
    def of(number: int) -> Case:
        """The case of a number."""
        rng = random.Random(f"sound {number}")
        cover = rng.choice((None, None, 0.3, 1.0))
        raw = drawn(rng, MOST if cover is None else MANY)
        ops = rng.choice((30, 300, 1_000, 2_500))
        return Case(
            number, raw, rng.randrange(1_000), rng.randint(1, ops), rng.choice((1, 1, 2, 3)),
            rng.choice((None, None, None, None, 20_000, 4_000_000, 50_000_000)), rng.choice((0, 0, 1, 2)),
            cover, "op_name" if rng.random() < 0.3 and len(raw["op_names"]) <= FEW else "base", rng.choice((1, 1, 2)),
            len(raw["op_names"]) <= MANY and rng.random() < 0.5,
        )  # fmt: skip


@dataclass(slots=True)
class Tally:
    """What came out. `refusals`: of each case that a judge did not accept why; `declined`: nothing was planned."""

    devices: dict[str, int] = field(default_factory=dict)
    series: int = 0
    sequences: int = 0
    operations: dict[str, int] = field(default_factory=dict)
    judged: int = 0
    carried: int = 0
    resumed: int = 0
    suspensions: int = 0
    aborted: int = 0
    declined: int = 0
    refusals: dict[int, str] = field(default_factory=dict)

    def run(self, case: Case) -> None:
        """Plans a case and has its files judged."""
        self.devices[case.engine] = self.devices.get(case.engine, 0) + 1
        try:
            with TemporaryDirectory() as folder:
                self._series(case, Path(folder))
        except JudgeRefused as error:
            self.refusals[case.number] = str(error)
        except UnusableInput as error:
            if "bootstrap" not in str(error):
                raise
            self.declined += 1

    def _series(self, case: Case, folder: Path) -> None:
        config = written(case.raw, folder)
        kind = _kind(config, case)
        tables = None if len(config.names) <= FEW else TABLES
        made = partial(plan, config, ops=case.ops, until=case.until, date=DATE, kind=kind, tables=tables)
        result = made(out=folder / "one", seed=case.seed, runs=case.runs)
        self._count(case, result)
        self._judge(case, config, folder / "one", None)
        self.carried += config.policies.carry_over and len(result.runs) > 1
        if not case.again:
            return
        (snapshot,) = (path for path in result.runs[-1].files if path.match("snapshots/*.json"))
        self.resumed += 1
        self._count(case, made(out=folder / "two", seed=case.seed + 1, runs=case.again, snapshot=snapshot))
        self._judge(case, config, folder / "two", snapshot)

    def _count(self, case: Case, result: PlanResult) -> None:
        self.series += 1
        self.sequences += len(result.runs)
        self.suspensions += sum(run.counts.suspensions for run in result.runs)
        self.aborted += sum(run.counts.aborted for run in result.runs)
        operations = sum(run.counts.operations for run in result.runs)
        self.operations[case.engine] = self.operations.get(case.engine, 0) + operations

    def _judge(self, case: Case, config: Config, folder: Path, snapshot: Path | None) -> None:
        verdict = verify([folder], config, snapshot=snapshot)
        self.judged += verdict.operations
        if not verdict.legal or verdict.notes:
            self.refusals[case.number] = verdict.text()


def _kind(config: Config, case: Case) -> Any:
    if case.cover is not None:
        covering = Covering(Device(in_grain(config, case.grain)), Goal(case.cover, case.hits))
        return partial(CoverRun, covering=covering)
    if not case.repeats or config.weights.given:
        return None
    return partial(RepeatingRun, chapters=cache(partial(library, Device(config), case.seed, case.ops, case.until)))


def cases(first: int, count: int) -> Iterator[Case]:
    """Cases by number."""
    return (Case.of(number) for number in range(first, first + count))
