"""The map of a die's abstract states: the ways that it finds."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from model.device import Device
from model.plane_rules import NONE, State
from planner.targets.closing.atlas import Atlas, Look, Way
from planner.targets.closing.left import END_KEY


@pytest.fixture(scope="module")
def atlas(tiny_device: Device) -> Atlas:
    """The map of the tiny device."""
    return Atlas(tiny_device)


def base(device: Device, name: str) -> int:
    return next(base.index for base in device.catalogue.bases if base.name == name)


def at_end(device: Device, name: str) -> State:
    return State(last=base(device, name))


def look(device: Device, key: int, *names: str, never: Sequence[str] = ()) -> Look:
    wanted = [0] * (4 * len(device.catalogue.bases))
    for name in names:
        wanted[key] |= 1 << base(device, name)
    probes = ("SR", "SR_ADD", "NOP", *never)
    return Look(wanted, sum(1 << base(device, name) for name in probes))


def steps_of(device: Device, way: Way | None) -> list[str]:
    assert way is not None
    return [device.catalogue.bases[step].name for step, _, _ in way.steps]


def shortest(atlas: Atlas, start: int, wanted: Look) -> int:
    """The fewest operations from a state to where something is wanted, by a search of its own: layer by layer."""
    layer, seen, depth = {start}, {start}, 0
    while layer:
        grown = set(layer)
        while grown:
            grown = {after for number in grown for by, after in atlas.edges(number) if by == NONE} - layer
            layer |= grown
        for number in layer:
            if atlas.key[number] != NONE and wanted.wanted[atlas.key[number]] & atlas.allowed[number]:
                return depth
        seen |= layer
        edges = [edge for number in layer for edge in atlas.edges(number)]
        layer = {after for by, after in edges if by != NONE and not (by >= 0 and wanted.never >> by & 1)} - seen
        depth += 1
    return -1


def test_where_it_is_wanted_already_no_step_is_needed(atlas: Atlas, tiny_device: Device) -> None:
    start = atlas.number(at_end(tiny_device, "ERASE"))
    way = atlas.way([start], look(tiny_device, 4 * base(tiny_device, "ERASE") + END_KEY, "PROGRAM_SLC"))
    assert steps_of(tiny_device, way) == []


def test_a_suspend_leads_to_its_resume(atlas: Atlas, tiny_device: Device) -> None:
    start = atlas.number(at_end(tiny_device, "PROGRAM_SLC"))
    key = 4 * base(tiny_device, "ERASE_SUSPEND") + END_KEY
    way = atlas.way([start], look(tiny_device, key, "ERASE_RESUME"))
    assert steps_of(tiny_device, way) == ["ERASE", "ERASE_SUSPEND"]


def test_a_way_ends_at_the_key_that_was_wanted(atlas: Atlas, tiny_device: Device) -> None:
    start = atlas.number(at_end(tiny_device, "ERASE"))
    key = 4 * base(tiny_device, "READ") + END_KEY
    way = atlas.way([start], look(tiny_device, key, "RESET"))
    assert way is not None
    assert (way.key, way.wanted) == (key, 1 << base(tiny_device, "RESET"))


@pytest.mark.parametrize("last", ["ERASE", "PROGRAM_SLC", "READ", "PLANE_READ", "ERASE_SUSPEND", "RESET"])
def test_ways_are_shortest(atlas: Atlas, tiny_device: Device, last: str) -> None:
    start = atlas.number(at_end(tiny_device, last))
    for goal in tiny_device.catalogue.bases:
        if not goal.affects_state:
            continue
        for wanted in ("ERASE_RESUME", "RESET", "DOUT", "PLANE_READ"):
            asked = look(tiny_device, 4 * goal.index + END_KEY, wanted)
            way = atlas.way([start], asked)
            assert (-1 if way is None else len(way.steps)) == shortest(atlas, start, asked)


def test_every_step_is_allowed_where_it_is_taken(atlas: Atlas, tiny_device: Device) -> None:
    start = atlas.number(at_end(tiny_device, "RESET"))
    key = 4 * base(tiny_device, "PLANE_READ") + END_KEY
    way = atlas.way([start], look(tiny_device, key, "ERASE_RESUME"))
    assert way is not None
    assert way.steps
    assert all(atlas.allowed[state] >> step & 1 for step, _, state in way.steps)


def test_no_way_takes_what_is_never_to_be_taken(atlas: Atlas, tiny_device: Device) -> None:
    start = atlas.number(at_end(tiny_device, "PROGRAM_SLC"))
    key = 4 * base(tiny_device, "ERASE_SUSPEND") + END_KEY
    assert atlas.way([start], look(tiny_device, key, "ERASE_RESUME", never=["ERASE"])) is None


def test_there_is_no_way_to_what_is_forbidden(atlas: Atlas, tiny_device: Device) -> None:
    # nothing is suspended right after an erase has ended: [suspend-state] forbids the resume on every way there
    start = atlas.number(at_end(tiny_device, "ERASE"))
    everything = look(tiny_device, 4 * base(tiny_device, "RESET") + END_KEY, "ERASE_RESUME")
    assert atlas.way([start], everything) is None


def test_the_way_out_ends_where_nothing_is_open(atlas: Atlas, tiny_device: Device) -> None:
    opened = State(last=base(tiny_device, "ERASE_SUSPEND"), erase=base(tiny_device, "ERASE"))
    resets = 1 << base(tiny_device, "RESET")
    way = atlas.way_out([atlas.number(opened)], look(tiny_device, 0).never | resets)
    assert steps_of(tiny_device, way) == ["ERASE_RESUME"]


def test_where_nothing_is_open_the_way_out_is_no_way(atlas: Atlas, tiny_device: Device) -> None:
    way = atlas.way_out([atlas.number(at_end(tiny_device, "ERASE"))], 0)
    assert way is not None
    assert way.steps == ()
