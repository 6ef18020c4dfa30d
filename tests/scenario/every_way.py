"""All ways to carry a small scenario out, one by one with the judge: is there one, and with how few operations."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from types import SimpleNamespace
from typing import Any

import numpy as np

from model.boundary import ERASED, GOOD, PROGRAMMED, Boundary
from model.config import Config
from model.device import Device
from model.event import NOTHING, Chunk
from model.judge import Judge
from planner.export.snapshot import taken
from planner.scenario.fulfilment import unfulfilled
from planner.scenario.language import Scenario
from planner.scenario.rows import Row, commands_of
from planner.scenario.trial import Copies
from tests.scenario.language import BLOCKS, ERASE, PROGRAM, READ, STATUS, Small

STATES = ((GOOD, -1, 0), (ERASED, -1, 1), (PROGRAMMED, 0, 2), (PROGRAMMED, 1, 3))
"""What a block may be at first, and how many operations that takes."""


class Every:
    """Every way: blocks, what they are at first, pages, order and starts. The first operation starts at 0."""

    def __init__(self, config: Config, scenario: Scenario, small: Small, pages: int) -> None:
        self._config, self._device, self._scenario, self._small = config, Device(config), scenario, small
        self._pages = pages
        self._names = self._device.catalogue.names
        self._index = self._device.catalogue.name_index

    def least(self) -> int:
        """The fewest operations of any way, what prepares the blocks included; 0 where there is no way."""
        found = 0
        for blocks in product(*[self._blocks(op, block) for _, op, block, _ in self._small.ops]):
            home = {name: block for (name, *_), block in zip(self._small.ops, blocks, strict=True)}
            steps = self._steps(home)
            for cost, boundary in self._starts(sorted({block for block in blocks if block >= 0})):
                if found and cost + len(steps) >= found:
                    continue
                if self._can(boundary, steps, home):
                    found = cost + len(steps)
                    if not self._small.minimize:
                        return found
        return found

    @staticmethod
    def _blocks(op: str, block: int) -> tuple[int, ...]:
        if op == STATUS:
            return (-1,)
        return (block,) if block >= 0 else tuple(range(BLOCKS))

    def _steps(self, home: dict[str, int]) -> list[tuple[str, str, str, tuple[str, ...]]]:
        """(key, op_name, owner, what has to start before it): what is wanted, and what the language adds to it."""
        found: list[tuple[str, str, str, tuple[str, ...]]] = []
        before: tuple[str, ...] = ()
        erased: dict[int, bool] = {}
        for name, op, block, cuts in self._small.ops:
            if op == READ and block >= 0 and erased.get(block):
                found.append((f"{name}.needs.1", PROGRAM, name, before))
                before, erased[block] = (f"{name}.needs.1",), False
            if op in (ERASE, PROGRAM) and block >= 0:
                erased[block] = op == ERASE
            found.append((name, op, name, before))
            before = (name,)
            axis, last = ("Erase" if op == ERASE else "Program"), name
            for cut in range(1, cuts + 1):
                found.append((f"{name}.suspend.{cut}", f"{axis}_Suspend_Reset", name, (last,)))
                found.append((f"{name}.resume.{cut}", f"{axis}_Resume", name, (f"{name}.suspend.{cut}",)))
                last = f"{name}.resume.{cut}"
            if op == READ:
                found.append((f"{name}.dout.1", "Change_Read_Column_Random_Data_Output", name, (name,)))
        return found

    def _starts(self, used: list[int]) -> Iterator[tuple[int, Boundary]]:
        slc = self._device.celltypes.index("SLC")
        ways = sorted(product(STATES, repeat=len(used)), key=lambda way: sum(cost for *_, cost in way))
        for way in ways:
            boundary = Boundary.fresh(self._device)
            for block, (kind, last, _) in zip(used, way, strict=True):
                boundary.blocks.kind[0, block], boundary.blocks.last[0, block] = kind, last
                boundary.blocks.celltype[0, block] = 0 if kind == GOOD else slc
            yield sum(cost for *_, cost in way), boundary

    def _can(
        self, boundary: Boundary, steps: list[tuple[str, str, str, tuple[str, ...]]], home: dict[str, int]
    ) -> bool:
        snapshot = taken(self._config, boundary, seed=0, stream=0, run=0)
        self._snapshot = snapshot.document, np.array(snapshot.blocks)
        paged = [name for name, op, *_ in self._small.ops if op in (PROGRAM, READ)]
        self._home, self._todo = home, steps
        for pages in product(range(self._pages), repeat=len(paged)):
            self._page = dict(zip(paged, pages, strict=True))
            judge = Judge(self._config, *self._snapshot, replaying=False)
            self._copies = Copies(judge, self._config)
            if self._extend(self._copies.stored(judge), {}, []):
                return True
        return False

    def _extend(self, state: bytes, starts: dict[str, int], rows: list[Row]) -> bool:
        if len(rows) == len(self._todo):
            return self._does(starts, rows)
        low = rows[-1].time + 1 if rows else 0
        to_send = sum(self._names[self._index[op]].issue for key, op, *_ in self._todo if key not in starts)
        last = self._small.deadline - to_send  # one after the other on the bus
        for key, op, owner, before in self._todo:
            if key in starts or any(one not in starts for one in before):
                continue
            for time in (0,) if not rows else range(low, last + 1):
                for row in self._rows(key, op, owner, time):
                    grown = self._copies.restored(state)
                    grown.feed(commands_of([row], len(rows) + 1))
                    if not grown.report.legal:
                        continue
                    after = self._copies.stored(grown)
                    if not grown.finish(open_end=True).legal:
                        continue
                    if self._extend(after, {**starts, key: time}, [*rows, row]):
                        return True
        return False

    def _rows(self, key: str, op: str, owner: str, time: int) -> Iterator[Row]:
        index = self._index[op]
        if op == STATUS:
            for value in range(3):
                yield Row(time, index, value, ((0, NOTHING, NOTHING, NOTHING, NOTHING),))
        elif "block" not in self._names[index].base.payload:
            yield Row(time, index, NOTHING, ((0, NOTHING, NOTHING, NOTHING, NOTHING),))
        else:
            page = self._page.get(owner, 0)
            slc = self._device.celltypes.index("SLC")
            yield Row(time, index, NOTHING, ((0, 0, self._home[owner], page, slc),))

    def _does(self, starts: dict[str, int], rows: list[Row]) -> bool:
        """Whether the whole way is legal and does what the scenario says."""
        judge = Judge(self._config, *self._snapshot)
        commands = commands_of(rows)
        judge.feed(commands)
        if not judge.finish(open_end=False).legal:
            return False
        spans, horizon = judge.settled()
        nothing = np.zeros(0, dtype=np.int64)
        uids = {key: uid for uid, key in enumerate(sorted(starts, key=starts.__getitem__), 1)}
        solution: Any = SimpleNamespace(
            chunks=[Chunk(commands, spans, horizon, nothing, nothing)], repetitions=[SimpleNamespace(uids=uids)]
        )
        return not unfulfilled(self._scenario, self._device, solution)
