"""Which op_name, planes and blocks each operation of a way takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from model.chains import CACHE_ENDS, CACHE_READS, STEPS, TAKES_COPYBACK, Kind
from model.device import Device
from model.event import NOTHING
from model.geometry import planes_in
from model.plane_rules import NONE
from planner.explaining.routes import Step
from planner.targets.usable import lun_of


class Unfit(Exception):  # noqa: N818
    """A way that cannot be enacted as it is."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the last operation of a way has to be: its op_name, and the bin (None: any time).

    `host`: of the op_names of a base those that may make the op_state, best first.
    """

    name: int
    bin: int | None
    host: Callable[[int], Sequence[int]]


def chosen(device: Device, names: frozenset[int], way: Sequence[Step], wish: Wish) -> list[int]:
    """The op_name of each step: single-plane ones where nothing that has to be on several planes hangs on them."""
    found = [NOTHING] * len(way)
    found[-1] = wish.name
    hosts = wish.host(way[-1].work.base)
    of_names = device.catalogue.names
    grouped = _several(device, way, wish)
    die = lun_of(of_names[wish.name].name)
    for place in range(len(way) - 1):
        work, several = way[place].work, place in grouped
        able = [
            n
            for n in device.catalogue.bases[work.base].names
            if n in names and of_names[n].celltype == work.celltype and lun_of(of_names[n].name) in (None, die or 0)
        ]
        exact = [n for n in able if of_names[n].multi == several] or able
        host = [n for n in hosts if n in exact]
        if not exact:
            raise Unfit("no op_name")
        found[place] = host[0] if host and _makes_state(way, place) else exact[0]
    return found


def _makes_state(way: Sequence[Step], place: int) -> bool:
    """Whether a step is the latest of the base that the plane is in, or was in last, when the last one is issued."""
    state = way[-1].state
    base = state.run if state.run != NONE else state.last
    later = (step.work.base for step in way[place + 1 : -1])
    return way[place].work.base == base and base not in later


def _several(device: Device, way: Sequence[Step], wish: Wish) -> set[int]:
    """The steps that have to be on several planes, because one that hangs on them is."""
    names = device.catalogue.names
    found = {len(way) - 1} if names[wish.name].multi else set()
    host = wish.host(way[-1].work.base)
    state = way[-1].state
    base = state.run if state.run != NONE else state.last
    if host and base != NONE and all(names[n].multi for n in host):
        found |= {place for place in range(len(way) - 1) if way[place].work.base == base and _makes_state(way, place)}
    found |= _on_both(device, way)
    pending = sorted(found)
    while pending:
        place = pending.pop()
        for other in _behind(device, way, place):
            if other not in found:
                found.add(other)
                pending.append(other)
    return found


def _on_both(device: Device, way: Sequence[Step]) -> set[int]:
    """The steps that make blocks which are read on the plane of the way and beside it, too."""
    sides: dict[int, set[bool]] = {}
    for place, step in enumerate(way):
        if step.work.row >= 0 and not _makes_blocks(device, step):
            sides.setdefault(step.work.row, set()).add(_beside(device, way, place))
    both = {row for row, found in sides.items() if len(found) > 1}
    return {p for p, step in enumerate(way) if step.work.row in both and _makes_blocks(device, step)}


def _behind(device: Device, way: Sequence[Step], place: int) -> Iterator[int]:
    """The earlier steps that a step goes on from on the same planes: for its blocks, chain and registers."""
    work, kinds = way[place].work, device.kinds
    kind = kinds[work.base]
    for other in range(place):
        if work.row >= 0 and way[other].work.row == work.row and _makes_blocks(device, way[other]):
            yield other
    sources: tuple[Kind, ...] = ()
    if kind in CACHE_READS or kind in CACHE_ENDS:
        sources = (Kind.READ, Kind.PLANE_READ, Kind.CACHE_READ, Kind.PLANE_CACHE_READ)
    elif kind in TAKES_COPYBACK:
        sources = (Kind.COPYBACK_READ,)
    latest = [other for other in range(place) if kinds[way[other].work.base] in sources]
    yield from latest[-1:]


def _fed_beside(device: Device, way: Sequence[Step], place: int) -> bool:
    """Whether the latest copyback read before a step went to another plane."""
    reads = [step for step in way[:place] if device.kinds[step.work.base] is Kind.COPYBACK_READ]
    return bool(reads) and reads[-1].beside


def _makes_blocks(device: Device, step: Step) -> bool:
    kind = device.kinds[step.work.base]
    return kind is Kind.ERASE or device.advances[step.work.base] or kind in STEPS


def plane_sets(device: Device, way: Sequence[Step], op_names: Sequence[int]) -> list[int]:
    """The payload planes of each step: the first, the first two, or those after them for what is to be beside."""
    names = device.catalogue.names
    most = min(device.geometry.planes, device.policies.maxplanes)
    planes = [0] * len(way)
    rows: dict[int, int] = {}
    for place, step in enumerate(way):
        multi = names[op_names[place]].multi
        fed = _beside(device, way, place)
        if fed or not _makes_blocks(device, step):
            planes[place] = (0b110 if multi else 0b10) if fed else 0b11 if multi else 1
            if step.work.row >= 0:
                rows[step.work.row] = rows.get(step.work.row, 0) | planes[place]
    for place, step in enumerate(way):
        if not planes[place]:
            multi = names[op_names[place]].multi
            planes[place] = rows.get(step.work.row, 0b11 if multi else 1)
            if multi == (planes[place].bit_count() == 1):
                raise Unfit("no plane set")
    used = [mask for place, mask in enumerate(planes) if names[op_names[place]].base.has_plane]
    if any(mask >= 1 << device.geometry.planes or mask.bit_count() > most for mask in used):
        raise Unfit("no plane set")
    return planes


def _beside(device: Device, way: Sequence[Step], place: int) -> bool:
    """Whether a step has no page on the plane that the way is about: a copyback there, or what comes of it."""
    step = way[place]
    return step.beside or (device.kinds[step.work.base] in TAKES_COPYBACK and _fed_beside(device, way, place))


def good_rows(device: Device, way: Sequence[Step], planes: Sequence[int], lun: int | None) -> tuple[int, list[int]]:
    """A die, and the rows of its blocks that stand for those of the way: none of them is bad."""
    wanted = max([step.work.row for step in way], default=NONE) + 1
    used = 0
    for mask in planes:
        used |= mask
    geometry = device.geometry
    for die in range(geometry.dies) if lun is None else (lun,):
        good = [
            row
            for row in range(geometry.rows)
            if all((die, geometry.block_of(row, plane)) not in device.bad_blocks for plane in planes_in(used))
        ]
        if len(good) >= wanted:
            return die, good
    raise Unfit("no good blocks")
