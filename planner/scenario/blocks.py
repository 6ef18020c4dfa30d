"""Blocks as the acts of a scenario use them: what they are, what they have to be before, which acts share a row."""

from __future__ import annotations

from dataclasses import dataclass, field

from model.device import Device

FREE, AS_ERASED, AS_PROGRAMMED, AS_UNDEFINED = range(4)
"""What is known of a block as the acts go by: nothing, erased, programmed, or cut by a RESET."""


class NotPlanned(Exception):  # noqa: N818 - an answer
    """The planner finds no addresses; that is no proof that there are none."""


@dataclass(slots=True)
class Need:
    """What a block row has to be before the acts: erased for `celltype`, and programmed up to `last` (-1: not).

    `exactly`: the acts go on with the page after the last one; otherwise more pages do no harm.
    """

    die: int
    row: int
    planes: int
    celltype: int
    last: int
    exactly: bool = True


@dataclass(slots=True)
class Block:
    """A block as the acts go by. `need` is what it has to be at first, where that matters."""

    state: int = FREE
    celltype: int = 0
    last: int = -1
    need: tuple[int, int] | None = None
    grows: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """Which acts share a block row beside those that have to, and on which row some of them are (by key)."""

    joins: tuple[tuple[str, str], ...] = ()
    rows: tuple[tuple[str, int], ...] = ()


@dataclass(slots=True)
class Uses:
    """How often each block row was used before: rows of (die, row)."""

    counts: dict[tuple[int, int], int] = field(default_factory=dict)


def erased_as(device: Device, celltype: int) -> int:
    """The celltype that a block is erased as for a program of a celltype."""
    names = device.celltypes
    return names.index("SLC") if names[celltype] in ("A0SLC", "ACSLC") and "SLC" in names else celltype
