"""What a decoded status read says of suspensions, where one is set and cleared at the same tick."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from model.boundary import Boundary
from model.device import Device
from model.event import NOTHING
from model.judge import Judge
from planner.decode import decode
from planner.solve import Budget, Solved, solve
from planner.window.spec import OpSpec, WindowSpec
from tests.window.small import TABLES, small_config

TICKS = {
    "Block_Erase_SLC": (1, 6),
    "Erase_Suspend_Reset": (1, 2),
    "Reset_LUN": (1, 4),
    "Read_Status_Enhanced_70h": (1,),
}


def test_a_reset_at_the_end_of_a_suspend_leaves_nothing_suspended(tmp_path: Path) -> None:
    made = small_config(tmp_path, TICKS, empty=TABLES)
    config = replace(made, pattern=replace(made.pattern, exp_val_suspend=True))
    device = Device(config)
    ops = []
    # the SUSPEND at 3 ends at 3 + 1 + 2 = 6, where the RESET starts; CORE_BUSY of the RESET lasts from 7 to 11
    for called, start in zip(TICKS, (0, 3, 6, 8), strict=True):
        name = device.catalogue.name(called)
        rows, pages = ((0,), (0,)) if name.base.has_plane else ((), ())
        planes = (1,) if name.base.has_plane else (0,)
        ops.append(OpSpec(name.index, 0, planes, rows, pages, earliest=start, latest=start))
    window = WindowSpec(tuple(ops), ordered=False, floor=0, ceiling=9)
    outcome = solve(device, Boundary.fresh(device), window, Budget(conflicts=100_000))
    assert isinstance(outcome, Solved)
    commands = decode(outcome).chunk.commands
    assert commands.exp_val.tolist() == [NOTHING, NOTHING, NOTHING, 0]  # busy, and no flag
    judge = Judge(config)
    judge.feed(commands)
    assert judge.finish(open_end=True).legal
