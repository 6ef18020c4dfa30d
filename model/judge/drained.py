"""[drained]: what a finished plan must not leave behind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from model.event import NOTHING
from model.judge.account import DELIVERING, Die
from model.judge.report import Finding

if TYPE_CHECKING:
    from model.judge.replay import Replay


def judge_drained(replay: Replay, time: int) -> None:
    """Collect one finding for each thing that is left open at the end."""
    for number, die in enumerate(replay.dies):
        for uid, plane, message in _left(die):
            text = f"die {number}{f' plane {plane}' if plane >= 0 else ''}: at the end {message}"
            place = replay.config.at("policies.carry_over")
            replay.findings.add(Finding("drained", uid, time, number, plane, text, place))
    if replay.odt:
        text = f"at the end ODT is disabled since op {replay.odt_op}"
        replay.findings.add(Finding("drained", replay.odt_op, time, NOTHING, NOTHING, text))


def _left(die: Die) -> Iterator[tuple[int, int, str]]:
    for stack in die.stacks:
        for op in stack:
            yield op.uid, NOTHING, f"{op} is suspended"
    if die.shot is not None:
        yield die.shot.op.uid, NOTHING, f"the one-shot chain of {die.shot.op} is open"
    if die.cache_program is not None:
        yield die.cache_program.op.uid, NOTHING, f"the cache program of {die.cache_program.op} is open"
    for place, plane in enumerate(die.planes):
        if plane.cache_read is not None:
            yield plane.cache_read.uid, place, f"the cache read of {plane.cache_read} is open"
        for register in (plane.cache, plane.data):
            if register is not None and register.state <= DELIVERING:
                yield register.read.uid, place, f"{register} is undelivered"
