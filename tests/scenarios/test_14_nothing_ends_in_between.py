"""14. No OP_END event of the victim between its suspension and its resume (a READ and DOUT inside have theirs)."""

from __future__ import annotations

from pathlib import Path

from model.config import Config
from tests.scenarios.stage import Story, us


def test_events_of_a_suspension(shipped: Config, tmp_path: Path) -> None:
    before = Story(shipped)
    before.programmed(row=2)
    story = before.then()
    erase = story.op("ERASE", row=1)
    cut = story.op("E_SUSPEND", inside=(erase, us(6990)))
    read = story.op("READ", row=2)
    delivery = story.op("DOUT", row=2)
    resume = story.op("E_RESUME")
    told = story.tell(drained=True)
    story.accepted(drained=True)
    begin, over = told.start(cut), told.end(resume)
    assert [(time, event) for time, event, _ in told.events(erase)] == [
        (told.start(erase), "OP_START"),
        (begin, "OP_SUSPENDED"),
        (over, "OP_RESUMED"),
        (over + us(10), "OP_END"),
    ]
    # its planned end, 10 after the cut, passes in silence; the others inside end as planned
    inside = [uid for time, event, uid in told.events() if begin <= time <= over and event == "OP_END"]
    assert sorted(inside) == [told.op_uid[line] for line in (cut, read, delivery, resume)]
    assert told.end(read) == told.start(read) + us("31.12")
    assert told.end(delivery) == told.start(delivery) + us("9.9444")
    rows = told.files(tmp_path)["events"]
    told_there = [(row["event"], row["fragment"]) for row in rows if row["op_uid"] == str(told.op_uid[erase])]
    assert [row for row in told_there if row[0] != "STATE"] == [
        ("OP_START", "0"),
        ("OP_SUSPENDED", "0"),
        ("OP_RESUMED", "1"),
        ("OP_END", "1"),
    ]
