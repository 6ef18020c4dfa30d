"""A fluent whose next value depends on the one before: a small automaton that the operations of a die drive."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from planner.window.logic import Lit, negated
from planner.window.parts import Event, Op
from planner.window.spec import Moment
from planner.window.variables import Window

State = TypeVar("State", bound=Hashable)


class Fluent(Generic[State]):
    """The possible states before each operation, each with its literal; one state, True, where all is known.

    `step(op, state)` is the state after the start of `op`; `applies(op)` tells whether the operation touches it.
    """

    def __init__(
        self,
        window: Window,
        ops: list[Op],
        initial: State,
        step: Callable[[Op, State], State],
        applies: Callable[[Op], Lit],
    ) -> None:
        self._window = window
        self._step = step
        self._applies = applies
        self._before: dict[int, list[tuple[State, Lit]]] = {}
        self.final: list[tuple[State, Lit]] = []
        if window.ordered:
            self._fold(ops, initial)
        else:
            self._link(ops, initial)

    def before(self, op: Op) -> list[tuple[State, Lit]]:
        """The possible states just before the start of `op`."""
        return self._before[op.pos]

    def _fold(self, ops: list[Op], initial: State) -> None:
        current: list[tuple[State, Lit]] = [(initial, True)]
        logic = self._window.logic
        for op in ops:
            self._before[op.pos] = current
            applies = self._applies(op)
            if applies is False:
                continue
            after: dict[State, list[Lit]] = {}
            for state, lit in current:
                after.setdefault(self._step(op, state), []).append(logic.all_of(lit, applies))
                if applies is not True:
                    after.setdefault(state, []).append(logic.all_of(lit, negated(applies)))
            current = [(state, logic.any_of(*lits) if len(lits) > 1 else lits[0]) for state, lits in after.items()]
        self.final = current

    def _link(self, ops: list[Op], initial: State) -> None:
        touching = [op for op in ops if self._applies(op) is not False and op.new]
        states = self._closure(touching, initial)
        logic = self._window.logic
        after: dict[int, dict[State, Lit]] = {}
        for op in ops:
            if op.new:
                before = {state: logic.boolean() for state in states}
                logic.cp.add_exactly_one(before.values())
                self._before[op.pos] = list(before.items())
        for op in touching:
            reached: dict[State, list[Lit]] = {}
            for state, lit in self._before[op.pos]:
                reached.setdefault(self._step(op, state), []).append(lit)
            after[op.pos] = {state: logic.any_of(*lits) for state, lits in reached.items()}
        events = [Event(None, Moment.START, None)]
        events += [Event(op, Moment.START, op, self._applies(op)) for op in touching]
        for op in ops:
            if op.new:
                self._follow(op, events, after, initial)
        self.final = self._at_end(touching, after, initial)

    def _follow(self, op: Op, events: list[Event], after: dict[int, dict[State, Lit]], initial: State) -> None:
        logic = self._window.logic
        before = dict(self._before[op.pos])
        for event, lit in self._window.latest(op, events):
            reached: dict[State, Lit] = {initial: True} if event.value is None else after[event.value.pos]
            for state, there in reached.items():
                logic.deny(lit, there, negated(before[state]))

    def _closure(self, ops: list[Op], initial: State) -> list[State]:
        states = {initial: None}
        pending = [initial]
        while pending:
            state = pending.pop()
            for op in ops:
                reached = self._step(op, state)
                if reached not in states:
                    states[reached] = None
                    pending.append(reached)
        return list(states)

    def _at_end(self, ops: list[Op], after: dict[int, dict[State, Lit]], initial: State) -> list[tuple[State, Lit]]:
        """The states after the last operation that touches the fluent."""
        logic = self._window.logic
        final: list[tuple[State, Lit]] = []
        none = logic.all_of(*[negated(self._applies(op)) for op in ops])
        if none is not False:
            final.append((initial, none))
        for op in ops:
            others = [other for other in ops if other is not op]
            last = [negated(logic.all_of(self._applies(o), negated(logic.at_most(o.start, op.start)))) for o in others]
            for state, there in after[op.pos].items():
                final.append((state, logic.all_of(self._applies(op), there, *last)))
        return final
