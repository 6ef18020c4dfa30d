"""One finding: what is wrong, where, what it costs and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass

from model.config import Problem
from model.config.node import Node
from planner.checking.catalogue import BY_ID, Kind

_LONGEST = 400


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding of `check`. Line and column count from 1; line 0 stands for the whole file.

    `value`: what stands there, None where a key is to blame. `rules`: the rules of the device that an infeasibility
    follows from. `fix`: the smallest edit that mends it, in words.
    """

    id: str
    file: str
    line: int
    column: int
    key: str
    value: str | None
    message: str
    expected: str
    nearest: str
    consequence: str
    fix: str
    rules: tuple[str, ...] = ()

    @property
    def kind(self) -> Kind:
        """Its entry in the catalogue."""
        return BY_ID[self.id]

    @property
    def severity(self) -> str:
        """error, warning or note."""
        return self.kind.severity

    @property
    def place(self) -> str:
        """`config.yaml:12:3`, or the file alone."""
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file

    def to_json(self) -> dict[str, object]:
        """The finding as plain data."""
        return {
            "id": self.id,
            "severity": self.severity,
            "level": self.kind.level,
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "key": self.key,
            "value": self.value,
            "message": self.message,
            "expected": self.expected,
            "nearest": self.nearest,
            "consequence": self.consequence,
            "fix": self.fix,
            "rules": list(self.rules),
        }


class Notes:
    """What the checks of one file find."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[Finding] = []

    def add(
        self,
        id: str,
        node: Node,
        said: str,
        consequence: str,
        *,
        at_key: bool = True,
        fix: str = "",
        rules: tuple[str, ...] = (),
    ) -> None:
        """Notes a finding at a node's key, or at its value."""
        line, column = (node.key_line, node.key_column) if at_key else (node.line, node.column)
        value = None if at_key else shortened(node.shown)
        problem = Problem(self.file, line, column, node.path, value, said, id)
        self.found.append(finding(problem, consequence, fix, rules))


def finding(problem: Problem, consequence: str, fix: str = "", rules: tuple[str, ...] = ()) -> Finding:
    """A problem of the loader as a finding."""
    return Finding(
        id=problem.id,
        file=problem.file,
        line=problem.line,
        column=problem.column,
        key=problem.key,
        value=shortened(problem.value),
        message=problem.message,
        expected=problem.expected,
        nearest=problem.nearest,
        consequence=consequence,
        fix=fix or BY_ID[problem.id].hint,
        rules=rules,
    )


def shortened(value: str | None) -> str | None:
    """A value as findings show it: not longer than is of use."""
    return value if value is None or len(value) <= _LONGEST else value[: _LONGEST - 3] + "..."
