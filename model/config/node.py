"""YAML text -> a tree in which every value knows its place in the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from model.config.problems import ConfigError, Problems

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAGS = "tag:yaml.org,2002:"
_NULLS = ("", "~", "null", "Null", "NULL")
_NUMBER = re.compile(r"[+-]?(0|[1-9]\d*)?(\.\d*)?([eE][+-]?\d{1,4})?", re.ASCII)
_HEX = re.compile(r"0x[0-9a-fA-F]{1,16}")
_MOST_NODES = 500_000
_DEEPEST = 50

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


def read(path: Path, shown: str) -> Node:
    """The file's top mapping. ConfigError: not readable, not UTF-8, not YAML, or not a mapping."""
    problems = Problems(shown)
    text = _text(path, problems)
    tree = _compose(text, problems)
    if tree is None:
        problems.place(0, 0, "the file is empty; allowed: a mapping of the keys of a config")
        raise ConfigError(problems.errors)
    root = _Converter(problems).node(tree, "", tree, 0)
    if root.value is None or not isinstance(root.value, dict):
        problems.place(root.line, root.column, "not a mapping; allowed: a mapping of the keys of a config")
    problems.stop_if_unusable()
    return root


def _text(path: Path, problems: Problems) -> str:
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        problems.place(0, 0, "there is no such file")
    except IsADirectoryError:
        problems.place(0, 0, "this is a directory, not a config file")
    except (OSError, ValueError) as error:
        problems.place(0, 0, f"cannot be read: {getattr(error, 'strerror', None) or error}")
    problems.stop_if_unusable()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - (raw.rfind(b"\n", 0, error.start) + 1) + 1
        problems.place(line, column, f"not UTF-8: byte 0x{raw[error.start]:02x}; save the file as UTF-8")
        raise ConfigError(problems.errors) from None
    for number, line_text in enumerate(text.split("\n"), start=1):
        indent = line_text[: len(line_text) - len(line_text.lstrip(" \t"))]
        if "\t" in indent and line_text.strip():
            problems.place(number, indent.index("\t") + 1, "a tab in the indentation; use spaces")
    problems.stop_if_unusable()
    return text


def _compose(text: str, problems: Problems) -> yaml.Node | None:
    try:
        node: yaml.Node | None = yaml.compose(text, Loader=_LOADER)
        return node
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = ", ".join(part for part in (error.problem, error.context) if part)
        problems.place(mark.line + 1 if mark else 0, mark.column + 1 if mark else 0, f"not YAML: {said}")
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, int(error.position)) + 1
        problems.place(line, 1, f"not YAML: {error.reason}")
    except yaml.YAMLError as error:
        problems.place(0, 0, f"not YAML: {error}")
    except RecursionError:
        problems.place(0, 0, "nested too deeply")
    raise ConfigError(problems.errors)


def _plain(source: yaml.Node) -> bool:
    return isinstance(source, yaml.ScalarNode) and not source.style


class _Converter:
    """Turns PyYAML's nodes into ours; stops at what no honest config needs."""

    def __init__(self, problems: Problems) -> None:
        self._problems = problems
        self._count = 0

    def node(self, source: yaml.Node, path: str, key: yaml.Node, depth: int) -> Node:
        self._count += 1
        mark, key_mark = source.start_mark, key.start_mark
        line, column = mark.line + 1, mark.column + 1
        if depth > _DEEPEST or self._count > _MOST_NODES:
            what = "nested too deeply, or an alias inside itself" if depth > _DEEPEST else "aliases unfold to too much"
            self._problems.place(line, column, what)
            raise ConfigError(self._problems.errors)
        value = self._value(source, path, depth)
        return Node(path, value, _plain(source), line, column, key_mark.line + 1, key_mark.column + 1)

    def _value(self, source: yaml.Node, path: str, depth: int) -> Value:
        if not source.tag.startswith(_TAGS):
            mark = source.start_mark
            self._problems.place(mark.line + 1, mark.column + 1, f"the tag {source.tag} means nothing here; remove it")
        if isinstance(source, yaml.MappingNode):
            return self._mapping(source, path, depth)
        if isinstance(source, yaml.SequenceNode):
            return [self.node(item, f"{path}[{i}]", item, depth + 1) for i, item in enumerate(source.value)]
        text = str(source.value)
        return None if _plain(source) and text in _NULLS else text

    def _mapping(self, source: yaml.MappingNode, path: str, depth: int) -> dict[str, Node]:
        entries: dict[str, Node] = {}
        for key, value in source.value:
            mark = key.start_mark
            if not isinstance(key, yaml.ScalarNode):
                self._problems.place(mark.line + 1, mark.column + 1, "a key must be a single word or text")
                continue
            name = str(key.value)
            below = f"{path}.{name}" if path else name
            node = self.node(value, below, key, depth + 1)
            if name in entries:
                first = entries[name].key_line
                self._problems.error(node, f"the key stands twice; the first is on line {first}", at_key=True)
            elif name == "<<":
                self._problems.error(node, "merge keys are not supported; write the entries out", at_key=True)
            else:
                entries[name] = node
        return entries
