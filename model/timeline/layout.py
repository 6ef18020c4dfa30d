"""What the timeline needs to know of the device, as one array per property, indexed by op_name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from model.event import Ints
from model.geometry import Geometry
from model.op_states import CORE_BUSY, OpStates
from model.operations import RESETS, WAITS, Catalogue
from model.timeline.columns import Bools, starts

if TYPE_CHECKING:
    from model.config import Config


@dataclass(frozen=True, slots=True)
class Layout:
    """Geometry and, per op_name: its base, number of states, index (0 = none) and length of CORE_BUSY, and its ways.

    `affects`: makes segments; `holds`: holds its target planes; `die_wide`: these are all planes of its die;
    `nowhere`: without a die it has none; `resets`: it aborts what its die does.
    """

    dies: int
    planes: int
    rows: int
    op_states: OpStates
    base: Ints
    states: Ints
    core: Ints
    core_busy: Ints
    affects: Bools
    holds: Bools
    die_wide: Bools
    nowhere: Bools
    resets: Bools

    @property
    def all_planes(self) -> int:
        """All planes of a die as a mask."""
        return (1 << self.planes) - 1

    @property
    def lanes(self) -> int:
        """How many planes the device has; lane = die * planes + plane."""
        return self.dies * self.planes

    @staticmethod
    def of(config: Config) -> Layout:
        """The layout of a config's device."""
        geometry, catalogue = Geometry.of(config), Catalogue.of(config)
        names = catalogue.names
        bases = [name.base for name in names]

        def flags(values: list[bool]) -> Bools:
            return np.array(values, dtype=np.bool_)

        def numbers(values: list[int]) -> Ints:
            return np.array(values, dtype=np.int64)

        return Layout(
            dies=geometry.dies,
            planes=geometry.planes,
            rows=geometry.rows,
            op_states=OpStates.of(config, catalogue),
            base=numbers([base.index for base in bases]),
            states=numbers([len(base.states) for base in bases]),
            core=numbers([base.states.index(CORE_BUSY) if CORE_BUSY in base.states else 0 for base in bases]),
            core_busy=numbers([name.core_busy for name in names]),
            affects=flags([base.affects_state for base in bases]),
            holds=flags([base.holds for base in bases]),
            die_wide=flags([base.scope == "DIE_WIDE" for base in bases]),
            nowhere=flags([base.name in WAITS for base in bases]),
            resets=flags([base.name in RESETS for base in bases]),
        )

    def expand(self, die: Ints, mask: Ints) -> tuple[Ints, Ints, Ints]:
        """The planes of rows with a die (NOTHING: every die) and a plane mask: (row, die, plane), in that order."""
        row, of = self.per_die(die, mask)
        plane = np.tile(np.arange(self.planes, dtype=np.int64), len(row))
        row, of = np.repeat(row, self.planes), np.repeat(of, self.planes)
        named = (mask[row] >> plane) & 1 == 1
        return row[named], of[named], plane[named]

    def per_die(self, die: Ints, mask: Ints) -> tuple[Ints, Ints]:
        """The dies of such rows: (row, die), in that order; none where the mask is empty."""
        counts = np.where(mask == 0, 0, np.where(die >= 0, 1, self.dies))
        row = np.repeat(np.arange(len(die), dtype=np.int64), counts)
        within = np.arange(len(row), dtype=np.int64) - starts(counts)[row]
        return row, np.where(die[row] >= 0, die[row], within)
