"""Which rules forbid something: a small set of rules under which it stays out of reach.

The set grows: what a search with the rules so far still does is compared with every other rule, and one that forbids
a step of it is added, until nothing is left; then rules that are not needed are taken out again. So the answer rests on
searches with only the rules that it names, none of which is the search that found the thing to be out of reach.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from model.plane_rules import NONE, RULES, State
from model.search import Machine
from planner.checking.paths import Graph, TooLargeError

Way = list[tuple[State, int]]
"""Steps: a state, and the base issued in it (NONE: time passes)."""

Witness = Callable[[tuple[str, ...]], Way | None]
"""How the forbidden thing is done under some rules; None where it cannot be. TooLargeError: not to be found out."""

_NARROWING = ("suspend-state", "plane-busy", "op-state")
"""Rules without which there are most states: tried first where nothing else tells."""


def core(graph: Graph, witness: Witness) -> tuple[str, ...] | None:
    """An irreducible set of rules under which there is no witness; None where even all rules leave one.

    Where searches grow too large or too many, it may hold rules that are not needed.
    """
    rules: frozenset[str] = frozenset()
    while not _without_witness(witness, rules):
        added = _added(graph, witness, rules)
        if added is None:
            return None
        rules |= {added}
    for rule in _in_order(rules):
        if not graph.spent and _without_witness(witness, rules - {rule}):
            rules -= {rule}
    return _in_order(rules)


def _in_order(rules: Collection[str]) -> tuple[str, ...]:
    return tuple(rule for rule in RULES if rule in rules)


def _without_witness(witness: Witness, rules: Collection[str]) -> bool:
    try:
        return witness(_in_order(rules)) is None
    except TooLargeError:
        return False


def _added(graph: Graph, witness: Witness, rules: Collection[str]) -> str | None:
    """The next rule: one that forbids what a search does so far, or one that makes it smaller."""
    try:
        way = witness(_in_order(rules)) or []
    except TooLargeError:
        way = []
    return _forbidding(graph, way, rules)


def _forbidding(graph: Graph, way: Way, rules: Collection[str]) -> str | None:
    """A further rule that forbids a step of a way, the latest step first; any further rule where none does."""
    others = [rule for rule in (*_NARROWING, *RULES) if rule not in rules]
    for state, base in reversed(way):
        for rule in RULES if base != NONE else ():
            if rule not in rules and not _alone(graph, rule).allowed(state) >> base & 1:
                return rule
    return others[0] if others else None


def _alone(graph: Graph, rule: str) -> Machine:
    if rule not in graph.alone:
        graph.alone[rule] = Machine(graph.device, (rule,))
    return graph.alone[rule]
