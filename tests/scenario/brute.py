"""Small scenarios drawn by chance, and all ways to carry them out tried one by one, with the judge's word on each."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np

from model.boundary import ERASED, PROGRAMMED, Boundary
from model.config import Config
from model.device import Device
from model.event import NOTHING
from model.judge import Judge
from planner.export.snapshot import taken
from planner.scenario.rows import Row, commands_of
from tests.window.small import small_config

TICKS = {
    "Block_Erase_SLC": (1, 4),
    "Page_Program_SLC": (1, 3),
    "Read_SLC": (1, 2, 2),
    "Change_Read_Column_Random_Data_Output": (1,),
    "Erase_Suspend_Reset": (1, 1),
    "Erase_Resume": (1, 1),
    "Program_Suspend_Reset": (1, 1),
    "Program_Resume": (1, 1),
    "Read_Status_Enhanced_70h": (1,),
}
PAGES = 3
US = 10_000


def tiny(folder: Path) -> Config:
    """A device of one plane and two blocks, with the shipped groups."""
    return small_config(folder, TICKS, rows=2, pages=PAGES)


@dataclass(frozen=True)
class Small:
    """A scenario: operations (name, op_name, block, suspended), place of a status read, distances, and a deadline."""

    ops: tuple[tuple[str, str, int, bool], ...]
    inside: tuple[str, str, int] | None
    distance: tuple[str, str, int, int] | None
    deadline: int

    def text(self) -> str:
        """The scenario as a file."""
        lines = ["operations:"]
        for name, op, block, suspended in self.ops:
            parts = [f"op: {op}", "die: 0"]
            parts += [f"block: {block}"] if block >= 0 else []
            parts += ["suspended: 1"] if suspended else []
            if self.inside is not None and self.inside[0] == name:
                where = f"suspension: {self.inside[2]}" if self.inside[2] else "state: CORE_BUSY"
                parts.append(f"inside: {{of: {self.inside[1]}, {where}}}")
            lines.append(f"  {name}: {{{', '.join(parts)}}}")
        lines += ["statements:", f"  - {{deadline: {_us(self.deadline)}}}"]
        if self.distance is not None:
            a, b, least, most = self.distance
            lines.append(f"  - {{from: {a}, to: {b}, min: {_us(least)}, max: {_us(most)}}}")
        return "\n".join(lines) + "\n"


def _us(ticks: int) -> str:
    return f"{ticks / US:.4f}"


_KINDS = ("Block_Erase_SLC", "Page_Program_SLC", "Read_SLC", "Read_Status_Enhanced_70h")


def drawn(rng: random.Random) -> Small:
    """One, two or three operations in a given order; at most one is suspended."""
    count = rng.choice((1, 2, 2, 3))
    ops = []
    suspended = rng.randrange(count) if rng.random() < 0.6 else -1
    for number in range(count):
        op = rng.choice(_KINDS)
        block = -1 if op.startswith("Read_Status") else rng.randrange(2)
        ops.append((f"o{number}", op, block, number == suspended and op in _KINDS[:2]))
    inside = None
    hosts = [one for one in ops if one[3]]
    if hosts and ops[-1] is not hosts[0] and rng.random() < 0.7:
        inside = (ops[-1][0], hosts[0][0], 1 if rng.random() < 0.6 else 0)
        if inside[2] == 0 and not ops[-1][1].startswith("Read_Status"):
            inside = (inside[0], inside[1], 1)
    distance = None
    if count > 1 and rng.random() < 0.5:
        least = rng.randrange(0, 6)
        distance = (
            f"o0.{rng.choice(('start', 'end'))}",
            f"o1.{rng.choice(('start', 'end'))}",
            least,
            least + rng.randrange(4),
        )
    return Small(tuple(ops), inside, distance, rng.randint(4, 14))


class Brute:
    """Tries all block states, pages and starts."""

    def __init__(self, config: Config, small: Small) -> None:
        self._config, self._device, self._small = config, Device(config), small
        self._index = self._device.catalogue.name_index
        self._steps = self._acts()
        self._ends: dict[int, int] = {}

    def _acts(self) -> list[tuple[str, str, str]]:
        """(key, op_name, owner): wanted operations, and what the language says comes with them."""
        found = []
        latest: dict[int, str] = {}
        for name, op, block, suspended in self._small.ops:
            if op == "Read_SLC" and latest.get(block) == "Block_Erase_SLC":
                found.append((f"{name}.p", "Page_Program_SLC", name))
                latest[block] = "Page_Program_SLC"
            if op in ("Block_Erase_SLC", "Page_Program_SLC"):
                latest[block] = op
            found.append((name, op, name))
            if suspended:
                axis = "Erase" if op == "Block_Erase_SLC" else "Program"
                found.append((f"{name}.s", f"{axis}_Suspend_Reset", name))
                found.append((f"{name}.r", f"{axis}_Resume", name))
            if op == "Read_SLC":
                found.append((f"{name}.d", "Change_Read_Column_Random_Data_Output", name))
        return found

    def possible(self) -> bool:
        """Whether there is any way."""
        return any(self._search(boundary, pages) for boundary in self._starts() for pages in self._pages())

    def _starts(self) -> Iterator[Boundary]:
        used = sorted({block for *_, block, _ in self._small.ops if block >= 0})
        kinds = ((ERASED, -1), (PROGRAMMED, 0), (PROGRAMMED, 1))
        for states in product(kinds, repeat=len(used)):
            boundary = Boundary.fresh(self._device)
            blocks = boundary.blocks
            for block, (kind, last) in zip(used, states, strict=True):
                blocks.kind[0, block], blocks.last[0, block] = kind, last
                blocks.celltype[0, block] = self._device.celltypes.index("SLC")
            yield boundary

    def _pages(self) -> Iterator[dict[str, int]]:
        paged = [name for name, op, *_ in self._small.ops if op in ("Page_Program_SLC", "Read_SLC")]
        for pages in product(range(PAGES), repeat=len(paged)):
            yield dict(zip(paged, pages, strict=True))

    def _search(self, boundary: Boundary, pages: dict[str, int]) -> bool:
        snapshot = taken(self._config, boundary, seed=0, stream=0, run=0)
        self._snapshot = snapshot.document, np.array(snapshot.blocks)
        return self._extend({}, [], pages)

    def _extend(self, starts: dict[str, int], order: list[str], pages: dict[str, int]) -> bool:
        if len(order) == len(self._steps):
            return self._says(starts) and self._legal(starts, order, pages, True)
        low = starts[order[-1]] + 1 if order else 0
        for key, op, owner in self._steps:
            if key in starts or not self._next(key, owner, starts):
                continue
            issue = TICKS[op][0]
            for time in (0,) if not order else range(low, self._small.deadline - issue + 1):
                grown = {**starts, key: time}
                if self._legal(grown, [*order, key], pages, False) and self._extend(grown, [*order, key], pages):
                    return True
        return False

    def _next(self, key: str, owner: str, starts: dict[str, int]) -> bool:
        """Wanted operations in their order; what comes with one after it."""
        if key == owner:
            before = [name for name, *_ in self._small.ops][: int(key[1:])]
            needed = [step for step, _, _ in self._steps if step == f"{key}.p"]
            return all(name in starts for name in [*before, *needed])
        if key.endswith(".p"):
            return all(name in starts for name, *_ in self._small.ops[: int(owner[1:])])
        return owner in starts and (not key.endswith(".r") or f"{owner}.s" in starts)

    def _legal(self, starts: dict[str, int], order: Sequence[str], pages: dict[str, int], whole: bool) -> bool:
        statuses = [key for key in order if self._op(key).startswith("Read_Status")]
        for values in product(range(3), repeat=len(statuses)):
            shown = dict(zip(statuses, values, strict=True))
            rows = [self._row(key, starts[key], pages, shown.get(key, NOTHING)) for key in order]
            judge = Judge(self._config, *self._snapshot)
            judge.feed(commands_of(rows))
            report = judge.finish(open_end=not whole)
            if report.legal and (not whole or self._in_time(judge)):
                return True
        return False

    def _in_time(self, judge: Judge) -> bool:
        spans, _ = judge.settled()
        self._ends = {}
        for uid, end in zip(spans.op_uid.tolist(), spans.end.tolist(), strict=True):
            self._ends[uid] = max(end, self._ends.get(uid, 0))
        self._spans = list(
            zip(spans.op_uid.tolist(), spans.state.tolist(), spans.start.tolist(), spans.end.tolist(), strict=True)
        )
        return bool(max(self._ends.values()) <= self._small.deadline and self._told())

    def _op(self, key: str) -> str:
        return next(op for name, op, _ in self._steps if name == key)

    def _row(self, key: str, time: int, pages: dict[str, int], exp: int) -> Row:
        name = self._device.catalogue.names[self._index[self._op(key)]]
        owner = next(who for step, _, who in self._steps if step == key)
        block = next(block for one, _, block, _ in self._small.ops if one == owner)
        if "block" not in name.base.payload:
            return Row(time, name.index, exp, ((0, NOTHING, NOTHING, NOTHING, NOTHING),))
        celltype = self._device.celltypes.index("SLC")
        return Row(time, name.index, NOTHING, ((0, 0, block, pages.get(owner, 0), celltype),))

    def _says(self, starts: dict[str, int]) -> bool:
        """Notes who is who by order of start, for what can only be said of a whole way."""
        self._uid = {key: number for number, key in enumerate(sorted(starts, key=starts.__getitem__), 1)}
        self._now = starts
        return True

    def _told(self) -> bool:
        """Whether the distance and the place in a suspension or state hold."""
        small, starts = self._small, self._now
        if small.distance is not None:
            a, b, least, most = small.distance
            if not least <= self._moment(b) - self._moment(a) <= most:
                return False
        if small.inside is None:
            return True
        guest, host, suspension = small.inside
        if suspension:
            begin, end = self._ends[self._uid[f"{host}.s"]], starts[f"{host}.r"]
            return begin <= starts[guest] and self._ends[self._uid[guest]] <= end
        uid = self._uid[host]
        return any(u == uid and state == 1 and s <= starts[guest] < e for u, state, s, e in self._spans)

    def _moment(self, said: str) -> int:
        key, _, moment = said.partition(".")
        return self._now[key] if moment == "start" else self._ends[self._uid[key]]
