"""A scenario that keeps the operations of a sequence, and their order, each as near to its time as the rules allow."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from model.config import Config
from model.sequence import read_sequence
from planner.scenario.language import Place, Statement
from planner.scenario.rows import Row, faults_of, rows_of

Faults = Mapping[int, tuple[str, str]]
"""By place of a row: the rule and message of what is wrong with it and does not show in its numbers."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The operations of a sequence in order of start, each with its name, place, and the time that it would have.

    `payloads` are their texts as they stand; `statements` are about the names. Times in ticks.
    """

    title: str
    file: str
    names: tuple[str, ...]
    rows: tuple[Row, ...]
    payloads: tuple[str, ...]
    places: tuple[Place, ...]
    faults: Faults = field(default_factory=dict)
    statements: tuple[Statement, ...] = ()


def of_sequence(path: Path, config: Config, first_uid: int) -> Kept:
    """The scenario of a sequence file. model.sequence.UnusableInput: all that is wrong with its form."""
    read = read_sequence(path, config)
    rows = tuple(rows_of(read.commands))
    payloads, lines = _payloads(path)
    names = tuple(f"n{number}" for number in range(1, len(rows) + 1))
    words = [f"{name}: {config.names[row.op].name}" for name, row in zip(names, rows, strict=True)]
    places = tuple(Place(str(path), line, 1, said) for line, said in zip(lines, words, strict=True))
    faults = faults_of(read.commands, read.faults, first_uid)
    title = f"the operations of {path.name} at the nearest legal times"
    return Kept(title, str(path), names, rows, payloads, places, faults)


def _payloads(path: Path) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The payload texts of a sequence that can be read, and their lines."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        read = [(row["payload"], reader.line_num) for row in reader]
    return tuple(text for text, _ in read), tuple(line for _, line in read)


def text_of(kept: Kept, config: Config) -> str:
    """The scenario as a file that can be edited and solved."""
    us = config.clock.us
    lines = [
        "# Operations that are kept, in their order; `near` is the time in us that each of them would have.",
        "# Lines may be taken out, put in or changed, and statements added; then `nandplan solve` this file.",
        f"scenario: {_quoted(kept.title)}",
        "order: kept",
        "operations:",
    ]
    for name, row, payload in zip(kept.names, kept.rows, kept.payloads, strict=True):
        lines.append(
            f"  {name}: {{op: {config.names[row.op].name}, near: {us(row.time)}, payload: {_quoted(payload)}}}"
        )
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
