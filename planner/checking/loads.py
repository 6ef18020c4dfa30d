"""Whether what is wanted fits on the bus and into the states.

Bus load of a distribution w over op_names n, where every die works without a pause:

    load = dies * sum(w(n) * bus(n)) / sum(w(n) * held(n))

bus(n) is the length of the states of n that use the bus, held(n) the time for which n holds its die: its length where
its base holds planes (divided by the planes where such operations run on all planes at once), 0 where it holds none.
A load above 1 leaves each die without work for the share 1 - 1/load of the time.
"""

from __future__ import annotations

from model.config import NameSpec
from model.config.names import DEFAULT
from model.config.spec import END, Config, Scope
from model.config.weights import GLOBAL
from planner.checking.finding import Notes
from planner.checking.ground import Ground, listed
from planner.checking.wanted import forbidden_in


def check_loads(ground: Ground, notes: Notes) -> None:
    """Notes distributions that need more of the bus, or of a state, than there is."""
    _check_bus(ground, notes)
    config = ground.config
    tables = {
        "phase_conditional_overrides": config.weights.overrides,
        "phase_conditional": config.weights.phase_conditional,
    }
    for table, levels in tables.items():
        for key, weights in levels.items():
            if key not in (GLOBAL, DEFAULT) and not key.endswith(f".{END}"):
                _check_state(ground, notes, table, key, weights)


def bus_load(config: Config) -> float:
    """The bus load of the wanted distribution over all states; 0 where nothing wanted holds a die."""
    bases = {base.name: base for base in config.bases}
    bus = held = 0.0
    for name, weight in zip(config.names, config.wanted("*"), strict=True):
        base = bases[name.base]
        bus += weight * _on_bus(name, base.bus)
        if base.affects_state or (base.scope is not Scope.NONE and not base.instant):
            beside = name.base in config.single_single_allowed_bases and not name.multi
            held += weight * sum(name.durations) / (config.topology.planes if beside else 1)
    return config.topology.dies * bus / held if held else 0.0


def _on_bus(name: NameSpec, bus: tuple[bool, ...]) -> int:
    return sum(length for length, uses in zip(name.durations, bus, strict=True) if uses)


def _check_bus(ground: Ground, notes: Notes) -> None:
    load = bus_load(ground.config)
    if load > 1:
        has_global = ground.has("phase_conditional_overrides", GLOBAL)
        node = ground.at("phase_conditional_overrides", GLOBAL) if has_global else ground.at("topology", "dies")
        said = f"the bus load of the wanted operations is {load:.2f}; allowed: up to 1"
        notes.add("bus-overload", node, said, f"each die waits for the bus {1 - 1 / load:.0%} of the time")


def _check_state(ground: Ground, notes: Notes, table: str, key: str, weights: object) -> None:
    """Bus time of the mean wanted operation against the longest time that the state lasts."""
    config = ground.config
    base, _, state = key.rpartition(".")
    spec = ground.bases.get(base)
    if spec is None or state not in spec.states:
        return
    longest = max((name.durations[spec.states.index(state)] for name in ground.names_of[base]), default=0)
    forbidden = forbidden_in(config, key)
    given = set(weights)  # type: ignore[call-overload]
    total = mean = 0.0
    meant = []
    for name, weight in zip(config.names, config.wanted(key), strict=True):
        if weight and name.base not in forbidden and (name.name in given or name.base in given):
            total += weight
            mean += weight * _on_bus(name, ground.bases[name.base].bus)
            meant.append(name.name)
    if total and mean / total > longest:
        us = config.clock.us
        node = ground.at(table, key)
        said = f"the wanted operations take {us(int(mean / total))} us of the bus, {key} lasts {us(longest)} us"
        notes.add("state-overload", node, said, f"{listed(meant)} mostly end after {key}, and seldom fall into it")
