"""Everything that is wrong with a config, each with its place; all of it at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from model.config.node import Node

_LONGEST_VALUE = 60


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to say about a config: where (line and column from 1, 0 = whole file), which key, which value."""

    file: str
    line: int
    column: int
    key: str
    value: str | None
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        value = "" if self.value is None else f" = {_shortened(self.value)!r}"
        subject = f"{self.key}{value}".strip()
        return f"{place}: {subject}: {self.message}" if subject else f"{place}: {self.message}"


class ConfigError(Exception):
    """A config that cannot be used; `problems` holds all that is wrong with it, in order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))

    def __reduce__(self) -> tuple[type[ConfigError], tuple[tuple[Problem, ...]]]:
        return ConfigError, (self.problems,)


@dataclass(slots=True)
class Problems:
    """What was found so far while one file is read."""

    file: str
    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    infos: list[Problem] = field(default_factory=list)

    def error(self, node: Node, message: str, *, at_key: bool = False) -> None:
        """Note something that makes the config unusable, at the node's value or its key."""
        self.errors.append(self._at(node, message, at_key))

    def warn(self, node: Node, message: str, *, at_key: bool = True) -> None:
        """Note something that is probably not meant."""
        self.warnings.append(self._at(node, message, at_key))

    def info(self, node: Node, message: str, *, at_key: bool = True) -> None:
        """Note something worth knowing."""
        self.infos.append(self._at(node, message, at_key))

    def place(self, line: int, column: int, message: str) -> None:
        """Note an error at a place that belongs to no key."""
        self.errors.append(Problem(self.file, line, column, "", None, message))

    def stop_if_unusable(self) -> None:
        """Raise ConfigError if there are errors."""
        if self.errors:
            raise ConfigError(in_file_order(self.errors))

    def _at(self, node: Node, message: str, at_key: bool) -> Problem:
        line, column = (node.key_line, node.key_column) if at_key else (node.line, node.column)
        value = None if at_key else node.shown
        return Problem(self.file, line, column, node.path, value, message)


def in_file_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems by place, each once."""
    return tuple(sorted(dict.fromkeys(problems), key=lambda p: (p.file, p.line, p.column, p.key, p.message)))


def nearest(name: str, known: Sequence[str]) -> str:
    """`; did you mean X?` with the known name that is most like this one, or a short list of what is known."""
    folded = {k.casefold(): k for k in reversed(known)}
    close = difflib.get_close_matches(name.casefold(), list(folded), n=1, cutoff=0.6)
    if close:
        return f"; did you mean {folded[close[0]]}?"
    if not known:
        return "; none are known"
    shown = ", ".join(known[:12])
    return f"; allowed: {shown}" + (f" and {len(known) - 12} more" if len(known) > 12 else "")


def _shortened(value: str) -> str:
    return value if len(value) <= _LONGEST_VALUE else value[: _LONGEST_VALUE - 3] + "..."
