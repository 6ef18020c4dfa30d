"""A tree in which every value knows its place in the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

_NUMBER = re.compile(r"[+-]?(0|[1-9]\d*)?(\.\d*)?([eE][+-]?\d{1,4})?", re.ASCII)
_HEX = re.compile(r"0x[0-9a-fA-F]{1,16}")

Value = str | dict[str, "Node"] | list["Node"] | None


@dataclass(frozen=True, slots=True)
class Node:
    """A value of the file: text, mapping, list, or None for null. `path` is its key path as the file spells it.

    `plain`: a scalar without quotes. Lines and columns count from 1; a list item's key place is its own place.
    """

    path: str
    value: Value
    plain: bool
    line: int
    column: int
    key_line: int
    key_column: int

    @property
    def shown(self) -> str | None:
        """The value as messages show it."""
        if isinstance(self.value, dict):
            return "{" + ", ".join(self.value) + "}"
        if isinstance(self.value, list):
            return "[" + ", ".join(str(item.shown) for item in self.value) + "]"
        return self.value

    @property
    def text(self) -> str:
        """The text of a scalar, `` for anything else."""
        return self.value if isinstance(self.value, str) else ""

    @property
    def items(self) -> dict[str, Node]:
        """The entries of a mapping; empty for anything else."""
        return self.value if isinstance(self.value, dict) else {}

    @property
    def members(self) -> list[Node]:
        """The members of a list; empty for anything else."""
        return self.value if isinstance(self.value, list) else []

    def get(self, key: str) -> Node | None:
        """The entry of a mapping, if there is one."""
        return self.items.get(key)

    def at(self, *keys: str | int) -> Node:
        """The deepest node on the way along keys and list positions."""
        node: Node | None = self
        last = self
        for key in keys:
            if isinstance(key, int):
                node = last.members[key] if 0 <= key < len(last.members) else None
            else:
                node = last.get(key)
            if node is None:
                return last
            last = node
        return last

    def data(self) -> Any:
        """Plain data: mappings, lists, texts, None, bool, int, and Decimal exactly as written."""
        if isinstance(self.value, dict):
            return {key: node.data() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.data() for node in self.value]
        return _scalar(self.value) if self.plain and self.value is not None else self.value

    def walk(self, prefix: str = "") -> Iterator[tuple[str, Node]]:
        """All keyed nodes below, with their key paths."""
        for key, node in self.items.items():
            path = f"{prefix}.{key}" if prefix else key
            yield path, node
            yield from node.walk(path)


_BOOLS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


def _scalar(text: str) -> str | bool | int | Decimal:
    if text.casefold() in _BOOLS:
        return _BOOLS[text.casefold()]
    if _HEX.fullmatch(text):
        return int(text, 16)
    if _NUMBER.fullmatch(text) and any(c.isdigit() for c in text):
        return int(text) if text.lstrip("+-").isdigit() and len(text) <= 30 else Decimal(text)
    return text
