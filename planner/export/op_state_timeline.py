"""op_state_timeline: one segment of one plane per row."""

from __future__ import annotations

import numpy as np

from model.geometry import planes_in
from model.timeline import Settled
from planner.export.sink import Words
from planner.export.text import field

Middles = tuple[str, ...]


class OpStateTimeline:
    """Rows ordered by start, operation, plane. `op_name` holds the base."""

    name = "op_state_timeline"
    columns = ("start", "end", "die", "plane", "op_state", "lane", "op_name", "duration", "op_uid")

    def __init__(self, words: Words) -> None:
        self._words = words
        self._cache: dict[tuple[int, int, int, int], Middles] = {}

    def rows(self, settled: Settled) -> str:
        """The segments of a chunk. The planes of one state share what is around their own text."""
        segments, words = settled.segments, self._words
        count = len(segments.start)
        times = words.us(np.concatenate([segments.start, segments.end, segments.end - segments.start]))
        base = words.layout.base[segments.name]
        keys = zip(base.tolist(), segments.state.tolist(), segments.die.tolist(), segments.mask.tolist(), strict=True)
        cache = self._cache
        out: list[str] = []
        columns = (times[:count].tolist(), times[count : 2 * count].tolist(), times[2 * count :].tolist())
        for start, end, length, uid, key in zip(*columns, segments.op_uid.tolist(), keys, strict=True):
            middles = cache.get(key) or self._middles(*key)
            before, after = f"{start},{end}", f"{length},{uid}\n"
            out.append(f"{before}{(after + before).join(middles)}{after}")
        return "".join(out)

    def end(self) -> str:
        """Nothing."""
        return ""

    def _middles(self, base: int, state: int, die: int, mask: int) -> Middles:
        """What stands between the times of the rows of one state, one text per plane."""
        spec = self._words.catalogue.bases[base]
        op_state, name = field(f"{spec.name}.{spec.states[state]}"), field(spec.name)
        made = tuple(f",{die},{plane},{op_state},d{die}-p{plane},{name}," for plane in planes_in(mask))
        self._cache[base, state, die, mask] = made
        return made
