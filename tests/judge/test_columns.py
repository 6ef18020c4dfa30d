"""What whole columns tell of many commands is what each of them tells for itself, legal or not."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from model.config import Config
from model.event import Commands
from model.geometry import Geometry
from model.judge import Judge, Report
from model.judge.account import Op
from model.judge.identity import Entries, locate
from model.judge.intake import Intake
from planner.run import plan
from tests.judge.conftest import Change
from tests.judge.script import Script, in_pieces
from tests.mutation.history import History, Row, commands_of

FIELDS = ("die", "plane", "block", "page", "celltype")
STRETCH = 150


@pytest.fixture(scope="module")
def legal(shipped: Config, tmp_path_factory: pytest.TempPathFactory) -> History:
    """A planned history."""
    out = tmp_path_factory.mktemp("run")
    plan(shipped, out=out, seed=21, ops=600, date="260101")
    return History.read(next(out.glob("operation_sequence_*.csv")), shipped)


def spoilt(rng: random.Random, row: Row, names: int) -> Row:
    """A command with something else in it: often nothing that a device would take."""
    if row.entries and rng.random() < 0.6:
        place, field = rng.randrange(len(row.entries)), rng.choice(FIELDS)
        entries = list(row.entries)
        other = getattr(entries[place], field) + rng.choice((-2, -1, 1, 4, 1_000))
        entries[place] = entries[place]._replace(**{field: other})
        return replace(row, entries=tuple(entries))
    ways = (
        {"time": max(0, row.time + rng.choice((-300_000, -1, 1, 300_000)))},
        {"op": rng.randrange(names)},
        {"exp": rng.choice((-1, 0, 1, 2))},
        {"entries": row.entries[1:]},
        {"entries": row.entries + row.entries[-1:]},
        {"entries": row.entries[::-1]},
    )
    return replace(row, **rng.choice(ways))


def sequences(history: History, config: Config, count: int) -> Iterator[Commands]:
    """The beginning of a history, as it is and with some commands spoilt, doubled, left out, or numbered wrongly."""
    rows = list(history.rows[:STRETCH])
    yield commands_of(rows, 1)
    for seed in range(count):
        rng = random.Random(seed)
        made = list(rows)
        for _ in range(rng.choice((1, 2, 6))):
            place = rng.randrange(len(made))
            made[place] = spoilt(rng, made[place], len(config.names))
        if rng.random() < 0.3:
            place = rng.randrange(len(made))
            made[place : place + 1] = rng.choice(([], [made[place], made[place]], [replace(made[place], uid=5)]))
        yield commands_of(made, 1)


def judged(config: Config, commands: Commands, size: int, *, replaying: bool = True) -> Report:
    """The report over commands that come in pieces."""
    judge = Judge(config, replaying=replaying)
    for piece in in_pieces(commands, size):
        judge.feed(piece)
        judge.settled()
    return judge.finish()


def test_a_fault_changes_nothing_for_the_commands_around_it(legal: History, shipped: Config) -> None:
    """A piece with a fault is judged command by command, one without it by its columns."""
    broken = 0
    for commands in sequences(legal, shipped, 40):
        whole = judged(shipped, commands, len(commands))
        assert judged(shipped, commands, 1) == whole
        assert judged(shipped, commands, 20, replaying=False) == whole
        broken += not whole.legal
    assert broken > 30


def test_a_plain_payload_is_one_in_which_nothing_is_found(legal: History, shipped: Config) -> None:
    geometry = Geometry.of(shipped)
    plains = {False: 0, True: 0}
    for commands in sequences(legal, shipped, 40):
        judge = Judge(shipped)
        replay, entries = judge._replay, Entries(commands)
        rows = Intake(shipped, geometry, judge._kinds).rows(commands)
        for time, uid, kind, exp, plain, dies, planes, held, page, celltype, low, high in rows:
            op, before = Op(uid, kind, time, exp), len(replay.findings.kept)
            locate(replay, op, entries.between(low, high))
            plains[plain] += 1
            if plain:
                assert len(replay.findings.kept) == before
                assert (op.dies, op.planes, op.page) == (dies, planes, page)
                assert not dies or op.held == held
                assert "celltype" not in kind.fields or op.celltype == celltype
            else:
                assert len(replay.findings.kept) > before or kind.celltype == 0
    assert plains[True] > 30 * STRETCH
    assert plains[False] > 20


def test_commands_of_no_number_are_no_commands(shipped: Config) -> None:
    judge = Judge(shipped)
    judge.feed(Commands.of([]))
    assert judge.finish() == Report(0, (), {})


def test_a_payload_of_an_unusual_form_is_judged_by_itself(device: Callable[[Change], Script]) -> None:
    def with_block(data: dict[str, Any]) -> None:
        data["payload_by_op_base"]["READID"] = ["die", "plane", "block"]

    s = device(with_block)
    name = s.named("READID")
    s.op(name, entries=[(0, 1, 1, -1, -1)])
    assert s.broken() == set()
    s.op(name, entries=[(0, 1, 2, -1, -1)])
    assert s.broken() == {"block-plane"}
