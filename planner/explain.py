"""Why something cannot be: the smallest set of rules and statements that already forbids it, proven twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

Test = Callable[[frozenset[str]], bool | None]
"""Whether some labels alone make it impossible; None where that stays open."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Labels that cannot all hold. `minimal`: without any one of them the rest can, and that was shown."""

    labels: tuple[str, ...]
    confirmed: bool
    minimal: bool


def smallest(labels: Sequence[str], impossible: Test, again: Test) -> Conflict | None:
    """An irreducible conflicting subset of labels; None where all of them together are not known to conflict.

    `impossible` decides while the set is reduced (QuickXplain: halves are dropped as a whole where the rest conflicts
    already); `again` is the second proof, of the set found and of nothing else. Labels that come first are dropped
    last, so put first what is best to blame.
    """
    if impossible(frozenset(labels)) is not True:
        return None
    found = () if impossible(frozenset()) else _reduced(frozenset(), False, tuple(labels), impossible)
    confirmed = again(frozenset(found)) is True
    minimal = all(impossible(frozenset(found) - {label}) is False for label in found)
    return Conflict(tuple(label for label in labels if label in found), confirmed, minimal)


def _reduced(kept: frozenset[str], grown: bool, labels: tuple[str, ...], impossible: Test) -> tuple[str, ...]:
    """The labels that `kept` still needs for a conflict; `grown`: something was added to it since it was asked."""
    if grown and impossible(kept) is True:
        return ()
    if len(labels) == 1:
        return labels
    half = len(labels) // 2
    first, second = labels[:half], labels[half:]
    of_second = _reduced(kept | frozenset(first), True, second, impossible)
    of_first = _reduced(kept | frozenset(of_second), bool(of_second), first, impossible)
    return (*of_first, *of_second)
