"""27. COPYBACK_READ then COPYBACK_PROGRAM_SLC into another block; into the same page illegal."""

from __future__ import annotations

import pytest

from model.config import Config
from tests.scenarios.stage import Story


def read(config: Config) -> Story:
    """Page 0 of row 1 read for copyback; row 2 is erased."""
    before = Story(config)
    before.programmed(row=1)
    before.op("ERASE", row=2)
    story = before.then()
    story.op("COPYBACK_READ", row=1)
    return story


@pytest.mark.parametrize("delivered", [False, True])
def test_into_another_block(shipped: Config, delivered: bool) -> None:
    story = read(shipped)
    if delivered:
        story.op("DOUT", row=1)
    story.op("COPYBACK_PROGRAM", row=2)
    told = story.tell(drained=True)
    story.accepted(drained=True)
    assert (told.block(1), told.block(2)) == ((3, "SLC", 0), (3, "SLC", 0))


def test_into_the_same_page(shipped: Config) -> None:
    story = read(shipped)
    story.op("COPYBACK_PROGRAM", row=1)
    assert "chain" in story.refused("page-order").by_rule


def test_into_the_next_page_of_the_same_block(shipped: Config) -> None:
    story = read(shipped)
    story.op("COPYBACK_PROGRAM", row=1, page=1)
    story.refused("chain")


def test_one_read_serves_one_program(shipped: Config) -> None:
    story = read(shipped)
    story.op("COPYBACK_PROGRAM", row=2)
    story.op("COPYBACK_PROGRAM", row=2, page=1)
    story.refused("chain")


def test_no_program_without_a_read(shipped: Config) -> None:
    before = Story(shipped)
    before.programmed(row=1)
    before.op("ERASE", row=2)
    story = before.then()
    story.op("READ", row=1)
    story.op("DOUT", row=1)
    story.op("COPYBACK_PROGRAM", row=2)
    story.refused("chain")
