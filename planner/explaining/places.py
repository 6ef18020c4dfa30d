"""Where things stand in the config: keys, members of groups, and what a rule of the device is about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath

from model.config import Config, shipped_path
from model.config.node import Node
from model.config.older import modernise
from model.config.problems import Problems
from model.config.source import read
from planner.explaining.entries import Entry, Row


@dataclass(frozen=True, slots=True)
class Place:
    """A line of the config: `key` is its path, `said` what stands there that matters."""

    file: str
    line: int
    key: str
    said: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


class Places:
    """The lines of one config file."""

    def __init__(self, config: Config, path: Path | None) -> None:
        self._file = PurePath(config.path).name
        self._config = config
        file = shipped_path() if path is None else path
        self._root = modernise(read(file, config.path), Problems(config.path))

    def of(self, key: str, said: str = "") -> Place:
        """The place of a key path; that of the deepest key on the way where the file does not have it."""
        node = self._root
        line = 0
        for word in self._words(key):
            found = node.get(word)
            if found is None:
                break
            node, line = found, found.key_line
        return Place(self._file, line, key, said)

    def _words(self, key: str) -> Iterator[str]:
        """The keys of a path: those of the exclusion tables and of op_names may have dots of their own."""
        head, _, rest = key.partition(".")
        yield head
        node = self._root.get(head)
        while rest and node is not None:
            names = [name for name in node.items if rest == name or rest.startswith(f"{name}.")]
            name = max(names, key=len, default=rest.partition(".")[0])
            yield name
            rest = rest[len(name) + 1 :]
            node = node.get(name)

    def of_row(self, row: Row) -> Place:
        """The line of an exclusion table."""
        groups = ", ".join(self._groups(row.key)) or "no group"
        return self.of(f"{row.section}.{row.key}", groups)

    def _groups(self, key: str) -> tuple[str, ...]:
        config = self._config
        tables = (
            config.by_op_state, config.by_latch_state, config.by_cache_state, config.by_suspend_state,
            config.by_odt_state,
        )  # fmt: skip
        return next((table[key] for table in tables if key in table), ())

    def of_entry(self, entry: Entry) -> Place:
        """Where a group names a base, or (it allows others only) the group."""
        group = self._config.groups[entry.group]
        key = f"exclusion_groups.{entry.group}"
        if group.allow:
            return Place(self._file, self.of(key).line, key, f"allows others only, not {entry.base}")
        node: Node = self._root.at("exclusion_groups", entry.group)
        members = node.members or (node.get("forbid") or node).members
        line = next((item.line for item in members if item.text == entry.base), node.key_line)
        return Place(self._file, line, key, f"forbids {entry.base}")
