"""6. The continuation is not refused by address, latch or suspend rules."""

from __future__ import annotations

from model.config import Config
from tests.scenarios.stage import Story, us


def test_a_page_is_programmed_on_although_it_is_not_the_next_page_of_a_fresh_command(shipped: Config) -> None:
    """A suspended PROGRAM of page 1: what goes on is no command for page 1, and page 1 counts at its end."""
    before = Story(shipped)
    before.programmed(row=1)
    before.programmed(row=2)
    story = before.then()
    program = story.op("PROGRAM", row=1, page=1)
    story.op("P_SUSPEND", inside=(program, us(299)))
    story.op("READ", row=2)
    story.op("DOUT", row=2)
    story.op("P_RESUME")
    told = story.tell(drained=True)
    story.accepted(drained=True)
    assert told.lengths(program) == [us(299), us(1)]
    assert told.block(1) == (3, "SLC", 1)


def test_the_one_shot_latch_does_not_stop_it(shipped: Config) -> None:
    """LATCH_ON_CSB forbids neither the rest of MSB_23H nor what its group allows meanwhile."""
    before = Story(shipped)
    before.op("ERASE_TLC", row=1)
    before.programmed(row=2)
    before.op("LSB", row=1)
    before.op("CSB", row=1)
    story = before.then()
    program = story.op("MSB_23H", row=1)
    story.op("P_SUSPEND", inside=(program, us(500)))
    story.op("READ", row=2)
    story.op("DOUT", row=2)
    resume = story.op("P_RESUME")
    told = story.tell(drained=True)
    story.accepted(drained=True)
    assert told.end(program) == told.end(resume) + us(1500)


def test_an_open_cache_program_does_not_stop_the_program_that_closes_it(shipped: Config) -> None:
    before = Story(shipped)
    before.op("ERASE", row=1)
    before.op("CACHE_PROGRAM", row=1)
    story = before.then()
    program = story.op("PROGRAM", row=1, page=1)
    story.op("P_SUSPEND", inside=(program, us(150)))
    story.op("P_RESUME")
    told = story.tell(drained=True)
    story.accepted(drained=True)
    assert told.lengths(program) == [us(150), us(150)]


def test_a_program_goes_on_inside_an_erase_suspension(shipped: Config) -> None:
    """ERASE_SUSPENDED and NOT_PROGRAM_SUSPENDED hold then; both speak of commands only."""
    before = Story(shipped)
    before.op("ERASE", row=2)
    erase = before.op("ERASE", row=1)
    before.op("E_SUSPEND", inside=(erase, us(2000)))
    story = before.then()
    program = story.op("PROGRAM", row=2)
    story.op("P_SUSPEND", inside=(program, us(100)))
    story.op("P_RESUME")
    story.op("E_RESUME")
    told = story.tell(drained=True)
    story.accepted(drained=True)
    assert told.block(2) == (3, "SLC", 0)


def test_an_erase_goes_on_although_an_erase_may_not_start(shipped: Config) -> None:
    """Two suspensions: ERASE_SUSPENDED forbids ERASE, and the rest of the erase runs all the same."""
    story = Story(shipped)
    erase = story.op("ERASE")
    story.op("E_SUSPEND", inside=(erase, us(2000)))
    told = story.tell()
    other = story.op("ERASE", row=1)
    story.refused("suspend-state")
    story.lines.remove(other)
    story.op("E_RESUME", at=told.boundary.time)
    story.accepted(drained=True)
