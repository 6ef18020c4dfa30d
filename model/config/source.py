"""YAML text -> a tree of nodes, with everything that is wrong with the text noted; it reads on where it can."""

from __future__ import annotations

from pathlib import Path

import yaml
import yaml.reader

from model.config.compose import DEEPEST, NotComposed, compose
from model.config.mending import mended
from model.config.node import Node, Value
from model.config.problems import Problems

MOST_BYTES = 2_000_000
MOST_NODES = 100_000
MOST_TRIES = 20
MOST_COMPOSED = 3_000_000
"""Characters that the tries to read on after broken YAML may take in all."""

_TAGS = "tag:yaml.org,2002:"
_KNOWN_TAGS = frozenset(_TAGS + kind for kind in ("str", "int", "float", "bool", "null", "map", "seq"))
_NULLS = ("", "~", "null", "Null", "NULL")
_TAB_WIDTHS = (2, 4, 8)


def read(path: Path, shown: str) -> Node:
    """The file's top mapping. ConfigError: not readable, not UTF-8, not YAML, or not a mapping."""
    problems = Problems(shown)
    root = read_on(path, problems)
    problems.stop_if_unusable()
    if root is None:
        raise AssertionError("what cannot be read is noted")
    return root


def read_on(path: Path, problems: Problems) -> Node | None:
    """The file's top mapping, as far as it can be read; None where it cannot at all. All that is wrong is noted."""
    text = _text(path, problems)
    if text is None:
        return None
    tree, lost = _composed(_printable(text, problems), problems)
    if tree is None:
        if not problems.errors:
            problems.place(0, 0, "the file is empty; allowed: a mapping of the keys of a config", id="empty-file")
        return None
    try:
        root = _Converter(problems).node(tree, "", tree, 0)
    except NotComposed:
        return None
    if not isinstance(root.value, dict):
        what = "not a mapping; allowed: a mapping of the keys of a config"
        problems.place(root.line, root.column, what, id="no-config")
        return None
    problems.lost.update(lost)
    return root


def _text(path: Path, problems: Problems) -> str | None:
    wrong, id = "", "unreadable-file"
    raw = b""
    try:
        raw = _bytes(path)
    except FileNotFoundError:
        wrong, id = "there is no such file", "no-such-file"
    except IsADirectoryError:
        wrong = "this is a directory, not a config file"
    except (OSError, ValueError) as error:
        wrong = f"cannot be read: {getattr(error, 'strerror', None) or error}"
    if len(raw) > MOST_BYTES:
        wrong, id = f"too large; allowed: up to {MOST_BYTES} bytes", "too-large"
    if wrong:
        problems.place(0, 0, wrong, id=id)
        return None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - (raw.rfind(b"\n", 0, error.start) + 1) + 1
        said = f"not UTF-8: byte 0x{raw[error.start]:02x}; save the file as UTF-8"
        problems.place(line, column, said, id="not-utf-8")
        return None


def _bytes(path: Path) -> bytes:
    """The bytes of a file, of a too large one or of a pipe the first ones."""
    if path.exists() and not path.is_dir() and (not path.is_file() or path.stat().st_size > MOST_BYTES):
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    return path.read_bytes()


def _printable(text: str, problems: Problems) -> str:
    """The text with what YAML does not allow in it replaced by spaces."""
    for found in yaml.reader.Reader.NON_PRINTABLE.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        column = found.start() - text.rfind("\n", 0, found.start())
        said = f"not YAML: the character U+{ord(found[0]):04X} is not allowed; remove it"
        problems.place(line, column, said, id="control-character")
        if len(problems.errors) >= MOST_TRIES:
            break
    return yaml.reader.Reader.NON_PRINTABLE.sub(" ", text)


def _composed(text: str, problems: Problems) -> tuple[yaml.Node | None, frozenset[int]]:
    """The tree of the text, and the lines that were lost because they are broken; with tabs as some spaces."""
    tabs = _tabs(text)
    for line, column in tabs:
        problems.place(line, column, "a tab in the indentation; use spaces", id="tab")
    if not tabs:
        return _read_on(text, problems)
    for width in _TAB_WIDTHS:
        spaced = "\n".join(_spaced(line, width) for line in text.split("\n"))
        aside = Problems(problems.file)
        tree, _ = _try(spaced, aside)
        if tree is not None:
            return tree, frozenset()
    return None, frozenset()


def _tabs(text: str) -> list[tuple[int, int]]:
    found = []
    for number, line in enumerate(text.split("\n"), start=1):
        indent = line[: len(line) - len(line.lstrip(" \t"))]
        if "\t" in indent and line.strip():
            found.append((number, indent.index("\t") + 1))
    return found


def _spaced(line: str, width: int) -> str:
    rest = line.lstrip(" \t")
    return line[: len(line) - len(rest)].replace("\t", " " * width) + rest


def _read_on(text: str, problems: Problems) -> tuple[yaml.Node | None, frozenset[int]]:
    lines = text.split("\n")
    lost: set[int] = set()
    room = MOST_COMPOSED
    for _ in range(MOST_TRIES):
        room -= len(text)
        aside = Problems(problems.file)
        tree, broken = _try("\n".join(lines), aside)
        problems.errors.extend(problem for problem in aside.errors if problem.line not in lost)
        if broken is None or room < len(text):
            return tree, frozenset(lost)
        blamed = mended(lines, broken)
        if not blamed:
            break
        lost.update(blamed)
    return None, frozenset(lost)


def _try(text: str, problems: Problems) -> tuple[yaml.Node | None, yaml.MarkedYAMLError | None]:
    """The tree, and what is broken where reading on may help."""
    try:
        return compose(text, MOST_NODES), None
    except NotComposed as error:
        problems.place(error.line, error.column, str(error), id=error.id)
    except yaml.MarkedYAMLError as error:
        begun = (error.context or "").startswith("while scanning a quoted")
        mark = (error.context_mark if begun else error.problem_mark) or error.context_mark
        said = ", ".join(part for part in (error.problem, error.context) if part)
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        problems.place(line, column, f"not YAML: {said}", id="not-yaml")
        return None, error
    except yaml.YAMLError as error:
        problems.place(0, 0, f"not YAML: {error}", id="not-yaml")
    except RecursionError:
        problems.place(0, 0, "nested too deeply", id="too-deep")
    return None, None


def _plain(source: yaml.Node) -> bool:
    return isinstance(source, yaml.ScalarNode) and not source.style


class _Converter:
    """Turns PyYAML's nodes into ours; stops at what no honest config needs."""

    def __init__(self, problems: Problems) -> None:
        self._problems = problems
        self._count = 0

    def node(self, source: yaml.Node, path: str, key: yaml.Node, depth: int) -> Node:
        """One value, found under `key`. NotComposed (noted): aliases that unfold to too much."""
        self._count += 1
        mark, key_mark = source.start_mark, key.start_mark
        line, column = mark.line + 1, mark.column + 1
        if depth > DEEPEST or self._count > MOST_NODES:
            deep = depth > DEEPEST
            what = "nested too deeply, or an alias inside itself" if deep else "aliases unfold to too much"
            self._problems.place(line, column, what, id="too-deep" if deep else "aliases-explode")
            raise NotComposed(line, column, "", what)
        value = self._value(source, path, depth)
        return Node(path, value, _plain(source), line, column, key_mark.line + 1, key_mark.column + 1)

    def _value(self, source: yaml.Node, path: str, depth: int) -> Value:
        if source.tag not in _KNOWN_TAGS:
            mark = source.start_mark
            said = f"the tag {source.tag} means nothing here; remove it"
            self._problems.place(mark.line + 1, mark.column + 1, said, id="tag")
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
                said = "a key must be a single word or text"
                self._problems.place(mark.line + 1, mark.column + 1, said, id="key-of-many")
                continue
            name = str(key.value)
            below = f"{path}.{name}" if path else name
            node = self.node(value, below, key, depth + 1)
            if name in entries:
                said = f"the key stands twice; the first is on line {entries[name].key_line}"
                self._problems.error(node, said, at_key=True, id="key-twice")
            elif name == "<<":
                said = "merge keys are not supported; write the entries out"
                self._problems.error(node, said, at_key=True, id="merge-key")
            else:
                entries[name] = node
        return entries
