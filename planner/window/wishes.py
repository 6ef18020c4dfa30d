"""What a window is asked for, with some of its operations left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from planner.window.spec import OpSpec, WindowSpec


def without_wishes(spec: WindowSpec) -> tuple[WindowSpec, int]:
    """The window without its wishes, and how many they are."""
    kept = only(spec.ops, (index for index, op in enumerate(spec.ops) if not op.wish))
    return replace(spec, ops=kept), len(spec.ops) - len(kept)


def only(ops: Sequence[OpSpec], kept: Iterable[int]) -> tuple[OpSpec, ...]:
    """The operations of ascending indices `kept`; their references are renumbered, distances to others go."""
    place = {index: new for new, index in enumerate(kept)}
    result = []
    for index in place:
        op = ops[index]
        after = tuple(replace(link, op=place[link.op]) for link in op.after if link.op in place)
        inside = op.inside
        if inside is not None and inside.op >= 0:
            inside = replace(inside, op=place[inside.op])
        result.append(replace(op, after=after, inside=inside))
    return tuple(result)
