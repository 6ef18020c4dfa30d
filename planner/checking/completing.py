"""Chains that cannot be completed: the abstract machine, walked step by step along each chain."""

from __future__ import annotations

from collections.abc import Mapping

from model.chains import (
    CACHE_ENDS,
    CACHE_READS,
    CLOSES_CACHE_PROGRAM,
    DIRECT_READS,
    KEEPS_REGISTERS,
    STEPS,
    TAKES_COPYBACK,
    Kind,
)
from model.device import Device
from model.plane_rules import NONE, State
from planner.checking.cores import Way, core
from planner.checking.follows import step_node
from planner.checking.ground import Ground
from planner.checking.paths import Graph

_PARTS = STEPS | TAKES_COPYBACK | CACHE_READS | CACHE_ENDS | CLOSES_CACHE_PROGRAM | {Kind.CACHE_PROGRAM, Kind.RESET}
"""What would make another chain of the one that is walked."""


def check_chains(ground: Ground, graph: Graph, never: Mapping[int, tuple[str, ...]]) -> None:
    """Notes every chain of a sequence that can begin and never be completed, with the rules that stop it.

    `never`: the bases that are never issued at all, with the rules that forbid them.
    """
    index = graph.device.catalogue.base_index
    ever = graph.ever
    for base in ground.config.bases:
        for key, weight in (base.sequence.probs if base.sequence else {}).items():
            chain = ground.config.sequences.get(key)
            steps = [step.base for step in chain.steps] if chain is not None else [key]
            if not weight or not ever >> index[base.name] & 1 or any(step not in index for step in steps):
                continue
            if any(not graph.device.catalogue.base(step).names for step in steps):
                continue  # a step without op_names is told of elsewhere
            places = [index[step] for step in steps]
            reached, _ = furthest(graph, index[base.name], places)
            if reached < len(places):
                walked = (index[base.name], places, reached)
                rules = never.get(places[reached]) or _rules(graph, *walked)
                if rules is not None:
                    _blame(ground, graph, key, walked, rules)


def furthest(graph: Graph, head: int, steps: list[int]) -> tuple[int, Way]:
    """How many steps of a chain that begins with `head` can be issued one after the other, and the shortest way."""
    between = _between(graph.device, head, steps)
    came: dict[tuple[State, int], tuple[tuple[State, int], int] | None] = {}
    pending: list[tuple[State, int]] = []

    def come(after: tuple[State, int], step: tuple[tuple[State, int], int] | None) -> None:
        if after not in came:
            came[after] = step
            pending.append(after)

    for edges in graph.edges.values():
        for base, after in edges:
            if base == head:
                come((after, 0), None)
    most, way = 0, Way()
    for node in pending:
        state, place = node
        for base, after in graph.edges[state]:
            if base == steps[place]:
                if place + 1 > most:
                    most, way = place + 1, [*_steps(came, node), (state, base)]
                if most == len(steps):
                    return most, way
                come((after, place + 1), (node, base))
            elif base == NONE or between >> base & 1:
                come((after, place), (node, base))
    return most, way


def _steps(came: Mapping[tuple[State, int], tuple[tuple[State, int], int] | None], node: tuple[State, int]) -> Way:
    way = Way()
    step = came[node]
    while step is not None:
        way.append((step[0][0], step[1]))
        step = came[step[0]]
    return way[::-1]


def _between(device: Device, head: int, steps: list[int]) -> int:
    """What may come between the steps and leaves the chain as it is: not its own bases, no RESET, no part of a chain.

    Where the chain begins with a read, nothing that empties the registers either.
    """
    own = {head, *steps}
    mask = 0
    for base in device.catalogue.bases:
        kind = device.kinds[base.index]
        empties = base.affects_state and kind not in KEEPS_REGISTERS
        if base.index in own or kind in _PARTS or (device.kinds[head] in DIRECT_READS and empties):
            continue
        mask |= 1 << base.index
    return mask


def _rules(graph: Graph, head: int, places: list[int], reached: int) -> tuple[str, ...] | None:
    """The rules that stop a chain after `reached` steps; None where two routes do not agree: nothing is claimed."""

    def beyond(rules: tuple[str, ...]) -> Way | None:
        steps, way = furthest(graph.under(rules), head, places)
        return way if steps > reached else None

    return core(graph, beyond)


def _blame(ground: Ground, graph: Graph, key: str, walked: tuple[int, list[int], int], rules: tuple[str, ...]) -> None:
    head, places, reached = walked
    bases = graph.device.catalogue.bases
    step, before = bases[places[reached]].name, bases[places[reached - 1] if reached else head].name
    chain = ground.config.sequences.get(key)
    if chain is None:
        node = ground.at("op_bases", bases[head].name, "sequence", "probs", key)
    else:
        node = step_node(ground, key, reached, chain.steps[reached])
    said = f"{step} can never be issued after {before} in the chain {key} of {bases[head].name}"
    ground.notes.add("chain-stuck", node, said, f"the chain {key} stops after {before}", rules=rules)
