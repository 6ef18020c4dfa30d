"""The universe of coverage cells, op_state x op_name x bin, and what the tables alone say of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from model.chains import SUSPENDS, Kind
from model.device import Device
from model.event import NOTHING
from model.op_states import END

BINS = 10


class Status(IntEnum):
    """What is known of a cell; ABSENT stands where there is none."""

    ABSENT = 0
    EXCLUDED = 1
    DISABLED = 2
    UNREACHABLE = 3
    REACHABLE = 4
    OPEN = 5


Statuses = npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class HostState:
    """An op_state as the device sees it: its base, the index of the state (0: END), and the op_names that make it.

    `base` is NOTHING for DEFAULT.
    """

    index: int
    base: int
    state: int
    names: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Universe:
    """All cells: `status` [op_state, op_name, bin] with what the tables and weights decide, the rest OPEN.

    `rule` [op_state, op_name] is the rule that excludes, as an index into `RULES_OF_TABLES`, -1 where none does.
    """

    status: Statuses
    rule: Statuses
    hosts: tuple[HostState, ...]


RULES_OF_TABLES = ("op-state", "end-state", "plane-busy")


def host_states(device: Device) -> tuple[HostState, ...]:
    """The op_states in order of their index."""
    found: dict[int, HostState] = {}
    states = device.op_states
    for name in device.catalogue.names:
        if not name.base.affects_state:
            continue
        keys = [(int(states.of_state[name.index, s]), s) for s in range(1, len(name.base.states))]
        keys.append((int(states.end[name.index]), 0))
        for index, state in keys:
            names = found[index].names if index in found else ()
            found[index] = HostState(index, name.base.index, state, (*names, name.index))
    found[states.default] = HostState(states.default, NOTHING, 0, ())
    return tuple(found[index] for index in range(len(states)))


def universe(device: Device) -> Universe:
    """The cells of a device, those that groups, occupancy or weights forbid marked."""
    hosts = host_states(device)
    names = device.catalogue.names
    status = np.zeros((len(hosts), len(names), BINS), dtype=np.int8)
    rule = np.full((len(hosts), len(names)), -1, dtype=np.int8)
    base_of = np.array([name.base.index for name in names])
    waits = np.array([device.kinds[base] is Kind.WAIT for base in base_of])
    for host in hosts:
        if host.base == NOTHING and not device.config.coverage.default_state:
            continue
        bins = slice(0, BINS if host.state else 1)
        cells = np.full(len(names), Status.OPEN, dtype=np.int8)
        for index, mask in enumerate(_masks(device, host)):
            forbidden = np.array([bool(mask >> base & 1) for base in base_of])
            fresh = forbidden & (cells == Status.OPEN)
            rule[host.index, fresh] = index
            cells[forbidden] = Status.EXCLUDED
        wanted = np.array(device.config.wanted(weight_key(device, host)))
        cells[(wanted == 0) & (cells == Status.OPEN)] = Status.DISABLED
        cells[waits] = Status.ABSENT
        status[host.index, :, bins] = cells[:, None]
    return Universe(status, rule, hosts)


def weight_key(device: Device, host: HostState) -> str:
    """The key under which the config gives weights for an op_state: by base, whatever the grain."""
    if host.base == NOTHING:
        return device.op_states.names[host.index]
    base = device.catalogue.bases[host.base]
    return f"{base.name}.{base.states[host.state] if host.state else END}"


def on_bus(device: Device) -> bool:
    """Whether every ISSUE that holds a plane is on the bus, so that nothing is ever issued inside one."""
    return all(base.bus[0] for base in device.catalogue.bases if base.names and base.holds)


def _masks(device: Device, host: HostState) -> tuple[int, int, int]:
    """What each of RULES_OF_TABLES forbids in an op_state."""
    if host.base == NOTHING:
        return 0, 0, 0
    if host.state == 0:
        return 0, device.exclusions.end[host.base] if on_bus(device) else 0, 0
    return device.exclusions.by_state[host.base][host.state], 0, occupied(device, host)


def occupied(device: Device, host: HostState) -> int:
    """Holders that neither cut, abort nor take over what holds the plane."""
    bases = device.catalogue.bases
    core = bases[host.base].states[host.state] == "CORE_BUSY"
    mask = 0
    for base in bases:
        kind = device.kinds[base.index]
        enters = kind is Kind.RESET or (kind in SUSPENDS if core else base.affects_state and kind not in SUSPENDS)
        if base.holds and not enters:
            mask |= 1 << base.index
    return mask
