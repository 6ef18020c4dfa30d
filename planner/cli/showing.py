"""`nandplan config` and `nandplan rules`."""

from __future__ import annotations

import difflib
import sys
from typing import TYPE_CHECKING

from planner.errors import UnusableInput

if TYPE_CHECKING:
    from collections.abc import Iterator

    from model.rules import Rule

_HEAD = """\
# The rules of the device

Made by `nandplan rules --markdown`. A judge finds every breach of a rule in a sequence, and no plan breaks one: the
window encoder has a constraint for each, but for those that a plan keeps by the way in which it is made. The tables
behind the examples are in `tests/rules/tables/`, with op_names and ticks.

In the formulas t is the start of the operation judged, [s, e) a segment or an ISSUE, G(x) the set of bases that the
exclusion groups of state x forbid, b a block, p a page, last(b) the last programmed page of b (-1 after an erase).
"""


def config() -> int:
    """Prints the shipped config as it is."""
    from model.config import shipped_path  # noqa: PLC0415

    sys.stdout.write(shipped_path().read_text(encoding="utf-8"))
    return 0


def rules(wanted: str | None, *, as_markdown: bool = False) -> int:
    """Prints all rules, one per line or as a page, or one of them whole. UnusableInput: there is no such rule."""
    from model.rules import RULES  # noqa: PLC0415

    if as_markdown:
        sys.stdout.write(markdown(RULES if wanted is None else (_found(RULES, wanted),)))
    elif wanted is None:
        width = max(len(rule.id) for rule in RULES)
        for rule in RULES:
            print(f"{rule.id:<{width}}  {rule.sentence}")
    else:
        print("\n".join(_whole(_found(RULES, wanted))))
    return 0


def markdown(rules: tuple[Rule, ...]) -> str:
    """The page of these rules: sentence, formula, config keys, an example of each side."""
    return _HEAD + "".join(f"\n{part}\n" for rule in rules for part in _section(rule))


def _found(rules: tuple[Rule, ...], wanted: str) -> Rule:
    found = next((rule for rule in rules if rule.id == wanted.strip("[]")), None)
    if found is None:
        near = difflib.get_close_matches(wanted, [rule.id for rule in rules], n=1)
        hint = f"; did you mean {near[0]}?" if near else "; `nandplan rules` lists them"
        raise UnusableInput(f"there is no rule {wanted!r}{hint}")
    return found


def _whole(rule: Rule) -> Iterator[str]:
    yield f"[{rule.id}] {rule.sentence}"
    yield f"  {rule.formula}"
    if rule.config_keys:
        yield f"  config: {', '.join(rule.config_keys)}"
    yield f"  legal: {rule.examples.legal}"
    yield f"  illegal: {rule.examples.illegal}"
    if rule.by_construction:
        yield "  a plan keeps it by the way in which it is made"


def _section(rule: Rule) -> Iterator[str]:
    yield f"## {rule.id}"
    yield rule.sentence
    yield f"    {rule.formula}"
    keys = ", ".join(f"`{key}`" for key in rule.config_keys) or "none"
    kept = "by the way in which it is made" if rule.by_construction else "by a constraint of the window"
    yield "\n".join(
        (
            f"- Legal: {rule.examples.legal}.",
            f"- Illegal: {rule.examples.illegal}.",
            f"- Config: {keys}.",
            f"- A plan keeps it {kept}.",
        )
    )
