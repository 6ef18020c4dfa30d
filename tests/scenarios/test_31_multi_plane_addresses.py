"""31. Multi-plane with different block rows or pages."""

from __future__ import annotations

import pytest

from model.config import Config
from tests.judge.script import Script
from tests.scenarios.stage import Story

READ, ERASE = "Read_Multi_Plane_ONFI_SLC", "Block_Erase_Multi_Plane_ONFI_SLC"


def test_planes_of_one_operation_share_row_and_page(shipped: Config) -> None:
    before = Story(shipped)
    before.programmed(row=5, pages=3, planes=(0, 2, 3))
    story = before.then()
    read = story.op(READ, row=5, page=2, planes=(0, 2, 3))
    for plane in (0, 2, 3):
        story.op("DOUT", row=5, page=2, planes=plane)
    told = story.tell(drained=True)
    story.accepted(drained=True)
    assert [entry[:4] for entry in told.payload(read)] == [(0, 0, 20, 2), (0, 2, 22, 2), (0, 3, 23, 2)]


SLC = 1
UNEVEN = {
    "different rows": [(0, 0, 0, 0, SLC), (0, 1, 5, 0, SLC)],
    "different pages": [(0, 0, 0, 0, SLC), (0, 1, 1, 1, SLC)],
    "different dies": [(0, 0, 0, 0, SLC), (1, 1, 1, 0, SLC)],
    "planes not ascending": [(0, 1, 1, 0, SLC), (0, 0, 0, 0, SLC)],
    "one plane twice": [(0, 0, 0, 0, SLC), (0, 0, 0, 0, SLC)],
}


@pytest.mark.parametrize("how", UNEVEN)
@pytest.mark.parametrize("name", [READ, ERASE])
def test_uneven_payloads(shipped: Config, how: str, name: str) -> None:
    """The planner cannot say these at all: an operation of a window has one row and one page."""
    script = Script(shipped)
    for row in (0, 1):
        script.programmed(pages=2, row=row, planes=(0, 1))
    script.op(name, entries=list(UNEVEN[how]))
    assert "multi-address" in script.broken()


@pytest.mark.parametrize(
    ("name", "planes"), [("ERASE", (0, 1)), (ERASE, (2,))], ids=["two for a single one", "one for a multi-plane one"]
)
def test_the_number_of_planes(shipped: Config, name: str, planes: tuple[int, ...]) -> None:
    story = Story(shipped)
    story.op(name, row=1, planes=planes)
    story.refused("multi-address")
