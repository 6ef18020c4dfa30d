"""The bootstrap of a fresh device: which blocks are erased, programmed and read, and the windows that do it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from random import Random

from model.boundary import BAD, Boundary
from model.chains import Kind
from model.device import Device
from model.event import NOTHING
from model.geometry import planes_in
from planner.errors import UnusableInput
from planner.targets.asked import Asked
from planner.targets.choose import SLACK_US
from planner.targets.history import History
from planner.targets.idle import candidates, idle_step, is_open
from planner.targets.naming import pick_name
from planner.targets.picker import Picker
from planner.targets.tables import Tables, tables_of
from planner.targets.walk import DieWalk
from planner.window.spec import WindowSpec

BOOTSTRAP = 3
"""Position in `model.event.SOURCES`."""
MULTI = 0.6
"""How often blocks of one row are taken together, where the device can."""

ERASES = (Kind.ERASE,)
PROGRAMS = (Kind.PROGRAM, Kind.LSB)
READS = (Kind.READ, Kind.PLANE_READ, Kind.READ4K)
"""Kinds that begin what is to be done; what else they need follows by itself."""


@dataclass(frozen=True, slots=True)
class Plot:
    """Blocks of one row of a die that are erased together, for programs of a celltype."""

    die: int
    row: int
    planes: int
    celltype: int

    @property
    def blocks(self) -> int:
        """How many blocks it has."""
        return self.planes.bit_count()


@dataclass(frozen=True, slots=True)
class Step:
    """One operation that is wanted: of one of these kinds, on a page of some blocks of a row."""

    kinds: tuple[Kind, ...]
    die: int
    row: int
    planes: int
    page: int
    celltype: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """A window, and how far the steps of each die are when it has been carried out."""

    spec: WindowSpec
    places: tuple[int, ...]


class Bootstrap:
    """What the config's bootstrap asks for, drawn once, and how much of it is done.

    UnusableInput: it asks for celltypes that this device cannot erase.
    """

    def __init__(self, device: Device, boundary: Boundary, rng: Random) -> None:
        self._device = device
        self._history = History.empty(device)
        steps = drawn_steps(device, boundary, rng)
        self.steps = tuple(tuple(step for step in steps if step.die == die) for die in range(device.geometry.dies))
        self._places = tuple(0 for _ in self.steps)

    def window(self, boundary: Boundary, rng: Random, most: int) -> Wanted:
        """The next window, of about `most` operations; without any where all is done."""
        tables = tables_of(self._device)
        asked = Asked(self._device, tables, Picker(tables, self._history, rng), boundary.time)
        places = list(self._places)
        walks = [DieWalk(asked, boundary, die, self._rows(die, most)) for die in range(len(places))]
        while len(asked.ops) < most:
            under_way = [walk for walk in walks if not walk.done]
            if not under_way:
                break
            self._go_on(min(under_way, key=_clock), places)
        for op in asked.ops:
            self._history.count(op.name, op.aim, -1)
        ticks = self._device.clock.ticks_per_us
        ceiling = max([boundary.time, *asked.starts]) + asked.bus_time + SLACK_US * ticks
        return Wanted(WindowSpec(tuple(asked.ops), True, boundary.time, ceiling), tuple(places))

    def accept(self, wanted: Wanted) -> None:
        """The window is carried out."""
        self._places = wanted.places
        for op in wanted.spec.ops:
            self._history.count(op.name, op.aim)

    @property
    def left(self) -> int:
        """Steps that are still to be done."""
        return sum(len(steps) - place for steps, place in zip(self.steps, self._places, strict=True))

    def _rows(self, die: int, most: int) -> Iterable[int]:
        """The rows that the next steps of a die need."""
        place = self._places[die]
        return dict.fromkeys(step.row for step in self.steps[die][place : place + most])

    def _go_on(self, walk: DieWalk, places: list[int]) -> None:
        """One operation more on a die, or it is done in this window."""
        walk.now = max([walk.now, *(live.end for live in walk.track.running)])
        walk.settle()
        place = places[walk.die]
        if is_open(walk):
            walk.done = not idle_step(walk, drain=True)
        elif place == len(self.steps[walk.die]) or not _asked_for(walk, self.steps[walk.die][place]):
            walk.done = True
        else:
            places[walk.die] += 1


def _clock(walk: DieWalk) -> int:
    return walk.now


def _asked_for(walk: DieWalk, step: Step) -> bool:
    """Asks for a step; False where what the die has done just now forbids it."""
    forbidden = walk.forbidden_when_idle()
    mask = walk.mask = candidates(walk, forbidden)
    names: list[int] = []
    for base in _bases(walk.tables, step.kinds):
        if mask >> base & 1 and not step.planes & ~walk.allowed_planes(base, forbidden):
            names += walk.tables.alike.get((base, step.planes.bit_count() > 1, step.celltype), ())
    name = pick_name(walk, tuple(names), step.planes) if names else NOTHING
    if name == NOTHING:
        return False
    walk.ask(name, (step.planes, step.row, step.page), aim=NOTHING, source=BOOTSTRAP)
    return True


def _bases(tables: Tables, kinds: Iterable[Kind]) -> list[int]:
    return [base for kind in kinds for base in range(len(tables.bases)) if tables.by_kind[kind] >> base & 1]


# -- what is asked for ---------------------------------------------------------------------------------------------


def drawn_steps(device: Device, boundary: Boundary, rng: Random) -> list[Step]:
    """All erases, then all programs, then all reads, in the order in which each die does them."""
    geometry, shares = device.geometry, device.config.bootstrap
    pages = geometry.dies * geometry.blocks * geometry.pages
    plots = _plots(device, boundary, rng)
    heights = _heights(device, plots, round(shares.program_share * pages))
    steps = [Step(ERASES, p.die, p.row, p.planes, 0, tables_of(device).erase_as[p.celltype]) for p in plots]
    steps += _programs(device, plots, heights, rng)
    return steps + _reads(device, plots, heights, round(shares.read_share * pages), rng)


def _plots(device: Device, boundary: Boundary, rng: Random) -> list[Plot]:
    """The blocks to erase, each with its celltype; as many as the share says, as far as they are not bad."""
    geometry = device.geometry
    good = boundary.blocks.kind != BAD
    blocks = min(round(device.config.bootstrap.erase_share * geometry.dies * geometry.blocks), int(good.sum()))
    left = _celltypes(device, blocks)
    places = [(die, row) for row in range(geometry.rows) for die in range(geometry.dies)]
    rng.shuffle(places)
    plots: list[Plot] = []
    for die, row in places:
        free = [p for p in range(geometry.planes) if good[die, geometry.block_of(row, p)]]
        while free and any(left.values()):
            celltype = rng.choices(list(left), list(left.values()))[0]
            taken = _taken(device, tables_of(device).erase_as[celltype], min(len(free), left[celltype]), rng)
            mask = sum(1 << plane for plane in rng.sample(free, taken))
            free = [plane for plane in free if not mask >> plane & 1]
            left[celltype] -= taken
            plots.append(Plot(die, row, mask, celltype))
    return plots


def _taken(device: Device, celltype: int, free: int, rng: Random) -> int:
    """How many blocks are erased together."""
    most = min(free, device.policies.maxplanes)
    return rng.randint(2, most) if most > 1 and _joined(device, ERASES, celltype, rng) else 1


def _celltypes(device: Device, blocks: int) -> dict[int, int]:
    """How many blocks are to be of a celltype: in proportion to the weights, the rest to the largest remainders."""
    words, able = device.celltypes, tables_of(device).erase_as
    weights = {word: weight for word, weight in device.config.bootstrap.celltype_weights.items() if weight > 0}
    for word in weights:
        if words.index(word) not in able:
            known = ", ".join(words[celltype] for celltype in sorted(able))
            place = device.config.at("bootstrap.celltype_weights")
            said = f"no erase makes such blocks; allowed: {known}"
            raise UnusableInput(f"{place}: bootstrap.celltype_weights.{word}: {said}")
    weights = weights or {words[celltype]: 1.0 for celltype, erased in able.items() if celltype == erased}
    total = sum(weights.values())
    exact = [(words.index(word), blocks * weight / total) for word, weight in weights.items()]
    counts = {celltype: int(share) for celltype, share in exact}
    by_remainder = sorted(exact, key=lambda pair: (int(pair[1]) - pair[1], pair[0]))
    for celltype, _ in islice(by_remainder, blocks - sum(counts.values())):
        counts[celltype] += 1
    return counts


def _heights(device: Device, plots: Sequence[Plot], pages: int) -> list[dict[int, int]]:
    """How many pages each block gets, per plot by plane: evenly, in all `pages`, as far as there is room."""
    blocks = [
        (index, plane)
        for index, plot in enumerate(plots)
        for plane in planes_in(plot.planes)
        if _can(device, PROGRAMS, False, plot.celltype)
    ]
    each, over = divmod(min(pages, len(blocks) * device.geometry.pages), len(blocks)) if blocks else (0, 0)
    heights: list[dict[int, int]] = [{} for _ in plots]
    for place, (index, plane) in enumerate(blocks):
        heights[index][plane] = each + (place < over)
    return heights


def _programs(device: Device, plots: Sequence[Plot], heights: Sequence[dict[int, int]], rng: Random) -> list[Step]:
    """Page after page; the planes of a plot together or one by one."""
    steps: list[Step] = []
    joined = [_joined(device, PROGRAMS, plot.celltype, rng) for plot in plots]
    for page in range(max((height for of_plot in heights for height in of_plot.values()), default=0)):
        for plot, of_plane, together in zip(plots, heights, joined, strict=True):
            planes = [plane for plane, height in of_plane.items() if height > page]
            steps += _on_planes(device, PROGRAMS, plot, planes, page, together)
    return steps


def _reads(
    device: Device, plots: Sequence[Plot], heights: Sequence[dict[int, int]], pages: int, rng: Random
) -> list[Step]:
    """Pages drawn from those that can be read, none twice."""
    guard = device.policies.read_offset_guard
    readable = [
        (index, page, plane)
        for index, plot in enumerate(plots)
        if _can(device, READS, False, plot.celltype)
        for plane, height in heights[index].items()
        for page in range(height - guard)
    ]
    drawn = sorted(rng.sample(readable, min(pages, len(readable))))
    steps: list[Step] = []
    for (index, page), places in groupby(drawn, key=lambda place: place[:2]):
        plot = plots[index]
        planes = [plane for _, _, plane in places]
        steps += _on_planes(device, READS, plot, planes, page, _joined(device, READS, plot.celltype, rng))
    rng.shuffle(steps)
    return steps


def _on_planes(
    device: Device, kinds: tuple[Kind, ...], plot: Plot, planes: Sequence[int], page: int, together: bool
) -> list[Step]:
    """The steps for one page on some planes: as few as there can be, or one per plane."""
    most = device.policies.maxplanes if together else 1
    parts = [planes[first : first + most] for first in range(0, len(planes), most)]
    masks = [sum(1 << plane for plane in part) for part in parts]
    return [Step(kinds, plot.die, plot.row, mask, page, plot.celltype) for mask in masks]


def _joined(device: Device, kinds: tuple[Kind, ...], celltype: int, rng: Random) -> bool:
    """Whether several planes are taken by one operation: always or never, where the device has no other."""
    together, alone = _can(device, kinds, True, celltype), _can(device, kinds, False, celltype)
    return together and (not alone or rng.random() < MULTI)


def _can(device: Device, kinds: tuple[Kind, ...], multi: bool, celltype: int) -> bool:
    """Whether the device has an op_name for it."""
    tables = tables_of(device)
    return any((base, multi, celltype) in tables.alike for base in _bases(tables, kinds))
