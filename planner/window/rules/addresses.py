"""The life of blocks: what may be erased, programmed, read, loaded and checked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from model.boundary import BAD, ERASED, GOOD, PROGRAMMED, UNDEFINED
from model.event import NOTHING
from model.operations import CHECKS, DATAINS, ERASE_AXIS, PROGRAMS, READS, RECOVERY_READS
from planner.window.logic import Lit, negated
from planner.window.parts import Event, Number, Op
from planner.window.rules.chains import open_page
from planner.window.spec import Moment
from planner.window.variables import Window

_SLC_TAKES = frozenset({"SLC", "A0SLC", "ACSLC"})
"""The celltypes that a block erased as SLC takes."""
USERS = PROGRAMS | READS | DATAINS | CHECKS
"""The bases that use the block that they name, erases aside."""


@dataclass(frozen=True, slots=True)
class Block:
    """What is known of a block: kind, celltype, last page."""

    kind: int
    celltype: int
    last: Number


def takes(window: Window, erased: int, celltype: int) -> bool:
    """Whether a block erased as one celltype takes pages of another."""
    names = window.device.config.celltypes
    return names[celltype] in _SLC_TAKES if names[erased] == "SLC" else erased == celltype


class BlockLife:
    """The possible states of the blocks of one die just before each operation."""

    def __init__(self, window: Window, die: int) -> None:
        self._window = window
        self._die = die
        self._effects = [event for op in window.by_die[die] for event in self._effects_of(op)]

    def before(self, op: Op, plane: int) -> Iterator[tuple[Block, Lit]]:
        """The possible states of the block that `op` names on a plane, each with its literal."""
        events = [Event(None, Moment.START, None), *self._touching(op, plane)]
        for event, lit in self._window.latest(op, events):
            if event.value is not None:
                yield event.value, lit
            else:
                yield from self._at_first(op, plane, lit)

    def _effects_of(self, op: Op) -> Iterator[Event]:
        device = self._window.device
        name = op.base.name
        advances = bool(device.program_axis >> op.base.index & 1)
        if name in ERASE_AXIS:
            yield Event(op, Moment.END, Block(ERASED, op.celltype, NOTHING), op.completes)
        elif name == "ALLWL_PROGRAM":
            yield Event(op, Moment.END, Block(PROGRAMMED, op.celltype, device.geometry.pages - 1), op.completes)
        elif advances:
            yield Event(op, Moment.END, Block(PROGRAMMED, op.celltype, op.page), op.completes)
        if name in ERASE_AXIS or name == "ALLWL_PROGRAM" or advances:
            for reset, lit in op.aborted:
                yield _Abort(reset, Moment.START, Block(UNDEFINED, 0, NOTHING), lit, op)

    def _touching(self, op: Op, plane: int) -> Iterator[Event]:
        """The effects on the block that `op` names on a plane, in their order where there is one."""
        window = self._window
        for event in self._effects:
            source = event.victim if isinstance(event, _Abort) else event.op
            if source is None or source is op or (window.ordered and source.pos > op.pos):
                continue
            on = source.payload(plane)
            if on is False:
                continue
            here = window.logic.equal(source.row, op.row)
            applies = window.logic.all_of(event.applies, on, here)
            if applies is not False:
                yield Event(event.op, event.moment, event.value, applies)

    def _at_first(self, op: Op, plane: int, lit: Lit) -> Iterator[tuple[Block, Lit]]:
        window = self._window
        blocks, geometry = window.boundary.blocks, window.device.geometry
        rows = (op.row,) if isinstance(op.row, int) else window.spec.ops[op.index].rows
        for row in rows:
            here = window.logic.all_of(lit, window.logic.equal(op.row, row))
            if here is not False:
                at = self._die, geometry.block_of(int(row), plane)
                yield Block(int(blocks.kind[at]), int(blocks.celltype[at]), int(blocks.last[at])), here


@dataclass(slots=True, eq=False)
class _Abort(Event):
    """The effect of a reset on the block of the operation that it stops."""

    victim: Op | None = None


def addresses(window: Window) -> None:
    """[bad-block] [undefined-block] [erase] [program-after-erase] [page-order] [celltype] [read-programmed]
    [datain] [dsl]: each operation that names a block against the states that the block can be in."""
    for die in range(len(window.by_die)):
        life = BlockLife(window, die)
        for op in window.of_die(die):
            name = op.base.name
            if name not in USERS and name not in ERASE_AXIS:
                continue
            for plane in range(window.device.geometry.planes):
                if op.payload(plane) is False:
                    continue
                for block, lit in life.before(op, plane):
                    _block_rules(window, op, block, (lit, op.payload(plane)))
    _erase_page(window)


def _erase_page(window: Window) -> None:
    window.logic.rule = "erase"
    for op in window.new:
        if op.base.name in ERASE_AXIS:
            window.logic.require(window.logic.equal(op.page, 0))


def _block_rules(window: Window, op: Op, block: Block, given: tuple[Lit, ...]) -> None:
    logic, name = window.logic, op.base.name
    if block.kind == BAD:
        logic.rule = "dsl" if name in CHECKS else "bad-block"
        logic.deny(*given)
    elif name in ERASE_AXIS:
        return
    elif block.kind == UNDEFINED:
        logic.rule = "dsl" if name in CHECKS else "undefined-block"
        logic.deny(*given)
    elif name in PROGRAMS:
        _program_rules(window, op, block, given)
    elif name in DATAINS:
        logic.rule = "datain"
        _next_page(window, op, block, given)
    elif name in READS and name not in RECOVERY_READS:
        _read_rules(window, op, block, given)


def _next_page(window: Window, op: Op, block: Block, given: tuple[Lit, ...]) -> None:
    if block.kind == GOOD:
        window.logic.deny(*given)
    else:
        window.logic.require(window.logic.equal(op.page, block.last, 1), *given)


def _program_rules(window: Window, op: Op, block: Block, given: tuple[Lit, ...]) -> None:
    logic = window.logic
    logic.rule = "program-after-erase"
    if block.kind == GOOD:
        logic.deny(*given)
        return
    logic.deny(logic.equal(block.last, window.device.geometry.pages - 1), *given)
    logic.rule = "page-order"
    _next_page(window, op, block, given)
    logic.rule = "celltype"
    fits = takes(window, block.celltype, op.celltype) if block.kind == ERASED else block.celltype == op.celltype
    logic.require(fits, *given)


def _read_rules(window: Window, op: Op, block: Block, given: tuple[Lit, ...]) -> None:
    logic = window.logic
    logic.rule = "read-programmed"
    if block.kind != PROGRAMMED or block.celltype != op.celltype:
        logic.deny(*given)
        return
    guard = window.device.config.policies.read_offset_guard
    logic.no_more_than(op.page, block.last, -guard, *given)


def block_in_flight(window: Window) -> None:
    """[block-in-flight] No use of a block whose erase has not ended, nor of a page whose program has not ended.

    A one-shot page's program lasts as long as its chain is open.
    """
    logic = window.logic
    for op in window.new:
        name = op.base.name
        if name not in USERS or name in RECOVERY_READS:
            continue
        for other in window.unended(op):
            erase = other.base.name in ERASE_AXIS
            if other is op or not (erase or other.base.name in PROGRAMS):
                continue
            begun = window.passed(other, Moment.START, op)
            over = window.passed(other, Moment.END, op)
            page: Lit = True if erase else logic.equal(op.page, other.page)
            logic.deny(begun, negated(over), page, window.share_block(op, other))
    _keep_off_open_page(window, USERS - RECOVERY_READS)


def open_chain_page(window: Window) -> None:
    """[open-chain-page] While a one-shot chain is open its page is not read (RECOVERY_RD aside)."""
    _keep_off_open_page(window, READS - RECOVERY_READS)


def _keep_off_open_page(window: Window, bases: frozenset[str]) -> None:
    """Of these bases nothing uses the page of an open one-shot chain but its own steps."""
    logic = window.logic
    for op, step, lit in open_page(window):
        if op.base.name in bases:
            logic.deny(lit, logic.equal(op.page, step.page), step.shares_block(window, op))


def multi_address(window: Window) -> None:
    """[multi-address] A multi-plane op_name has 2 to maxplanes payload planes, any other has one."""
    most = window.device.config.policies.maxplanes
    for op in window.new:
        if not op.base.has_plane or op.base.name in ("CACHE_READ_END", "PLANE_CACHE_READ_END"):
            continue
        low, high = (2, most) if op.name.multi else (1, 1)
        named = op.mask.bit_count() if op.mask is not None else sum(op.on)
        window.logic.no_more_than(low, named)
        window.logic.no_more_than(named, high)
