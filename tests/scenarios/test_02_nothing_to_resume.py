"""2. RESUME with nothing suspended on its axis."""

from __future__ import annotations

import pytest

from model.config import Config
from tests.scenarios.stage import Story, us


@pytest.mark.parametrize("resume", ["E_RESUME", "P_RESUME"])
def test_a_resume_on_a_fresh_device(shipped: Config, resume: str) -> None:
    story = Story(shipped)
    story.op(resume)
    story.refused("suspend-state")


def test_a_second_resume(shipped: Config) -> None:
    story = Story(shipped)
    erase = story.op("ERASE")
    story.op("E_SUSPEND", inside=(erase, us(3000)))
    story.op("E_RESUME")
    told = story.tell()
    story.accepted()
    story.op("E_RESUME", at=told.end(erase))
    story.refused("suspend-state")


@pytest.mark.parametrize("resume", ["P_RESUME"])
def test_a_resume_of_the_other_axis(shipped: Config, resume: str) -> None:
    story = Story(shipped)
    erase = story.op("ERASE")
    story.op("E_SUSPEND", inside=(erase, us(3000)))
    story.tell()
    story.op(resume)
    story.refused("suspend-state")


def test_a_resume_on_the_other_die(shipped: Config) -> None:
    story = Story(shipped)
    erase = story.op("ERASE")
    story.op("E_SUSPEND", inside=(erase, us(3000)))
    story.tell()
    story.op("E_RESUME", die=1)
    story.refused("suspend-state")
