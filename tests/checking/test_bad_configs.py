"""Every bad config of the tables is found out: the kind of finding and its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.checking import check
from planner.checking.catalogue import BY_ID, CATALOGUE, LEVELS
from tests.checking.table import TABLES, Case, cases, new_findings

ALL = [case for table in TABLES for case in cases(table)]


@pytest.mark.parametrize("case", [pytest.param(case, id=case.id, marks=[pytest.mark.long] * case.long) for case in ALL])
def test_a_fault_is_found_with_its_line(case: Case, tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_bytes(case.raw)
    levels = LEVELS if BY_ID[case.finding].level == LEVELS[2] else LEVELS[:2]
    report = check(path, levels)
    found = [(finding.id, finding.line) for finding in report.findings]
    assert (case.finding, case.line) in found, "\n".join(f"{f.place} [{f.id}] {f.message}" for f in report.findings)
    fresh = new_findings(report, case.base, levels)
    assert len(fresh) <= case.most, "\n".join(f"{f.place} [{f.id}] {f.message}" for f in fresh)
    assert all(finding.consequence and finding.fix and finding.message for finding in report.findings)
    assert report.unreadable == any(BY_ID[finding.id].stops for finding in report.findings)


def test_there_are_at_least_150_bad_configs_and_60_faults_in_the_shipped_config() -> None:
    assert len(ALL) >= 150
    planted = [case for case in ALL if case.base == "shipped"]
    assert len({case.name for case in planted}) >= 60
    assert {BY_ID[case.finding].level for case in planted} == set(LEVELS)


def test_every_kind_of_finding_has_a_bad_config() -> None:
    elsewhere = {"no-such-file", "unreadable-file", "too-large", "bad-block-row"}  # files, in test_files.py
    shown = {case.finding for case in ALL}
    assert {kind.id for kind in CATALOGUE} - shown - elsewhere == set()
