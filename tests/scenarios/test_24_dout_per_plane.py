"""24. READ on planes {0,1,2}: DOUT p0, p1, p2, same page and celltype each."""

from __future__ import annotations

import pytest

from model.config import Config
from tests.scenarios.stage import Story, us

READ = "Read_Multi_Plane_ONFI_SLC"


def read(config: Config) -> Story:
    """Planes 0 to 2 of row 1 read together, page 1 of 0 and 1."""
    before = Story(config)
    before.programmed(row=1, pages=2, planes=(0, 1, 2))
    story = before.then()
    story.op(READ, row=1, page=1, planes=(0, 1, 2))
    return story


def test_one_delivery_per_plane_in_order(shipped: Config) -> None:
    story = read(shipped)
    deliveries = [story.op("DOUT", row=1, page=1, planes=plane) for plane in range(3)]
    told = story.tell(drained=True)
    story.accepted(drained=True)
    slc = shipped.celltypes.index("SLC")
    assert [told.payload(line) for line in deliveries] == [[(0, plane, 4 + plane, 1, slc)] for plane in range(3)]
    first = told.start(deliveries[0])
    assert first == story.boundary.time + us("28.465")  # ISSUE 3.465, CORE_BUSY 25
    assert [told.start(line) - first for line in deliveries] == [0, us("9.9444"), us("19.8888")]


@pytest.mark.parametrize(
    ("row", "page", "plane"), [(1, 1, 1), (1, 1, 2), (1, 0, 0), (2, 1, 0), (1, 1, 3)],
    ids=["plane 1 first", "plane 2 first", "another page", "another block", "a plane that was not read"],
)  # fmt: skip
def test_any_other_first_delivery(shipped: Config, row: int, page: int, plane: int) -> None:
    story = read(shipped)
    story.op("DOUT", row=row, page=page, planes=plane, celltype="SLC")
    story.refused("dout")


def test_a_delivery_is_not_left_out_nor_repeated(shipped: Config) -> None:
    story = read(shipped)
    for plane in (0, 1):
        story.op("DOUT", row=1, page=1, planes=plane)
    story.tell()
    story.refused("drained", drained=True)
    story.op("DOUT", row=1, page=1, planes=1)
    story.refused("dout")


def test_it_names_one_plane(shipped: Config) -> None:
    story = read(shipped)
    story.op("DOUT", row=1, page=1, planes=(0, 1))
    story.refused("multi-address")
