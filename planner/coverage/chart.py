"""The universe of a device at one grain with what is known of each cell: what coverage is measured against."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from model.config import Config
from model.device import Device
from model.event import Ints
from planner.coverage.kept import kept, kept_cells
from planner.targets.cells import BINS, Status, Statuses, weight_key
from planner.targets.reachable import Reachability, reachability

Mask = npt.NDArray[np.bool_]


def known_reachable(device: Device, told: Callable[[int, int], None] = lambda hit, wanted: None) -> Mask:
    """The cells [op_state, op_name, bin] with a witness: a judged plan in memory, made to close coverage, hits them.

    Takes seconds unless the disk has them; `told` then, again and again, how many cells are hit, of how many.
    """

    def work_out() -> Ints:
        from planner.covering import witnesses  # noqa: PLC0415 - the solver, needed only here

        return np.flatnonzero(witnesses(device, told))

    shape = (len(device.op_states), len(device.catalogue.names), BINS)
    known = np.zeros(shape, dtype=np.bool_)
    known.reshape(-1)[kept_cells(device.config, known.size, work_out)] = True
    return known


@dataclass(frozen=True, eq=False)
class Chart:
    """Every cell of a device at one grain, with its `status` before any hit.

    `cells` are the flat indices of all cells that exist, in order of (op_state, op_name, bin).
    """

    device: Device
    grain: str
    reach: Reachability
    status: Statuses
    cells: Ints

    @staticmethod
    def of(config: Config, known: Mask | None = None) -> Chart:
        """The chart at the config's own grain. `known`: cells with a witness (None: of none is one known)."""
        device, grain = Device(config), str(config.coverage.hosts)
        reach = reachability(device)
        status = reach.status.copy()
        if known is not None:
            status[known & (status == Status.OPEN)] = Status.REACHABLE
        return Chart(device, grain, reach, status, np.flatnonzero(status))

    @cached_property
    def reasons(self) -> tuple[Ints, tuple[str, ...]]:
        """Of each of `cells` the index of its reason, and the reasons; the first is the empty text."""
        return kept(self.device.config, len(self.cells), lambda: _reasons(self.device, self.reach, self.cells))

    def with_hits(self, hits: Ints) -> Statuses:
        """The statuses once these hits [op_state, op_name, bin] are known: a cell that was hit is reachable."""
        status = self.status.copy()
        status[(hits > 0) & (status == Status.OPEN)] = Status.REACHABLE
        return status

    def wrongly_hit(self, hits: Ints) -> Ints:
        """Flat indices of the cells that were hit and are not to be hit, or are none."""
        allowed = (self.status == Status.OPEN) | (self.status == Status.REACHABLE)
        return np.flatnonzero((hits > 0) & ~allowed)

    def name(self, cell: int) -> str:
        """A flat cell index as `op_state, op_name, bin`."""
        state, op_name, place = np.unravel_index(cell, self.status.shape)
        return f"{self.device.op_states.names[state]}, {self.device.catalogue.names[op_name].name}, {place}"

    def why(self, cell: int) -> str:
        """The reason of a flat cell index; empty where there is none."""
        index, reasons = self.reasons
        row = int(np.searchsorted(self.cells, cell))
        return reasons[index[row]] if row < len(self.cells) and self.cells[row] == cell else ""

    def weight_key(self, op_state: int) -> str:
        """The key under which the config gives weights for an op_state: by base, whatever the grain."""
        return weight_key(self.device, self.reach.universe.hosts[op_state])


class Charts:
    """Charts made so far, by config: making one takes a moment, and a process asks for few."""

    def __init__(self, most: int = 4) -> None:
        self._most = most
        self._made: list[tuple[Config, Chart]] = []

    def of(self, config: Config) -> Chart:
        """The chart of this very config object."""
        for made_of, chart in self._made:
            if made_of is config:
                return chart
        chart = Chart.of(config)
        self._made = [*self._made[1 - self._most :], (config, chart)]
        return chart


CHARTS = Charts()


def _reasons(device: Device, reach: Reachability, cells: Ints) -> tuple[Ints, tuple[str, ...]]:
    """Of each cell the index of its reason, and the reasons."""
    flat, (_, names, bins) = reach.status.ravel()[cells], reach.status.shape
    index: dict[str, int] = {"": 0}
    result = np.zeros(len(cells), dtype=np.int64)
    for rows, (op_state, name, place) in _alike(device, flat, cells, names, bins):
        text = reach.reason(op_state, name, place)
        result[rows] = index.setdefault(text, len(index))
    return result, tuple(index)


def _alike(
    device: Device, status: Statuses, cells: Ints, names: int, bins: int
) -> Iterator[tuple[Ints, tuple[int, int, int]]]:
    """Rows of cells with one reason, and one of these cells.

    Tables forbid by base, weights by op_name; what is proven out of reach is asked for cell by cell.
    """
    base = np.array([name.base.index for name in device.catalogue.names])
    pair = cells // bins
    op_state, name = pair // names, pair % names
    keys = (
        (Status.EXCLUDED, op_state * len(device.catalogue.bases) + base[name]),
        (Status.DISABLED, pair),
        (Status.UNREACHABLE, cells),
    )
    for kind, key in keys:
        rows = np.flatnonzero(status == kind)
        order = rows[np.argsort(key[rows], kind="stable")]
        for group in np.split(order, np.flatnonzero(np.diff(key[order])) + 1):
            if len(group):
                first = int(group[0])
                yield group, (int(op_state[first]), int(name[first]), int(cells[first] % bins))
