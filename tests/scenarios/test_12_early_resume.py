"""12. RESUME issued before its SUSPEND ended."""

from __future__ import annotations

import pytest

from model.config import Config
from tests.scenarios.stage import Story, us

AXES = [("ERASE", "E_SUSPEND", "E_RESUME"), ("PROGRAM", "P_SUSPEND", "P_RESUME")]


@pytest.mark.parametrize(("host", "suspend", "resume"), AXES)
def test_a_resume_waits_for_its_suspend(shipped: Config, host: str, suspend: str, resume: str) -> None:
    before = Story(shipped)
    before.op("ERASE", row=1)
    story = before.then()
    line = story.op(host, row=1)
    cut = story.op(suspend, inside=(line, us(100)))
    resumed = story.op(resume)
    told = story.tell(drained=True)
    story.accepted(drained=True)
    assert told.start(resumed) == told.end(cut) == told.start(cut) + us("100.185")
    for early in (1, us(50), us(100)):  # at 100 before its end the SUSPEND has just left the bus
        story.refused("suspend-state", {resumed: told.end(cut) - early})
