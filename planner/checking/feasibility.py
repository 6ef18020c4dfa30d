"""The level feasibility: what can never happen, by addresses and by the abstract machine of a die.

The machine allows at least what the device allows, so what it never does cannot be done. Every verdict comes twice:
once with all rules, and once more by a search with only the rules that the finding names; what addresses do not let
happen, once op_name by op_name and once by all lives that a row of blocks can have.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from model.chains import NEXT_STEP, RESUMES, Kind
from model.config import Config
from model.device import Device
from model.operations import OpName
from model.plane_rules import RULES
from planner.checking.completing import check_chains
from planner.checking.cores import Way, core
from planner.checking.ground import Ground, listed
from planner.checking.lives import Lives
from planner.checking.loads import check_loads
from planner.checking.paths import Graph, possible_device
from planner.checking.traps import check_traps
from planner.targets.possible import Possible

_CLOSERS: dict[Kind, tuple[Kind, ...]] = {
    **{step: tuple(kind for kind in following) for step, following in NEXT_STEP.items()},
    Kind.CACHE_PROGRAM: (Kind.PROGRAM, Kind.ALLWL),
}
"""What has to come after an operation with the same celltype and number of planes."""

_WHY = {
    "program-after-erase": "no block that it can program is ever erased",
    "celltype": "no erase leaves a block that takes its celltype",
    "read-programmed": "nothing programs pages of its celltype",
    "chain": "no step before it has its celltype and planes, or nothing feeds it",
    "cache": "a block has no second page",
    "cache-chain": "no read before it has its celltype and planes",
    "recovery": "no program that can be suspended has its celltype",
    "dout": "nothing that it could deliver is ever read",
    "datain": "no block is ever erased",
    "multi-address": "an operation cannot have two planes",
}


def check_feasibility(ground: Ground, config: Config, told: Iterable[str]) -> None:
    """Notes what can never happen. `told`: key paths of op_names that are known to be impossible."""
    device = Device(config)
    possible = Possible.of(device)
    _check_names(ground, device, possible, frozenset(told))
    able = possible_device(device, possible)
    graph = Graph.of(able)
    if not graph.ever:
        said = "no operation can be issued on an unused plane, nor later"
        ground.notes.add("nothing-possible", ground.at("op_names"), said, "every plan is empty", rules=RULES)
        return
    never = _check_bases(ground, graph)
    _check_states(ground, able)
    _check_partners(ground, able)
    check_traps(ground, graph, ground.notes)
    check_chains(ground, graph, never)
    check_loads(ground, ground.notes)


def _check_names(ground: Ground, device: Device, possible: Possible, told: frozenset[str]) -> None:
    lived = Lives.of(device).issued
    for name in device.catalogue.names:
        rule = possible.forbidden_by[name.index]
        node = ground.at("op_names", name.name)
        if rule is None or rule == "absent-lun" or node.path in told or name.index in lived:
            continue
        said = f"{name.name} breaks [{rule}] whenever it is issued: {_WHY.get(rule, 'its address cannot exist')}"
        ground.notes.add("never-issued", node, said, f"{name.name} can never be issued", rules=(rule,))


def _check_bases(ground: Ground, graph: Graph) -> dict[int, tuple[str, ...]]:
    """Bases that the machine never issues, with the rules that keep them out."""
    device, ever = graph.device, graph.ever
    never: dict[int, tuple[str, ...]] = {}

    for base in device.catalogue.bases:
        if not base.names or ever >> base.index & 1:
            continue
        rules = core(graph, partial(_issued, graph, base.index))
        if rules is None:
            continue  # the two routes do not agree: nothing is claimed
        never[base.index] = rules
        states = [f"{base.name}.{state}" for state in (*base.states[1:], "END") if base.affects_state]
        names = listed(device.catalogue.names[i].name for i in base.names)
        cost = f"{names} can never be issued" + (f"; {listed(states)} never occur" if states else "")
        said = f"in every state that can occur, {' and '.join(f'[{rule}]' for rule in rules)} forbid {base.name}"
        ground.notes.add("base-never-issued", ground.at("op_bases", base.name), said, cost, rules=rules)
    return never


def _issued(graph: Graph, base: int, rules: tuple[str, ...]) -> Way | None:
    return graph.under(rules).first(base)


def _check_states(ground: Ground, device: Device) -> None:
    """States that last no time in any op_name of their base."""
    for base in device.catalogue.bases:
        for place, state in enumerate(base.states):
            lengths = [device.catalogue.names[i].durations[place] for i in base.names]
            if place and lengths and not any(lengths) and base.affects_state:
                node = ground.at("op_bases", base.name, "states", state)
                said = f"every op_name of {base.name} gives {state} no time"
                cost = f"{base.name}.{state} never occurs, and nothing is ever issued in it"
                ground.notes.add("state-never-reached", node, said, cost, rules=("time",))


def _check_partners(ground: Ground, device: Device) -> None:
    """Op_names that begin what no other of their celltype and planes can end, though others could."""
    names = device.catalogue.names
    for name in names:
        kind = device.kinds[name.base.index]
        closers = [other for other in names if device.kinds[other.base.index] in _CLOSERS.get(kind, ())]
        if closers and kind not in RESUMES and not any(_alike(name, other) for other in closers):
            node = ground.at("op_names", name.name)
            bases = listed(dict.fromkeys(other.base.name for other in closers))
            said = f"no op_name of {bases} has the celltype and number of planes of {name.name}"
            cost = f"what {name.name} begins can be ended by a RESET only"
            ground.notes.add("never-completed", node, said, cost, rules=("chain",))


def _alike(name: OpName, other: OpName) -> bool:
    return name.celltype == other.celltype and name.multi == other.multi
