"""The device at the cuts of a history whose snapshots are not there, from what was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from model.advance import Issued, advance
from model.boundary import Boundary
from model.device import Device
from model.event import NOTHING, Commands

if TYPE_CHECKING:
    from model.config import Config


class Track:
    """Follows legal operations from a boundary (None: a fresh device) on."""

    def __init__(self, config: Config, start: Boundary | None) -> None:
        self._clock = config.clock
        self._device = Device(config)
        self._boundary = Boundary.fresh(self._device) if start is None else start

    def follow(self, commands: Commands) -> None:
        """The device goes on with operations in order of start."""
        if len(commands):
            issued = issued_of(self._device, commands)
            self._boundary, _ = advance(self._device, self._boundary, issued, int(commands.time[-1]))

    def at(self, told: str | None, begun: int) -> Boundary:
        """The device at the cut: when the next run's page says it begins (us), else its first start, in ticks."""
        cut = begun
        if told is not None:
            try:
                cut = min(max(self._clock.ticks(told), self._boundary.time), begun)
            except ValueError:
                cut = begun
        return advance(self._device, self._boundary, (), cut)[0]


def issued_of(device: Device, commands: Commands) -> list[Issued]:
    """Commands as the device transition takes them."""
    first = commands.first[:-1]
    none = np.full(len(commands), NOTHING, dtype=np.int64)
    there = np.diff(commands.first) > 0
    block, page, celltype = none.copy(), none.copy(), none.copy()
    block[there] = commands.entry_block[first[there]]
    page[there] = commands.entry_page[first[there]]
    celltype[there] = commands.entry_celltype[first[there]]
    masks = np.zeros(len(commands), dtype=np.int64)
    owner = np.repeat(np.arange(len(commands), dtype=np.int64), np.diff(commands.first))
    named = commands.entry_plane >= 0
    np.bitwise_or.at(masks, owner[named], 1 << commands.entry_plane[named])
    rows = [NOTHING if at == NOTHING else device.geometry.row_of(at) for at in block.tolist()]
    columns = (commands.op_uid, commands.op, commands.die, masks, rows, page, celltype, commands.time)
    return [Issued(*row) for row in zip(*(list(map(int, column)) for column in columns), strict=True)]
