"""5. ERASE, E_SUSPEND, PROGRAM (other block), P_SUSPEND, P_RESUME, later E_RESUME; the other way round is illegal."""

from __future__ import annotations

from model.config import Config
from tests.scenarios.stage import Story, us
from tests.scenarios.told import Line


def nested(config: Config) -> tuple[Story, dict[str, Line]]:
    """A program of row 2 suspended after 100, inside of an erase of row 1 that is suspended after 2000."""
    before = Story(config)
    before.op("ERASE", row=2)
    story = before.then()
    lines = {"erase": story.op("ERASE", row=1)}
    lines["e_suspend"] = story.op("E_SUSPEND", inside=(lines["erase"], us(2000)))
    lines["program"] = story.op("PROGRAM", row=2)
    lines["p_suspend"] = story.op("P_SUSPEND", inside=(lines["program"], us(100)))
    return story, lines


def test_the_program_is_resumed_first_and_then_the_erase(shipped: Config) -> None:
    story, lines = nested(shipped)
    p_resume = story.op("P_RESUME")
    e_resume = story.op("E_RESUME")
    told = story.tell(drained=True)
    story.accepted(drained=True)
    assert told.lengths(lines["program"]) == [us(100), us(200)]
    assert told.core(lines["program"])[1][0] == told.end(p_resume)
    assert told.start(e_resume) == told.end(lines["program"]) == told.end(p_resume) + us(200)
    assert told.lengths(lines["erase"]) == [us(2000), us(5000)]
    assert told.core(lines["erase"])[1][0] == told.end(e_resume)


def test_the_erase_does_not_go_on_while_the_program_is_suspended(shipped: Config) -> None:
    story, _ = nested(shipped)
    story.tell()
    story.op("E_RESUME")
    story.refused("resume-order")


def test_the_erase_is_not_resumed_before_the_program_has_ended(shipped: Config) -> None:
    story, lines = nested(shipped)
    story.op("P_RESUME")
    resume = story.op("E_RESUME")
    told = story.tell()
    story.refused("plane-busy", {resume: told.end(lines["program"]) - 1})


def test_no_erase_starts_and_is_suspended_inside_a_program_suspension(shipped: Config) -> None:
    before = Story(shipped)
    before.op("ERASE", row=2)
    story = before.then()
    program = story.op("PROGRAM", row=2)
    story.op("P_SUSPEND", inside=(program, us(100)))
    told = story.tell()
    story.op("ERASE", row=1, at=told.boundary.time)
    story.refused("suspend-state")
    story.op("E_SUSPEND", at=told.boundary.time + us(1000))
    story.refused("resume-order")
