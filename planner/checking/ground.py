"""What the checks of consistency stand on: the tree of the file, and what is left of its meaning."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from model.chains import Kind, kind_of
from model.config import BaseSpec, Config, NameSpec
from model.config.node import Node
from planner.checking.finding import Notes


@dataclass(frozen=True)
class Ground:
    """The tree in today's spelling, the config without what is wrong in it, and where findings go."""

    root: Node
    config: Config
    notes: Notes

    @cached_property
    def bases(self) -> dict[str, BaseSpec]:
        """The bases by name."""
        return {base.name: base for base in self.config.bases}

    @cached_property
    def names_of(self) -> dict[str, tuple[NameSpec, ...]]:
        """The op_names of each base."""
        found: dict[str, list[NameSpec]] = {base.name: [] for base in self.config.bases}
        for name in self.config.names:
            found.setdefault(name.base, []).append(name)
        return {base: tuple(names) for base, names in found.items()}

    @cached_property
    def kinds(self) -> dict[str, Kind]:
        """What each base does to the device."""
        listed = frozenset(self.config.program_base_whitelist)
        return {base.name: kind_of(base.name, base.name in listed) for base in self.config.bases}

    def sent(self, kinds: Iterable[Kind]) -> list[str]:
        """The bases of some kinds that have op_names."""
        wanted = frozenset(kinds)
        return [base for base, kind in self.kinds.items() if kind in wanted and self.names_of[base]]

    def at(self, *keys: str | int) -> Node:
        """The deepest node on the way along keys."""
        return self.root.at(*keys)

    def has(self, *keys: str) -> bool:
        """Whether the file has that key with a value."""
        node: Node | None = self.root
        for key in keys:
            node = node.get(key) if node is not None else None
        return node is not None and node.value is not None


def listed(words: Iterable[str], most: int = 4) -> str:
    """A few words, and how many more there are."""
    all_words = list(words)
    shown = ", ".join(all_words[:most])
    return f"{shown} and {len(all_words) - most} more" if len(all_words) > most else shown


def count(number: int, one: str) -> str:
    """`1 op_name`, `3 op_names`."""
    return f"{number} {one}" if number == 1 else f"{number} {one}s"
