"""17. [CACHE p, CACHE p+1, PROGRAM p+2] with the first suspended twice: followers start after its true end, in order,
pages kept, each once."""

from __future__ import annotations

from model.config import Config
from tests.scenarios.stage import Story, us
from tests.scenarios.told import Line


def chain(config: Config) -> tuple[Story, list[Line]]:
    """Pages 4, 5 and 6 of row 1; the first is suspended after 100 and after 50 more."""
    before = Story(config)
    before.programmed(row=1, pages=4)
    story = before.then()
    first = story.op("CACHE_PROGRAM", row=1, page=4)
    for executed in (100, 50):
        story.op("P_SUSPEND", inside=(first, us(executed)))
        story.op("P_RESUME")
    second = story.op("CACHE_PROGRAM", row=1, page=5)
    third = story.op("PROGRAM", row=1, page=6)
    return story, [first, second, third]


def test_the_followers_wait_and_come_once(shipped: Config) -> None:
    story, (first, second, third) = chain(shipped)
    told = story.tell(drained=True)
    story.accepted(drained=True)
    true_end = told.start(first) + us("9.8244") + us(310) + 2 * us("250.37")
    assert told.lengths(first) == [us(100), us(50), us(150)]
    assert told.end(first) == true_end
    assert told.start(second) == true_end
    assert told.start(third) == told.end(second) == true_end + us("319.8244")
    assert [told.payload(line)[0][3] for line in (first, second, third)] == [4, 5, 6]
    assert told.block(1) == (3, "SLC", 6)
    programs = [row for row in told.rows if row[2] in {line.name.index for line in (first, second)}]
    assert len(programs) == 2


def test_a_follower_may_take_over_the_true_window(shipped: Config) -> None:
    story, (first, second, third) = chain(shipped)
    told = story.tell()
    inside = {second: told.end(first) - us(10), third: told.start(third)}
    story.accepted(inside)


def test_no_follower_starts_in_a_suspension_or_before_the_rest_has_run(shipped: Config) -> None:
    story, (first, second, _) = chain(shipped)
    told = story.tell()
    last_resume = story.lines[4]
    story.refused("op-state", {second: told.end(last_resume)})
    story.refused("op-state", {second: told.end(first) - us(10) - 1})
    story.refused("suspend-state", {second: told.core(first)[0][1] + us("100.185"), last_resume: told.end(first)})


def test_no_follower_is_sent_twice(shipped: Config) -> None:
    story, _ = chain(shipped)
    told = story.tell()
    story.op("CACHE_PROGRAM", row=1, page=5, at=told.boundary.time)
    story.refused("page-order")
