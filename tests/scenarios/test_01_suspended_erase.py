"""1. ERASE (7000) suspended at any point: its pieces add up to 7000; the second starts exactly at the RESUME's end."""

from __future__ import annotations

import pytest

from model.config import Config
from tests.scenarios.stage import Story, us


@pytest.mark.parametrize("executed", [1, us(1), us(3500), us("6999.9999")])
def test_an_erase_goes_on_exactly_where_its_resume_ends(shipped: Config, executed: int) -> None:
    story = Story(shipped)
    erase = story.op("ERASE", row=1)
    cut = story.op("E_SUSPEND", inside=(erase, executed))
    resume = story.op("E_RESUME")
    told = story.tell(drained=True)
    assert told.start(cut) == us("0.11") + executed
    assert told.start(resume) == told.start(cut) + us("100.185")
    assert told.end(resume) == told.start(resume) + us("150.185")
    assert told.lengths(erase) == [executed, us(7000) - executed]
    assert told.core(erase)[1][0] == told.end(resume)
    assert told.end(erase) == us("7250.48")  # 0.11 + 100.185 + 150.185 + 7000
    story.accepted(drained=True)


def test_nothing_is_resumed_while_read_data_waits_on_its_planes(shipped: Config) -> None:
    before = Story(shipped)
    before.programmed(row=2)
    story = before.then()
    erase = story.op("ERASE", row=1)
    story.op("E_SUSPEND", inside=(erase, us(100)))
    story.op("READ", row=2)
    delivery = story.op("DOUT", row=2)
    resume = story.op("E_RESUME")
    told = story.tell(drained=True)
    story.accepted(drained=True)
    # both want the bus: the other way round needs another time for the DOUT
    resumed_first = {resume: told.start(delivery), delivery: told.end(resume) + us(1)}
    story.refused("residual", resumed_first)
    assert "latch" in story.judged(resumed_first).by_rule
