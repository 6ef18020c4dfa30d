"""25. READ (TLC), status read, DOUT: celltype kept; DOUT of another page illegal."""

from __future__ import annotations

import pytest

from model.config import Config
from model.event import ExpVal
from tests.scenarios.stage import Story, us
from tests.scenarios.told import Line


def read(config: Config) -> tuple[Story, Line]:
    """Page 1 of the TLC pages 0 and 1 of row 1."""
    before = Story(config)
    before.programmed(row=1, pages=2, kind="TLC")
    story = before.then()
    return story, story.op("READ_TLC", row=1, page=1)


@pytest.mark.parametrize(("offset", "state", "sees"), [(5, "CORE_BUSY", "BUSY"), (1, "DATA_OUT", "EXTRDY")])
def test_the_celltype_is_kept_past_a_status_read(shipped: Config, offset: int, state: str, sees: str) -> None:
    story, host = read(shipped)
    status = story.op("STATUS", inside=(host, us(offset)), state=state)
    delivery = story.op("DOUT", row=1, page=1)
    told = story.tell(drained=True)
    story.accepted(drained=True)
    assert told.exp_val(status) == ExpVal[sees]
    assert told.payload(delivery) == [(0, 0, 4, 1, shipped.celltypes.index("TLC"))]


@pytest.mark.parametrize(("row", "page", "celltype"), [(1, 0, "TLC"), (2, 1, "TLC"), (1, 1, "SLC")])
def test_another_page_block_or_celltype(shipped: Config, row: int, page: int, celltype: str) -> None:
    story, _ = read(shipped)
    story.op("STATUS", exp="ready")
    story.op("DOUT", row=row, page=page, celltype=celltype)
    # the celltype of a DOUT is the decoder's: the window does not choose it
    story.refused("dout", encoder=celltype == "TLC")


def test_a_4k_delivery_of_a_whole_page(shipped: Config) -> None:
    story, _ = read(shipped)
    story.op("Enhanced_Random_Data_Output_4K_Secondary", row=1, page=1)
    story.refused("dout")
