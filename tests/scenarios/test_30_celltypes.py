"""30. Erased SLC, programmed A0SLC: next page SLC illegal, read as SLC illegal; erased SLC, programmed TLC illegal."""

from __future__ import annotations

import pytest

from model.config import Config
from tests.scenarios.stage import Story


def mixed(config: Config) -> Story:
    """A story on a device whose row 1 was erased as SLC and holds an A0SLC page."""
    before = Story(config)
    before.op("ERASE", row=1)
    before.op("PROGRAM_A0SLC", row=1)
    return before.then()


def test_the_next_page_keeps_the_celltype_of_the_first(shipped: Config) -> None:
    story = mixed(shipped)
    story.op("PROGRAM_A0SLC", row=1, page=1)
    told = story.tell(drained=True)
    story.accepted(drained=True)
    assert told.block(1) == (3, "A0SLC", 1)


@pytest.mark.parametrize("name", ["PROGRAM", "Page_Program_ACSLC", "Cache_Program_SLC"])
def test_the_next_page_in_another_celltype(shipped: Config, name: str) -> None:
    story = mixed(shipped)
    story.op(name, row=1, page=1)
    story.refused("celltype")


def test_read_as_slc(shipped: Config) -> None:
    story = mixed(shipped)
    story.op("READ", row=1)
    story.refused("read-programmed")


TAKES = [
    ("ERASE", "PROGRAM", True),
    ("ERASE", "PROGRAM_A0SLC", True),
    ("ERASE", "Page_Program_ACSLC", True),
    ("ERASE", "Page_Program_AESLC", False),
    ("ERASE", "LSB", False),
    ("ERASE_TLC", "LSB", True),
    ("ERASE_TLC", "PROGRAM", False),
    ("Block_Erase_AESLC", "Page_Program_AESLC", True),
    ("Block_Erase_AESLC", "PROGRAM", False),
]


@pytest.mark.parametrize(("erase", "program", "legal"), TAKES)
def test_what_an_erased_block_takes(shipped: Config, erase: str, program: str, legal: bool) -> None:
    story = Story(shipped)
    story.op(erase, row=1)
    story.op(program, row=1)
    if legal:
        story.tell()
        story.accepted()
    else:
        story.refused("celltype")


def test_it_takes_its_own_again_after_an_erase(shipped: Config) -> None:
    story = mixed(shipped)
    story.op("ERASE", row=1)
    story.op("PROGRAM", row=1)
    told = story.tell(drained=True)
    story.accepted(drained=True)
    assert told.block(1) == (3, "SLC", 0)
