"""10. No PROGRAM or ERASE of the die starts before a resumed operation has ended."""

from __future__ import annotations

import pytest

from model.config import Config
from tests.scenarios.stage import Story, us
from tests.scenarios.told import Line


def resumed(config: Config, host: str, suspend: str, resume: str) -> tuple[Story, Line]:
    """An operation on row 1, suspended after 100 and resumed; row 2 is erased on planes 0 and 3."""
    before = Story(config)
    before.op("ERASE", row=1)
    before.op("ERASE", row=2)
    before.op("ERASE", row=2, planes=3)
    story = before.then()
    line = story.op(host, row=1)
    story.op(suspend, inside=(line, us(100)))
    story.op(resume)
    return story, line


@pytest.mark.parametrize("words", [("ERASE", "E_SUSPEND", "E_RESUME"), ("PROGRAM", "P_SUSPEND", "P_RESUME")])
@pytest.mark.parametrize("follower", ["ERASE", "PROGRAM"])
@pytest.mark.parametrize("plane", [0, 3])
def test_the_next_one_waits_for_the_true_end(
    shipped: Config, words: tuple[str, str, str], follower: str, plane: int
) -> None:
    story, host = resumed(shipped, *words)
    following = story.op(follower, row=2, planes=plane)
    told = story.tell()
    story.accepted()
    # 100 executed, 250.37 suspended
    assert told.start(following) == told.end(host) == told.start(host) + sum(host.name.durations) + us("250.37")
    for early in (1, us(50)):
        story.refused("plane-busy", {following: told.end(host) - early})
    story.refused("op-state", {following: told.end(host) - 1})
