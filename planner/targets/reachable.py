"""Which cells can ever be hit: proofs that one cannot, by addresses, by the closure of the abstract machine, by time.

What is left is a candidate: it counts as open until a judged sequence has hit it. The verdict over-approximates what a
device allows, step by step:

- `possible` asks which op_names addresses, celltypes and planes let happen at all;
- the closure (`model.makes`) asks which of them the rules let happen in which op_state, seen from one plane;
- `moments` asks in which bins, by arithmetic over lengths, ISSUEs and what a neighbouring plane can do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from model.config import Config
from model.device import Device
from model.event import NOTHING
from model.makes import Makes
from model.plane_rules import NONE
from model.search import Key
from model.search_makes import PARTS, Search
from planner.targets.cells import BINS, HostState, Status, Statuses, Universe, on_bus, universe
from planner.targets.elapsed import Elapsed
from planner.targets.moments import ALL_BINS, Moments
from planner.targets.possible import Possible
from planner.targets.proofs import Proofs

GRAINS = ("base", "op_name")


@dataclass(frozen=True)
class Reachability:
    """`status` [op_state, op_name, bin] of every cell: what is not proven out of reach is OPEN.

    `device` has its op_states in the grain asked for; `reason` tells why a cell is out of reach.
    """

    device: Device
    universe: Universe
    status: Statuses
    possible: Possible
    search: Search

    @property
    def hosts(self) -> tuple[HostState, ...]:
        """The op_states, in order of their index."""
        return self.universe.hosts

    def reason(self, op_state: int, op_name: int, bin: int) -> str:
        """Why a cell is not to be hit: rule, group and config line, or an irreducible set of rules; empty if it may."""
        return self.proofs.reason(op_state, op_name, bin)

    @cached_property
    def proofs(self) -> Proofs:
        """All reasons, worked out when they are first asked for."""
        return Proofs(self)


def in_grain(config: Config, grain: str | None) -> Config:
    """The config with `coverage.hosts` as asked for. ValueError: neither `base` nor `op_name`."""
    if grain is None or grain == str(config.coverage.hosts):
        return config
    if grain not in GRAINS:
        raise ValueError(f"grain {grain!r}: allowed are {' and '.join(GRAINS)}")
    return replace(config, coverage=replace(config.coverage, hosts=grain))


def reachability(device: Device, grain: str | None = None) -> Reachability:
    """Statuses of all cells before anything is planned. `grain`: by default that of the config."""
    config = in_grain(device.config, grain)
    if config is not device.config:
        device = Device(config)
    cells = universe(device)
    by_name = str(config.coverage.hosts) == "op_name"
    issuable = Issuable.of(device, by_name)
    possible, search = issuable.possible, issuable.search
    status = cells.status.copy()
    moments = Moments(device, possible.names, search.continued(), on_bus(device))
    elapsed = Elapsed(device, search)
    for host in cells.hosts:
        _settle(device, host, status, issuable, moments, elapsed)
    return Reachability(device, cells, status, possible, search)


@dataclass(frozen=True, slots=True)
class Issuable:
    """What addresses and the searches together let happen. `search` is one of them."""

    possible: Possible
    search: Search
    issued: tuple[Callable[[Key, int], int], ...]

    def at(self, key: Key, make: int) -> int:
        """The makes (bit set) that may be issued in an op_state of a make: no search forbids them."""
        allowed = -1
        for issued in self.issued:
            allowed &= issued(key, make)
        return allowed

    @staticmethod
    def of(device: Device, by_name: bool) -> Issuable:
        """Op_names that no search ever issues make nothing possible, so that there may be less to search again."""
        possible = Possible.of(device)
        while True:
            makes = Makes(device, possible.names)
            search = Search(device, makes, hosts=by_name)
            others = [Search(device, makes, hosts=by_name, part=part, like=search) for part in PARTS[1:]]
            issued = tuple(each.issued() for each in (search, *others))
            never = [name for make in makes.all if not search.ever >> make.index & 1 for name in make.names]
            if not never or not on_bus(device):
                return Issuable(possible, search, issued)
            possible = possible.without(device, never)


def _settle(
    device: Device, host: HostState, status: Statuses, issuable: Issuable, moments: Moments, elapsed: Elapsed
) -> None:
    """The statuses of one op_state."""
    names, makes = device.catalogue.names, issuable.search.makes
    key = Key(host.base, host.state) if host.base != NOTHING else Key(NONE, 0)
    can = [n for n in host.names if n in makes.of_name]
    by_name = str(device.config.coverage.hosts) == "op_name"
    allowed = issuable.at(key, makes.of_name[can[0]] if by_name and can else NONE)
    exact = on_bus(device)
    for name in np.flatnonzero((status[host.index] == Status.OPEN).any(axis=1)).tolist():
        make = makes.of_name.get(name)
        if make is None or (exact and not allowed >> make & 1):
            bins = 0
        elif host.state == 0:
            bins = ALL_BINS
        else:
            first = elapsed.earliest(key, names[name].base.index) if exact else 0
            bins = moments.bins((names[n] for n in can), host.state, names[name], first)
        row = status[host.index, name]
        dead = [bin for bin in range(BINS) if not bins >> bin & 1]
        row[dead] = np.where(row[dead] == Status.OPEN, Status.UNREACHABLE, row[dead])
