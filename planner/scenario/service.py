"""A scenario file -> its answer; where it is yes, judged and with all files written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from model.boundary import Boundary
from model.config import Config
from model.device import Device
from model.judge import Judge
from planner.errors import JudgeRefused, UnusableInput
from planner.export.snapshot import Snapshot, load_snapshot
from planner.export.writer import RunWriter
from planner.scenario.answer import Answer, Fulfilled, NotFound, Yes
from planner.scenario.expand import Hopeless
from planner.scenario.explaining import Explainer, hopeless
from planner.scenario.language import BEGIN, FINISH, Distance, PointRef, Quiet, Scenario
from planner.scenario.parse import parse
from planner.scenario.plans import Clock
from planner.scenario.runner import Solution
from planner.scenario.solving import attempt, shortest

DEFAULT_LIMIT = 60.0
"""Seconds that an answer may take."""


@dataclass(frozen=True, slots=True)
class Job:
    """Where a scenario goes on from, where its files go, and how long it may take."""

    out: Path | None
    date: str
    snapshot: Path | None = None
    limit: float | None = DEFAULT_LIMIT


def solve_scenario(path: Path, config: Config, job: Job) -> Answer:
    """The answer to a scenario file. UnusableInput, UnusableOutput, JudgeRefused."""
    device = Device(config)
    scenario = parse(path, device)
    start = None if job.snapshot is None else load_snapshot(job.snapshot, config)
    boundary = Boundary.fresh(device) if start is None else start.boundary
    _require_idle(boundary, job.snapshot)
    return answer(scenario, config, device, boundary, job, start)


def answer(
    scenario: Scenario, config: Config, device: Device, boundary: Boundary, job: Job, start: Snapshot | None = None
) -> Answer:
    """The answer to a scenario from a boundary on."""
    clock = Clock(job.limit)
    try:
        solution, why = attempt(device, scenario, boundary, clock)
        if solution is None:
            return Explainer(device, scenario, boundary, clock).answer(why)
        if scenario.minimize == "time" and solution.plan is not None:
            solution.bound = shortest(device, scenario, solution.plan, clock) or 0
    except Hopeless as error:
        return hopeless(config, error)
    return _written(scenario, config, boundary, solution, job, start)


def _require_idle(boundary: Boundary, path: Path | None) -> None:
    """A scenario begins on a device where nothing is open."""
    for number, die in enumerate(boundary.dies):
        undelivered = any(
            register is not None and not register.delivered
            for plane in die.planes
            for register in (plane.data, plane.cache)
        )
        opened = die.suspended or die.shot or die.cache_program or any(plane.cache_read for plane in die.planes)
        if undelivered or opened or boundary.odt_disabled:
            raise UnusableInput(
                f"{path}: something is open on die {number} (suspended, undelivered, or a chain); "
                "allowed: a snapshot of a drained run"
            )


def _written(
    scenario: Scenario, config: Config, boundary: Boundary, solution: Solution, job: Job, start: Snapshot | None
) -> Yes:
    """Judges a solution and writes it. JudgeRefused: the judge does not accept it, which is an error of ours."""
    judge = Judge(config) if start is None else Judge(config, start.document, start.blocks)
    for chunk in solution.chunks:
        judge.feed(chunk.commands)
        judge.settled()
    report = judge.finish(open_end=config.policies.carry_over)
    if not report.legal:
        finding = report.findings[0]
        raise JudgeRefused(
            f"the judge refuses what answers {scenario.file}: [{finding.rule}] {finding.message}", digest=config.digest
        )
    lengths = [one.end - one.begin for one in solution.repetitions]
    yes = Yes(
        fulfilled=tuple(fulfilled(scenario, solution)),
        operations=solution.operations,
        added=solution.added,
        repetitions=len(solution.repetitions),
        length=max(lengths),
        bound=solution.bound or None,
    )
    if job.out is None:
        return yes
    run = 1 if start is None else start.run + 1
    with RunWriter(
        config, job.out, run=run, date=job.date, seed=0, start=None if start is None else boundary
    ) as writer:
        for chunk in solution.chunks:
            writer.write(chunk)
        verdict = {"legal": report.legal, "operations": report.operations, "violations": report.violations}
        page = {"scenario": scenario.title, "fulfilled": [_plain(one) for one in yes.fulfilled]}
        files = writer.commit(solution.boundary, sections={"verdict": verdict, "scenario": page})
    return replace(yes, files=files)


def _plain(one: Fulfilled) -> dict[str, object]:
    return {"words": one.words, "where": one.where, "op_uids": [list(uids) for uids in one.op_uids]}


def fulfilled(scenario: Scenario, solution: Solution) -> list[Fulfilled]:
    """Each thing that the user said, with the operations that fulfil it."""
    said: list[Fulfilled] = []
    for one in scenario.wanted:
        parts = [
            key
            for key in one.keys
            for key in [
                key,
                *(f"{key}.{what}.{i}" for i in range(1, len(one.cuts) + 1) for what in ("suspend", "resume")),
            ]
        ]
        said.append(Fulfilled(one.place.words, str(one.place), _uids(solution, parts)))
    for statement in scenario.statements:
        keys: Sequence[str] = ()
        if isinstance(statement, Distance | Quiet):
            keys = _keys(statement.start, statement.to)
        said.append(Fulfilled(statement.place.words, str(statement.place), _uids(solution, keys)))
    return said


def _keys(*points: PointRef) -> list[str]:
    return [point.act for point in points if point.act not in (BEGIN, FINISH)]


def _uids(solution: Solution, keys: Sequence[str]) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(sorted({r.uids[key] for key in keys if key in r.uids})) for r in solution.repetitions)


__all__ = ["DEFAULT_LIMIT", "Job", "NotFound", "answer", "solve_scenario"]
