"""With order, planes, rows, pages, starts and victims open, a window's solutions are all that the judge allows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from ortools.sat.python import cp_model

from model.boundary import Boundary
from model.device import Device
from planner.window.build import build
from planner.window.parts import Op
from planner.window.spec import OpSpec, WindowSpec
from planner.window.variables import Window
from tests.window.small import judged_legal, small_config

TICKS = {
    "Block_Erase_SLC": (1, 2),
    "Page_Program_SLC": (1, 1),
    "Erase_Suspend_Reset": (1, 1),
    "Erase_Resume": (1, 1),
    "Read_SLC": (1, 1, 1),
    "Change_Read_Column_Random_Data_Output": (1,),
}
Choice = tuple[int, int, int, int]
"""Start, plane mask, row and page of an operation."""


class Collected(cp_model.CpSolverSolutionCallback):
    """The choices of every solution."""

    def __init__(self, window: Window) -> None:
        super().__init__()
        self._window = window
        self.found: set[tuple[Choice, ...]] = set()

    def on_solution_callback(self) -> None:
        """Keeps what the operations were given."""
        self.found.add(tuple(self._choice(op) for op in self._window.new))

    def _choice(self, op: Op) -> Choice:
        start = op.start.off + (0 if op.start.var is None else self.value(op.start.var))
        mask = sum(1 << p for p, lit in enumerate(op.on) if (lit if isinstance(lit, bool) else self.boolean_value(lit)))
        row, page = (value if isinstance(value, int) else self.value(value) for value in (op.row, op.page))
        return start, mask, row, page


def all_solutions(device: Device, specs: Sequence[OpSpec], last: int) -> set[tuple[Choice, ...]]:
    """Everything that the loose window allows."""
    window = build(device, Boundary.fresh(device), WindowSpec(tuple(specs), ordered=False, floor=0, ceiling=last))
    solver = cp_model.CpSolver()
    solver.parameters.enumerate_all_solutions = True
    solver.parameters.num_workers = 1
    collected = Collected(window)
    solver.solve(window.logic.cp, collected)
    return collected.found


def all_placements(specs: Sequence[OpSpec], last: int) -> Iterator[tuple[Choice, ...]]:
    """Every combination of the candidates with starts that differ."""
    each = [list(product(range(last + 1), spec.planes, spec.rows or (-1,), spec.pages or (-1,))) for spec in specs]
    for choices in product(*each):
        if len({choice[0] for choice in choices}) == len(choices):
            yield choices


def fixed(spec: OpSpec, choice: Choice) -> tuple[OpSpec, int]:
    """The operation with its choice taken."""
    start, mask, row, page = choice
    rows, pages = () if row < 0 else (row,), () if page < 0 else (page,)
    return replace(spec, planes=(mask,), rows=rows, pages=pages), start


CASES = {
    "an erase and a program": (
        (("Block_Erase_SLC", (1, 2), (0, 1), (0,)), ("Page_Program_SLC", (1, 2), (0, 1), (0, 1))),
        6,
    ),
    "a suspension": ((("Block_Erase_SLC", (1, 2), (0,), (0,)), ("Erase_Suspend_Reset",), ("Erase_Resume",)), 7),
    "two programs": (
        (("Block_Erase_SLC", (1,), (0,), (0,)), *(("Page_Program_SLC", (1,), (0, 1), (0, 1, 2)),) * 2),
        7,
    ),
    "a read": (
        (
            ("Block_Erase_SLC", (1,), (0,), (0,)),
            ("Page_Program_SLC", (1,), (0,), (0,)),
            ("Read_SLC", (1, 2), (0,), (0, 1)),
        ),
        8,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_solutions_are_the_legal_sequences(name: str, tmp_path: Path) -> None:
    wanted, last = CASES[name]
    config = small_config(tmp_path, {op[0]: TICKS[op[0]] for op in wanted}, planes=2)
    device = Device(config)
    index = device.catalogue.name_index
    specs = [OpSpec(index[op[0]], 0, *op[1:]) for op in wanted]
    legal = {
        choices
        for choices in all_placements(specs, last)
        if judged_legal(config, device, [fixed(s, c) for s, c in zip(specs, choices, strict=True)], drained=False)
    }
    assert legal
    assert all_solutions(device, specs, last) == legal
