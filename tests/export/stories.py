"""Stories of the tiny device whose files are known, byte for byte."""

from __future__ import annotations

from model.event import Ended
from model.op_states import OpStates
from tests.export.tiny import Script


def suspended_erase() -> Script:
    """A two-plane erase of die 0 that is suspended once; a status read in it; a read of die 1; CAMREAD and a NOP."""
    script = Script()
    busy = OpStates.of(script.config).index["ERASE.CORE_BUSY"]
    script.send(0, "Erase_Multi", 0, [0, 1], 1, 0, states=1, source=2)
    script.span(1, 0, 1, 1, 31, 100, Ended.SUSPENDED)
    script.send(11, "Status", 0, exp_val=0, aim=busy)
    script.send(31, "Suspend", 0, source=0, aim=busy)
    script.send(50, "Resume", 0, source=4)
    script.span(1, 1, 1, 53, 123, 70)
    script.send(60, "Read, slow", 1, [1], 2, 3, source=1)
    script.send(130, "Cam_Read")
    script.send(150, "Wait")
    return script
