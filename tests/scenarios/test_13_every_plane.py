"""13. DIE_WIDE operations are cut and continued on every plane."""

from __future__ import annotations

from pathlib import Path

import pytest

from model.config import Config
from tests.scenarios.stage import Story, us


def test_all_planes_are_cut_and_go_on(shipped: Config, tmp_path: Path) -> None:
    story = Story(shipped)
    erase = story.op("ERASE", row=1, planes=2)
    story.op("E_SUSPEND", inside=(erase, us(3000)))
    story.op("E_RESUME")
    told = story.tell(drained=True)
    files = told.files(tmp_path)
    pieces = [row for row in files["op_state_timeline"] if row["op_state"] == "ERASE.CORE_BUSY"]
    by_plane = {
        plane: [(us(row["start"]), us(row["end"])) for row in pieces if row["plane"] == str(plane)]
        for plane in range(4)
    }
    # 0.11 ISSUE; cut after 3000; 250.37 suspended
    expected = [(us("0.11"), us("3000.11")), (us("3250.48"), us("7250.48"))]
    assert by_plane == dict.fromkeys(range(4), expected)
    held = {row["planes"] for row in files["events"] if row["op_uid"] == str(told.op_uid[erase])}
    assert held == {"0+1+2+3"}


@pytest.mark.parametrize("plane", [0, 1, 2, 3])
def test_every_plane_is_free_in_the_suspension_and_taken_after_it(shipped: Config, plane: int) -> None:
    before = Story(shipped)
    before.programmed(row=2, planes=plane)
    story = before.then()
    erase = story.op("ERASE", row=1, planes=1)
    story.op("E_SUSPEND", inside=(erase, us(3000)))
    read = story.op("PLANE_READ", row=2, planes=plane)
    delivery = story.op("DOUT", row=2, planes=plane)
    resume = story.op("E_RESUME")
    told = story.tell(drained=True)
    story.accepted(drained=True)
    late = {resume: told.start(read), read: told.start(read) + us(200), delivery: told.start(read) + us(240)}
    assert "plane-busy" in story.refused("op-state", late).by_rule
