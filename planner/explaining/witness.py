"""The shortest witness of a cell, or of an operation: found by a search, put into a sequence, judged and counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from model.chains import RESUMES, Kind
from model.device import Device
from model.event import NOTHING, Chunk, Commands, Ints
from model.judge import Judge
from model.plane_rules import NONE
from model.search import Key
from model.timeline import Layout, Settled, Timeline
from model.timeline.columns import stack_commands, take_commands
from planner.coverage import HitCounter
from planner.errors import JudgeRefused
from planner.explaining.aboard import Unfit, Wish
from planner.explaining.enacting import enacted
from planner.explaining.routes import Goal, Routes, Step
from planner.explaining.walk import MOST_NODES, Search, Walk
from planner.targets.cells import BINS, HostState, Status, Statuses, host_states
from planner.targets.moments import first_tick
from planner.targets.reachable import Reachability

MOST_WAYS = 40
"""Ways that are tried before a plan that closes coverage is cut down instead."""
MOST_NODES_AFTER = 3_000
"""Nodes that a search visits at most where it is one of many: what follows a history, what a change allows."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell by its indices; `op_state` NOTHING: the op_name in whatever op_state."""

    op_state: int
    op_name: int
    bin: int = 0


@dataclass(frozen=True, slots=True)
class Witness:
    """A legal sequence whose last operation hits the cell. `least`: no sequence on one die has fewer operations.

    `settled` is what its timeline tells.
    """

    commands: Commands
    settled: Settled
    least: int

    @property
    def shortest(self) -> bool:
        """Whether none can be shorter."""
        return len(self.commands) <= self.least


def judged(device: Device, commands: Commands) -> Settled | None:
    """What a sequence comes to by the timeline; None where the judge finds it illegal."""
    judge = Judge(device.config)
    judge.feed(commands)
    if not judge.finish(open_end=True).legal:
        return None
    spans, horizon = judge.settled()
    none = np.full(len(commands), NOTHING, dtype=np.int64)
    chunk = Chunk(commands, spans, max(horizon, int(spans.end.max(initial=0)) + 1), np.zeros_like(none), none)
    return Timeline(Layout.of(device.config)).settle(chunk)


def hits(device: Device, settled: Settled, cell: Cell) -> bool:
    """Whether the timeline counts the cell."""
    if cell.op_state == NOTHING:
        return cell.op_name in settled.commands.op.tolist()
    counter = HitCounter(device.config)
    counter.add(settled)
    return bool(counter.hits[cell.op_state, cell.op_name, cell.bin])


class Witnesses:
    """Witnesses for one device, of which some op_names can be issued.

    `status`, where given, are the verdicts on all cells: with them a plan that closes coverage is a last resort.
    """

    def __init__(self, device: Device, names: frozenset[int], status: Statuses | None = None) -> None:
        self.device, self.names, self._status = device, names, status
        self._most = MOST_NODES_AFTER if status is None else MOST_NODES
        self._hosts = host_states(device)
        self.routes = Routes(device, names)

    @staticmethod
    def of_verdict(reach: Reachability) -> Witnesses:
        """Witnesses where the verdicts are known."""
        return Witnesses(reach.device, reach.possible.names, reach.status)

    def of(self, cell: Cell) -> Witness | None:
        """The shortest witness that is found; None where there is none."""
        least, found = self._searched(cell)
        found = found or self._resumed(cell, least)
        return found or self._cut_down(cell, least)

    def after(self, history: Sequence[tuple[int, int]], cell: Cell) -> Witness | None:
        """A witness for an op_name directly after some operations (base, celltype); None where none is found."""
        return self._searched(cell, tuple(history))[1]

    def _searched(self, cell: Cell, history: tuple[tuple[int, int], ...] = ()) -> tuple[int, Witness | None]:
        device = self.device
        op = device.catalogue.names[cell.op_name]
        key, hosts = self._place(cell)
        celltypes = None if hosts is None else frozenset(device.catalogue.names[n].celltype for n in hosts)
        goal = Goal(op.base.index, op.celltype, key, celltypes if key is not None and key.base != NONE else None)
        search = Search(goal, history, MOST_NODES_AFTER, 1) if history else Search(goal, most_nodes=self._most)
        wish = Wish(cell.op_name, cell.bin if key is not None else None, lambda base: hosts or ())
        least = 0
        for way in islice(Walk(self.routes, search).ways(), MOST_WAYS):
            least = least or len(way)
            for cut in self._cuts(cell, way):
                made = self._made(cell, way, wish, cut)
                if made is not None:
                    return least, Witness(*made, least)
        return least, None

    def _resumed(self, cell: Cell, least: int) -> Witness | None:
        """A witness in what is left of a suspended operation: of a short state, its bins may have no tick otherwise."""
        host = self._hosts[cell.op_state] if cell.op_state != NOTHING else None
        device = self.device
        if host is None or host.state != 1:
            return None
        for suspend, resume in ((Kind.ERASE_SUSPEND, Kind.ERASE_RESUME), (Kind.PROGRAM_SUSPEND, Kind.PROGRAM_RESUME)):
            pair = [base for kind in (suspend, resume) for base, other in enumerate(device.kinds) if other is kind]
            if device.axis[suspend] >> host.base & 1 and len(pair) == 2:
                found = self._searched(cell, ((pair[0], NONE), (pair[1], NONE)))[1]
                if found is not None:
                    return Witness(found.commands, found.settled, least)
        return None

    def _cuts(self, cell: Cell, way: Sequence[Step]) -> range:
        """Where SUSPENDs may have to cut so that what is left has the bin: of short states some bins have no tick."""
        host = self._hosts[cell.op_state] if cell.op_state != NOTHING else None
        if host is None or not host.state or host.base == NOTHING:
            return range(1, 2)
        names, kinds = self.device.catalogue.names, self.device.kinds
        lasts = max((names[n].durations[host.state] for n in host.names if n in self.names), default=0)
        resumed = any(kinds[step.work.base] in RESUMES for step in way)
        return range(1, lasts if resumed and lasts < 2 * BINS else 2)

    def _made(self, cell: Cell, way: Sequence[Step], wish: Wish, cut: int) -> tuple[Commands, Settled] | None:
        """A way as a sequence, if that is legal and hits the cell."""
        try:
            commands = enacted(self.device, self.names, way, wish, cut)
        except Unfit:
            return None
        settled = judged(self.device, commands)
        return (commands, settled) if settled is not None and hits(self.device, settled, cell) else None

    def _place(self, cell: Cell) -> tuple[Key | None, tuple[int, ...] | None]:
        """The op_state of the machine, and the op_names that make it, those first whose length suits the bin."""
        if cell.op_state == NOTHING:
            return None, None
        host = self._hosts[cell.op_state]
        if host.base < 0:
            return Key(NONE, 0), None
        able = [n for n in host.names if n in self.names]
        ranked = tuple(sorted(able, key=lambda n: self._unsuited(host, n, cell)))
        suited = tuple(n for n in ranked if self._unsuited(host, n, cell) < 2) or ranked
        return Key(host.base, host.state), suited

    def _unsuited(self, host: HostState, name: int, cell: Cell) -> int:
        """0: the bin has ticks, and a status read in it ends in time; 1: it has ticks; 2: it has none."""
        if host.state == 0:
            return 0
        names, kinds = self.device.catalogue.names, self.device.kinds
        length, op = names[name].durations[host.state], names[cell.op_name]
        first = first_tick(length, cell.bin)
        if first >= first_tick(length, cell.bin + 1):
            return 2
        return int(kinds[op.base.index] is Kind.STATUS and first + op.issue > length)

    # -- where no way can be enacted ---------------------------------------------------------------------------

    def _cut_down(self, cell: Cell, least: int) -> Witness | None:
        """A plan that closes coverage for the cell alone, without what the hit does not need."""
        place = (cell.op_state, cell.op_name, cell.bin)
        if self._status is None or cell.op_state == NOTHING or self._status[place] != Status.OPEN:
            return None
        commands = self._closing(cell)
        settled = None if commands is None else judged(self.device, commands)
        if commands is None or settled is None or not hits(self.device, settled, cell):
            return None
        commands, settled = self._up_to_hit(commands, settled, cell)
        size = len(commands) // 2
        while size:
            at = 0
            while at < len(commands) - 1:
                fewer = _without(commands, at, size)
                told = judged(self.device, fewer)
                if told is not None and hits(self.device, told, cell):
                    commands, settled = fewer, told
                else:
                    at += size
            size //= 2
        return Witness(commands, settled, least)

    def _closing(self, cell: Cell) -> Commands | None:
        from planner.covering import Covering, windows  # noqa: PLC0415 - the solver, rarely needed
        from planner.covering import Goal as Share  # noqa: PLC0415

        wanted = np.zeros((len(self._hosts), len(self.device.catalogue.names), BINS), dtype=np.bool_)
        wanted[cell.op_state, cell.op_name, cell.bin] = True
        try:
            pieces = [decoded.chunk.commands for decoded in windows(Covering(self.device, Share(), wanted))]
        except JudgeRefused:
            return None  # no plan is no answer: the cell stays open
        return stack_commands(pieces) if pieces else None

    def _up_to_hit(self, commands: Commands, settled: Settled, cell: Cell) -> tuple[Commands, Settled]:
        for last in _candidates(commands, cell):
            shorter = _renumbered(commands, np.arange(last + 1))
            told = judged(self.device, shorter)
            if told is not None and hits(self.device, told, cell):
                return shorter, told
        return commands, settled


def _candidates(commands: Commands, cell: Cell) -> Iterator[int]:
    yield from np.flatnonzero(commands.op == cell.op_name).tolist()


def _without(commands: Commands, at: int, size: int) -> Commands:
    """Without some operations; the last one always stays."""
    rows = [row for row in range(len(commands)) if not at <= row < at + size or row == len(commands) - 1]
    return _renumbered(commands, np.array(rows, dtype=np.int64))


def _renumbered(commands: Commands, rows: Ints) -> Commands:
    kept = take_commands(commands, rows)
    kept.op_uid[:] = np.arange(1, len(kept) + 1)
    return kept
