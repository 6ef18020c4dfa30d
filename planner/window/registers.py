"""The data register and the cache register of each plane: which page they hold, and whether it was delivered."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from model.boundary import Register
from model.operations import (
    CACHE_READ_ENDS,
    CACHE_READS,
    COPYBACK_PROGRAMS,
    DIRECT_READS,
    DOUTS,
    READS,
    RESETS,
    RESUMES,
    SUSPENDS,
)
from planner.window.fluent import Fluent
from planner.window.logic import Lit, negated
from planner.window.parts import Number, Op
from planner.window.spec import Moment
from planner.window.variables import Window


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """A page in a register: the read that fetched it, of this window or from before (`op` None)."""

    op: Op | None
    base: str
    row: Number
    page: Number
    celltype: int
    mask: int | None
    on: tuple[Lit, ...]

    @property
    def direct(self) -> bool:
        """Whether it is delivered from the data register."""
        return self.base in DIRECT_READS


class Content(NamedTuple):
    """What the two registers of a plane hold; None: nothing. `leaves` is a DOUT off the bus that still delivers."""

    data: Held | None = None
    data_waits: bool = False
    cache: Held | None = None
    cache_waits: bool = False
    leaves: Op | None = None

    @property
    def waits(self) -> bool:
        """Whether a page is undelivered."""
        return self.data_waits or self.cache_waits

    @property
    def due(self) -> Held | None:
        """The page that the next DOUT delivers, None where it would find nothing."""
        if self.cache_waits:
            return self.cache
        return self.data if self.data_waits and self.data is not None and self.data.direct else None


EMPTY = Content()


class Registers:
    """The registers of one die, before each operation."""

    def __init__(self, window: Window, die: int) -> None:
        self._window = window
        self._die = die
        self._reads: dict[int, Held] = {}
        known = {op.op_uid: op for op in window.by_die[die] if not op.new}
        state = window.boundary.dies[die]
        held: dict[int, Held] = {}
        self.planes: list[Fluent[Content]] = []
        for plane in range(window.device.geometry.planes):
            registers = state.planes[plane]
            data, cache = (self._carried(r, known, held) for r in (registers.data, registers.cache))
            initial = Content(
                data,
                registers.data is not None and not registers.data.delivered,
                cache,
                registers.cache is not None and not registers.cache.delivered,
            )
            new = [op for op in window.by_die[die] if op.new]
            self.planes.append(Fluent(window, new, initial, self.after, partial(self._touches, plane)))

    @staticmethod
    def of(window: Window, die: int) -> Registers:
        """The registers of a die, made once per window."""
        made: dict[int, Registers] = window.registers
        if die not in made:
            asking, window.logic.rule = window.logic.rule, "window"
            made[die] = Registers(window, die)
            window.logic.rule = asking
        return made[die]

    def before(self, op: Op, plane: int) -> list[tuple[Content, Lit]]:
        """The possible contents of a plane's registers just before `op` starts."""
        return self.planes[plane].before(op)

    def final(self, plane: int) -> list[tuple[Content, Lit]]:
        """The possible contents at the end of the window."""
        return self.planes[plane].final

    def latched(self, op: Op, plane: int) -> Lit:
        """Whether the plane's read latch is on when `op` starts: it holds undelivered data that have left the array."""
        logic = self._window.logic
        on: list[Lit] = []
        for content, lit in self.before(op, plane):
            if content.cache_waits:
                on.append(lit)
            elif content.data_waits and content.data is not None:
                on.append(logic.all_of(lit, self.ready(content.data, op)))
            elif content.leaves is not None:
                on.append(logic.all_of(lit, self.undelivered(op, content)))
        return logic.any_of(*on) if on else False

    def undelivered(self, op: Op, content: Content) -> Lit:
        """Whether a page is undelivered when `op` starts: none asked for it, or who did is not done."""
        if content.waits or content.leaves is None:
            return content.waits
        return negated(self._window.passed(content.leaves, Moment.END, op))

    def cache_undelivered(self, op: Op, content: Content) -> Lit:
        """Whether the page in the cache register is undelivered when `op` starts."""
        if content.cache_waits or content.leaves is None or content.cache is None:
            return content.cache_waits
        return negated(self._window.passed(content.leaves, Moment.END, op))

    def ready(self, held: Held, at: Op) -> Lit:
        """Whether the page has left the array when `at` starts."""
        return True if held.op is None else self._window.passed(held.op, Moment.CORE_END, at)

    def _carried(self, register: Register | None, known: dict[int, Op], held: dict[int, Held]) -> Held | None:
        if register is None:
            return None
        if register.op_uid not in held:
            on = tuple(bool(register.planes >> p & 1) for p in range(self._window.device.geometry.planes))
            held[register.op_uid] = Held(
                known.get(register.op_uid),
                self._window.device.catalogue.bases[register.base].name,
                register.row,
                register.page,
                register.celltype,
                register.planes,
                on,
            )
        return held[register.op_uid]

    def _touches(self, plane: int, op: Op) -> Lit:
        name = op.base.name
        if name in DOUTS:
            return op.payload(plane)
        if name in RESUMES:
            logic = self._window.logic
            return logic.any_of(*[logic.all_of(lit, victim.target(plane)) for victim, lit in op.resumes])
        if not op.base.affects_state or name in SUSPENDS:
            return False
        return op.target(plane)

    def after(self, op: Op, before: Content) -> Content:
        """The contents of a plane that `op` touches after its start."""
        name = op.base.name
        if name in DOUTS:
            leaves = None if op.base.bus[0] else op
            if before.cache_waits:
                return before._replace(cache_waits=False, leaves=leaves)
            return before._replace(data_waits=False, leaves=leaves) if before.due is not None else before
        if name in CACHE_READS:
            return Content(self._read(op), True, before.data, before.data_waits)
        if name in CACHE_READ_ENDS:
            return Content(None, False, before.data, before.data_waits)
        if name in READS:
            return Content(self._read(op), True, None, False)
        return EMPTY

    def _read(self, op: Op) -> Held:
        if op.pos not in self._reads:
            self._reads[op.pos] = Held(op, op.base.name, op.row, op.page, op.celltype, op.mask, op.on)
        return self._reads[op.pos]


def overwrites(op: Op) -> bool:
    """Whether the start of the operation empties the registers of the planes that it holds."""
    name = op.base.name
    kept = name in SUSPENDS or name in RESUMES or name in CACHE_READS or name in CACHE_READ_ENDS
    return op.base.affects_state and not kept and name not in RESETS


def consumes(op: Op, content: Content) -> bool:
    """Whether the operation is a copyback program that takes the page in the data register."""
    return op.base.name in COPYBACK_PROGRAMS and content.data is not None and content.data.base == "COPYBACK_READ"
