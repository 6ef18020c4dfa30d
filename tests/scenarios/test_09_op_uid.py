"""9. op_uid in order of start over all dies, status reads included; the same in every file."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from model.config import Config
from model.event import Commands
from model.judge import Judge
from tests.scenarios.stage import Story, us
from tests.scenarios.told import Told


def two_dies(config: Config) -> Told:
    """An erase of each die, suspended in die 1, with status reads of both."""
    story = Story(config)
    first = story.op("ERASE", die=0)
    second = story.op("ERASE", die=1, at=us(2))
    story.op("STATUS", die=1, at=us(10))
    story.op("STATUS", die=0, inside=(first, us(5)))
    story.op("E_SUSPEND", die=1, inside=(second, us(100)))
    story.op("Read_Status_Enhanced_78h", die=0, planes=3, at=us(103))
    story.op("E_RESUME", die=1)
    story.op("ERASE", row=1, die=0)
    return story.tell(drained=True)


def test_numbers_follow_the_starts(shipped: Config) -> None:
    told = two_dies(shipped)
    assert [row[1] for row in told.rows] == list(range(1, 9))
    assert all(early[0] < late[0] for early, late in pairwise(told.rows))
    named = [shipped.names[row[2]].name for row in told.rows]
    assert named[:4] == ["Block_Erase_SLC", "Block_Erase_SLC", "Read_Status_Enhanced_70h", "Read_Status_Enhanced_70h"]
    assert [row[3] for row in told.rows[:4]] == [0, 1, 0, 1]


def test_every_file_means_the_same_operation(shipped: Config, tmp_path: Path) -> None:
    told = two_dies(shipped)
    files = told.files(tmp_path)
    sent = {row["op_uid"]: row["op_name"] for row in files["operation_sequence"]}
    starts = {row["op_uid"]: row["time"] for row in files["operation_sequence"]}
    assert list(sent) == [str(n) for n in range(1, 9)]
    for table in ("operation_timeline", "events", "op_event_resume"):
        assert files[table]
        assert all(sent[row["op_uid"]] == row["op_name"] for row in files[table]), table
    states = {(row["op_uid"], row["op_name"]) for row in files["op_state_timeline"]}
    bases = {spec.name: spec.base for spec in shipped.names}
    assert all(bases[sent[uid]] == base for uid, base in states)
    begun = {row["op_uid"]: row["time"] for row in files["events"] if row["event"] == "OP_START"}
    assert begun == starts


def test_numbers_out_of_order_or_with_gaps(shipped: Config) -> None:
    told = two_dies(shipped)
    for numbers in ([1, 2, 4, 3, 5, 6, 7, 8], [1, 2, 3, 5, 6, 7, 8, 9], [1, 2, 2, 3, 4, 5, 6, 7]):
        judge = Judge(shipped)
        judge.feed(Commands.of([(row[0], uid, *row[2:]) for row, uid in zip(told.rows, numbers, strict=True)]))
        assert "op-uid" in judge.finish().by_rule
