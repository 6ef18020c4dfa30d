"""The tables of bad configs: small.yaml or the shipped config with one fault, and what has to be found."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from model.config import shipped_path
from planner.checking import Finding, Report, check
from planner.checking.catalogue import LEVELS

FOLDER = Path(__file__).parents[1] / "bad_configs"
TABLES = ("form", "consistency", "planted", "feasibility")
MOST = 3
"""New findings that one fault may bring, the one expected among them."""


@dataclass(frozen=True, slots=True)
class Case:
    """One bad config: its bytes, and the finding expected with its line.

    `most`: how many new findings it may bring. `long`: it takes seconds.
    """

    table: str
    name: str
    base: str
    raw: bytes
    finding: str
    line: int
    most: int
    long: bool

    @property
    def id(self) -> str:
        """The name of the test."""
        return f"{self.table}: {self.name}"


def cases(table: str) -> list[Case]:
    """The rows of a table."""
    read = yaml.safe_load((FOLDER / f"{table}.yaml").read_text(encoding="utf-8"))
    return [_case(table, read["base"], row) for row in read["cases"]]


def _case(table: str, base: str, row: dict[str, Any]) -> Case:
    if "bytes" in row:
        raw = bytes.fromhex(row["bytes"])
    elif "text" in row:
        raw = row["text"].encode()
    else:
        base = row.get("base", base)
        raw = _changed(base, row).encode()
    line = row["line"] if "line" in row else _line(raw.decode(), row)
    return Case(table, row["name"], base, raw, row["finding"], line, row.get("most", MOST), row.get("long", False))


def text_of(base: str) -> str:
    """The text of a config that faults are planted in."""
    path = shipped_path() if base == "shipped" else FOLDER / f"{base}.yaml"
    return path.read_text(encoding="utf-8")


def _changed(base: str, row: dict[str, Any]) -> str:
    text = text_of(base)
    for old, new in row.get("changes", []) or [(row["old"], row["new"])]:
        assert old in text, f"{row['name']}: {old!r} is not in the {base} config"
        text = text.replace(old, new, row.get("times", 1))
    return text


def _line(text: str, row: dict[str, Any]) -> int:
    if "at" in row:
        return text[: text.index(row["at"])].count("\n") + 1
    new = row["new"]
    return text[: text.index(new) + len(new)].count("\n") + 1


@cache
def known(base: str, levels: tuple[str, ...] = LEVELS) -> frozenset[tuple[str, str]]:
    """What is found in a config without the fault, by id and key."""
    path = shipped_path() if base == "shipped" else FOLDER / f"{base}.yaml"
    return frozenset((finding.id, finding.key) for finding in check(path, levels).findings)


def new_findings(report: Report, base: str, levels: tuple[str, ...] = LEVELS) -> list[Finding]:
    """What was not found without the fault."""
    return [finding for finding in report.findings if (finding.id, finding.key) not in known(base, levels)]
