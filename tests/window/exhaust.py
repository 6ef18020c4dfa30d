"""All legal sequences of a few operations: by brute force against the judge, and as the solutions of a loose window."""

from __future__ import annotations

import io
import pickle
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from typing import Any

from ortools.sat.python import cp_model

from model.advance import advance
from model.boundary import Boundary
from model.config import Config
from model.device import Device
from model.event import NOTHING, Commands
from model.judge import Judge
from planner.decode import decode
from planner.solve import Budget, Solved, solve_built
from planner.window.build import build
from planner.window.logic import Contradiction
from planner.window.parts import Number, Op
from planner.window.spec import OpSpec, WindowSpec
from planner.window.variables import Window
from tests.rules.table import commands_of, lines_of
from tests.rules.ways import issued
from tests.window.small import payloads

Choice = tuple[int, int, int, int]
"""Start, plane mask, row and page of an operation."""
Sequences = set[tuple[Choice, ...]]
"""What each operation of a multiset was given, in the order in which they are wanted. Of those that are wanted alike
the one that stands first starts first."""


@dataclass(frozen=True)
class Question:
    """In how many ways can a device carry out a multiset of operations, `wanted`, with starts from `floor` to `last`?

    A line of `wanted` says an op_name and its candidates: `Read_SLC plane 0|1|0+1 row 0|1 page 0`. `before` is what
    was issued before, as in the tables of the rules. `drained`: nothing may be open behind them.
    """

    config: Config
    device: Device
    wanted: str
    last: int
    before: str = ""
    floor: int = 0
    drained: bool = False

    @cached_property
    def specs(self) -> tuple[OpSpec, ...]:
        """The operations with all their candidates."""
        said = [line.split() for line in self.wanted.splitlines()]
        return tuple(_wanted(self.device, words) for words in said if words)

    @property
    def history(self) -> Commands:
        """What was issued before."""
        return commands_of(lines_of(self.device, self.before))

    @property
    def boundary(self) -> Boundary:
        """The device at `floor`."""
        fresh = Boundary.fresh(self.device)
        lines = lines_of(self.device, self.before)
        return advance(self.device, fresh, [issued(self.device, line) for line in lines], self.floor)[0]


def _wanted(device: Device, words: Sequence[str]) -> OpSpec:
    said = dict(zip(words[1::2], words[2::2], strict=True))
    masks = tuple(sum(1 << int(plane) for plane in way.split("+")) for way in said.get("plane", "").split("|") if way)
    rows, pages = (tuple(int(way) for way in said.get(key, "").split("|") if way) for key in ("row", "page"))
    name = device.catalogue.name(words[0])
    die = int(said.get("die", "0")) if name.base.has_die else NOTHING
    return OpSpec(name.index, die, masks or (0,), rows, pages)


class Fork:
    """Keeps a judge as bytes, so that any number of histories can go on from it; what never changes is shared."""

    def __init__(self, judge: Judge) -> None:
        account = judge._replay
        self._shared = (account.config, account.geometry, account.exclusions, account.kinds, *account.kinds)
        self._places = {id(thing): place for place, thing in enumerate(self._shared)}

    def keep(self, judge: Judge) -> bytes:
        """The judge as it is."""
        kept = io.BytesIO()
        pickler = pickle.Pickler(kept, pickle.HIGHEST_PROTOCOL)
        pickler.persistent_id = lambda thing: self._places.get(id(thing))  # type: ignore[method-assign]
        pickler.dump(judge)
        return kept.getvalue()

    def again(self, kept: bytes) -> Judge:
        """A judge that knows what the one knew that was kept."""
        unpickler = pickle.Unpickler(io.BytesIO(kept))
        unpickler.persistent_load = self._shared.__getitem__  # type: ignore[method-assign]
        judge: Judge = unpickler.load()
        return judge


class TooManyError(Exception):
    """More beginnings than were to be tried."""


class BruteForce:
    """Tries every operation at every tick with every address behind every legal beginning.

    Findings never go away: what has begun illegally stays illegal.
    """

    def __init__(self, question: Question, most: int | None = None) -> None:
        self._question = question
        self._most = most
        self._ways = [list(ways(question.device, spec)) for spec in question.specs]
        self._taken: list[Choice | None] = [None] * len(question.specs)
        self._first_uid = len(question.history) + 1
        self.tried = 0
        self.legal: Sequences = set()

    def run(self) -> Sequences:
        """All legal sequences. TooManyError: after `most` trials."""
        judge = Judge(self._question.config, replaying=False)
        judge.feed(self._question.history)
        assert judge.report.legal, judge.report.findings
        self._fork = Fork(judge)
        self._go_on(self._fork.keep(judge), self._question.floor)
        return self.legal

    def _go_on(self, kept: bytes, earliest: int) -> None:
        left = [place for place, taken in enumerate(self._taken) if taken is None]
        uid = self._first_uid + len(self._taken) - len(left)
        for place in self._next(left):
            name = self._question.specs[place].name
            for (choice, payload), time in product(self._ways[place], range(earliest, self._question.last + 1)):
                judge = self._fork.again(kept)
                judge.feed(Commands.of([(time, uid, name, *payload)]))
                self.tried += 1
                if judge.report.legal:
                    self._taken[place] = (time, *choice)
                    self._behind(judge, time, len(left) == 1)
                    self._taken[place] = None
        if self._most is not None and self.tried > self._most:
            raise TooManyError

    def _behind(self, judge: Judge, time: int, complete: bool) -> None:
        if not complete:
            self._go_on(self._fork.keep(judge), time + 1)
        elif judge.finish(open_end=not self._question.drained).legal:
            self.legal.add(tuple(choice for choice in self._taken if choice is not None))

    def _next(self, left: Sequence[int]) -> Iterator[int]:
        """What may come next: of the operations that are left, and of those wanted alike the first one."""
        specs = self._question.specs
        return (place for place in left if not any(specs[other] == specs[place] for other in left if other < place))


def ways(device: Device, spec: OpSpec) -> Iterator[tuple[tuple[int, int, int], tuple[int, int, Any]]]:
    """The planes, row and page that an operation can be given, and the die, exp_val and objects that say so."""
    for mask, row, page in product(spec.planes, spec.rows or (NOTHING,), spec.pages or (NOTHING,)):
        rows, pages = () if row == NOTHING else (row,), () if page == NOTHING else (page,)
        for payload in payloads(device, replace(spec, planes=(mask,), rows=rows, pages=pages)):
            yield (mask, row, page), payload


def window_of(question: Question) -> Window:
    """The loose window of a question."""
    specs = question.specs
    spec = WindowSpec(specs, ordered=False, floor=question.floor, ceiling=question.last, drained=question.drained)
    window = build(question.device, question.boundary, spec)
    for late, op in enumerate(window.new):
        for early in range(late):
            if specs[early] == specs[late]:
                window.logic.after(op.start, window.new[early].start, 1)
    return window


class Solutions(cp_model.CpSolverSolutionCallback):
    """The choices of every solution of a window, and how many solutions it has."""

    def __init__(self, window: Window) -> None:
        super().__init__()
        self._floor = window.spec.floor
        self._ops = window.new
        self.found: Sequences = set()
        self.count = 0

    def on_solution_callback(self) -> None:
        """Keeps what the operations were given."""
        self.count += 1
        self.found.add(tuple(self._choice(op) for op in self._ops))

    def _choice(self, op: Op) -> Choice:
        start = self._floor + op.start.off + (0 if op.start.var is None else self.value(op.start.var))
        mask = sum(1 << p for p, lit in enumerate(op.on) if (lit if isinstance(lit, bool) else self.boolean_value(lit)))
        return start, mask, self._number(op.row), self._number(op.page)

    def _number(self, value: Number) -> int:
        return value if isinstance(value, int) else self.value(value)


def solutions(question: Question) -> tuple[Sequences, int]:
    """All ways that the loose window knows, and how many solutions it has for them."""
    try:
        window = window_of(question)
    except Contradiction:
        return set(), 0
    solver = cp_model.CpSolver()
    solver.parameters.catch_sigint_signal = False
    solver.parameters.enumerate_all_solutions = True
    solver.parameters.num_workers = 1
    solutions = Solutions(window)
    status = solver.solve(window.logic.cp, solutions)
    assert status in (cp_model.OPTIMAL, cp_model.INFEASIBLE), solver.status_name(status)
    return solutions.found, solutions.count


def one_solution(question: Question) -> Commands:
    """The operations of a solution, decoded."""
    outcome = solve_built(window_of(question), Budget(conflicts=100_000))
    assert isinstance(outcome, Solved)
    return decode(outcome).chunk.commands
