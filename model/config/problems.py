"""Everything that is wrong with a config, each with its place; all of it at once.

A message says what is wrong, then `; did you mean X?` where a known name is like the one found, and `; allowed: ...`.
"""

from __future__ import annotations

import difflib
import heapq
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from model.config.node import Node

MOST_COMPARED = 60_000
"""Names that one reading of a file may compare in all to find the nearest ones."""

_LONGEST_VALUE = 60
_LONGEST_NAME = 120
_LIKELY = 8
"""Names that are compared letter by letter, those that share most with the one found."""
_MEANT = re.compile(r"did you mean (\S+)\?")
_ALLOWED = re.compile(r"allowed: (.*)$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to say about a config: where (line and column from 1, 0 = whole file), which key, which value.

    `id` is its kind: an id of the catalogue of findings.
    """

    file: str
    line: int
    column: int
    key: str
    value: str | None
    message: str
    id: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        value = "" if self.value is None else f" = {_shortened(self.value)!r}"
        subject = f"{self.key}{value}".strip()
        return f"{place}: {subject}: {self.message}" if subject else f"{place}: {self.message}"

    @property
    def nearest(self) -> str:
        """The known name that is most like the one found; `` where there is none."""
        found = _MEANT.search(self.message)
        return found[1] if found else ""

    @property
    def expected(self) -> str:
        """What is allowed, in words; `` where the message does not say it."""
        found = _ALLOWED.search(self.message)
        return found[1].removesuffix(")") if found else ""


class ConfigError(Exception):
    """A config that cannot be used; `problems` holds all that is wrong with it, in order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))

    def __reduce__(self) -> tuple[type[ConfigError], tuple[tuple[Problem, ...]]]:
        return ConfigError, (self.problems,)


@dataclass(slots=True)
class Problems:
    """What was found so far while one file is read. `lost`: lines that are broken, of which nothing more is said."""

    file: str
    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    infos: list[Problem] = field(default_factory=list)
    lost: set[int] = field(default_factory=set)
    compared: int = 0

    def error(self, node: Node, message: str, *, at_key: bool = False, id: str = "") -> None:
        """Note something that makes the config unusable, at the node's value or its key."""
        self._note(self.errors, node, message, at_key, id)

    def warn(self, node: Node, message: str, *, at_key: bool = True, id: str = "") -> None:
        """Note something that is probably not meant."""
        self._note(self.warnings, node, message, at_key, id)

    def info(self, node: Node, message: str, *, at_key: bool = True, id: str = "") -> None:
        """Note something worth knowing."""
        self._note(self.infos, node, message, at_key, id)

    def place(self, line: int, column: int, message: str, *, id: str = "") -> None:
        """Note an error at a place that belongs to no key."""
        self.errors.append(Problem(self.file, line, column, "", None, message, id))

    def stop_if_unusable(self) -> None:
        """Raise ConfigError if there are errors."""
        if self.errors:
            raise ConfigError(in_file_order(self.errors))

    def nearest(self, name: str, known: Sequence[str]) -> str:
        """As `nearest`, as long as the names compared for one file are not too many."""
        self.compared += len(known)
        return nearest(name, known) if self.compared <= MOST_COMPARED else _shortlist(known)

    def _note(self, kind: list[Problem], node: Node, message: str, at_key: bool, id: str) -> None:
        line, column = (node.key_line, node.key_column) if at_key else (node.line, node.column)
        if line in self.lost or node.key_line in self.lost:
            return
        value = None if at_key else node.shown
        kind.append(Problem(self.file, line, column, node.path, value, message, id))


def in_file_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems by place, each once."""
    return tuple(sorted(dict.fromkeys(problems), key=lambda p: (p.file, p.line, p.column, p.key, p.message)))


def nearest(name: str, known: Sequence[str]) -> str:
    """`; did you mean X?` with the known name that is most like this one, or a short list of what is known."""
    if known and len(name) <= _LONGEST_NAME:
        folded = {k.casefold(): k for k in reversed(known)}
        wanted = name.casefold()
        parts = _parts(wanted)
        likely = heapq.nlargest(_LIKELY, folded, key=lambda other: _shared(parts, _parts(other)))
        close = difflib.get_close_matches(wanted, sorted(likely, key=list(folded).index), n=1, cutoff=0.6)
        if close:
            return f"; did you mean {folded[close[0]]}?"
    return _shortlist(known)


@lru_cache(maxsize=4096)
def _parts(name: str) -> frozenset[str]:
    """The letters of a name, counted (its second a is a1), and its pairs of neighbours."""
    shown = name[:_LONGEST_NAME]
    letters = {f"{letter}{shown[:i].count(letter)}" for i, letter in enumerate(shown)}
    return frozenset(letters | {f"{a}+{b}" for a, b in pairwise(shown)})


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / (len(one) + len(other) or 1)


def _shortlist(known: Sequence[str]) -> str:
    if not known:
        return "; none are known"
    shown = ", ".join(known[:12])
    return f"; allowed: {shown}" + (f" and {len(known) - 12} more" if len(known) > 12 else "")


def _shortened(value: str) -> str:
    return value if len(value) <= _LONGEST_VALUE else value[: _LONGEST_VALUE - 3] + "..."
