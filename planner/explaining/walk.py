"""The search for the shortest ways: A* over states of the machine, blocks and history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from heapq import heappop, heappush

from model.chains import SUSPENDS, Kind
from model.plane_rules import NONE, State
from planner.explaining.routes import ERASED, FAR, WRITTEN, Goal, Routes, Spot, Step
from planner.explaining.stock import NO_WORK, Node, Work
from planner.targets.possible import takes

MOST_NODES = 30_000
"""Nodes that a search visits at most."""


@dataclass(frozen=True, slots=True)
class Search:
    """What a search may do. `history`: bases and celltypes (NONE: any) that come directly before the goal, in order."""

    goal: Goal
    history: tuple[tuple[int, int], ...] = ()
    most_nodes: int = MOST_NODES
    slack: int = 2


@dataclass
class Walk:
    """One search: its ways are found by `ways`."""

    routes: Routes
    search: Search
    came: dict[tuple[Node, int], tuple[tuple[Node, int], Step | None] | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        goal = self.search.goal
        pinned = {goal.celltype, *(goal.hosts or ()), *(c for _, c in self.search.history if c != NONE)}
        self.kin = self.routes.kin(pinned - {0})
        self.pins_host = goal.hosts is not None
        routes = self.routes
        first, key = (self.search.history[0][0], None) if self.search.history else (goal.base, goal.key)
        self.least = routes.distances(key, first)
        self.makers: list[tuple[Mapping[Spot, int], int]] = []
        if not self.search.history:
            self.makers = [(routes.distances(None, b), routes.tail(goal, b) + 1) for b in routes.makers(goal)]

    def _bound(self, node: Node, place: int) -> int:
        """The operations that it takes at least from a node to the goal."""
        history = len(self.search.history)
        if place:
            return history - place
        least = self.least.get((node.state, self._blocks(node)), FAR) + history
        if not self.makers or least >= FAR or self._made(node):
            return least
        spot = node.state, self._blocks(node, self.search.goal.celltype)
        return max(least, min(far.get(spot, FAR) + tail for far, tail in self.makers))

    def _blocks(self, node: Node, celltype: int = 0) -> int:
        """Whether there are erased blocks (for a celltype) and written ones."""
        written = WRITTEN if any(row.written for row in node.rows) else 0
        erased = (row.erased for row in node.rows if row.erased >= 0)
        return written | (ERASED if any(not celltype or takes(self.routes.device, e, celltype) for e in erased) else 0)

    def _made(self, node: Node) -> bool:
        """Whether a block is, or is about to be, what the goal needs."""
        goal, routes = self.search.goal, self.routes
        device = routes.device
        under_way = (node.run, *node.suspended) if node.state.run != NONE else node.suspended
        if routes.needs[goal.base] == ERASED:
            erases = [work.celltype for work in under_way if routes.kinds[work.base] is Kind.ERASE]
            return any(takes(device, c, goal.celltype) for c in (*erases, *(r.erased for r in node.rows)) if c >= 0)
        return any(row.written == goal.celltype for row in node.rows) or any(
            device.advances[work.base] and work.celltype == goal.celltype for work in under_way
        )

    def ways(self) -> Iterator[tuple[Step, ...]]:
        """Ways to the goal, its operation included, shortest first; none longer than the first and `slack`."""
        first = (Node(), 0)
        self.came[first] = None
        queue: list[tuple[int, int, int]] = [(self._bound(*first), 0, 0)]
        nodes, costs = [first], {first: 0}
        done: set[tuple[Node, int]] = set()
        shortest = FAR
        while queue and len(done) < self.search.most_nodes:
            least, _, number = heappop(queue)
            at = nodes[number]
            if at in done or least >= FAR or least > shortest + self.search.slack:
                continue
            done.add(at)
            cost = costs[at]
            for row in self._reached(at):
                shortest = min(shortest, cost)
                goal = self.search.goal
                yield (*self._traced(at), Step(Work(goal.base, goal.celltype, row), at[0].state))
            for step, after in self._following(at):
                much = cost + (step is not None)
                if after not in done and much < costs.get(after, FAR):
                    bound = self._bound(*after)
                    if bound >= FAR:
                        continue
                    costs[after] = much
                    self.came[after] = (at, step)
                    nodes.append(after)
                    heappush(queue, (much + bound, -much, len(nodes) - 1))

    def _reached(self, at: tuple[Node, int]) -> Iterator[int]:
        """The rows with which the goal's operation can be issued in a node; none where it cannot."""
        (node, place), goal, machine = at, self.search.goal, self.routes.machine
        if place < len(self.search.history) or not machine.allowed(node.state) >> goal.base & 1:
            return
        if goal.key is not None and machine.key(node.state) != goal.key:
            return
        if goal.hosts is not None and node.run.celltype not in goal.hosts:
            return
        if self.routes.kinds[goal.base] in SUSPENDS and node.state.run == NONE:
            return
        yield from self.routes.stock.rows_for(node, goal.base, goal.celltype)

    def _following(self, at: tuple[Node, int]) -> Iterator[tuple[Step | None, tuple[Node, int]]]:
        node, place = at
        stock, state = self.routes.stock, node.state
        history = self.search.history
        due = history[place] if place < len(history) else None
        for base, after in self.routes.moves(state):
            if base == NONE:
                passed = stock.passed(node, after)
                if passed is not None:
                    yield None, (self._plain(passed), place)
                continue
            if place == 0 or (due is not None and due[0] == base):
                for celltype in self.kin.get(base, ()):
                    yield from self._issued(at, base, celltype, after, due)
        fed = self.routes.fed(state) if place == 0 else None
        if fed is not None:
            yield from self._fed(at, fed)

    def _issued(
        self, at: tuple[Node, int], base: int, celltype: int, after: State, due: tuple[int, int] | None
    ) -> Iterator[tuple[Step | None, tuple[Node, int]]]:
        node, place = at
        stock = self.routes.stock
        for row in stock.rows_for(node, base, celltype):
            work = Work(base, celltype, row)
            following = self._plain(stock.issued(node, work, after))
            step = Step(work, node.state)
            if due is not None and due[0] == base and due[1] in (NONE, celltype):
                yield step, (following, place + 1)
            if place == 0 and following != node:
                yield step, (following, 0)

    def _fed(self, at: tuple[Node, int], fed: State) -> Iterator[tuple[Step | None, tuple[Node, int]]]:
        node, place = at
        routes = self.routes
        for base, celltypes in self.kin.items():
            if not routes.copies >> base & 1:
                continue
            for celltype in celltypes:
                for row in routes.stock.rows_for(node, base, celltype):
                    work = Work(base, celltype, row)
                    yield Step(work, node.state, True), (routes.stock.fed_beside(node, work, fed), place)

    def _plain(self, node: Node) -> Node:
        """The node without what can no more make a difference."""
        if node.state.run == NONE and node.run != NO_WORK:
            kept = Work(node.run.base, node.run.celltype) if self.pins_host else NO_WORK
            return node._replace(run=kept)
        return node

    def _traced(self, at: tuple[Node, int]) -> tuple[Step, ...]:
        steps: list[Step] = []
        came = self.came[at]
        while came is not None:
            if came[1] is not None:
                steps.append(came[1])
            came = self.came[came[0]]
        return tuple(reversed(steps))
