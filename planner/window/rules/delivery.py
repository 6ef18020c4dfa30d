"""What must be delivered, from which register, before it is overwritten."""

from __future__ import annotations

from collections.abc import Iterator

from model.operations import CACHE_READ_ENDS, CACHE_READS, DOUTS, READS_4K, RESUMES
from planner.window.logic import Lit, negated
from planner.window.parts import Op
from planner.window.registers import Content, Held, Registers, consumes, overwrites
from planner.window.variables import Window

_FEEDS = {"CACHE_READ": ("READ", "CACHE_READ"), "PLANE_CACHE_READ": ("PLANE_READ", "PLANE_CACHE_READ")}
"""The reads whose page a cache read can move to the cache register."""
_OPENS = {"CACHE_READ_END": "CACHE_READ", "PLANE_CACHE_READ_END": "PLANE_CACHE_READ"}
"""The cache read that an END ends."""


def _contents(window: Window) -> Iterator[tuple[Op, int, Content, Lit, Registers]]:
    """Each new operation with each plane of its dies and what its registers may hold then."""
    for die in range(len(window.by_die)):
        registers = Registers.of(window, die)
        for op in window.of_die(die):
            if not (op.base.affects_state or op.base.name in DOUTS):
                continue
            for plane in range(window.device.geometry.planes):
                for content, lit in registers.before(op, plane):
                    yield op, plane, content, lit, registers


def dout(window: Window) -> None:
    """[dout] A DOUT delivers the oldest undelivered page of its plane; nothing overwrites an undelivered one."""
    for op, plane, content, lit, registers in _contents(window):
        if op.base.name in DOUTS:
            on = op.payload(plane)
            if on is not False:
                _delivers(window, op, plane, content, window.logic.all_of(on, lit), registers)
        elif overwrites(op):
            waits = registers.undelivered(op, content)
            if waits is not False and consumes(op, content):
                window.logic.deny(lit, waits, op.target(plane), negated(op.payload(plane)))
            elif waits is not False:
                window.logic.deny(lit, waits, op.target(plane))


def _delivers(window: Window, op: Op, plane: int, content: Content, here: Lit, registers: Registers) -> None:
    logic = window.logic
    page = content.due
    if page is None or (page.base in READS_4K) != (op.base.name == "DOUT4K"):
        logic.deny(here)
        return
    logic.require(logic.equal(op.row, page.row), here)
    logic.require(logic.equal(op.page, page.page), here)
    if content.data is page:
        logic.require(registers.ready(page, op), here)
    for lower in range(plane):
        if page.on[lower] is False:
            continue
        for other, lit in registers.before(op, lower):
            if (other.data is page and other.data_waits) or (other.cache is page and other.cache_waits):
                logic.deny(here, lit)


def cache_chain(window: Window) -> None:
    """[cache-chain] A cache read moves a page of its own kind, planes and celltype; a waiting one is not pushed out."""
    logic = window.logic
    for op, plane, content, lit, registers in _contents(window):
        name = op.base.name
        if name not in CACHE_READS and name not in CACHE_READ_ENDS:
            continue
        on = op.payload(plane)
        if on is False:
            continue
        page = content.data
        logic.deny(on, lit, registers.cache_undelivered(op, content))
        if page is None:
            logic.deny(on, lit)
        elif name in CACHE_READS:
            if page.base not in _FEEDS[name] or page.celltype != op.celltype:
                logic.deny(on, lit)
            _same_planes(window, op, page, on, lit)
        elif page.base != _OPENS[name]:
            logic.deny(on, lit)
        else:
            _names_what_it_ends(window, op, page, on, lit)


def _names_what_it_ends(window: Window, op: Op, page: Held, *given: Lit) -> None:
    """[multi-address] An END names the planes, block and page of its cache read; [cache] the planes stay the same."""
    logic = window.logic
    asking, logic.rule = logic.rule, "multi-address"
    _same_planes(window, op, page, *given)
    logic.require(logic.equal(op.row, page.row), *given)
    logic.require(logic.equal(op.page, page.page), *given)
    logic.rule = "cache"
    _same_planes(window, op, page, *given)
    logic.rule = asking


def _same_planes(window: Window, op: Op, page: Held, *given: Lit) -> None:
    logic = window.logic
    for plane in range(window.device.geometry.planes):
        logic.require(logic.iff(op.payload(plane), page.on[plane]), *given)


def resumed_registers(window: Window) -> None:
    """[residual] A RESUME is illegal while a plane of its victim holds undelivered read data."""
    for op, plane, content, lit, registers in _contents(window):
        if op.base.name in RESUMES:
            waits = registers.undelivered(op, content)
            for victim, resumed in op.resumes:
                window.logic.deny(lit, waits, resumed, victim.target(plane))
