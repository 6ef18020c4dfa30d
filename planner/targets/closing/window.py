"""A window of motifs on all dies, chosen for what is left."""

from __future__ import annotations

from random import Random

from model.boundary import Boundary, PlaneState
from model.device import Device
from model.event import NOTHING
from planner.targets.closing import everywhere
from planner.targets.closing.atlas import Atlas
from planner.targets.closing.director import Director
from planner.targets.closing.home import reset
from planner.targets.closing.left import Left
from planner.targets.closing.memory import Memory
from planner.targets.closing.motif import Motif
from planner.targets.closing.sets import Sets
from planner.targets.closing.shelf import Shelf
from planner.targets.closing.stage import Shared, Stage
from planner.targets.history import History
from planner.targets.picker import Picker
from planner.targets.tables import tables_of

PATIENCE = 200
"""So many steps in a row without an operation: the die is left alone in this window."""


class Closing:
    """The closing chooser of one run: what is left, and what it has learnt on its way."""

    def __init__(self, device: Device, left: Left) -> None:
        self.device, self.left = device, left
        self.tables = tables_of(device)
        self.sets = Sets(device, self.tables)
        self.atlas = Atlas(device)
        self.hosts: list[list[int]] = []
        self.memory = [Memory() for _ in range(device.geometry.dies)]
        self._history = History.empty(device)
        self._hosts_before = self.hosts

    def window(self, boundary: Boundary, rng: Random, most: int, enough: int = 0) -> list[Motif]:
        """Motifs of about `most` operations in all, fewer once no more than `enough` cells are left.

        None where nothing that is left is found to be reachable.
        """
        shared, directors = self._directors(boundary, rng)
        still = 0
        while shared.placed < most and self.left.count > enough:
            under_way = [d for d in directors if not d.done]
            if not under_way:
                break
            director = min(under_way, key=lambda d: d.stage.now)
            before = shared.placed, director.stage.now
            director.step()
            still = still + 1 if (shared.placed, director.stage.now) == before else 0
            if still > PATIENCE:
                director.done = True
        for director in directors:
            self._finish(director)
        everywhere.approach(directors) if everywhere.is_wanted(directors) else None
        for director in directors:
            self._finish(director)
            for motif in director.stage.motifs:
                motif.end = director.stage.now
        motifs = [motif for director in directors for motif in director.stage.motifs if motif.ops]
        last = everywhere.issue(directors) if everywhere.is_wanted(directors) else None
        if last is not None:
            everywhere.finish(directors, last)
            motifs.append(last)
        for director in directors:
            director.memory.hits += director.stage.hits
            director.stage.hits = 0
        return motifs

    def home(self, boundary: Boundary, rng: Random) -> list[Motif]:
        """Motifs after which every die has just been reset; none where there is a die that cannot be."""
        _, directors = self._directors(boundary, rng)
        if not all(reset(director) for director in directors):
            return []
        for director in directors:
            for motif in director.stage.motifs:
                motif.end = director.stage.now
        return [motif for director in directors for motif in director.stage.motifs if motif.ops]

    def _directors(self, boundary: Boundary, rng: Random) -> tuple[Shared, list[Director]]:
        """One director per die, and what they share."""
        if not self.hosts:
            self.hosts = [[_host(self.device, plane) for plane in die.planes] for die in boundary.dies]
        self._hosts_before = [list(hosts) for hosts in self.hosts]
        shared = Shared(self.device, self.sets, self.atlas, self.left, rng)
        return shared, [self._director(shared, boundary, die, rng) for die in range(self.device.geometry.dies)]

    def undo(self) -> None:
        """The last window is not carried out."""
        self.left.undo()
        self.hosts = self._hosts_before

    @staticmethod
    def _finish(director: Director) -> None:
        """Lets what runs come to its end."""
        while director.stage.running() is not None:
            director.step()

    def _director(self, shared: Shared, boundary: Boundary, die: int, rng: Random) -> Director:
        picker = Picker(self.tables, self._history, rng)
        state = boundary.dies[die]
        needed = [live.row for live in (*state.running, *state.suspended) if live.row >= 0]
        needed += [opened.row for opened in (state.shot, state.cache_program) if opened is not None]
        book = Shelf(self.device, die, boundary.blocks, needed, picker)
        stage = Stage(shared, boundary, die, self.hosts[die], book)
        stage.lock()
        return Director(stage, self.memory[die])


def _host(device: Device, plane: PlaneState) -> int:
    """The op_name of a plane's last segment; where only its base is known, the first of that."""
    known = plane.last_name != NOTHING or plane.last == NOTHING
    return plane.last_name if known else device.catalogue.bases[plane.last].names[0]
