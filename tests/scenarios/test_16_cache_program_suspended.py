"""16. CACHE_PROGRAM_SLC (300 + 10), suspended after 100: 200 more after RESUME, then DATA_IN 10; in between nothing."""

from __future__ import annotations

from model.config import Config
from tests.scenarios.stage import Story, us


def test_the_data_window_comes_after_the_rest(shipped: Config) -> None:
    before = Story(shipped)
    before.op("ERASE", row=1)
    story = before.then()
    program = story.op("CACHE_PROGRAM", row=1)
    cut = story.op("P_SUSPEND", inside=(program, us(100)))
    resume = story.op("P_RESUME")
    closing = story.op("PROGRAM", row=1, page=1)
    told = story.tell(drained=True)
    story.accepted(drained=True)
    begun, over = told.start(program) + us("9.8244"), told.end(resume)
    assert over == begun + us(100) + us("250.37")
    assert told.states(program) == [
        (0, "ISSUE", told.start(program), begun, 0),
        (0, "CORE_BUSY", begun, begun + us(100), us(200)),
        (1, "CORE_BUSY", over, over + us(200), 0),
        (1, "DATA_IN", over + us(200), over + us(210), 0),
    ]
    assert told.start(cut) == begun + us(100)
    assert told.start(closing) == over + us(210)


def test_its_window_is_not_open_before_its_true_end(shipped: Config) -> None:
    before = Story(shipped)
    before.op("ERASE", row=1)
    story = before.then()
    program = story.op("CACHE_PROGRAM", row=1)
    story.op("P_SUSPEND", inside=(program, us(100)))
    story.op("P_RESUME")
    following = story.op("CACHE_PROGRAM", row=1, page=1)
    told = story.tell()
    planned = told.start(program) + us("9.8244") + us(300)
    assert told.start(following) == told.end(program)
    story.refused("op-state", {following: planned + us(5)})  # the window that would have been, were it not cut
    story.accepted({following: told.end(program) - us(5)})  # handover inside the true one
    story.refused("op-state", {following: told.end(program) - us(10) - 1})
