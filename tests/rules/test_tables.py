"""Every row of every table: the judge and the window encoder say the same, and it is the rule that says it."""

from __future__ import annotations

from pathlib import Path

from model.judge import Judge
from model.rules import RULE_IDS
from tests.rules.devices import Workshop
from tests.rules.files import broken_by_files
from tests.rules.gather import ROWS, for_judge, for_window
from tests.rules.table import Row, Table, commands_of, lines_of
from tests.rules.ways import Assumed, loose, ways


def broken(workshop: Workshop, table: Table, row: Row, folder: Path) -> set[str]:
    """The rules that the judge finds broken: of the sequence, or of the files where the rule is about them."""
    config, device = workshop.device(row.device or table.device)
    if table.rule == "op-end-once":
        return broken_by_files(config, commands_of(lines_of(device, row.text)), row.files, folder)
    judge = Judge(config)
    judge.feed(commands_of(lines_of(device, row.text)))
    return set(judge.finish(open_end=not row.end).by_rule)


@for_judge()
def test_the_judge_says_what_the_table_says(workshop: Workshop, table: Table, row: Row, tmp_path: Path) -> None:
    expected = set() if row.legal else {table.rule, *row.also}
    assert broken(workshop, table, row, tmp_path) == expected


@for_window()
def test_the_window_allows_what_the_table_says(workshop: Workshop, table: Table, row: Row) -> None:
    config, device = workshop.device(row.device or table.device)
    drained = row.end and not config.policies.carry_over
    for way in ways(device, lines_of(device, row.text), drained=drained):
        assert way.allowed(device) == row.legal, way.called


@for_window(lambda row: not row.legal and not row.inherent)
def test_it_is_the_rule_that_keeps_a_window_from_it(workshop: Workshop, table: Table, row: Row) -> None:
    _, device = workshop.device(row.device or table.device)
    window = Assumed(device, loose(device, lines_of(device, row.text), drained=row.end))
    rule = row.by or table.rule
    both = {"multi-plane"} if "plane-busy" in row.beside | {rule} else set()  # two segments on one plane break both
    others = window.rules - row.beside - both - {rule}
    assert window.allowed(others), "other rules forbid it, too"
    assert not window.allowed(others | {rule}), "the rule lets it pass"


def test_the_rows_speak_of_known_rules() -> None:
    named = {rule for _, row in ROWS for rule in row.also | row.beside}
    assert named <= set(RULE_IDS)
