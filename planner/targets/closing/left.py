"""The cells that are still wanted, as bit sets over op_names."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from model.device import Device
from planner.coverage import BINS

END_KEY = 3
"""An op_state at base grain is 4 * base + index of the state; its END is 4 * base + END_KEY."""


class Left:
    """What is wanted: per op_state and bin the op_names that are to be issued there still.

    `bins` [op_state][bin] and `names` [op_state] (all bins) are bit sets over op_names, `bases` [op_state] over bases,
    `by_key` [4 * base + state] over bases for all op_states of that base's state. `count` cells are left.
    """

    __slots__ = ("_base_bit", "_key_of", "_names_of", "_of_key", "_taken", "bases", "bins", "by_key", "count", "names")

    def __init__(self, device: Device, wanted: npt.NDArray[np.bool_]) -> None:
        catalogue, states = device.catalogue, device.op_states
        self._base_bit = [1 << name.base.index for name in catalogue.names]
        self._names_of = [sum(1 << name for name in base.names) for base in catalogue.bases]
        self._key_of = [-1] * len(states)
        for name in catalogue.names:
            if not name.base.affects_state:
                continue
            for state in range(1, len(name.base.states)):
                self._key_of[int(states.of_state[name.index, state])] = 4 * name.base.index + state
            self._key_of[int(states.end[name.index])] = 4 * name.base.index + END_KEY
        self._of_key: list[list[int]] = [[] for _ in range(4 * len(catalogue.bases))]
        for op_state, key in enumerate(self._key_of):
            if key >= 0:
                self._of_key[key].append(op_state)
        self.bins: list[list[int]] = []
        self._taken: list[tuple[int, int, int]] = []
        self.want(wanted)

    def want(self, wanted: npt.NDArray[np.bool_]) -> None:
        """From now on these cells, [op_state, op_name, bin], are wanted and no others."""
        self.count = int(np.count_nonzero(wanted))
        self.bins = [[_bits(wanted[s, :, k]) for k in range(BINS)] for s in range(wanted.shape[0])]
        self.names = [_union(row) for row in self.bins]
        self.bases = [self._bases_of(names) for names in self.names]
        self.by_key = [_union([self.bases[s] for s in members]) for members in self._of_key]

    def _bases_of(self, names: int) -> int:
        return sum(1 << base for base, members in enumerate(self._names_of) if members & names)

    def members(self, key: int) -> list[int]:
        """The op_states of a key."""
        return self._of_key[key]

    def take(self, op_state: int, name: int, place: int) -> bool:
        """The cell is hit; True where it was wanted."""
        bit, row = 1 << name, self.bins[op_state]
        if not row[place] & bit:
            return False
        row[place] ^= bit
        self.count -= 1
        self._taken.append((op_state, name, place))
        for other in row:
            if other & bit:
                return True
        self.names[op_state] ^= bit
        base_bit = self._base_bit[name]
        if not self.names[op_state] & self._names_of[base_bit.bit_length() - 1]:
            self.bases[op_state] &= ~base_bit
            key = self._key_of[op_state]
            if key >= 0:
                self.by_key[key] = _union([self.bases[s] for s in self._of_key[key]])
        return True

    def kept(self) -> list[tuple[int, int, int]]:
        """The cells taken since the last time that this was asked for: they stay taken."""
        taken, self._taken = self._taken, []
        return taken

    def undo(self) -> None:
        """The cells taken since then are wanted again."""
        for op_state, name, place in self.kept():
            self.bins[op_state][place] |= 1 << name
            self.names[op_state] |= 1 << name
            self.bases[op_state] |= self._base_bit[name]
            key = self._key_of[op_state]
            if key >= 0:
                self.by_key[key] |= self._base_bit[name]
            self.count += 1


def _bits(flags: npt.NDArray[np.bool_]) -> int:
    return int.from_bytes(np.packbits(flags, bitorder="little").tobytes(), "little")


def _union(masks: list[int]) -> int:
    result = 0
    for mask in masks:
        result |= mask
    return result
