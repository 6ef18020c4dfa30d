"""parser_test: every op_name once, with a payload of valid form and ranges. For parsers; it is no legal history."""

from __future__ import annotations

import random
import re
from pathlib import Path

import numpy as np

from model.config import Config
from model.event import NOTHING, PGMSUS, Chunk, Commands, ExpVal, Spans
from model.geometry import Geometry, planes_in
from model.operations import CACHE_PROGRAMS, CACHE_READ_ENDS, ERASE_AXIS, Catalogue, OpName
from model.payloads import Entry
from model.timeline import Timeline
from planner.export.files import RunFiles
from planner.export.operation_sequence import OperationSequence
from planner.export.sink import Words

NAME = "parser_test"
_OF_LUN = re.compile(r"LUN_Status_Read_for_LUN(\d+)")


def write_parser_test(config: Config, out: Path, *, seed: int, date: str) -> tuple[Path, int]:
    """Writes `parser_test_{date}_0000001.csv`, which has the form of an operation_sequence. Its path and its rows.

    The same config and seed give the same bytes. UnusableOutput.
    """
    commands = parser_test(config, seed=seed)
    words = Words.of(config)
    none = np.full(len(commands), NOTHING, dtype=np.int64)
    horizon = int(commands.time[-1]) + 1 if len(commands) else 0
    settled = Timeline(words.layout).settle(Chunk(commands, Spans.of([]), horizon, none, none))
    table, name = OperationSequence(words), f"{NAME}_{date}_{1:07d}.csv"
    files = RunFiles(out)
    try:
        files.create(name)
        files.write(name, ",".join(table.columns) + "\n")
        files.write(name, table.rows(settled).text)
        return files.publish()[0], len(commands)
    finally:
        files.discard()


def parser_test(config: Config, *, seed: int) -> Commands:
    """Every op_name that this device can spell, once, in the config's order, each sent when the one before is over.

    A multi-plane op_name cannot be spelt where the device has one plane, or `maxplanes` is 1.
    """
    return _Speller(config, random.Random(f"parser test {seed}")).commands()


class _Speller:
    """Random payloads: each by the rules [payload], [range], [block-plane] and [multi-address], good blocks only."""

    def __init__(self, config: Config, rng: random.Random) -> None:
        self._config, self._rng = config, rng
        self._shape = Geometry.of(config)
        self._catalogue = Catalogue.of(config)
        self._most = min(config.policies.maxplanes, self._shape.planes)
        named = sorted({name.celltype for name in self._catalogue.names} - {0})
        self._celltypes = named or [0]
        self._bad = frozenset(config.topology.bad_blocks)

    def commands(self) -> Commands:
        """All of them."""
        rows: list[tuple[int, int, int, int, int, list[Entry]]] = []
        time = 0
        for name in self._catalogue.names:
            if name.multi and self._most < 2:
                continue
            entries = self._entries(name)
            die = entries[0][0] if entries else NOTHING
            rows.append((time, len(rows) + 1, name.index, die, self._exp_val(name), entries))
            time += name.length
        return Commands.of(rows)

    def _entries(self, name: OpName) -> list[Entry]:
        fields = name.base.payload
        if not fields:
            return []
        die = self._die(name) if "die" in fields else NOTHING
        if "plane" not in fields:
            return [(die, NOTHING, NOTHING, NOTHING, NOTHING)]
        mask = self._planes(name)
        row = self._row(die, mask) if "block" in fields else NOTHING
        page = self._page(name) if "page" in fields else NOTHING
        celltype = (name.celltype or self._rng.choice(self._celltypes)) if "celltype" in fields else NOTHING
        return [
            (die, plane, NOTHING if row == NOTHING else self._shape.block_of(row, plane), page, celltype)
            for plane in planes_in(mask)
        ]

    def _die(self, name: OpName) -> int:
        """The die that a status read of one LUN names; any, where the device has no such die."""
        lun = _OF_LUN.fullmatch(name.name)
        if lun is not None and int(lun[1]) < self._shape.dies:
            return int(lun[1])
        return self._rng.randrange(self._shape.dies)

    def _planes(self, name: OpName) -> int:
        least, most = (2, self._most) if name.multi else (1, self._most if name.base.name in CACHE_READ_ENDS else 1)
        chosen = self._rng.sample(range(self._shape.planes), self._rng.randint(least, most))
        return sum(1 << plane for plane in chosen)

    def _row(self, die: int, mask: int) -> int:
        """A row whose blocks on these planes are good; any, where there is none."""
        shape = self._shape
        good = [
            row
            for row in range(shape.rows)
            if not any((die, shape.block_of(row, plane)) in self._bad for plane in planes_in(mask))
        ]
        return self._rng.choice(good or range(shape.rows))

    def _page(self, name: OpName) -> int:
        if name.base.name in ERASE_AXIS:
            return 0
        last = self._shape.pages - (2 if name.base.name in CACHE_PROGRAMS else 1)
        return self._rng.randint(0, max(last, 0))

    def _exp_val(self, name: OpName) -> int:
        if "exp_val" not in name.base.payload:
            return NOTHING
        flags = self._rng.randrange(0, 2 * PGMSUS, 4) if self._config.pattern.exp_val_suspend else 0
        return self._rng.choice(list(ExpVal)) + flags
