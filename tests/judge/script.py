"""Short scripts of operations: lines such as `s.op("Block_Erase_SLC", 0.0, die=0, planes=0, row=0)` as Commands.

Times: a float, Decimal or str is us, an int is ticks, None is the end of the line before. Each line answers a `Step`
that knows its planned moments in ticks, so that a test can say `at=erase.end - 1`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from model.config import Config
from model.event import ERASUS, NOTHING, PGMSUS, Commands, ExpVal, Spans
from model.judge import Judge, Report
from model.operations import Catalogue, OpName

At = int | float | str | Decimal | None
Entry = tuple[int, int, int, int, int]


@dataclass(frozen=True, slots=True)
class Step:
    """A line of a script with its planned moments in ticks."""

    op_uid: int
    name: OpName
    start: int

    @property
    def issue_end(self) -> int:
        """End of ISSUE."""
        return self.start + self.name.issue

    @property
    def core_end(self) -> int:
        """End of CORE_BUSY, were nothing to cut it."""
        return self.issue_end + self.name.core_busy

    @property
    def end(self) -> int:
        """End of the last state, were nothing to cut it."""
        return self.start + self.name.length


class Script:
    """A history in the making. Lines may be written in any order; they are judged in order of time."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.catalogue = Catalogue.of(config)
        self.steps: list[Step] = []
        self._rows: list[tuple[int, int, int, int, int, list[Entry]]] = []
        self._celltypes: dict[tuple[int, int], int] = {}
        self._now = 0

    def us(self, value: float | str | Decimal) -> int:
        """Ticks of a time in us."""
        return self.config.clock.ticks(value)

    def op(
        self,
        name: str,
        at: At = None,
        *,
        die: int = 0,
        planes: int | Sequence[int] = 0,
        row: int = 0,
        page: int = 0,
        celltype: str | None = None,
        exp: str | None = None,
        entries: list[Entry] | None = None,
        uid: int | None = None,
    ) -> Step:
        """Add a line. `row` gives the block of each plane; `entries` replaces the payload with raw numbers."""
        spec = self.catalogue.name(name)
        start = self._now if at is None else at if isinstance(at, int) else self.us(at)
        step = Step(len(self._rows) + 1 if uid is None else uid, spec, start)
        where = (planes,) if isinstance(planes, int) else tuple(planes)
        payload = self._payload(spec, die, where, row, page, celltype) if entries is None else entries
        value = self._exp(spec, exp)
        first_die = payload[0][0] if payload else NOTHING
        self._rows.append((start, step.op_uid, spec.index, first_die, value, payload))
        self.steps.append(step)
        self._now = step.end
        return step

    def programmed(
        self, celltype: str = "SLC", pages: int = 1, *, die: int = 0, row: int = 0, planes: int | Sequence[int] = 0
    ) -> None:
        """Erase one row and program its first pages, one after the other (TLC by LSB, CSB, MSB_23H)."""
        many = not isinstance(planes, int)
        where = {"die": die, "row": row, "planes": planes}
        self.op(self.named("ERASE", celltype, many), **where)  # type: ignore[arg-type]
        for page in range(pages):
            bases = ("ONESHOT_PROGRAM_LSB", "ONESHOT_PROGRAM_CSB", "ONESHOT_PROGRAM_MSB_23H")
            for base in bases if celltype == "TLC" else ("PROGRAM_SLC",):
                self.op(self.named(base, celltype, many), page=page, **where)  # type: ignore[arg-type]

    def named(self, base: str, celltype: str = "NONE", multi: bool = False) -> str:
        """The first op_name of a base with that celltype."""
        kind = self.config.celltypes.index(celltype)
        names = (self.catalogue.names[i] for i in self.catalogue.base(base).names)
        return next(name.name for name in names if name.celltype == kind and name.multi == multi)

    def _payload(
        self, spec: OpName, die: int, planes: Sequence[int], row: int, page: int, celltype: str | None
    ) -> list[Entry]:
        fields = spec.base.payload
        if not fields:
            return []
        if "plane" not in fields:
            return [(die, NOTHING, NOTHING, NOTHING, NOTHING)]
        if "block" not in fields:
            return [(die, plane, NOTHING, NOTHING, NOTHING) for plane in planes]
        count = self.config.topology.planes
        entries: list[Entry] = []
        for plane in planes:
            block = row * count + plane
            kind = self.config.celltypes.index(celltype) if celltype else spec.celltype
            kind = kind or self._celltypes.get((die, block), 0)
            if spec.celltype:
                self._celltypes[die, block] = kind
            entries.append((die, plane, block, page, kind))
        return entries

    def _exp(self, spec: OpName, exp: str | None) -> int:
        if exp is None:
            return int(ExpVal.READY) if "exp_val" in spec.base.payload else NOTHING
        words = exp.split("/")
        flags = (ERASUS if "erasus" in words else 0) + (PGMSUS if "pgmsus" in words else 0)
        return int(ExpVal[words[0].upper()]) + flags

    @property
    def commands(self) -> Commands:
        """All lines in order of time."""
        return Commands.of(sorted(self._rows, key=lambda row: row[0]))

    def renumber(self) -> Script:
        """Number the lines in order of time, as they were not written in it."""
        self._rows.sort(key=lambda row: row[0])
        self._rows = [(row[0], i, *row[2:]) for i, row in enumerate(self._rows, 1)]
        return self

    def judge(self, *, open_end: bool = True) -> Report:
        """The report over the whole script."""
        judge = Judge(self.config)
        judge.feed(self.renumber().commands)
        return judge.finish(open_end=open_end)

    def broken(self, *, open_end: bool = True) -> set[str]:
        """The ids of the rules that the script breaks."""
        return set(self.judge(open_end=open_end).by_rule)

    def spans(self) -> list[tuple[int, ...]]:
        """The replay as rows, in order of op_uid, fragment, state."""
        judge = Judge(self.config)
        judge.feed(self.renumber().commands)
        judge.finish(open_end=True)
        return rows_of(judge.settled()[0])


def rows_of(spans: Spans) -> list[tuple[int, ...]]:
    """Spans as rows in field order, sorted by op_uid, fragment, state."""
    columns = (getattr(spans, name) for name in Spans.__slots__)
    return sorted(tuple(int(x) for x in row) for row in zip(*columns, strict=True))


def in_pieces(commands: Commands, size: int) -> Iterable[Commands]:
    """The same commands in pieces of at most `size` rows."""
    for start in range(0, len(commands), size):
        yield commands.slice(start, min(start + size, len(commands)))


def same_numbers(left: Spans, right: Spans) -> bool:
    """Whether two replays are equal."""
    return all(np.array_equal(getattr(left, name), getattr(right, name)) for name in Spans.__slots__)
