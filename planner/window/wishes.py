"""What a window is asked for, without the wishes that it can do without."""

from __future__ import annotations

from dataclasses import replace

from planner.window.spec import WindowSpec


def without_wishes(spec: WindowSpec) -> tuple[WindowSpec, int]:
    """The window without its wishes, and how many they are; the references of the others are renumbered."""
    place: dict[int, int] = {}
    for index, op in enumerate(spec.ops):
        if not op.wish:
            place[index] = len(place)
    kept = []
    for index in place:
        op = spec.ops[index]
        after = tuple(replace(link, op=place[link.op]) for link in op.after if link.op in place)
        inside = op.inside
        if inside is not None and inside.op >= 0:
            inside = replace(inside, op=place[inside.op])
        kept.append(replace(op, after=after, inside=inside))
    return replace(spec, ops=tuple(kept)), len(spec.ops) - len(kept)
