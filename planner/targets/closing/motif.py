"""Rigid pieces of one die's plan: operations at fixed distances, to be placed in time as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from model.event import NOTHING


class Placed(NamedTuple):
    """An operation at a tick of the die's own time. `planes` is a mask; `exp_val` as in `Commands`.

    `aim` is the op_state of a cell that it is for, NOTHING where it only prepares or closes. `die`: of an operation of
    one die in a motif of all dies.
    """

    start: int
    name: int
    planes: int
    row: int
    page: int
    celltype: int
    aim: int
    exp_val: int
    die: int = NOTHING


@dataclass(slots=True)
class Motif:
    """Operations of one die (NOTHING: of all dies) in order of start; nothing runs on the die before and after it.

    `begin` is the start of the first one in the die's own time.
    """

    LONG: ClassVar[int] = 24

    die: int
    begin: int
    ops: list[Placed]
    end: int = 0
