"""Every placement of a few operations on a tiny device: the loose window allows it if and only if the judge does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from model.device import Device
from planner.window.spec import OpSpec
from tests.window.small import encoder_allows, judged_legal, small_config

SLC = {
    "Block_Erase_SLC": (1, 3),
    "Page_Program_SLC": (1, 2),
    "Cache_Program_SLC": (1, 1, 2),
    "Erase_Suspend_Reset": (1, 1),
    "Erase_Resume": (1, 1),
    "Program_Suspend_Reset": (1, 1),
    "Program_Resume": (1, 1),
    "Read_Status_Enhanced_70h": (2,),
    "Super_Reset": (1, 2),
}
TLC = {
    "Block_Erase_TLC": (1, 1),
    "One_Shot_PGM_LSB": (1, 1),
    "One_Shot_PGM_CSB": (1, 1),
    "One_Shot_PGM_MSB_23h": (1, 1),
}
ERASE = ("Block_Erase_SLC", 0, 0)
PROGRAM = ("Page_Program_SLC", 0, 0)
SUSPEND, RESUME = ("Erase_Suspend_Reset",), ("Erase_Resume",)
P_SUSPEND, P_RESUME = ("Program_Suspend_Reset",), ("Program_Resume",)
STATUS, RESET = ("Read_Status_Enhanced_70h",), ("Super_Reset",)


@dataclass(frozen=True)
class Case:
    """Operations (op_name, row, page), and the starts 0 to `last` that each of them is tried at."""

    name: str
    ops: tuple[tuple[Any, ...], ...]
    last: int
    legal: int
    drained: bool = False
    ticks: Mapping[str, tuple[int, ...]] = field(default_factory=lambda: SLC)
    empty: tuple[str, ...] = ()


TABLES = ("suspend_state", "op_state", "latch_state", "cache_state")
CASES = [
    Case("erase then program", (ERASE, PROGRAM), 9, 21),
    Case("a suspended erase", (ERASE, SUSPEND, RESUME), 9, 36),
    Case("a suspended erase, drained", (ERASE, SUSPEND, RESUME), 9, 36, drained=True),
    Case("a status read beside a suspension", (ERASE, STATUS, SUSPEND), 8, 56),
    Case("a status read while an erase ends", (ERASE, PROGRAM, STATUS), 9, 107),
    Case("a reset stops a resume", (ERASE, SUSPEND, RESUME, RESET), 6, 5),
    Case("nothing runs on a suspended block", (ERASE, SUSPEND, PROGRAM), 7, 0, empty=TABLES),
    Case("a program inside an erase suspension", (ERASE, SUSPEND, ("Block_Erase_SLC", 1, 0)), 7, 40, empty=TABLES),
    Case("a suspended program", (ERASE, PROGRAM, P_SUSPEND, P_RESUME), 9, 4),
    Case(
        "a cache program hands over",
        (ERASE, ("Cache_Program_SLC", 0, 0), ("Cache_Program_SLC", 0, 1)),
        11,
        56,
    ),
    Case("a one-shot program", tuple((name, 0, 0) for name in TLC), 8, 15, ticks=TLC),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_window_allows_what_the_judge_allows(case: Case, tmp_path: Path) -> None:
    names = {op[0]: case.ticks[op[0]] for op in case.ops}
    config = small_config(tmp_path, names, empty=case.empty)
    device = Device(config)
    specs = [_spec(device, op) for op in case.ops]
    legal = 0
    for starts in permutations(range(case.last + 1), len(specs)):
        placed = list(zip(specs, starts, strict=True))
        verdict = judged_legal(config, device, placed, case.drained)
        assert encoder_allows(device, placed, case.drained) == verdict, starts
        legal += verdict
    assert legal == case.legal


def _spec(device: Device, op: tuple[Any, ...]) -> OpSpec:
    name = device.catalogue.name_index[op[0]]
    if len(op) == 1:
        return OpSpec(name, 0)
    return OpSpec(name, 0, (1,), (op[1],), (op[2],))
