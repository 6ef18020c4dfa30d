"""11. READ + DOUT inside a suspension legal, right after RESUME illegal until the true end."""

from __future__ import annotations

from model.config import Config
from tests.scenarios.stage import Story, us
from tests.scenarios.told import Line


def suspended(config: Config) -> tuple[Story, Line]:
    """An erase of row 1 that is cut after 3000; row 2 holds a page."""
    before = Story(config)
    before.programmed(row=2)
    story = before.then()
    erase = story.op("ERASE", row=1)
    story.op("E_SUSPEND", inside=(erase, us(3000)))
    return story, erase


def test_inside_the_suspension(shipped: Config) -> None:
    story, erase = suspended(shipped)
    read = story.op("READ", row=2)
    delivery = story.op("DOUT", row=2)
    resume = story.op("E_RESUME")
    told = story.tell(drained=True)
    story.accepted(drained=True)
    cut = told.core(erase)[0][1]
    assert told.start(read) == cut + us("100.185")  # the SUSPEND's end
    assert told.start(delivery) == told.start(read) + us("25.12")  # ISSUE 0.12, CORE_BUSY 25
    assert told.start(resume) >= told.end(read)
    assert told.start(resume) >= told.end(delivery)


def test_not_after_the_resume_until_the_true_end(shipped: Config) -> None:
    story, erase = suspended(shipped)
    resume = story.op("E_RESUME")
    read = story.op("READ", row=2)
    told = story.tell()
    story.accepted()
    assert told.start(read) == told.end(erase) == told.end(resume) + us(4000)
    for moment in (told.end(resume), told.end(resume) + us(2000), told.end(erase) - 1):
        assert "plane-busy" in story.refused("op-state", {read: moment}).by_rule
    story.refused("op-state", {read: told.start(resume) + us(1)})  # while the RESUME runs


def test_not_while_the_suspend_runs(shipped: Config) -> None:
    story, _ = suspended(shipped)
    read = story.op("READ", row=2)
    told = story.tell()
    story.refused("op-state", {read: told.start(read) - 1})
