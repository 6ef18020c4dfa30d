"""The answer to a question about a cell or an operation."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from model.event import NOTHING
from planner.checking.lives import Lives
from planner.explaining.asking import Asked
from planner.explaining.because import Because, Reason
from planner.explaining.changes import Change, smallest
from planner.explaining.places import Places
from planner.explaining.witness import Cell, Witness, Witnesses
from planner.targets.cells import Status
from planner.targets.reachable import Reachability

EXCLUDED, DISABLED, UNREACHABLE, REACHABLE, OPEN = "excluded", "disabled", "unreachable", "reachable", "open"
_WORDS = {Status.EXCLUDED: EXCLUDED, Status.DISABLED: DISABLED, Status.UNREACHABLE: UNREACHABLE}


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known of a cell: a witness, or the rules that forbid it and the smallest change that would allow it."""

    cell: Cell
    status: str
    witness: Witness | None = None
    reasons: tuple[Reason, ...] = ()
    change: Change | None = None


@dataclass(frozen=True)
class Explainer:
    """Answers questions about one device. `path`: the file of its config, None for the shipped one."""

    reach: Reachability
    path: Path | None

    @cached_property
    def places(self) -> Places:
        """The lines of the config."""
        return Places(self.reach.device.config, self.path)

    @cached_property
    def because(self) -> Because:
        """The reasons."""
        return Because(self.reach, self.places)

    @cached_property
    def witnesses(self) -> Witnesses:
        """The witnesses."""
        return Witnesses.of_verdict(self.reach)

    def of_cell(self, asked: Asked) -> Answer:
        """The answer for a cell."""
        cell = Cell(asked.op_state, asked.op_name, asked.bin)
        status = Status(self.reach.status[cell.op_state, cell.op_name, cell.bin])
        if status is Status.OPEN:
            witness = self.witnesses.of(cell)
            return Answer(cell, OPEN if witness is None else REACHABLE, witness)
        if status is Status.DISABLED:
            return Answer(cell, DISABLED, change=smallest(self.reach, cell, ()))
        return self._forbidden(cell, _WORDS[status], self.because.rules(cell))

    @cached_property
    def _lived(self) -> frozenset[int]:
        """The op_names that addresses let happen, by the second route."""
        return frozenset(Lives.of(self.reach.device).issued)

    def confirmed(self, cell: Cell, status: str) -> bool:
        """Whether a second route finds, too, that a cell is out of reach.

        Addresses: no life of a row of blocks has the op_name. The machine: the rules that are named are those under
        which a search of their own does not reach the cell either. The tables: their lines are told.
        """
        if status == EXCLUDED:
            return True
        if self.reach.possible.forbidden_by[cell.op_name] is not None:
            return cell.op_name not in self._lived
        return True

    def of_op(self, op_name: int) -> Answer:
        """The answer for an op_name in whatever op_state."""
        cell = Cell(NOTHING, op_name)
        if self.reach.possible.forbidden_by[op_name] is None:
            witness = self.witnesses.of(cell)
            if witness is not None:
                return Answer(cell, REACHABLE, witness)
        return self._forbidden(cell, UNREACHABLE, self.because.op_name_rules(op_name))

    def _forbidden(self, cell: Cell, status: str, rules: tuple[str, ...]) -> Answer:
        if not self.confirmed(cell, status):
            return Answer(cell, OPEN)
        reasons = self.because.reasons(cell, rules)
        return Answer(cell, status, None, reasons, smallest(self.reach, cell, rules))
