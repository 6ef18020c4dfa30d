"""Devices drawn by chance: small cuts of the shipped one, with their own shapes, durations, op_names, groups."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from model.config import Config
from model.config import load as load_config
from tests.window.small import TABLES, small_config

SHIPPED = load_config()
EMPTIED = tuple(table for table in TABLES if table != "odt_state")
_NAMES: Mapping[str, Sequence[str]] = {
    base: [name.name for name in SHIPPED.names if name.base == base] for base in sorted({n.base for n in SHIPPED.names})
}
STATES = {name.name: len(name.durations) for name in SHIPPED.names}
"""How many states each op_name has."""
NEEDED = ("ERASE", "PROGRAM_SLC", "READ", "DOUT", "SR")
"""Bases without which there is little to see."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What is drawn of a device. `ticks` are the durations of its op_names."""

    ticks: Mapping[str, tuple[int, ...]]
    dies: int
    planes: int
    rows: int
    pages: int
    empty: tuple[str, ...]

    def config(self, folder: Path) -> Config:
        """The device's config, without distances that the planner keeps by policy alone."""
        made = small_config(
            folder, self.ticks, dies=self.dies, planes=self.planes, rows=self.rows, pages=self.pages, empty=self.empty
        )
        return replace(made, policies=replace(made.policies, admission_window=0, sequence_gap=0))


def drawn(rng: random.Random, *, share: float = 1.0, longest: int = 6, most_planes: int = 3) -> Shape:
    """A device; `share` of the bases that are not NEEDED has op_names in it. Durations are at most `longest` ticks."""
    ticks: dict[str, tuple[int, ...]] = {}
    for base in _NAMES:
        if base not in NEEDED and rng.random() > share:
            continue
        for _ in range(rng.choice((1, 1, 2, 3))):
            name = rng.choice(_NAMES[base])
            ticks[name] = (rng.randint(1, 3), *(rng.randint(2, longest) for _ in range(STATES[name] - 1)))
    return Shape(
        ticks,
        dies=rng.choice((1, 1, 2)),
        planes=rng.randint(1, most_planes),
        rows=rng.choice((2, 3)),
        pages=rng.choice((2, 3)),
        empty=tuple(table for table in EMPTIED if rng.random() < 0.25),
    )
