"""Where blocks lie: dies, planes, blocks, pages, and sets of planes as bit masks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from model.config import Config


@dataclass(frozen=True, slots=True)
class Geometry:
    """Counts per device (dies), per die (planes, blocks) and per block (pages).

    Block b of a die lies on plane b % planes, in row b // planes.
    """

    dies: int
    planes: int
    blocks: int
    pages: int

    @staticmethod
    def of(config: Config) -> Geometry:
        """The geometry that the config's topology states."""
        topology = config.topology
        return Geometry(topology.dies, topology.planes, topology.blocks_per_die, topology.pages_per_block)

    @property
    def rows(self) -> int:
        """Rows of a die: blocks with one number per plane."""
        return self.blocks // self.planes

    @property
    def all_planes(self) -> int:
        """The mask of all planes of a die."""
        return (1 << self.planes) - 1

    def plane_of(self, block: int) -> int:
        """The plane on which a block lies."""
        return block % self.planes

    def row_of(self, block: int) -> int:
        """The row in which a block lies."""
        return block // self.planes

    def block_of(self, row: int, plane: int) -> int:
        """The block in a row of a plane."""
        return row * self.planes + plane

    def planes_in(self, mask: int) -> tuple[int, ...]:
        """The planes of a mask, ascending."""
        return planes_in(mask)


@cache
def planes_in(mask: int) -> tuple[int, ...]:
    """The positions of the bits that are set in a mask, ascending."""
    return tuple(plane for plane in range(mask.bit_length()) if mask >> plane & 1)
