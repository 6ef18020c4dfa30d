"""From one boundary to the next: a window's operations replayed on the device from their starts alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from model.addresses import BlockArrays
from model.boundary import Boundary
from model.chains import Kind
from model.device import Device
from model.event import NOTHING, Ints, Spans
from model.live import Live, SpanRow
from model.states import DieTrack


class Issued(NamedTuple):
    """An operation as it was sent: payload planes as a mask, `celltype` as in the payload, `start` in ticks.

    What the payload does not have is NOTHING (planes: 0).
    """

    op_uid: int
    name: int
    die: int
    planes: int
    row: int
    page: int
    celltype: int
    start: int


def advance(device: Device, boundary: Boundary, issued: Sequence[Issued], floor: int) -> tuple[Boundary, Spans]:
    """The device at `floor` after legal operations in order of start, and the spans that are settled by then.

    Starts and durations determine all else: a SUSPEND cuts what runs on its axis, the rest runs on at the end of the
    RESUME, a newcomer takes over an open window, a RESET aborts. ValueError where an operation starts after `floor`
    or before the boundary.
    """
    rows: list[SpanRow] = []
    life = BlockArrays(boundary.blocks)
    tracks = [DieTrack(device, die, state, life, rows) for die, state in enumerate(boundary.dies)]
    switches: list[Live] = []
    _load_passing(device, boundary, tracks, switches)
    names, kinds = device.catalogue.names, device.kinds
    for uid, name, die, planes, row, page, celltype, start in issued:
        if not boundary.time <= start <= floor:
            raise ValueError(f"operation {uid} starts at {start}, outside of [{boundary.time}, {floor}]")
        live = Live(device, uid, names[name], die, planes, row, page, celltype, start)
        if kinds[live.op.base.index] in _SWITCHES:
            switches.append(live)
        if kinds[live.op.base.index] is Kind.RESET:
            _stop_everywhere(tracks, die, start)
        for track in tracks if die == NOTHING and live.targets else tracks[max(die, 0) : max(die, 0) + 1]:
            track.start(live)
    for track in tracks:
        track.settle(floor)
    after = Boundary(
        time=floor,
        next_op_uid=max([boundary.next_op_uid, *(op.op_uid + 1 for op in issued)]),
        odt_disabled=_odt_disabled(boundary, switches, floor),
        dies=tuple(track.frozen() for track in tracks),
        blocks=life.blocks,
        passing=tuple(live.frozen() for live in _passing(tracks)),
    )
    return after, Spans.of(rows)


def _stop_everywhere(tracks: list[DieTrack], die: int, time: int) -> None:
    """A reset of one die stops what runs on all of them as a whole."""
    tracks[die].settle(time)
    for uid in [live.uid for live in tracks[die].running if live.die == NOTHING]:
        for track in tracks:
            if track.die != die:
                track.withdraw(uid, time)


def run_out(device: Device, boundary: Boundary) -> tuple[Boundary, Spans]:
    """The device once everything that runs has ended, what a RESUME under way brings back included.

    The boundary's time is that of the last end.
    """
    rows: list[SpanRow] = []
    while True:
        ends = [live.end for die in boundary.dies for live in die.running]
        ends += [live.end for live in boundary.passing]
        if not ends:
            return boundary, Spans.of(rows)
        boundary, spans = advance(device, boundary, (), max(boundary.time, *ends))
        rows.extend(zip(*(column.tolist() for column in _columns(spans)), strict=True))


_SWITCHES = frozenset({Kind.ODT_OFF, Kind.ODT_ON})


def _columns(spans: Spans) -> tuple[Ints, ...]:
    return (
        spans.op_uid, spans.fragment, spans.state, spans.start, spans.end, spans.planned, spans.remaining, spans.ended
    )  # fmt: skip


def _load_passing(device: Device, boundary: Boundary, tracks: list[DieTrack], switches: list[Live]) -> None:
    for frozen in boundary.passing:
        live = Live.of(device, frozen, False)
        tracks[max(frozen.die, 0)].pass_by(live)
        if live.kind in _SWITCHES:
            switches.append(live)


def _passing(tracks: Iterable[DieTrack]) -> list[Live]:
    return sorted((live for track in tracks for live in track.passing), key=lambda live: live.uid)


def _odt_disabled(boundary: Boundary, switches: list[Live], floor: int) -> bool:
    ended = [live for live in switches if live.end <= floor]
    if not ended:
        return boundary.odt_disabled
    return max(ended, key=lambda live: (live.end, live.uid)).kind is Kind.ODT_OFF
