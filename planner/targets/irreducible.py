"""Irreducible sets of rules that keep (op_state, base) pairs out of reach.

A set is found in three steps, for all pairs at once. *Necessary* are the rules without which alone, all others
enforced, the pair is reached: they are in every set that forbids it. To them come rules that forbid the base in every
state of the op_state that the full search visits, if any are needed at all. What the search still reaches under these
is left to deletion, rule by rule, from the smallest set that was seen to forbid it. Each set is the outcome of a
search to its end with only those rules which does not reach the pair, and of searches that do reach it without any one
of them: what a smaller set reaches, a set of it reaches, too.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, Protocol

from model.device import Device
from model.plane_rules import DATA, RULES, PlaneRules, State
from model.search import Closure, Key, Machine

Pair = tuple[Any, int]
"""An op_state (or an op_state with what makes it), and the position of the bit that stands for what is issued."""
Rules = frozenset[str]

_NONE: Rules = frozenset()
_ORDER: Rules = frozenset({"op-state"})
"""What keeps one operation after the other, where the rest of a set takes that for granted."""
_SHAPING: Rules = frozenset({"residual", "suspend-state", "recovery", "chain", "cache", "cache-chain"})
"""Rules that do more than to forbid bases: they tell victims apart, or ask for makes."""


class Searching(Protocol):
    """A search with some rules that can stop early and go on later."""

    def at(self, op_state: Any, /) -> int:
        """What was issued so far in an op_state (bit set)."""

    @property
    def complete(self) -> bool:
        """Whether nothing more is reached."""

    def run(self, goals: Mapping[Any, int] | None = None, /) -> None:
        """Goes on to the end, or until the goals are reached."""

    def release(self) -> None:
        """Lets go of what only going on needs."""


class Irreducible:
    """Finds the sets. `search` begins a search with some rules; `direct` may guess what is needed.

    `idle` are rules that forbid nothing on the device, `decisive` those that are ever alone in forbidding something:
    no other can be necessary.
    """

    def __init__(
        self,
        search: Callable[[Rules], Searching],
        direct: Callable[[], Direct] | None = None,
        idle: Rules = frozenset(),
        decisive: Callable[[], Rules] = lambda: frozenset(RULES),
    ) -> None:
        self._begin = search
        self._decisive = decisive
        self._direct = direct
        self._searches: dict[Rules, Searching] = {}
        self.every: Rules = frozenset(RULES) - idle

    def reached(self, pairs: Iterable[Pair], rules: Rules) -> list[Pair]:
        """Those of the pairs that a search with only some rules reaches."""
        pairs = list(pairs)
        search = self._searches.get(rules)
        if search is None:
            search = self._searches[rules] = self._begin(rules)
        if not search.complete:
            search.run(_goals(pairs))
            search.release()
        return [pair for pair in pairs if _issues(search, pair)]

    def sets(self, pairs: Sequence[Pair]) -> dict[Pair, tuple[str, ...]]:
        """The set of each pair, in the order of RULES. The pairs are out of reach with all rules."""
        found: dict[Pair, Rules] = {}
        if not pairs:
            return {}
        necessary = self._necessary(pairs)
        left = still = self._forbidden(necessary, found)
        if left:
            direct = None if self._direct is None else self._direct()
            covers = {
                pair: necessary[pair] | (direct.cover(pair, necessary[pair]) if direct else _NONE) for pair in left
            }
            for more in (_NONE, _ORDER):
                still = self._forbidden({pair: covers[pair] | more for pair in still}, found)
            found.update({pair: self._smallest(pair, necessary[pair]) for pair in still})
            hard = [pair for pair in still if len(found[pair]) + 1 >= len(self.every)]
            for rules in sorted(set(found.values()), key=lambda rules: (len(rules), sorted(rules))):
                hard = self._forbidden({pair: necessary[pair] | rules for pair in hard}, found)
            for (rules, needed), group in _grouped(left, lambda pair: (found[pair], necessary[pair])).items():
                self._thin(group, rules, sorted(rules - needed), found)
        return {pair: tuple(rule for rule in RULES if rule in found[pair]) for pair in pairs}

    def _necessary(self, pairs: Sequence[Pair]) -> dict[Pair, Rules]:
        found: dict[Pair, set[str]] = {pair: set() for pair in pairs}
        for rule in sorted(self.every & self._decisive()):
            for pair in self.reached(pairs, self.every - {rule}):
                found[pair].add(rule)
        return {pair: frozenset(rules) for pair, rules in found.items()}

    def _forbidden(self, tried: dict[Pair, Rules], found: dict[Pair, Rules]) -> list[Pair]:
        """Takes down the pairs that the rules tried for each forbid; those that they do not are left."""
        left: list[Pair] = []
        for rules, group in _grouped(tried, tried.__getitem__).items():
            reached = self._known(group, rules)
            left += reached
            still = set(reached)
            found.update((pair, rules) for pair in group if pair not in still)
        return left

    def _known(self, pairs: Iterable[Pair], rules: Rules) -> list[Pair]:
        """Like `reached`; what a search with more rules has reached is not searched again."""
        more = [search for other, search in self._searches.items() if rules <= other]
        asked = [pair for pair in pairs if not any(_issues(search, pair) for search in more)]
        reached = set(self.reached(asked, rules)) if asked else set()
        unreached = set(asked) - reached
        return [pair for pair in pairs if pair not in unreached]

    def _smallest(self, pair: Pair, needed: Rules) -> Rules:
        """The smallest set of rules, with those needed, that a search to its end has shown to forbid the pair."""
        shown = [
            rules
            for rules, search in self._searches.items()
            if needed <= rules and search.complete and not _issues(search, pair)
        ]
        return min(shown, key=lambda rules: (len(rules), sorted(rules)))

    def _thin(self, pairs: list[Pair], rules: Rules, spare: list[str], found: dict[Pair, Rules]) -> None:
        """Takes rules away that are not needed, one by one, for all pairs together as long as they fare alike."""
        while spare:
            fewer = rules - {spare.pop()}
            reached = set(self._known(pairs, fewer))
            if len(reached) < len(pairs):
                if reached:
                    self._thin([pair for pair in pairs if pair in reached], rules, list(spare), found)
                pairs = [pair for pair in pairs if pair not in reached]
                rules = fewer
        found.update(dict.fromkeys(pairs, rules))


def _issues(search: Searching, pair: Pair) -> bool:
    return bool(search.at(pair[0]) >> pair[1] & 1)


def _goals(pairs: Iterable[Pair]) -> dict[Hashable, int]:
    goals: dict[Hashable, int] = {}
    for at, bit in pairs:
        goals[at] = goals.get(at, 0) | 1 << bit
    return goals


def _grouped(pairs: Iterable[Pair], by: Callable[[Pair], Any]) -> dict[Any, list[Pair]]:
    groups: dict[Any, list[Pair]] = {}
    for pair in pairs:
        groups.setdefault(by(pair), []).append(pair)
    return groups


class Direct:
    """Which rules forbid a base in the states of an op_state that a closure has visited."""

    def __init__(self, device: Device, named: int, closure: Closure) -> None:
        self._forbids = PlaneRules(device, named)
        self._machine = Machine(device, RULES, named)
        self._of_key: dict[Key, list[dict[str, int]]] = {}
        for state in closure.states:
            self._of_key.setdefault(self._machine.key(state), []).append(self._masks(state))

    def _masks(self, state: State) -> dict[str, int]:
        masks = dict(self._forbids.forbidden(state))
        if state.phase != DATA:
            return masks
        takers = self._forbids.takers(state, True)
        after = dict(self._forbids.forbidden(self._machine.ended(state)))
        return {rule: masks.get(rule, 0) & ~takers | after.get(rule, 0) & takers for rule in (*masks, *after)}

    def decisive(self) -> Rules:
        """Rules that forbid something somewhere that no other rule forbids there, and those that shape what follows."""
        found = set(_SHAPING)
        for masks in chain.from_iterable(self._of_key.values()):
            once = twice = 0
            for mask in masks.values():
                twice |= once & mask
                once |= mask
            alone = once & ~twice & self._forbids.named
            found.update(rule for rule, mask in masks.items() if mask & alone)
        return frozenset(found)

    def cover(self, pair: Pair, chosen: Rules) -> Rules:
        """Rules that together with those chosen forbid the base in all states of the op_state; greedily few."""
        key, base = pair
        cover: set[str] = set()
        open_states = [masks for masks in self._of_key.get(key, []) if not _any(masks, chosen, base)]
        while open_states:
            counts = {rule: sum(masks.get(rule, 0) >> base & 1 for masks in open_states) for rule in RULES}
            best = max(RULES, key=counts.__getitem__)
            if not counts[best]:
                break
            cover.add(best)
            open_states = [masks for masks in open_states if not masks.get(best, 0) >> base & 1]
        return frozenset(cover)


def _any(masks: dict[str, int], rules: Iterable[str], base: int) -> bool:
    return any(masks.get(rule, 0) >> base & 1 for rule in rules)
