"""The level form, and what the loader finds beyond it: every problem of the file as a finding."""

from __future__ import annotations

from model.config import Problem
from model.config.load import Examined
from model.config.node import Node
from model.config.surprises import is_time, meant, other_truth
from planner.checking.consequences import Consequences
from planner.checking.finding import Finding, Notes, finding

_NUMBERS = frozenset(
    {"not-a-number", "not-a-whole-number", "quoted-number", "octal", "grouped-number", "unit-in-number"}
)
_TRUTHS = {"yes": "true", "on": "true", "no": "false", "off": "false"}


def found_by_loader(examined: Examined) -> list[Finding]:
    """Every problem that the loader noted."""
    problems, costs = examined.problems, Consequences(examined.root)
    return [
        finding(problem, costs.of(problem), _fix(problem))
        for problem in (*problems.errors, *problems.warnings, *problems.infos)
    ]


def _fix(problem: Problem) -> str:
    there = problem.value if problem.value is not None else problem.key.rpartition(".")[2]
    if problem.nearest:
        return f"write {problem.nearest} for {there}"
    if problem.id in _NUMBERS and problem.value:
        number = meant(problem.value)
        if problem.id == "octal":
            number = problem.value.lstrip("0") or "0"
        if (number and number != problem.value) or problem.id == "quoted-number":
            return f"write {number} for {there}"
    if problem.id == "negative-time" and problem.value:
        return f"write {problem.value.lstrip('-')} for {there}"
    if problem.id == "key-missing":
        return f"add {problem.message.partition(' ')[0]}: to {problem.key or 'the file'}"
    if problem.id == "no-duration":
        return f"add {problem.message.split()[3].rstrip(',')}: with its us"
    return ""


def surprises(root: Node, notes: Notes) -> None:
    """Bare words that YAML readers do not agree on."""
    seen: set[tuple[int, int]] = set()
    pending = [root]
    while pending:
        node = pending.pop()
        for key, below in node.items.items():
            if key.casefold() in _TRUTHS and (below.key_line, below.key_column) not in seen:
                seen.add((below.key_line, below.key_column))
                said = f"the key {key} is a truth value to YAML 1.1 readers"
                notes.add("other-truth", below, said, "other programs read another key", fix=f'write "{key}" for {key}')
        below_it = [*node.items.values(), *node.members]
        for below in below_it:
            if isinstance(below.value, str) and (below.line, below.column) not in seen:
                seen.add((below.line, below.column))
                _surprise(below, notes)
        pending.extend(reversed(below_it))


def _surprise(node: Node, notes: Notes) -> None:
    if other_truth(node):
        truth = _TRUTHS[node.text.casefold()]
        said = f"{node.text} is a truth value here and to YAML 1.1 readers, and a text to others"
        fix = f"write {truth} for {node.text}"
        notes.add("other-truth", node, said, "other programs read another value", at_key=False, fix=fix)
    elif is_time(node):
        said = f"{node.text} is a text here, and a number or a date to YAML 1.1 readers"
        fix = f'write "{node.text}" for {node.text}'
        notes.add("bare-time", node, said, "other programs read another value", at_key=False, fix=fix)
