"""What the lower bound of `economy` counts in a set of cells: ways into op_states and out of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from model.chains import CACHE_ENDS, KEEPS_REGISTERS, READS, Kind
from model.device import Device
from model.event import NOTHING
from model.operations import Base, OpName
from planner.targets.cells import HostState, host_states

Mask = npt.NDArray[np.bool_]


class Count:
    """Counts of the cells [op_state, op_name, bin] of a mask. Op_names are told by their index."""

    def __init__(self, device: Device, cells: Mask) -> None:
        self._device = device
        self._names = device.catalogue.names
        self._hosts = host_states(device)
        self._by_name = cells.sum(axis=2)
        self._wide = np.array([host.base != NOTHING and self.wide(self._base(host)) for host in self._hosts])
        self._takers = np.array([name.base.affects_state for name in self._names])
        self._wide_takers = np.array([self.wide(name.base) for name in self._names])
        self._resets = np.array([device.kinds[name.base.index] is Kind.RESET for name in self._names])
        self.planes = [self._payload_planes(name) for name in self._names]
        self._clean = self._resets_are_clean()

    def wide(self, base: Base) -> bool:
        """Whether its operations take all planes of their die into their states."""
        return base.affects_state and self._device.targets_all[base.index]

    def units(self) -> list[tuple[int, ...]]:
        """The hosts: the op_names of a base, or single op_names, as coverage counts them."""
        return list(dict.fromkeys(host.names for host in self._hosts if host.names))

    def issues(self) -> list[int]:
        """Of every op_name, how many issues its cells need at least."""
        return [self._issues(name) for name in self._names]

    def hosts_any(self, unit: Sequence[int]) -> bool:
        """Whether any cell is hosted by these op_names."""
        return any(self._by_name[host.index].any() for host in self._hosts if host.names == unit)

    def ways_out(self, unit: tuple[int, ...], besides: Sequence[int] = ()) -> tuple[int, int]:
        """Fragments of a host that are ended in its windows by takers, `besides` left out, and that come to END."""
        windows, ends, wide_ends = 0, 0, 0
        takers = self._takers.copy()
        takers[list(besides)] = False
        at_end = takers if self._clean else takers & ~self._resets
        for host in self._hosts:
            if host.names != unit:
                continue
            if host.state:
                windows += int(self._by_name[host.index, takers].sum())
            else:
                ends += int(self._by_name[host.index, at_end].sum())
                wide_ends += int(self._by_name[host.index, at_end & self._wide_takers].sum())
        base, geometry = self._names[unit[0]].base, self._device.geometry
        planes = geometry.planes if self.wide(base) else max(self.planes[name] for name in unit)
        return windows, up(max(wide_ends, up(ends, planes)), 1 if base.has_die else geometry.dies)

    def lost(self, names: Sequence[int], followers: Sequence[int]) -> int:
        """Operations that a RESET keeps from having any of `followers`: its cells in their windows and in their END.

        In END only where a follower moves their planes to other states.
        """
        own = [host for host in self._hosts if host.names and set(host.names) <= set(names)]
        wide = all(self.wide(self._names[name].base) for name in followers)
        small = not any(self.wide(self._names[name].base) for name in names)
        moved = all(self._names[name].base.affects_state for name in followers) and (wide or small)
        counted = [host for host in own if host.state or (moved and self._clean)]
        return sum(int(self._by_name[host.index, self._resets].sum()) for host in counted)

    def aborted(self, names: Sequence[int]) -> int:
        """Operations that a RESET aborts, at least."""
        own = [host for host in self._hosts if host.state and set(host.names) <= set(names)]
        return sum(int(self._by_name[host.index, self._resets].sum()) for host in own)

    def reset_planes(self) -> int:
        """The planes that a RESET stops, at most."""
        bases = [name.base for name, reset in zip(self._names, self._resets, strict=True) if reset]
        geometry = self._device.geometry
        return geometry.planes * (1 if all(base.has_die for base in bases) else geometry.dies)

    def kept_by_resets(self) -> int:
        """Planes on which the RESETs of these cells throw no page away, in all.

        A wide host that empties registers and reads nothing: no plane of the die has a page in its windows, and those
        still in its END have none either. RESETs of different cells of wide hosts are different ones.
        """
        if self.reset_planes() > self._device.geometry.planes:
            return 0
        kept = 0
        for host in self._hosts:
            if host.base == NOTHING or not self._wide[host.index]:
                continue
            kind = self._device.kinds[host.base]
            if kind in READS or kind in KEEPS_REGISTERS:
                continue
            cells = int(self._by_name[host.index, self._resets].sum())
            kept += cells * (self._device.geometry.planes if host.state else int(self._clean))
        return kept

    def _base(self, host: HostState) -> Base:
        return self._device.catalogue.bases[host.base]

    def _issues(self, name: OpName) -> int:
        cells = self._by_name[:, name.index]
        dies = 1 if name.base.has_die else self._device.geometry.dies
        return max(up(int(cells.sum()), self._looked(name)), up(int(cells[self._wide].sum()), dies))

    def _looked(self, name: OpName) -> int:
        """The most planes for which an issue hits cells."""
        base, geometry = name.base, self._device.geometry
        if not base.has_die:
            return geometry.dies * geometry.planes
        if base.scope == "DIE_WIDE":
            return geometry.planes
        return self.planes[name.index] if base.has_plane else 1

    def _payload_planes(self, name: OpName) -> int:
        """The most planes that its payload names."""
        several = name.multi or self._device.kinds[name.base.index] in CACHE_ENDS
        return min(self._device.geometry.planes, self._device.policies.maxplanes) if several else 1

    def _resets_are_clean(self) -> bool:
        """Whether no RESET can start inside the ISSUE of another taker, whose planes are still in END."""
        resets = [name for name, reset in zip(self._names, self._resets, strict=True) if reset]
        takers = [name for name, taker in zip(self._names, self._takers, strict=True) if taker]
        moving = all(self.wide(name.base) and name.issue > 0 for name in resets)
        return moving and all(name.base.bus[0] for name in takers)


def up(cells: int, at_once: int) -> int:
    """So many cells, at most so many at once: how often."""
    return -(-cells // at_once)
