"""Wanted weights of op_names per op_state, from `phase_conditional_overrides` and `phase_conditional`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

GLOBAL = "global"


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights as given, by op_state (or `global`), then base or op_name. No key: the default."""

    overrides: Mapping[str, Mapping[str, float]]
    phase_conditional: Mapping[str, Mapping[str, float]]

    @property
    def given(self) -> bool:
        """Whether the config says anything at all about what is wanted."""
        return bool(self.overrides or self.phase_conditional)

    def wanted(self, op_state: str, names: tuple[tuple[str, str], ...]) -> tuple[float, ...]:
        """Weights of (op_name, base) pairs in an op_state: they add up to 1, or are all 0 where nothing is wanted.

        A `phase_conditional` entry is complete: what it does not name has weight 0. Otherwise an op_state's own
        weights go before `global`, and an op_name before its base, whose weight is shared evenly by its names. What
        is given adds up to s: the others share 1 - s evenly; where s >= 1 only what is given is wanted.
        """
        complete = self.phase_conditional.get(op_state)
        if complete is not None:
            return _scaled([weight or 0.0 for weight in _given((complete,), names)])
        levels = (self.overrides.get(op_state, {}), self.overrides.get(GLOBAL, {}))
        given = _given(levels, names)
        rest = max(0.0, 1.0 - sum(weight for weight in given if weight is not None))
        share = rest / max(1, sum(weight is None for weight in given))
        return _scaled([share if weight is None else weight for weight in given])


def _given(levels: tuple[Mapping[str, float], ...], names: tuple[tuple[str, str], ...]) -> list[float | None]:
    sizes: dict[str, int] = {}
    for _, base in names:
        sizes[base] = sizes.get(base, 0) + 1
    return [_weight(levels, name, base, sizes[base]) for name, base in names]


def _weight(levels: tuple[Mapping[str, float], ...], name: str, base: str, size: int) -> float | None:
    for level in levels:
        if name in level:
            return level[name]
        if base in level:
            return level[base] / size
    return None


def _scaled(weights: list[float]) -> tuple[float, ...]:
    total = sum(weights)
    return tuple(weight / total for weight in weights) if total > 0 else tuple(0.0 for _ in weights)
