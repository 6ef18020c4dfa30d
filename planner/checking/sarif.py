"""Findings as SARIF 2.1.0, the format of static analysis results (OASIS)."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Sequence
from pathlib import Path, PurePath
from typing import Any
from urllib.parse import quote

from planner.checking.catalogue import CATALOGUE
from planner.checking.check import Report
from planner.checking.finding import Finding

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
VERSION = "2.1.0"

_PLACES = {kind.id: place for place, kind in enumerate(CATALOGUE)}


def sarif(report: Report, lines: Sequence[str]) -> dict[str, Any]:
    """The SARIF log of one check. `lines`: the text of the file, for fixes that replace a word; may be empty."""
    rules = [
        {
            "id": kind.id,
            "shortDescription": {"text": kind.sentence},
            "help": {"text": f"{kind.sentence} Usually: {kind.hint}."},
            "defaultConfiguration": {"level": kind.severity},
            "properties": {"level": kind.level},
        }
        for kind in CATALOGUE
    ]
    driver = {
        "name": "nandplan",
        "version": importlib.metadata.version("nandplan"),
        "rules": rules,
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": not report.unreadable}],
        "results": [_result(finding, lines) for finding in report.findings],
    }
    return {"$schema": SCHEMA, "version": VERSION, "runs": [run]}


def _result(finding: Finding, lines: Sequence[str]) -> dict[str, Any]:
    subject = f"{finding.key}: " if finding.key else ""
    result: dict[str, Any] = {
        "ruleId": finding.id,
        "ruleIndex": _PLACES[finding.id],
        "level": finding.severity,
        "message": {"text": f"{subject}{finding.message}. Consequence: {finding.consequence}. To do: {finding.fix}."},
        "locations": [{"physicalLocation": _location(finding)}],
        "properties": {
            "key": finding.key,
            "value": finding.value,
            "expected": finding.expected,
            "nearest": finding.nearest,
            "consequence": finding.consequence,
            "rules": list(finding.rules),
        },
    }
    fix = _replacement(finding, lines)
    if fix is not None:
        result["fixes"] = [fix]
    return result


def _location(finding: Finding) -> dict[str, Any]:
    location: dict[str, Any] = {"artifactLocation": {"uri": uri(finding.file)}}
    if finding.line:
        location["region"] = {"startLine": finding.line, "startColumn": max(finding.column, 1)}
    return location


def _replacement(finding: Finding, lines: Sequence[str]) -> dict[str, Any] | None:
    """The edit that puts the nearest name in place of the one found, where that stands there as it is."""
    value = finding.value
    if not value or not finding.nearest or not 0 < finding.line <= len(lines):
        return None
    if not lines[finding.line - 1][finding.column - 1 :].startswith(value):
        return None
    region = {
        "startLine": finding.line,
        "startColumn": finding.column,
        "endLine": finding.line,
        "endColumn": finding.column + len(value),
    }
    edit = {"deletedRegion": region, "insertedContent": {"text": finding.nearest}}
    change = {"artifactLocation": {"uri": uri(finding.file)}, "replacements": [edit]}
    return {"description": {"text": finding.fix}, "artifactChanges": [change]}


def uri(file: str) -> str:
    """A path as a URI: absolute ones as file:, others relative."""
    path = PurePath(file)
    return Path(file).as_uri() if path.is_absolute() else quote(path.as_posix())
