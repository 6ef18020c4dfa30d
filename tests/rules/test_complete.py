"""Every rule has its place in catalogue, judge, encoder and tables, and the page of the rules is true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from model.judge import Judge
from model.rule_examples import EXAMPLES
from model.rules import RULE_IDS, RULES
from planner.cli import run
from planner.cli.showing import markdown
from planner.window.rules.contents import ENCODERS
from tests.rules.devices import Workshop
from tests.rules.gather import ROWS, TABLES
from tests.rules.table import commands_of, lines_of
from tests.rules.ways import Assumed, loose
from tests.window.small import ROOT

IN_FILES = {"op-end-once"}
"""Rules that no sequence can break, only a file that says how operations ended."""
PLANNED = {rule.id for rule in RULES if not rule.by_construction}
ENCODED = {rule for _, encode in ENCODERS for rule in re.findall(r"\[([a-z-]+)\]", encode.__doc__ or "")}


def test_every_rule_has_a_table() -> None:
    assert set(TABLES) == set(RULE_IDS)


@pytest.mark.parametrize("rule", RULE_IDS)
def test_a_table_shows_both_sides(rule: str) -> None:
    legal = [row.legal for row in TABLES[rule].rows]
    assert legal.count(True) >= 3
    assert legal.count(False) >= 3


def test_the_titles_of_a_table_differ() -> None:
    for table in TABLES.values():
        titles = [row.title for row in table.rows]
        assert len(set(titles)) == len(titles), table.rule


def test_the_judge_finds_every_rule_broken_and_no_other(workshop: Workshop) -> None:
    found: set[str] = set()
    for table, row in ROWS:
        config, device = workshop.device(row.device or table.device)
        judge = Judge(config)
        judge.feed(commands_of(lines_of(device, row.text)))
        found.update(judge.finish(open_end=not row.end).by_rule)
    assert found == set(RULE_IDS) - IN_FILES


def test_the_tables_ask_the_window_about_every_rule_but_those_that_a_plan_keeps_by_construction() -> None:
    assert {table.rule for table in TABLES.values() if table.planned} >= PLANNED


def test_the_encoders_speak_of_every_rule_but_those_that_a_plan_keeps_by_construction() -> None:
    assert set(RULE_IDS) >= ENCODED
    assert ENCODED >= PLANNED


def test_the_window_has_constraints_under_the_id_of_every_rule(workshop: Workshop) -> None:
    said: set[str] = set()
    for table, row in ROWS:
        if table.planned and not row.legal and not row.by and table.rule not in said:
            _, device = workshop.device(row.device or table.device)
            said |= Assumed(device, loose(device, lines_of(device, row.text))).rules
    assert said <= set(RULE_IDS)
    assert PLANNED - said == set()


def test_every_example_is_a_row_of_its_rule_s_table() -> None:
    assert set(EXAMPLES) == set(RULE_IDS)
    for rule in RULES:
        sides = {row.title: row.legal for row in TABLES[rule.id].rows}
        assert sides.get(rule.examples.legal) is True, rule.id
        assert sides.get(rule.examples.illegal) is False, rule.id


def test_the_page_of_the_rules_is_what_the_catalogue_says() -> None:
    page = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    assert page == markdown(RULES), "make it anew: nandplan rules --markdown > docs/rules.md"


def test_the_command_line_prints_the_page(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "--markdown"]) == 0
    assert capsys.readouterr().out == markdown(RULES)


def test_the_command_line_prints_one_rule(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "odt"]) == 0
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "  legal: an erase as ODTENABLE ends",
        "  illegal: an erase as ODTDISABLE ends",
    ]


def test_the_modules_of_the_tables_are_named_by_their_rules() -> None:
    modules = {path.stem for path in (Path(__file__).parent / "tables").glob("*.py")}
    assert modules == {rule.replace("-", "_") for rule in RULE_IDS}
