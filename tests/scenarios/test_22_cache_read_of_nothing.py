"""22. CACHE_READ of a page that is not programmed yet."""

from __future__ import annotations

import pytest

from model.config import Config
from tests.scenarios.stage import Story


@pytest.mark.parametrize(("row", "page", "legal"), [(1, 1, True), (1, 2, False), (2, 0, False), (3, 0, False)])
def test_a_cache_read_needs_a_programmed_page(shipped: Config, row: int, page: int, legal: bool) -> None:
    """Row 1 holds pages 0 and 1, row 2 is erased, row 3 is as it came."""
    before = Story(shipped)
    before.programmed(row=1, pages=2)
    before.op("ERASE", row=2)
    story = before.then()
    story.op("READ", row=1)
    story.op("DOUT", row=1)
    story.op("CACHE_READ", row=row, page=page)
    if legal:
        story.tell()
        story.accepted()
    else:
        story.refused("read-programmed")


def test_nor_one_that_is_being_programmed(shipped: Config) -> None:
    """A page that is suspended in the middle of its program does not exist yet."""
    before = Story(shipped)
    before.programmed(row=1)
    before.programmed(row=2)
    before.op("READ", row=2)
    before.op("DOUT", row=2)
    story = before.then()
    story.op("PROGRAM", row=1, page=1)
    told = story.tell()
    read = story.op("READ", row=1, page=1, at=told.boundary.time)
    story.accepted()
    story.refused("read-programmed", {read: told.boundary.time - 1})
