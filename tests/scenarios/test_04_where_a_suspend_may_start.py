"""4. SUSPEND exactly at the end of CORE_BUSY, or in ISSUE, or in DATA_IN."""

from __future__ import annotations

import pytest

from model.config import Config
from tests.scenarios.stage import Story, us
from tests.scenarios.told import Line


def erase(config: Config) -> tuple[Story, Line]:
    story = Story(config)
    return story, story.op("ERASE")


def program(config: Config, word: str) -> tuple[Story, Line]:
    before = Story(config)
    before.op("ERASE")
    story = before.then()
    return story, story.op(word)


@pytest.mark.parametrize("executed", [1, us(3500), us(7000) - 1])
def test_an_erase_is_cut_strictly_inside(shipped: Config, executed: int) -> None:
    story, host = erase(shipped)
    cut = story.op("E_SUSPEND", inside=(host, executed))
    told = story.tell()
    assert told.start(cut) == us("0.11") + executed
    story.accepted()


@pytest.mark.parametrize("executed", [-us("0.05"), 0, us(7000), us(7000) + 1])
def test_an_erase_is_cut_nowhere_else(shipped: Config, executed: int) -> None:
    story, _ = erase(shipped)
    story.op("E_SUSPEND", at=us("0.11") + executed)
    story.refused("suspend-target")


@pytest.mark.parametrize("word", ["PROGRAM", "CACHE_PROGRAM"])
@pytest.mark.parametrize(("executed", "legal"), [(0, False), (1, True), (us(300) - 1, True), (us(300), False)])
def test_a_program_is_cut_strictly_inside(shipped: Config, word: str, executed: int, legal: bool) -> None:
    story, host = program(shipped, word)
    begun = story.boundary.time + host.name.issue
    story.op("P_SUSPEND", at=begun + executed)
    if legal:
        story.accepted()
    else:
        story.refused("suspend-target")


@pytest.mark.parametrize("offset", [0, 1, us(5), us(10) - 1])
def test_a_cache_program_is_not_cut_in_data_in(shipped: Config, offset: int) -> None:
    story, host = program(shipped, "CACHE_PROGRAM")
    begun = story.boundary.time + host.name.issue
    story.op("P_SUSPEND", at=begun + us(300) + offset)
    story.refused("suspend-target")
