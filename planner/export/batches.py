"""Chunks in sizes that are formatted best: small ones gathered, great ones cut."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from model.event import Chunk
from model.timeline.columns import stack, stack_commands, take
from model.timeline.pieces import in_fragments

ENOUGH = 4096
"""Operations that are formatted together: few enough for little memory, many enough to be fast."""


class Batches:
    """Gathers chunks. A batch holds at least ENOUGH operations (but the last) and at most about twice as many."""

    def __init__(self) -> None:
        self._waiting: list[Chunk] = []
        self._gathered = 0

    def of(self, chunk: Chunk) -> Iterator[Chunk]:
        """The batches that are full with this chunk."""
        self._waiting.append(chunk)
        self._gathered += len(chunk.commands)
        return self.rest() if self._gathered >= ENOUGH else iter(())

    def rest(self) -> Iterator[Chunk]:
        """Everything that waits."""
        waiting, self._waiting, self._gathered = self._waiting, [], 0
        return parts(merged(waiting)) if waiting else iter(())


def merged(chunks: list[Chunk]) -> Chunk:
    """Several chunks as one."""
    if len(chunks) == 1:
        return chunks[0]
    return Chunk(
        commands=stack_commands([chunk.commands for chunk in chunks]),
        spans=stack([chunk.spans for chunk in chunks]),
        horizon=max(chunk.horizon for chunk in chunks),
        source=np.concatenate([chunk.source for chunk in chunks]),
        aim=np.concatenate([chunk.aim for chunk in chunks]),
    )


def parts(chunk: Chunk) -> Iterator[Chunk]:
    """A great chunk in several, one after the other in time; each has the fragments that start before its horizon."""
    count = len(chunk.commands)
    cuts = [*range(ENOUGH, count - ENOUGH, ENOUGH), count]
    if len(cuts) == 1:
        yield chunk
        return
    horizons = np.minimum(np.append(chunk.commands.time[cuts[:-1]], chunk.horizon), chunk.horizon)
    spans, first = in_fragments(chunk.spans)
    part = np.minimum(np.searchsorted(horizons, spans.start[first], side="right"), len(cuts) - 1)
    of = np.repeat(part, np.diff(np.append(first, len(spans))))
    for number, (low, high) in enumerate(zip([0, *cuts], cuts, strict=False)):
        yield Chunk(
            commands=chunk.commands.slice(low, high),
            spans=take(spans, of == number),
            horizon=int(horizons[number]),
            source=chunk.source[low:high],
            aim=chunk.aim[low:high],
        )
