"""States that cannot be left: no operation, and no waiting, leads from them to a die with nothing open."""

from __future__ import annotations

from functools import partial

from model.plane_rules import NONE, State
from planner.checking.cores import Way, core
from planner.checking.finding import Notes
from planner.checking.ground import Ground
from planner.checking.paths import Graph, way_out

MOST_FINDINGS = 12


def check_traps(ground: Ground, graph: Graph, notes: Notes) -> None:
    """Notes the states that can be reached and never be left, and those that only a RESET leads out of."""
    never = graph.stuck(resetting=True)
    told = _note(ground, graph, notes, never, "trap", ())
    _note(ground, graph, notes, graph.stuck(resetting=False) - never, "reset-only", told)


def _note(
    ground: Ground, graph: Graph, notes: Notes, stuck: set[State], id: str, told: tuple[int, ...]
) -> tuple[int, ...]:
    """One finding per base that leads into such states, the shortest history first."""
    entries: dict[int, State] = {}
    for state, came in graph.came.items():
        if state in stuck and came is not None and came[0] not in stuck:
            entries.setdefault(_culprit(state, came), state)
    kept = [base for base in entries if base not in told][:MOST_FINDINGS]
    resetting = id == "trap"
    for base in kept:
        state = entries[base]
        rules = core(graph, partial(_out, graph, state, resetting))
        if rules is None:
            continue  # the two routes do not agree: nothing is claimed
        name = graph.device.catalogue.bases[base].name
        way = graph.words(graph.history(state))
        out = "nothing leads" if resetting else "only a RESET leads"
        said = f"after {way}: {_open(graph, state)}; {out} to a die with nothing open again"
        cost = f"no plan with {name} can be finished" + ("" if resetting else " without a RESET")
        notes.add(id, ground.at("op_bases", name), said, cost, rules=rules)
    return tuple(kept)


def _out(graph: Graph, state: State, resetting: bool, rules: tuple[str, ...]) -> Way | None:
    return way_out(graph, rules, state, resetting=resetting)


def _culprit(state: State, came: tuple[State, int]) -> int:
    """The base to blame for the step into a state: the one issued, or whose end it is."""
    if came[1] != NONE:
        return came[1]
    return came[0].run if came[0].run != NONE else state.run


def _open(graph: Graph, state: State) -> str:
    """What is open in a state, in words."""
    names = graph.device.catalogue.bases
    victims = (("an erase", state.erase), ("a program", state.program))
    parts = [
        f"{names[base].name} is suspended" if base >= 0 else f"{what} is suspended on another plane"
        for what, base in victims
        if base != NONE
    ]
    if state.step != NONE:
        parts.append(f"the one-shot chain is open at {names[state.step].name}")
    if state.reading != NONE:
        parts.append(f"{names[state.reading].name} is not ended")
    if state.data_waits or state.cache_waits:
        parts.append("read data are not delivered")
    if state.caching or state.cached:
        parts.append("a cache program is not closed")
    if state.odt:
        parts.append("ODT is disabled")
    return " and ".join(parts) or "an operation runs"
