"""19. LSB latch set, READ + DOUT on that plane: read latch gone, LSB latch still there."""

from __future__ import annotations

from model.config import Config
from tests.scenarios.stage import Story


def read_under_the_lsb_latch(config: Config) -> Story:
    """LSB of row 1, then a READ of row 2 on the same plane; nothing is delivered yet."""
    before = Story(config)
    before.programmed(row=2)
    before.op("ERASE_TLC", row=1)
    story = before.then()
    story.op("LSB", row=1)
    story.op("READ", row=2)
    return story


def test_the_read_latch_goes_with_the_delivery(shipped: Config) -> None:
    story = read_under_the_lsb_latch(shipped)
    story.op("DOUT", row=2)
    again = story.op("READ", row=2)
    told = story.tell()
    story.accepted()
    undelivered = read_under_the_lsb_latch(shipped)
    undelivered.op("READ", row=2, at=told.start(again))
    undelivered.refused("latch")


def test_the_lsb_latch_stays(shipped: Config) -> None:
    story = read_under_the_lsb_latch(shipped)
    story.op("DOUT", row=2)
    told = story.tell()
    latched = told.boundary.dies[0].shot
    assert latched is not None
    assert story.device.catalogue.bases[latched.latch].name == "ONESHOT_PROGRAM_LSB"
    story.op("ERASE", row=3)
    report = story.refused("latch")
    assert any("LATCH_ON_LSB" in finding.message for finding in report.findings)


def test_what_needs_the_lsb_latch_goes_on(shipped: Config) -> None:
    story = read_under_the_lsb_latch(shipped)
    story.op("DOUT", row=2)
    story.op("Data_transfer_to_cache_for_1st_Page_TLC")
    for step in ("CSB", "MSB_23H"):
        story.op(step, row=1)
    told = story.tell(drained=True)
    story.accepted(drained=True)
    assert told.block(1) == (3, "TLC", 0)


def test_the_read_latch_stops_the_chain_until_the_delivery(shipped: Config) -> None:
    """CSB would overwrite what waits: LATCH_ON_READ forbids what LATCH_ON_LSB allows."""
    story = read_under_the_lsb_latch(shipped)
    story.tell()
    story.op("CSB", row=1)
    assert "dout" in story.refused("latch").by_rule
