"""Acts with times -> a window of given order: who comes after whom is data, when is left to the solver."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from model.chains import SUSPENDS
from model.event import NOTHING
from planner.scenario.acts import Act
from planner.window.spec import Inside, OpSpec


def in_order(acts: Sequence[Act], starts: Mapping[str, int]) -> list[Act]:
    """The acts in order of start; of equal ones those listed first."""
    place = {act.key: number for number, act in enumerate(acts)}
    return sorted(acts, key=lambda act: (starts[act.key], act.die, place[act.key]))


def specs(ordered: Sequence[Act], offsets: Mapping[str, int]) -> tuple[OpSpec, ...]:
    """The acts as the operations of a window; `offsets` are those of the suspends in their pieces, in ticks."""
    place = {act.key: number for number, act in enumerate(ordered)}
    return tuple(_spec(act, place, offsets) for act in ordered)


def _spec(act: Act, place: Mapping[str, int], offsets: Mapping[str, int]) -> OpSpec:
    payload = act.base.payload
    return OpSpec(
        act.name.index,
        act.die if act.base.has_die else NOTHING,
        (act.planes if act.base.has_plane else 0,),
        (act.row,) if "block" in payload else (),
        (act.at_page,) if "page" in payload else (),
        inside=_inside(act, place, offsets),
        source=act.source,
    )


def _inside(act: Act, place: Mapping[str, int], offsets: Mapping[str, int]) -> Inside | None:
    """Whom an act cuts, stops or takes over, and in which of its states."""
    if act.kind in SUSPENDS and act.victim is not None:
        offset = offsets[act.key]
        return Inside(place[act.victim.key], 1, offset, offset)
    hosted = act.hosted
    if hosted is None or hosted.suspension or act not in (hosted.host.stopped, hosted.host.taken):
        return None
    host = hosted.host
    state = host.base.states.index(hosted.inside.state)
    length = host.name.core_busy if hosted.inside.state == "CORE_BUSY" else host.name.data
    return Inside(place[host.key], state, 0, max(length - 1, 0))
