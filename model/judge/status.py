"""Status reads: [sr-value], [sr-stable], [absent-lun]."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.event import ERASUS, PGMSUS, ExpVal
from model.judge.account import Op

if TYPE_CHECKING:
    from model.judge.replay import Replay


def judge_status(replay: Replay, op: Op) -> None:
    """[sr-value] at the start of ISSUE."""
    die = replay.dies[op.dies[0]]
    op.value = replay.value(die, op.start)
    if op.exp != op.value:
        found, expects = exp_words(op.value, replay.flags), exp_words(op.exp, replay.flags)
        busiest = next((p for p in replay.all_planes if die.planes[p].seg is not None), -1)
        state = f" (plane {busiest}: {die.plane_word(busiest, op.start)})" if busiest >= 0 else ""
        replay.find("sr-value", op, f"it expects {expects}, the die shows {found}{state}")


def start_status(replay: Replay, op: Op) -> None:
    """[sr-stable]: from here to the end of ISSUE the value is watched."""
    die = replay.dies[op.dies[0]]
    if die.watch:
        replay.look(op.dies, op.start)
    else:
        die.seen = op.start
    die.watch.append(op)
    replay.watching += 1


def exp_words(value: int, flags: bool) -> str:
    """A status value in words, with the suspend flags if the config wants them."""
    if value < 0:
        return "nothing"
    word = ExpVal(value & 3).name.lower() if value & 3 in set(ExpVal) else str(value)
    if not flags:
        return word
    return f"{word}/{'' if value & ERASUS else 'no_'}erasus/{'' if value & PGMSUS else 'no_'}pgmsus"
