"""Waits, which no cell counts and no die notices: they take the bus now and then, as on a real tester."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from model.boundary import Boundary
from model.event import NOTHING
from planner.targets.closing.motif import Motif, Placed
from planner.targets.tables import Tables

CHANCE = 0.006
"""Waits per operation."""


def waits(tables: Tables, boundary: Boundary, motifs: Sequence[Motif], rng: Random) -> list[Motif]:
    """Some waits at random moments of a window, each a motif on no die."""
    names = [
        name for base, found in enumerate(tables.names) if (tables.waits & tables.usable) >> base & 1 for name in found
    ]
    if not names:
        return []
    dies, last = len(boundary.dies), max(motif.begin for motif in motifs)
    found: list[Motif] = []
    for _ in range(sum(rng.random() < CHANCE for motif in motifs for _ in motif.ops)):
        start = rng.randint(boundary.time, last)
        wait = Placed(start, rng.choice(names), 0, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING)
        found.append(Motif(dies + len(found), start, [wait], start))
    return found
