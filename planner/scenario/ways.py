"""The choices that a scenario leaves open before anything is ordered: dies, bases, how many planes, and whose chain.

Each `Way` is one choice of all of them. A proof looks at every way, so the fewer there are the better: dies that the
scenario does not tell apart are tried in the order in which they are first used, and op_names that differ in nothing
that counts are one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product

from model.chains import (
    CACHE_ENDS,
    CACHE_READS,
    CLOSES_CACHE_PROGRAM,
    STEPS,
    TAKES_COPYBACK,
    TRANSFER_OF,
    Kind,
)
from model.device import Device
from model.event import NOTHING
from model.operations import OpName
from planner.scenario.language import Never, Related, Scenario, Wanted

MOST_WAYS = 64
"""Ways that are tried; with more of them there is no proof."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The die of an operation, and its op_names: of one base, all of them for one plane or none. The first is taken."""

    die: int
    names: tuple[OpName, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """A choice per wanted operation.

    `turns`: the order in which chains are told, where the order is free. `spread`: operations that may take any plane
    take each another one.
    """

    choices: Mapping[str, Choice]
    turns: tuple[str, ...] = ()
    spread: bool = False


def ways(device: Device, scenario: Scenario) -> Iterator[Way]:
    """The first ways, at most MOST_WAYS of them; those that a proof needs come first."""
    yield from islice(_ways(device, scenario, True), MOST_WAYS)


def too_many(device: Device, scenario: Scenario) -> bool:
    """Whether there are more ways than are tried."""
    return next(islice(_ways(device, scenario, True), MOST_WAYS, None), None) is not None


def other_dies(device: Device, scenario: Scenario) -> Iterator[Way]:
    """Ways on other dies that are no different to a proof; their blocks may be."""
    seen = {_dies_of(way) for way in islice(_ways(device, scenario, True), MOST_WAYS)}
    every = islice(_ways(device, scenario, False), 4 * MOST_WAYS)
    yield from islice((way for way in every if _dies_of(way) not in seen), MOST_WAYS)


def banned(scenario: Scenario, die: int) -> frozenset[int]:
    """op_names (by index) that must not be issued on a die at all."""
    return frozenset(
        name
        for said in scenario.statements
        if isinstance(said, Never) and not said.states and said.die in (None, die)
        for name in said.names
    )


def _dies_of(way: Way) -> tuple[int, ...]:
    return tuple(choice.die for choice in way.choices.values())


def _ways(device: Device, scenario: Scenario, like: bool) -> Iterator[Way]:
    """All ways, one after the other. `like`: dies that are alike are taken in the order of first use."""
    keys = [(one, index, key) for one in scenario.wanted for index, key in enumerate(one.keys)]
    known = _told_apart(scenario)

    def grown(place: int, way: dict[str, Choice]) -> Iterator[dict[str, Choice]]:
        if place == len(keys):
            yield way
            return
        one, index, key = keys[place]
        for die in _dies(device, scenario, one, index, way):
            if like and _skips(device, die, way, known):
                continue
            for names in shapes(device, scenario, one, die):
                yield from grown(place + 1, {**way, key: Choice(die, names)})

    for way in grown(0, {}):
        for turns in _turns(device, scenario, way):
            yield Way(way, turns)


def _told_apart(scenario: Scenario) -> set[int]:
    """Dies that the scenario names."""
    return {one.die for one in (*scenario.wanted, *scenario.statements) if isinstance(getattr(one, "die", None), int)}  # type: ignore[union-attr,misc]


def _skips(device: Device, die: int, way: Mapping[str, Choice], known: set[int]) -> bool:
    """Whether a die that is like it, and lower, is not used yet."""
    used = {choice.die for choice in way.values()} | known
    return die not in used and any(other not in used for other in range(min(die, device.geometry.dies)))


def _dies(device: Device, scenario: Scenario, one: Wanted, index: int, way: Mapping[str, Choice]) -> Sequence[int]:
    if not any(device.catalogue.names[name].base.has_die for name in one.names):
        return (NOTHING,)
    if isinstance(one.die, int):
        return (one.die,)
    dies = range(device.geometry.dies)
    if isinstance(one.die, Related):
        other = _of(way, one.die.to, index)
        return [die for die in dies if other is None or (die == other) == one.die.same]
    for related in (one.block, one.page):
        if isinstance(related, Related) and related.same:
            other = _of(way, related.to, index)
            if other is not None:
                return (other,)
    for to in (one.inside.of if one.inside else "", one.delivers):
        host = _of(way, to, index)
        if host is not None:
            return (host,)
    return dies


def _of(way: Mapping[str, Choice], name: str, index: int) -> int | None:
    found = way.get(name) or way.get(f"{name}.{index + 1}") or way.get(f"{name}.1")
    return None if found is None else found.die


def shapes(device: Device, scenario: Scenario, one: Wanted, die: int) -> list[tuple[OpName, ...]]:
    """Its op_names that may be used, by base and by whether they take one plane or several."""
    catalogue, out = device.catalogue, banned(scenario, die)
    most = min(device.policies.maxplanes, device.geometry.planes)
    many = len(one.planes) or one.plane_count
    every = [catalogue.names[name] for name in one.names]
    fitting = [name for name in every if not many or name.multi == (many > 1) or not name.base.has_plane]
    able = [name for name in fitting if not name.multi or most > 1]
    allowed = [name for name in able or fitting or every if name.index not in out]
    found: dict[tuple[int, bool], dict[tuple[object, ...], OpName]] = {}
    for name in allowed or able or fitting or every:
        alike = found.setdefault((name.base.index, name.multi and name.base.has_plane), {})
        alike.setdefault((name.celltype, name.durations), name)
    return [tuple(alike.values()) for alike in found.values()]


# -- whose chain, where the order is free ------------------------------------------------------------------------------

_STEPS = STEPS | frozenset(TRANSFER_OF)
_FAMILIES: tuple[tuple[frozenset[Kind], frozenset[Kind]], ...] = (
    (_STEPS, _STEPS),
    (frozenset({Kind.CACHE_PROGRAM}), CLOSES_CACHE_PROGRAM | {Kind.CACHE_PROGRAM}),
    (CACHE_READS | CACHE_ENDS, CACHE_READS | CACHE_ENDS | {Kind.READ, Kind.PLANE_READ}),
    (TAKES_COPYBACK, TAKES_COPYBACK | {Kind.COPYBACK_READ}),
    (frozenset({Kind.ODT_OFF}), frozenset({Kind.ODT_OFF, Kind.ODT_ON})),
)
"""Which kinds make an order of chains matter, and among which kinds."""


def _turns(device: Device, scenario: Scenario, way: Mapping[str, Choice]) -> Iterator[tuple[str, ...]]:
    """The orders in which chains may be told; operations of one name are alike."""
    if scenario.listed:
        yield ()
        return
    kinds = {key: device.kinds[choice.names[0].base.index] for key, choice in way.items()}
    per_die = []
    for die in sorted({choice.die for choice in way.values()}):
        mine = [key for key, choice in way.items() if choice.die == die]
        chained = {
            key
            for makers, members in _FAMILIES
            if any(kinds[key] in makers for key in mine)
            for key in mine
            if kinds[key] in members
        }
        told = [key for key in mine if key in chained or (chained and kinds[key] is Kind.RESET)]
        per_die.append(_orders(told) if len(told) > 1 else iter([tuple(told)]))
    for orders in product(*[list(islice(orders, MOST_WAYS + 1)) for orders in per_die]):
        yield tuple(key for order in orders for key in order)


def _orders(keys: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """All orders of keys in which those of one name keep theirs; the given one first."""
    if not keys:
        yield ()
        return
    tried: set[str] = set()
    for place, key in enumerate(keys):
        name = key.split(".")[0]
        if name not in tried:
            tried.add(name)
            for rest in _orders([*keys[:place], *keys[place + 1 :]]):
                yield (key, *rest)
