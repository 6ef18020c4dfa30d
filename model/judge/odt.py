"""The one ODT switch of the device: [odt] is judged with the issue rules, this is what turns it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.judge.account import Op

if TYPE_CHECKING:
    from model.judge.replay import Replay


def end_odt(replay: Replay, op: Op, _time: int) -> None:
    """ODTDISABLE turns it off and ODTENABLE on again, for all dies."""
    replay.odt = op.kind.base == "ODTDISABLE"
    replay.odt_op = op.uid
    for die in replay.dies:
        replay.refresh(die)
