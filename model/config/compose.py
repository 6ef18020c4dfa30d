"""YAML events -> PyYAML's nodes, without recursion and with a limit to depth and size."""

from __future__ import annotations

from typing import Any

import yaml

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
DEEPEST = 50

_STR, _MAP, _SEQ = (f"tag:yaml.org,2002:{kind}" for kind in ("str", "map", "seq"))


class NotComposed(Exception):  # noqa: N818
    """Text that is YAML, perhaps, but no config: where, what to say, and under which id."""

    def __init__(self, line: int, column: int, id: str, said: str) -> None:
        super().__init__(said)
        self.line, self.column, self.id = line, column, id


def compose(text: str, most: int) -> yaml.Node | None:
    """The tree of the only document; None where there is none.

    NotComposed: nested too deeply, more than `most` values, or a second document. yaml.YAMLError: not YAML.
    """
    return _Composer(most).tree(text)


def _mark(event: yaml.Event) -> Any:
    return event.start_mark


class _Composer:
    def __init__(self, most: int) -> None:
        self._most = most
        self._count = 0
        self._open: list[yaml.CollectionNode] = []
        self._anchors: dict[str, yaml.Node] = {}
        self._root: yaml.Node | None = None

    def tree(self, text: str) -> yaml.Node | None:
        """The root of the document."""
        for event in yaml.parse(text, Loader=LOADER):
            if isinstance(event, yaml.ScalarEvent):
                tag = _STR if event.tag in (None, "!") else event.tag
                node = yaml.ScalarNode(tag, event.value, _mark(event), _mark(event), style=event.style)
                self._add(node, event)
            elif isinstance(event, yaml.CollectionStartEvent):
                self._begin(event)
            elif isinstance(event, yaml.CollectionEndEvent):
                self._end()
            elif isinstance(event, yaml.AliasEvent):
                self._add(self._aliased(event), None)
            elif isinstance(event, yaml.DocumentStartEvent) and self._root is not None:
                mark = _mark(event)
                raise NotComposed(mark.line + 1, mark.column + 1, "not-yaml", "not YAML: another document begins here")
        return self._root

    def _begin(self, event: yaml.CollectionStartEvent) -> None:
        mark = _mark(event)
        kind, tag = (yaml.MappingNode, _MAP) if isinstance(event, yaml.MappingStartEvent) else (yaml.SequenceNode, _SEQ)
        node = kind(tag if event.tag in (None, "!") else event.tag, [], mark, mark)
        self._add(node, event)
        self._open.append(node)
        if len(self._open) > DEEPEST:
            raise NotComposed(mark.line + 1, mark.column + 1, "too-deep", "nested too deeply")

    def _end(self) -> None:
        node = self._open.pop()
        if isinstance(node, yaml.MappingNode):
            flat: list[yaml.Node] = node.value
            node.value = list(zip(flat[::2], flat[1::2], strict=True))

    def _add(self, node: yaml.Node, event: Any) -> None:
        self._count += 1
        if self._count > self._most:
            mark: Any = node.start_mark
            said = f"more than {self._most} values in one config"
            raise NotComposed(mark.line + 1, mark.column + 1, "too-large", said)
        if event is not None and event.anchor is not None:
            self._anchors[event.anchor] = node
        if self._open:
            self._open[-1].value.append(node)
        else:
            self._root = node

    def _aliased(self, event: yaml.AliasEvent) -> yaml.Node:
        if event.anchor not in self._anchors:
            raise yaml.MarkedYAMLError(None, None, f"found undefined alias {event.anchor!r}", _mark(event))
        return self._anchors[event.anchor]
