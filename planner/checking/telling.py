"""Findings as text, and the page of the catalogue."""

from __future__ import annotations

from collections.abc import Iterator

from planner.checking.catalogue import CATALOGUE, CONSISTENCY, FEASIBILITY, FORM, LEVELS
from planner.checking.check import Report
from planner.checking.finding import Finding

_SHOWN = 80

_HEAD = """\
# What `nandplan check` can find

Made by `nandplan check --catalogue`. A finding names its place (file, line and column), the key, the value, what is
allowed, the name that is nearest to an unknown one, and what it costs. `--fix-hints` adds the smallest edit that mends
it; where it has nothing better, that is the edit of the last column. Errors make the exit code 1, and 2 where the file
cannot be read as a config at all (marked *); warnings and notes leave it 0. `tests/bad_configs/` has a config for each.
"""
_LEVELS = {
    FORM: "the text, its values and their types, one entry at a time",
    CONSISTENCY: "whether the entries fit together",
    FEASIBILITY: "what can ever happen on this device: by addresses, celltypes, and the abstract machine of a die",
}


def told(report: Report, *, hints: bool) -> Iterator[str]:
    """The findings and a last line that sums up."""
    for finding in report.findings:
        yield from _lines(finding, hints)
    left = [level for level in LEVELS if level not in report.examined]
    missing = f"; not examined: {', '.join(left)}" if left else ""
    yield f"{report.file}: {report.summary}{missing}"


def _lines(finding: Finding, hints: bool) -> Iterator[str]:
    value = "" if finding.value is None else f" = {_shortened(finding.value)!r}"
    subject = f"{finding.key}{value}: " if finding.key or value else ""
    yield f"{finding.place}: {finding.severity} [{finding.id}] {subject}{finding.message}"
    if finding.rules:
        yield f"    by the rules: {', '.join(finding.rules)}"
    yield f"    consequence: {finding.consequence}"
    if hints:
        yield f"    to do: {finding.fix}"


def _shortened(value: str) -> str:
    return value if len(value) <= _SHOWN else value[: _SHOWN - 3] + "..."


def page() -> str:
    """The catalogue as a page."""
    parts = [_HEAD]
    for level in LEVELS:
        parts.append(f"\n## {level.capitalize()}\n\n{_LEVELS[level][0].upper()}{_LEVELS[level][1:]}.\n\n")
        parts.append("| id | severity | what is wrong | what usually mends it |\n|---|---|---|---|\n")
        for kind in CATALOGUE:
            if kind.level == level:
                star = "\\*" if kind.stops else ""
                hint = kind.hint.replace("|", "\\|")
                parts.append(f"| `{kind.id}` | {kind.severity}{star} | {kind.sentence} | {hint} |\n")
    return "".join(parts)
