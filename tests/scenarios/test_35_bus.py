"""35. Two ISSUEs touching at a tick are legal, overlapping by one tick are not, across dies too."""

from __future__ import annotations

import pytest

from model.config import Config
from tests.scenarios.stage import Story, us


@pytest.mark.parametrize("die", [0, 1])
@pytest.mark.parametrize(("gap", "legal"), [(-1, False), (0, True), (1, True)])
def test_touching_issues(shipped: Config, die: int, gap: int, legal: bool) -> None:
    story = Story(shipped)
    story.op("ERASE", at=us(5))
    story.op("STATUS", die=die, at=us(5) + us("0.11") + gap, exp="busy" if die == 0 else "ready")
    if legal:
        story.tell()
        story.accepted()
    else:
        story.refused("bus")


@pytest.mark.parametrize("lead", [1, us("0.2786") - 1])
def test_a_short_issue_that_ends_in_a_long_one(shipped: Config, lead: int) -> None:
    story = Story(shipped)
    story.op("STATUS", die=1, at=us(10), exp="ready")
    story.op("Block_Erase_Multi_Plane_ONFI_SLC", planes=(0, 1), at=us(10) + lead)
    story.refused("bus")


def test_a_short_issue_within_a_long_one(shipped: Config) -> None:
    story = Story(shipped)
    story.op("Block_Erase_Multi_Plane_ONFI_SLC", planes=(0, 1), at=us(10))
    story.op("STATUS", die=1, at=us(11), exp="ready")
    story.refused("bus")


def test_the_planner_packs_them(shipped: Config) -> None:
    """Asked for at once on both dies, ISSUEs follow each other without a gap."""
    story = Story(shipped)
    first = story.op("ERASE", die=0)
    second = story.op("ERASE", die=1)
    told = story.tell()
    starts = sorted([told.start(first), told.start(second)])
    assert starts == [0, us("0.11")]


def test_busy_states_overlap(shipped: Config) -> None:
    story = Story(shipped)
    first = story.op("ERASE", die=0, at=0)
    second = story.op("ERASE", die=1, at=us("0.11"))
    told = story.tell(drained=True)
    story.accepted(drained=True)
    assert told.end(second) - told.end(first) == us("0.11")
