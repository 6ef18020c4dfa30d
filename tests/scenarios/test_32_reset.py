"""32. RESET inside an erase: the block only takes ERASE afterwards."""

from __future__ import annotations

import pytest

from model.boundary import ERASED, PROGRAMMED, UNDEFINED
from model.config import Config
from tests.scenarios.stage import Story, us


def reset(config: Config, *, suspended: bool = False, reset: str = "RESET") -> Story:
    """An erase of row 1, over a programmed page, that a reset stops while it runs, or while it is suspended."""
    before = Story(config)
    before.programmed(row=1)
    before.programmed(row=2)
    story = before.then()
    erase = story.op("ERASE", row=1)
    if suspended:
        story.op("E_SUSPEND", inside=(erase, us(3000)))
        story.op(reset)
    else:
        story.op(reset, inside=(erase, us(3000)))
    return story


@pytest.mark.parametrize("suspended", [False, True])
@pytest.mark.parametrize("word", ["RESET", "Synchronous_Reset", "Reset_LUN"])
def test_the_erase_is_aborted_and_the_block_undefined(shipped: Config, suspended: bool, word: str) -> None:
    story = reset(shipped, suspended=suspended, reset=word)
    told = story.tell(drained=True)
    story.accepted(drained=True)
    erase = story.lines[0]
    events = [event for _, event, _ in told.events(erase)]
    assert events == ["OP_START", *["OP_SUSPENDED"] * suspended, "OP_ABORT"]
    assert told.events(erase)[-1][0] == told.start(story.lines[-1])
    assert told.lengths(erase) == [us(3000)]
    assert told.block(1)[0] == UNDEFINED
    assert told.block(2) == (PROGRAMMED, "SLC", 0)


@pytest.mark.parametrize("suspended", [False, True])
def test_it_is_erased_again_and_then_programmed(shipped: Config, suspended: bool) -> None:
    story = reset(shipped, suspended=suspended).then()
    story.op("ERASE", row=1)
    assert story.tell().block(1) == (ERASED, "SLC", -1)
    story.op("PROGRAM", row=1)
    told = story.tell(drained=True)
    story.accepted(drained=True)
    assert told.block(1) == (PROGRAMMED, "SLC", 0)


@pytest.mark.parametrize(
    "word", ["PROGRAM", "CACHE_PROGRAM", "READ", "COPYBACK_READ", "Change_Row_Address", "DSL_Vth_Check"]
)
@pytest.mark.parametrize("page", [0, 1])
def test_it_takes_nothing_else(shipped: Config, word: str, page: int) -> None:
    story = reset(shipped).then()
    story.op(word, row=1, page=page, celltype="TLC" if word.startswith("DSL") else "SLC")
    story.refused("undefined-block")


def test_a_program_that_is_reset_leaves_its_block_undefined(shipped: Config) -> None:
    before = Story(shipped)
    before.programmed(row=1)
    story = before.then()
    program = story.op("PROGRAM", row=1, page=1)
    story.op("RESET", inside=(program, us(299)))
    assert story.tell(drained=True).block(1)[0] == UNDEFINED
    story.accepted(drained=True)
    story.op("READ", row=1, page=0)
    story.refused("undefined-block")


def test_a_resume_after_the_reset_finds_nothing(shipped: Config) -> None:
    story = reset(shipped, suspended=True)
    story.tell()
    story.op("E_RESUME")
    story.refused("suspend-state")
