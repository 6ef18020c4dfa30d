"""37. A status read across a change of its value."""

from __future__ import annotations

import pytest

from model.config import Config
from model.event import ExpVal
from tests.scenarios.stage import Story, us
from tests.scenarios.told import Line

LENGTH = us("0.2786")


def read(config: Config) -> tuple[Story, Line, Line]:
    """A read of row 1 and a status read, placed in its CORE_BUSY."""
    before = Story(config)
    before.programmed(row=1)
    story = before.then()
    host = story.op("READ", row=1)
    return story, host, story.op("STATUS", inside=(host, us(3)))


@pytest.mark.parametrize("lead", [1, us("0.1"), LENGTH - 1])
def test_from_busy_to_data_out(shipped: Config, lead: int) -> None:
    story, host, status = read(shipped)
    told = story.tell()
    change = told.core(host)[0][1]
    story.accepted({status: change - LENGTH})
    story.refused("sr-stable", {status: change - lead})


@pytest.mark.parametrize("lead", [1, us("0.1"), LENGTH - 1])
def test_from_data_out_to_ready(shipped: Config, lead: int) -> None:
    story, host, status = read(shipped)
    told = story.tell()
    change = told.end(host)
    story.refused("sr-stable", {status: change - lead})
    in_the_window = Story(shipped, story.since)
    host = in_the_window.op("READ", row=1)
    status = in_the_window.op("STATUS", inside=(host, us(6) - LENGTH), state="DATA_OUT")
    told = in_the_window.tell()
    in_the_window.accepted()
    assert told.start(status) + LENGTH == told.end(host)
    assert told.exp_val(status) is ExpVal.EXTRDY


def test_no_planned_status_read_reaches_over_the_end(shipped: Config) -> None:
    """The window puts it off, rather than letting it see two values."""
    story = Story(shipped)
    erase = story.op("ERASE", row=1, at=0)
    status = story.op("STATUS", after=(erase, 0))
    told = story.tell()
    assert told.start(status) == told.end(erase)
    assert told.exp_val(status) is ExpVal.READY
    story.refused("sr-stable", {status: told.end(erase) - LENGTH + 1})


def test_from_a_resume_to_the_continuation_nothing_changes(shipped: Config) -> None:
    """CORE_BUSY of ERASE_RESUME is followed at once by the rest of the erase's."""
    story = Story(shipped)
    erase = story.op("ERASE", row=1)
    story.op("E_SUSPEND", inside=(erase, us(1000)))
    resume = story.op("E_RESUME")
    status = story.op("STATUS", inside=(resume, us(150) - us("0.1")))
    told = story.tell(drained=True)
    story.accepted(drained=True)
    assert told.start(status) < told.end(resume) < told.start(status) + LENGTH
    assert told.exp_val(status) is ExpVal.BUSY


def test_a_busy_neighbour_keeps_it_stable(shipped: Config) -> None:
    """One plane goes from CORE_BUSY to DATA_OUT while another stays busy: busy throughout."""
    before = Story(shipped)
    before.programmed(row=1, planes=0)
    before.programmed(row=1, planes=1)
    story = before.then()
    first = story.op("PLANE_READ", row=1, planes=0, at=story.boundary.time + us(1))
    second = story.op("PLANE_READ", row=1, planes=1, at=story.boundary.time + us(4))
    # the first leaves CORE_BUSY at 26.145, the second at 29.145
    status = story.op("STATUS", at=story.boundary.time + us(26))
    told = story.tell()
    story.accepted()
    assert told.core(first)[0][1] - told.start(status) == us("0.145")
    assert told.exp_val(status) is ExpVal.BUSY
    story.refused("sr-stable", {status: told.core(second)[0][1] - us("0.1")})
