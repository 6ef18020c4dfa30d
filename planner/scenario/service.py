"""A scenario file -> its answer; where it is yes, judged and with all files written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from model.boundary import Boundary
from model.config import Config
from model.device import Device
from model.judge import Judge
from planner.errors import JudgeRefused, UnusableInput
from planner.export.files import RunFiles
from planner.export.snapshot import Snapshot, load_snapshot
from planner.export.writer import RunWriter
from planner.scenario.advice import advice_on
from planner.scenario.answer import Answer, Fulfilled, NotFound, Yes
from planner.scenario.bounds import least_time
from planner.scenario.expand import Hopeless
from planner.scenario.explaining import Explainer, hopeless
from planner.scenario.fewest import fewest
from planner.scenario.fulfilment import unfulfilled
from planner.scenario.kept import Kept, of_sequence, text_of
from planner.scenario.kept_service import answer_kept
from planner.scenario.language import BEGIN, FINISH, Distance, PointRef, Quiet, Scenario
from planner.scenario.parse import parse_any
from planner.scenario.plans import Clock, TimeUp, plans
from planner.scenario.runner import Solution
from planner.scenario.solving import attempt
from planner.scenario.unprepared import unprepared
from planner.scenario.ways import too_many

DEFAULT_LIMIT = 60.0
"""Seconds that an answer may take."""


@dataclass(frozen=True, slots=True)
class Job:
    """Where a scenario goes on from, where its files go, and how long it may take."""

    out: Path | None
    date: str
    snapshot: Path | None = None
    limit: float | None = DEFAULT_LIMIT
    told: Callable[[int], None] = lambda done: None


def solve_scenario(path: Path, config: Config, job: Job) -> Answer:
    """The answer to a scenario file. UnusableInput, UnusableOutput, JudgeRefused."""
    device = Device(config)
    scenario = parse_any(path, device)
    start = None if job.snapshot is None else load_snapshot(job.snapshot, config)
    boundary = Boundary.fresh(device) if start is None else start.boundary
    if isinstance(scenario, Kept):
        return _kept(scenario, config, boundary, job, start)
    _require_idle(boundary, job.snapshot)
    return answer(scenario, config, device, boundary, job, start)


def solve_sequence(path: Path, config: Config, job: Job, write: Path | None = None) -> Answer:
    """The answer to the scenario that keeps a sequence; `write`: where that scenario goes, too.

    model.sequence.UnusableInput, UnusableInput, UnusableOutput.
    """
    start = None if job.snapshot is None else load_snapshot(job.snapshot, config)
    boundary = Boundary.fresh(Device(config)) if start is None else start.boundary
    kept = of_sequence(path, config, boundary.next_op_uid)
    if write is not None:
        files = RunFiles(write.parent)
        files.create(write.name)
        files.write(write.name, text_of(kept, config))
        files.publish()
    return _kept(kept, config, boundary, job, start)


def _kept(kept: Kept, config: Config, boundary: Boundary, job: Job, start: Snapshot | None) -> Answer:
    return answer_kept(kept, config, boundary, start, out=job.out, date=job.date, limit=job.limit, told=job.told)


def answer(
    scenario: Scenario, config: Config, device: Device, boundary: Boundary, job: Job, start: Snapshot | None = None
) -> Answer:
    """The answer to a scenario from a boundary on."""
    clock = Clock(job.limit)
    try:
        found = _found(scenario, config, device, boundary, clock)
    except TimeUp:
        advice = ("raise --time-limit", *advice_on(scenario))
        return NotFound("the time limit came first", least_time(device, scenario), advice)
    if isinstance(found, Solution):
        return _written(scenario, config, device, boundary, found, job, start)
    return found


def _found(scenario: Scenario, config: Config, device: Device, boundary: Boundary, clock: Clock) -> Solution | Answer:
    try:
        look = fewest if scenario.minimize == "operations" else attempt
        solution, why = look(device, scenario, boundary, clock)
        if solution is None:
            against = [unprepared(device, boundary, scenario, plan) for plan in plans(device, scenario)]
            if against and all(against) and not too_many(device, scenario):
                return hopeless(config, against[0] or Hopeless("", "", None))
            return Explainer(device, scenario, boundary, clock).answer(why)
        if scenario.minimize == "time":
            solution.bound = least_time(device, scenario, clock) or 0
        return solution
    except Hopeless as error:
        return hopeless(config, error)


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
    scenario: Scenario,
    config: Config,
    device: Device,
    boundary: Boundary,
    solution: Solution,
    job: Job,
    start: Snapshot | None,
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
    wrong = unfulfilled(scenario, device, solution)
    if wrong:
        raise JudgeRefused(f"what answers {scenario.file} does not do what it says: {wrong[0]}", digest=config.digest)
    yes = _yes(scenario, solution)
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


def _yes(scenario: Scenario, solution: Solution) -> Yes:
    return Yes(
        fulfilled=tuple(fulfilled(scenario, solution)),
        operations=solution.operations,
        added=solution.added,
        repetitions=len(solution.repetitions),
        length=max(one.end - one.begin for one in solution.repetitions),
        bound=solution.bound or None,
        least=solution.least or None,
    )


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
