"""What may follow a history of operations, and which rule forbids the history itself.

The history stands on one plane of a die, its operations directly one after the other on their die; what they need
(blocks that are erased or written, an operation to suspend) may come before it. The machine tells which bases may be
issued next at some moment, and by which rules the others may not; a judged sequence shows each that may.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from model.chains import CACHE_ENDS, CACHE_READS, READS, STEPS, SUSPENDS, TAKES_COPYBACK, Kind
from model.event import NOTHING
from model.plane_rules import NONE, RULES, PlaneRules, State
from planner.explaining.because import Because
from planner.explaining.witness import Cell, Witness, Witnesses
from planner.targets.reachable import Reachability


@dataclass(frozen=True, slots=True)
class Next:
    """A base: its op_names that may be issued next, each seen in a judged sequence, and those that may not.

    `rules`: those that forbid the base; empty where an op_name may. `unknown`: op_names of which neither is shown.
    """

    base: str
    may: tuple[str, ...]
    may_not: tuple[str, ...]
    rules: tuple[str, ...]
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Aftermath:
    """The answer to `--after`.

    `broken_at`: the place (from 0) of the operation that cannot be where it stands, NOTHING where all can; `rules`
    forbid it then. `witness`: a sequence that ends with the history.
    """

    words: tuple[str, ...]
    broken_at: int
    rules: tuple[str, ...]
    witness: Witness | None
    following: tuple[Next, ...]


class Histories:
    """Questions about histories of one device."""

    def __init__(self, reach: Reachability, witnesses: Witnesses, because: Because) -> None:
        self._reach, self._witnesses, self._because = reach, witnesses, because
        self._device, self._routes = reach.device, witnesses.routes
        named = 0
        for index in sorted(reach.possible.names):
            named |= 1 << reach.device.catalogue.names[index].base.index
        self._forbids = PlaneRules(reach.device, named)

    def after(self, history: Sequence[tuple[int, ...]], words: Sequence[str]) -> Aftermath:
        """What may come after op_names, one of each tuple."""
        names = self._device.catalogue.names
        states = list(dict.fromkeys(state for state, _ in self._routes.graph))
        steps: list[tuple[int, int]] = []
        witness: Witness | None = None
        for place, able in enumerate(history):
            possible = [n for n in able if self._reach.possible.forbidden_by[n] is None]
            base = names[able[0]].base.index
            after = self._through(states, base) if possible else []
            if not after:
                rules = self._because.op_name_rules(able[0]) if not possible else self._rules(states, base)
                return Aftermath(tuple(words), place, rules, witness, ())
            found = self._shown(steps, possible)
            if found is None:
                return Aftermath(tuple(words), place, self._unlike(steps, possible), witness, ())
            steps.append((base, names[found[0]].celltype if len(able) == 1 else NONE))
            witness, states = found[1], after
        return Aftermath(tuple(words), NOTHING, (), witness, self._following(states, steps))

    def _through(self, states: Sequence[State], base: int) -> list[State]:
        """The states after an operation of a base in any of some states, and after what time makes of them."""
        found: dict[State, None] = {}
        for state in states:
            for issued, after in self._routes.moves(state):
                if issued == base:
                    found[after] = None
        pending = list(found)
        for state in pending:  # grows by what time alone leads to
            for base_, after in self._routes.moves(state):
                if base_ == NONE and after not in found:
                    found[after] = None
                    pending.append(after)
        return pending

    def _shown(self, steps: Sequence[tuple[int, int]], able: Sequence[int]) -> tuple[int, Witness] | None:
        for name in self._alike(able):
            witness = self._witnesses.after(steps, Cell(NOTHING, name[0]))
            if witness is not None:
                return name[0], witness
        return None

    def _alike(self, able: Sequence[int]) -> list[tuple[int, ...]]:
        """Op_names in groups of one celltype and number of planes."""
        groups: dict[tuple[int, bool], list[int]] = {}
        for index in able:
            name = self._device.catalogue.names[index]
            groups.setdefault((name.celltype, name.multi), []).append(index)
        return [tuple(group) for _, group in sorted(groups.items(), key=lambda item: (item[0][1], item[0][0]))]

    def _following(self, states: Sequence[State], steps: Sequence[tuple[int, int]]) -> tuple[Next, ...]:
        found = []
        allowed = 0
        for state in states:
            allowed |= self._allowed(state)
        for base in self._device.catalogue.bases:
            if base.names:
                found.append(self._next(base.index, bool(allowed >> base.index & 1), states, steps))
        return tuple(found)

    def _allowed(self, state: State) -> int:
        mask = self._routes.machine.allowed(state)
        if state.run == NONE:
            for base in self._device.catalogue.bases:
                if self._device.kinds[base.index] in SUSPENDS:
                    mask &= ~(1 << base.index)
        return mask

    def _next(self, base: int, allowed: bool, states: Sequence[State], steps: Sequence[tuple[int, int]]) -> Next:
        names, own = self._device.catalogue.names, self._device.catalogue.bases[base]
        if not allowed:
            return Next(own.name, (), tuple(names[n].name for n in own.names), self._rules(states, base))
        may: list[int] = []
        able = [n for n in own.names if self._reach.possible.forbidden_by[n] is None]
        for group in self._alike(able):
            if self._witnesses.after(steps, Cell(NOTHING, group[0])) is not None:
                may += group
        never = [n for n in own.names if n not in able]
        unknown = [n for n in able if n not in may]
        rules = () if may else self._unlike(steps, own.names)
        words = [tuple(names[n].name for n in sorted(group)) for group in (may, never, unknown)]
        return Next(own.name, words[0], words[1], rules, words[2])

    def _rules(self, states: Sequence[State], base: int) -> tuple[str, ...]:
        """Few rules that forbid a base in all of some states; greedily."""
        left = [self._forbidding(state, base) for state in states]
        found: list[str] = []
        while left:
            best = max(RULES, key=lambda rule: sum(rule in each for each in left))
            if not any(best in each for each in left):
                break
            found.append(best)
            left = [each for each in left if best not in each]
        return tuple(rule for rule in RULES if rule in found)

    def _forbidding(self, state: State, base: int) -> frozenset[str]:
        masks = [self._forbids.forbidden(state)]
        taken = state.run != NONE and self._forbids.takers(state, True) >> base & 1
        if taken:
            masks = [self._forbids.forbidden(self._routes.machine.ended(state))]
        found = {rule for each in masks for rule, mask in each if mask >> base & 1}
        if self._device.kinds[base] in SUSPENDS and state.run == NONE:
            found.add("suspend-target")
        return frozenset(found)

    def _unlike(self, steps: Sequence[tuple[int, int]], names: Sequence[int]) -> tuple[str, ...]:
        """The rule to blame where the machine allows a base, but no op_name fits what comes before."""
        kind = self._device.kinds[self._device.catalogue.names[names[0]].base.index]
        if kind in CACHE_READS | CACHE_ENDS:
            return ("cache-chain",)
        if kind in STEPS | TAKES_COPYBACK:
            return ("chain",)
        if kind in (Kind.DOUT, Kind.DOUT4K, Kind.RECOVERY):
            return ("recovery",) if kind is Kind.RECOVERY else ("dout",)
        if kind in READS:
            return ("read-programmed",)
        before = {self._device.kinds[base] for base, _ in steps}
        return ("cache",) if Kind.CACHE_PROGRAM in before else ("celltype",)
