"""Carrying a scenario out: preparations, then a window in the order that was proposed, repetition after repetition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from model.advance import run_out
from model.boundary import Boundary
from model.device import Device
from model.event import Chunk, Commands
from planner.decode import Decoded, decode
from planner.scenario.acts import Act
from planner.scenario.addresses import assign
from planner.scenario.blocks import Layout, NotPlanned, Uses
from planner.scenario.labels import STRUCTURE
from planner.scenario.language import Scenario
from planner.scenario.layout import specs
from planner.scenario.plans import Clock, Plan, horizon_of
from planner.scenario.prepare import Preparer
from planner.scenario.saying import say
from planner.solve import Budget, Solved, solve_built
from planner.window import statements
from planner.window.build import build
from planner.window.logic import Contradiction, Linear, Logic, Point
from planner.window.spec import OpSpec, WindowSpec
from planner.window.statements import Effort, Stay, linear

ROOM = 20_000
"""Us of slack beside what preparations need."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """An order of the acts, and the offsets of the suspends in their pieces."""

    ordered: tuple[Act, ...]
    offsets: Mapping[str, int]


@dataclass(slots=True)
class Repetition:
    """What one repetition came to: the op_uids of its acts, its beginning and end (ticks)."""

    uids: dict[str, int]
    begin: int
    end: int


@dataclass(slots=True)
class Solution:
    """A whole run: its chunks, what each repetition came to, and the device after it."""

    chunks: list[Chunk] = field(default_factory=list)
    repetitions: list[Repetition] = field(default_factory=list)
    boundary: Boundary | None = None
    plan: Plan | None = None
    bound: int = 0
    least: int = 0
    operations: int = 0
    added: int = 0


class Runner:
    """Carries a scenario out from a boundary on."""

    def __init__(self, device: Device, scenario: Scenario, boundary: Boundary, clock: Clock) -> None:
        self._device = device
        self._scenario = scenario
        self._clock = clock
        self.solution = Solution(boundary=boundary)
        self._boundary = boundary
        self._uses = Uses()
        self.why = ""

    def run(self, plan: Plan, proposal: Proposal) -> bool:
        """All repetitions; False where one cannot be carried out in this order (`why` says more)."""
        for _ in range(self._scenario.repeat):
            self._clock.check()
            if not self._repeat(plan, proposal):
                return False
        self._settle()
        self.solution.plan = plan
        self.solution.boundary = self._boundary
        return True

    def _repeat(self, plan: Plan, proposal: Proposal) -> bool:
        kept = replace(self.solution, chunks=list(self.solution.chunks))
        boundary = self._boundary
        for layout in self._layouts(plan, proposal):
            if self._laid_out(plan, proposal, layout):
                return True
            self._boundary = boundary
            self.solution = replace(kept, chunks=list(kept.chunks))
        return False

    def _layouts(self, plan: Plan, proposal: Proposal) -> list[Layout | None]:
        """Ways to share blocks, the cheapest first; where operations are not counted there is one way."""
        if self._scenario.minimize != "operations":
            return [None]
        from planner.scenario.fewest import layouts  # noqa: PLC0415 - it carries plans out by this

        found = layouts(self._device, self._boundary, plan, proposal.ordered, self._uses)
        return [layout for _, layout in found] or [None]

    def _laid_out(self, plan: Plan, proposal: Proposal, layout: Layout | None) -> bool:
        try:
            needs = assign(self._device, self._boundary, proposal.ordered, self._uses, layout)
            for ops in Preparer(self._device, plan.banned, short=layout is not None).windows(needs):
                if not self._prepare(ops):
                    self.why = "the preparation of its blocks does not fit"
                    return False
        except NotPlanned as error:
            self.why = str(error)
            return False
        self._settle()
        return self._act(plan, proposal)

    def _prepare(self, ops: tuple[OpSpec, ...]) -> bool:
        catalogue = self._device.catalogue
        room = sum(catalogue.names[op.name].length for op in ops) + ROOM * self._device.clock.ticks_per_us
        floor = self._boundary.time
        running = [live.end for die in self._boundary.dies for live in die.running]
        ceiling = max([floor, *running]) + room
        try:
            window = build(self._device, self._boundary, WindowSpec(ops, True, floor, ceiling))
        except Contradiction as broken:
            self.why = str(broken)
            return False
        outcome = solve_built(window, Budget())
        if not isinstance(outcome, Solved):
            return False
        self._keep(decode(outcome), {})
        self.solution.added += len(ops)
        return True

    def _act(self, plan: Plan, proposal: Proposal) -> bool:
        floor = self._boundary.time
        ceiling = floor + horizon_of(self._scenario, plan.acts)
        ops = specs(proposal.ordered, proposal.offsets)
        carry = self._device.policies.carry_over
        try:
            window = build(self._device, self._boundary, WindowSpec(ops, True, floor, ceiling, drained=not carry))
            stays = dict(zip((act.key for act in proposal.ordered), statements.stays(window), strict=True))
            goal = self._said(plan, window.logic, stays)
        except Contradiction as broken:
            self.why = f"[{broken.rule}] {broken}"
            return False
        found = self._search(window.logic, [stay.start for stay in stays.values()], goal)
        if not found.values:
            self.why = "no times fit this order" if found.impossible else "the search came to its limit"
            return False
        solved = Solved(window, found.values)
        self._keep(decode(solved), self._numbered(solved, proposal.ordered), solved)
        self.solution.added += sum(act.wanted is None for act in plan.acts)
        return True

    def _search(self, logic: Logic, starts: Sequence[Point], goal: Linear) -> statements.Found:
        """The left-justified schedule; a better one where time is to be minimized; any where there is neither."""
        clock = self._clock
        found = clock.search(logic, Effort(3_000), presolve=False, starts=starts)
        if found.impossible or (found.values and self._scenario.minimize != "time"):
            return found
        better = clock.search(logic, Effort(1_500), minimize=goal)
        if better.values or found.values:
            return better if better.values else found
        return clock.search(logic, Effort(10_000))

    def _said(self, plan: Plan, logic: Logic, stays: dict[str, Stay]) -> Linear:
        logic.rule = STRUCTURE
        wanted = [stays[act.key] for act in plan.acts if act.wanted is not None]
        latest = 4 * logic.horizon
        begin = statements.first_start(logic, wanted, latest)
        finish = statements.last_end(logic, list(stays.values()), latest)
        say(logic, self._scenario, plan.acts, stays, (begin, finish), lambda number: 0)
        return 2 * linear(finish) - linear(begin)

    def _numbered(self, solved: Solved, ordered: Sequence[Act]) -> dict[str, int]:
        """The op_uid of each act: operations are numbered in order of start."""
        new = solved.window.new
        timed = sorted(new, key=lambda op: (solved.time(op.start), op.die, op.mask or 0, op.pos))
        return {ordered[op.index].key: uid for uid, op in enumerate(timed, self._boundary.next_op_uid)}

    def _keep(self, decoded: Decoded, uids: dict[str, int], solved: Solved | None = None) -> None:
        self._boundary = decoded.boundary
        self.solution.chunks.append(decoded.chunk)
        self.solution.operations += len(decoded.chunk.commands)
        if solved is not None:
            starts = [solved.time(op.start) for op in solved.window.new]
            ends = [solved.time(op.end) if op.end is not None else 0 for op in solved.window.new]
            self.solution.repetitions.append(Repetition(uids, min(starts), max(ends)))

    def _settle(self) -> None:
        """Lets what runs come to its end."""
        nothing = np.zeros(0, dtype=np.int64)
        after, spans = run_out(self._device, self._boundary)
        if after is not self._boundary:
            self._boundary = after
            self.solution.chunks.append(Chunk(Commands.of([]), spans, after.horizon(), nothing, nothing))
