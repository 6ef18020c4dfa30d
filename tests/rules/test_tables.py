"""Every row of every table: the judge and the window encoder say the same, and it is the rule that says it."""

from __future__ import annotations

import pytest

from model.judge import Judge
from model.rules import RULE_IDS
from tests.rules.devices import Workshop
from tests.rules.gather import NAMES, ROWS
from tests.rules.table import Row, Table, commands_of, lines_of
from tests.rules.ways import Assumed, loose, ways

PLANNED = [(table, row) for table, row in ROWS if table.planned]
PLANNED_NAMES = [name for (table, _), name in zip(ROWS, NAMES, strict=True) if table.planned]
ILLEGAL = [(table, row) for table, row in PLANNED if not row.legal]
ILLEGAL_NAMES = [name for (_, row), name in zip(PLANNED, PLANNED_NAMES, strict=True) if not row.legal]


def broken(workshop: Workshop, table: Table, row: Row) -> set[str]:
    """The rules that the judge finds broken."""
    config, device = workshop.device(row.device or table.device)
    judge = Judge(config)
    judge.feed(commands_of(lines_of(device, row.text)))
    return set(judge.finish(open_end=not row.end).by_rule)


@pytest.mark.parametrize(("table", "row"), ROWS, ids=NAMES)
def test_the_judge_says_what_the_table_says(workshop: Workshop, table: Table, row: Row) -> None:
    expected = set() if row.legal else {table.rule, *row.also}
    assert broken(workshop, table, row) == expected


@pytest.mark.parametrize(("table", "row"), PLANNED, ids=PLANNED_NAMES)
def test_the_window_allows_what_the_table_says(workshop: Workshop, table: Table, row: Row) -> None:
    _, device = workshop.device(row.device or table.device)
    for way in ways(device, lines_of(device, row.text), drained=row.end):
        assert way.allowed(device) == row.legal, way.called


@pytest.mark.parametrize(("table", "row"), ILLEGAL, ids=ILLEGAL_NAMES)
def test_it_is_the_rule_that_keeps_a_window_from_it(workshop: Workshop, table: Table, row: Row) -> None:
    _, device = workshop.device(row.device or table.device)
    window = Assumed(device, loose(device, lines_of(device, row.text), drained=row.end))
    assert not window.allowed(frozenset({table.rule})), "the rule alone lets it pass"
    others = window.rules - {table.rule} - row.also - row.hidden
    assert window.allowed(others), "other rules forbid it, too"


def test_the_rows_speak_of_known_rules() -> None:
    named = {rule for _, row in ROWS for rule in row.also | row.hidden}
    assert named <= set(RULE_IDS)
