"""What the lasting states of a die forbid: suspensions, latches, open caches. As bit sets over bases."""

from __future__ import annotations

from model.chains import Kind
from model.event import NOTHING
from model.states import DieTrack


def is_suspended(track: DieTrack, kind: Kind) -> bool:
    """Whether an axis is SUSPENDED: from the end of the SUSPEND to the end of the RESUME; `kind` is the SUSPEND."""
    axis = track.device.axis[kind]
    cut = sum(1 for live in track.suspended if axis >> live.op.base.index & 1)
    return cut > sum(1 for live in track.running if live.kind is kind)


def forbidden_by_die(track: DieTrack) -> int:
    """Bases that suspend, one-shot and cache program states forbid on every plane."""
    device = track.device
    if track.suspended:
        mask = 0
        for axis, kind in enumerate((Kind.ERASE_SUSPEND, Kind.PROGRAM_SUSPEND)):
            table = device.suspended if is_suspended(track, kind) else device.not_suspended
            mask |= table[axis]
    else:
        mask = device.not_suspended[0] | device.not_suspended[1]
    shot = track.shot
    if shot is not None:
        if shot.latch != NOTHING:
            mask |= device.step_latch[shot.latch]
        if shot.cached:
            mask |= device.shot_cache
    if track.cache_program is not None:
        mask |= device.cache_program
    return mask


def forbidden_on(track: DieTrack, plane: int, time: int) -> int:
    """Bases that the read latch and the cache reads of a plane forbid at `time`."""
    mask = 0
    data, cache = track.data[plane], track.cache[plane]
    if (data is not None and not data.delivered and data.ready <= time) or (
        cache is not None and not cache.delivered and cache.ready <= time
    ):
        mask = track.device.read_latch
    open_read = track.cache_read[plane]
    if open_read is not None:
        mask |= track.device.cache_read[open_read.base]
    return mask
