"""Who plays what when a chapter is repeated: dies, rows of blocks, op_names, pauses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from model.boundary import BAD, UNDEFINED, Blocks
from model.device import Device
from model.event import Ints
from planner.repeats.chapter import Chapter
from planner.targets.usable import lun_of


@dataclass(frozen=True, slots=True)
class Exchange:
    """What stands for each `dies` (die of a chapter) and `names` (op_name): permutations."""

    dies: Ints
    names: Ints


@dataclass(frozen=True, slots=True)
class Cast:
    """What stands for each `die` (NOTHING last), `row` (entry of the chapter's rows) and op_`name` of a chapter.

    `pauses` [lulls passed] are ticks by which all that follows comes later.
    """

    die: Ints
    row: Ints
    name: Ints
    pauses: Ints


class Casting:
    """Draws casts for one device."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self._alike = _alike(device)
        names = device.catalogue.names
        self._reads_die = [(op.index, lun) for op in names if (lun := lun_of(op.name)) is not None]
        self._reads_of = {(_class_of(device, name), die): name for name, die in self._reads_die}

    def exchange(self, rng: np.random.Generator) -> Exchange:
        """Dies and op_names for a round of chapters. All of them together hit what they hit without it: what one
        op_name hit then another one of its class hits now, and the other way round."""
        names = np.arange(len(self._device.catalogue.names))
        for members in self._alike:
            names[members] = rng.permutation(members)
        return Exchange(rng.permutation(self._device.geometry.dies), names)

    def draw(self, chapter: Chapter, exchange: Exchange, blocks: Blocks, rng: np.random.Generator) -> Cast | None:
        """A cast for a chapter on blocks as they are; None where there are not enough rows for it.

        Where the dies of the exchange will not do, they stay as they are.
        """
        bad, undefined = (self._planes(blocks.kind == kind) for kind in (BAD, UNDEFINED))
        same = np.arange(self._device.geometry.dies)
        for dies in (exchange.dies, same) if chapter.alone else (same,):
            names = self._names(chapter, dies, exchange.names)
            rows = self._rows(chapter, dies, bad, undefined, rng) if names is not None else None
            if names is not None and rows is not None:
                pauses = rng.integers(0, self._device.policies.admission_window + 1, len(chapter.lulls))
                return Cast(np.append(dies, -1), rows, names, np.append(0, np.cumsum(pauses)))
        return None

    def _planes(self, flags: npt.NDArray[np.bool_]) -> Ints:
        """Per row [die, row] the planes whose block has a flag, as masks."""
        geometry = self._device.geometry
        whole = flags[:, : geometry.rows * geometry.planes].reshape(geometry.dies, geometry.rows, geometry.planes)
        masks: Ints = whole @ (1 << np.arange(geometry.planes, dtype=np.int64))
        return masks

    def _rows(self, chapter: Chapter, dies: Ints, bad: Ints, undefined: Ints, rng: np.random.Generator) -> Ints | None:
        """A row for each of the chapter's, on the die that plays its die; None where there are not enough.

        First come, first served, from the rows in random order; those that need most planes come first.
        """
        rows, found = chapter.rows, np.zeros(len(chapter.rows.row), dtype=np.int64)
        for die in range(self._device.geometry.dies):
            entries = np.flatnonzero(rows.die == die)
            asked = sorted(entries.tolist(), key=lambda e: -int(rows.used[e]).bit_count())
            there = int(dies[die])
            free = rng.permutation(self._device.geometry.rows)
            for entry in asked:
                unfit = (bad[there, free] & rows.used[entry]) | (undefined[there, free] & rows.looked[entry])
                fitting = np.flatnonzero(unfit == 0)
                if not len(fitting):
                    return None
                found[entry] = free[fitting[0]]
                free = np.delete(free, fitting[0])
        return found

    def _names(self, chapter: Chapter, dies: Ints, names: Ints) -> Ints | None:
        """The op_names of an exchange where those that name a die follow it. None where one is not there.

        What all dies end with, and the next chapter begins with, stays as it is.
        """
        found = names.copy()
        for last in {plane.last_name for die in chapter.dies for plane in die.planes}:
            found[names == last], found[last] = names[last], last
        for name, die in self._reads_die:
            if die < len(dies):
                other = self._reads_of.get((_class_of(self._device, name), int(dies[die])))
                if other is None:
                    return None
                found[name] = other
        return found


def _class_of(device: Device, name: int) -> tuple[object, ...]:
    """What op_names have in common that may stand for each other: all that any rule looks at."""
    op = device.catalogue.names[name]
    return (op.base.index, op.multi, op.celltype, op.durations)


def _alike(device: Device) -> list[Ints]:
    """The op_names that may stand for each other, but for those that name a die."""
    classes: dict[tuple[object, ...], list[int]] = {}
    for op in device.catalogue.names:
        if lun_of(op.name) is None:
            classes.setdefault(_class_of(device, op.index), []).append(op.index)
    return [np.array(members, dtype=np.int64) for members in classes.values() if len(members) > 1]
