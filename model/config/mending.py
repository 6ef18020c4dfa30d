"""Reading on after broken YAML: the lines to blame lose their value, and what they define keeps its name."""

from __future__ import annotations

import re

import yaml

_KEY = re.compile(r"(\s*)([\w.]+|\"[^\"]*\"):(\s|$)")
_STARTS = ("while parsing a flow", "while scanning a quoted", "while scanning an anchor", "while scanning a block")
"""What is broken from its start on; anything else is blamed where it was met."""


def mended(lines: list[str], error: yaml.MarkedYAMLError) -> list[int]:
    """Takes the value of the broken entry out of `lines`; which lines (from 1) are lost, none where nothing helps."""
    context = error.context or ""
    from_start = context.startswith(_STARTS)
    start = (error.context_mark if from_start else error.problem_mark) or error.context_mark
    if start is None:
        return []
    first = min(int(start.line), len(lines) - 1)
    while first > 0 and not lines[first].strip():
        first -= 1
    if not lines[first].strip():
        return []
    key = _KEY.match(lines[first])
    left = f"{key[1]}{key[2]}:" if key and "block" not in context else ""
    mended_before = left == lines[first].rstrip()
    last = _last(lines, first) if from_start and not mended_before else first
    lines[first] = "" if mended_before else left
    for below in range(first + 1, last + 1):
        lines[below] = ""
    return list(range(first + 1, last + 2))


def _last(lines: list[str], first: int) -> int:
    """The last line of the entry that begins on line `first`: what is indented more belongs to it."""
    indent = len(lines[first]) - len(lines[first].lstrip())
    last = first
    for place in range(first + 1, len(lines)):
        line = lines[place]
        if line.strip():
            if len(line) - len(line.lstrip()) <= indent:
                break
            last = place
    return last
