"""28. RECOVERY_RD of the suspended page (MSB_23H suspended), then its DOUT; outside a suspension, or of another page,
illegal."""

from __future__ import annotations

import pytest

from model.config import Config
from tests.scenarios.stage import Story, us


def suspended(config: Config) -> Story:
    """Page 1 of row 1 in the middle of its program; row 2 holds a TLC page, too."""
    before = Story(config)
    before.programmed(row=2, pages=2, kind="TLC")
    before.programmed(row=1, kind="TLC")
    before.op("LSB", row=1, page=1)
    before.op("CSB", row=1, page=1)
    story = before.then()
    program = story.op("MSB_23H", row=1, page=1)
    story.op("P_SUSPEND", inside=(program, us(1000)))
    return story


def test_the_suspended_page_is_read_and_delivered(shipped: Config) -> None:
    story = suspended(shipped)
    recovery = story.op("RECOVERY_RD", row=1, page=1)
    delivery = story.op("DOUT", row=1, page=1)
    resume = story.op("P_RESUME")
    told = story.tell(drained=True)
    story.accepted(drained=True)
    assert told.start(delivery) == told.start(recovery) + us("164.6582")  # ISSUE 129.6582, CORE_BUSY 35
    assert told.payload(delivery) == [(0, 0, 4, 1, shipped.celltypes.index("TLC"))]
    assert told.start(resume) >= told.end(delivery)
    assert told.block(1) == (3, "TLC", 1)


def test_it_is_delivered_before_the_program_goes_on(shipped: Config) -> None:
    story = suspended(shipped)
    story.op("RECOVERY_RD", row=1, page=1)
    story.tell()
    story.op("P_RESUME")
    assert "latch" in story.refused("residual").by_rule


@pytest.mark.parametrize(("row", "page", "plane"), [(1, 0, 0), (1, 2, 0), (2, 1, 0), (1, 1, 1)])
def test_no_other_page(shipped: Config, row: int, page: int, plane: int) -> None:
    story = suspended(shipped)
    story.tell()
    story.op("RECOVERY_RD", row=row, page=page, planes=plane)
    story.refused("recovery")


def test_not_before_the_suspension(shipped: Config) -> None:
    before = Story(shipped)
    before.programmed(row=1, kind="TLC")
    story = before.then()
    story.op("RECOVERY_RD", row=1)
    story.refused("recovery")


def test_not_after_the_resume(shipped: Config) -> None:
    story = suspended(shipped)
    story.op("P_RESUME")
    told = story.tell()
    recovery = story.op("RECOVERY_RD", row=1, page=1)
    story.refused("recovery")
    story.refused("recovery", {recovery: told.boundary.time - us(500)})


def test_not_in_an_erase_suspension(shipped: Config) -> None:
    before = Story(shipped)
    before.programmed(row=2, kind="TLC")
    story = before.then()
    erase = story.op("ERASE_TLC", row=1)
    story.op("E_SUSPEND", inside=(erase, us(1000)))
    story.tell()
    story.op("RECOVERY_RD", row=2)
    story.refused("recovery")


def test_an_ordinary_read_of_the_suspended_page(shipped: Config) -> None:
    story = suspended(shipped)
    story.tell()
    story.op("READ_TLC", row=1, page=1)
    assert {"read-programmed", "block-in-flight"} <= set(story.refused("suspended-block").by_rule)
