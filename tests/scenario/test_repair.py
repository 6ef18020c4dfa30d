"""Every sequence of the rule tables, repaired: the illegal ones become legal, the legal ones stay as they are."""

from __future__ import annotations

import pytest

from model.boundary import Boundary
from model.judge import Judge
from planner.scenario.changes import CHANGED, INSERTED, MOVED, TAKEN_OUT, Repaired
from planner.scenario.repair import Repairer
from planner.scenario.rows import commands_of, faults_of, rows_of
from tests.rules.devices import Workshop
from tests.rules.gather import ROWS, TABLES
from tests.rules.table import Row, Table, lines_of
from tests.rules.table import commands_of as commands_said

SHARE = 9
"""One of so many rows of the tables is repaired in every run of the tests, all of them in the long one."""
OF_FILES = ("op-end-once",)
"""Tables that are about other files than the sequence."""


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    return Workshop(tmp_path_factory.mktemp("repair"))


def repaired(workshop: Workshop, table: Table, row: Row) -> Repaired:
    config, device = workshop.device(row.device or table.device)
    commands = commands_said(lines_of(device, row.text))
    repairer = Repairer(config, Boundary.fresh(device), open_end=not row.end)
    return repairer.repair(list(rows_of(commands)), faults_of(commands, (), 1))


def check(workshop: Workshop, table: Table, row: Row) -> None:
    found = repaired(workshop, table, row)
    config, _ = workshop.device(row.device or table.device)
    judge = Judge(config)
    judge.feed(commands_of(found.rows))
    assert judge.finish(open_end=not row.end).legal
    assert found.unchanged == (row.legal or table.rule in OF_FILES)
    for change in found.changes:
        assert change.what != TAKEN_OUT or change.rules


def named(rule: str, title: str) -> tuple[Table, Row]:
    table = TABLES[rule]
    return table, next(row for row in table.rows if row.title == title)


def whats(found: Repaired) -> set[str]:
    return {change.what for change in found.changes}


@pytest.mark.parametrize(("table", "row"), ROWS[::SHARE], ids=[f"{t.rule}: {r.title}" for t, r in ROWS[::SHARE]])
def test_a_sequence_of_the_tables(workshop: Workshop, table: Table, row: Row) -> None:
    check(workshop, table, row)


@pytest.mark.long
@pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))
def test_all_sequences_of_a_table(workshop: Workshop, table: Table) -> None:
    for row in table.rows:
        check(workshop, table, row)


def test_a_missing_delivery_is_inserted(workshop: Workshop) -> None:
    found = repaired(workshop, *named("dout", "a read over undelivered data"))
    assert INSERTED in whats(found)
    assert TAKEN_OUT not in whats(found)


def test_what_comes_too_early_is_moved_to_the_nearest_time(workshop: Workshop) -> None:
    found = repaired(workshop, *named("dout", "a DOUT one tick before the read leaves the array"))
    (moved,) = [change for change in found.changes if change.what == MOVED]
    assert (moved.was, moved.now) == (23, 24)


def test_what_nothing_makes_legal_is_taken_out_with_its_rule(workshop: Workshop) -> None:
    found = repaired(workshop, *named("dout", "a DOUT without a read"))
    (out,) = [change for change in found.changes if change.what == TAKEN_OUT]
    assert out.rules == ("dout",)


def test_wrong_numbers_are_put_right(workshop: Workshop) -> None:
    found = repaired(workshop, *named("op-uid", "operations numbered 1, 3"))
    assert CHANGED in whats(found)
