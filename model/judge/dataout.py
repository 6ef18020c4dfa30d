"""Read data and its registers: [dout], [cache-chain], and what empties or fills a plane's registers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.judge.account import (
    CONSUMED,
    DELIVERED,
    DELIVERING,
    LOST,
    WAITING,
    Op,
    Plane,
    Register,
)
from model.judge.kinds import CACHE_READ_ENDS, CACHE_READS, CACHE_SOURCES, READS_4K

if TYPE_CHECKING:
    from model.judge.replay import Replay


def empty(replay: Replay, op: Op) -> None:
    """[dout]: an operation empties the registers of the planes it holds; undelivered data is lost there."""
    for number in op.dies:
        planes = replay.dies[number].planes
        for place in op.held:
            plane = planes[place]
            if plane.data is not None:
                _drop(replay, op, plane.data, number)
                plane.data = None
            if plane.cache is not None:
                _drop(replay, op, plane.cache, number)
                plane.cache = None


def _drop(replay: Replay, op: Op, register: Register, die: int) -> None:
    if register.state <= DELIVERING:
        register.state = LOST
        replay.find("dout", op, f"it overwrites undelivered {register}", plane=register.plane, die=die)


def fill(replay: Replay, op: Op) -> None:
    """A read fills the data register of its payload planes."""
    for number in op.dies:
        planes = replay.dies[number].planes
        op.regs = tuple(Register(op, place, block, op.data) for place, block in zip(op.planes, op.blocks, strict=True))
        for register in op.regs:
            planes[register.plane].data = register


def consume(replay: Replay, op: Op) -> None:
    """A copyback program takes the copyback data of its payload planes."""
    for number in op.dies:
        planes = replay.dies[number].planes
        for place in op.planes:
            register = planes[place].data
            if register is not None and register.read.kind.base == "COPYBACK_READ":
                register.state = CONSUMED
                planes[place].data = None


def judge_copyback(replay: Replay, op: Op) -> None:
    """[chain]: every payload plane holds copyback data not yet consumed or overwritten, from another block."""
    for number in op.dies:
        planes = replay.dies[number].planes
        for place, block in zip(op.planes, op.blocks, strict=True):
            register = planes[place].data
            if register is None or register.read.kind.base != "COPYBACK_READ" or register.ready > op.start:
                replay.find("chain", op, "the plane holds no data of a COPYBACK_READ", plane=place)
            elif register.block == block:
                replay.find("chain", op, f"a copyback goes to another block than {block}", plane=place)


def due(plane: Plane, time: int) -> Register | None:
    """The page that a DOUT would deliver now: the oldest undelivered one that can leave the plane."""
    cache, data = plane.cache, plane.data
    if cache is not None and cache.state == WAITING and cache.ready <= time:
        return cache
    if data is not None and data.state == WAITING and data.ready <= time and data.read.kind.base not in CACHE_READS:
        return data
    return None


def judge_dout(replay: Replay, op: Op) -> None:
    """[dout]: the oldest undelivered page of the plane, in plane order, 4K by 4K."""
    for number in op.dies:
        for place, block in zip(op.planes, op.blocks, strict=True):
            register = due(replay.dies[number].planes[place], op.start)
            if register is None:
                replay.find("dout", op, _nothing_due(replay.dies[number].planes[place], op.start), plane=place)
                continue
            op.reg = register
            _judge_delivery(replay, op, register, place, block)


def _nothing_due(plane: Plane, time: int) -> str:
    for register in (plane.cache, plane.data):
        if register is not None and register.state == DELIVERING:
            return f"{register} is being delivered already"
        if register is not None and register.state == WAITING:
            if register.ready > time:
                return f"{register} has not been read yet"
            return f"{register} is not in the cache register yet"
    return "the plane holds no undelivered data"


def _judge_delivery(replay: Replay, op: Op, register: Register, place: int, block: int) -> None:
    read = register.read
    if block != register.block or op.page != read.page:
        replay.find("dout", op, f"it names block {block} page {op.page}, due is {register}", plane=place)
    if op.celltype != read.celltype:
        names = replay.config.celltypes
        message = f"celltype is {names[op.celltype]}, due is {names[read.celltype]} of {register}"
        replay.find("dout", op, message, plane=place)
        replay.find("payload", op, message, plane=place)
    if (op.kind.base == "DOUT4K") != (read.kind.base in READS_4K):
        due_base = "DOUT4K" if read.kind.base in READS_4K else "DOUT"
        replay.find("dout", op, f"{read} is delivered by {due_base}", plane=place)
    for sibling in read.regs:
        if sibling.plane < place and sibling.state == WAITING:
            replay.find("dout", op, f"plane {sibling.plane} of {read} comes first", plane=place)


def start_dout(_replay: Replay, op: Op) -> None:
    """The delivery is under way."""
    if op.reg is not None:
        op.reg.state = DELIVERING


def end_dout(_replay: Replay, op: Op, _time: int) -> None:
    """The page is delivered on this plane."""
    if op.reg is not None and op.reg.state == DELIVERING:
        op.reg.state = DELIVERED


def judge_cache_read(replay: Replay, op: Op) -> None:
    """[cache-chain] and the read side of [cache]: a page of its own family to move on, into a free cache register."""
    sources = CACHE_SOURCES[op.kind.base]
    for number in op.dies:
        for place in op.planes:
            plane = replay.dies[number].planes[place]
            register = plane.data
            if register is None or register.read.kind.base not in sources:
                has = f"it holds {register}" if register is not None else "it is empty"
                message = f"the data register needs a page of {' or '.join(sources)}: {has}"
                replay.find("cache-chain", op, message, plane=place)
            elif register.read.planes != op.planes or register.read.celltype != op.celltype:
                replay.find("cache-chain", op, f"planes or celltype differ from {register}", plane=place)
            _judge_cache_register(replay, op, plane, place)
            _judge_cached(replay, op, plane, place)


def judge_cache_read_end(replay: Replay, op: Op) -> None:
    """[cache-chain], [cache], and that the END names what it ends ([multi-address], [payload])."""
    for number in op.dies:
        for place, block in zip(op.planes, op.blocks, strict=True):
            plane = replay.dies[number].planes[place]
            read = plane.cache_read
            if read is None or read.kind.base != CACHE_READ_ENDS[op.kind.base]:
                what = f"open is {read}" if read is not None else "none is open"
                message = f"the plane needs an open {CACHE_READ_ENDS[op.kind.base]}: {what}"
                replay.find("cache-chain", op, message, plane=place)
            else:
                _judge_ended(replay, op, read, place, block)
            _judge_cache_register(replay, op, plane, place)


def _judge_ended(replay: Replay, op: Op, read: Op, place: int, block: int) -> None:
    if op.planes != read.planes:
        planes = "+".join(map(str, read.planes))
        replay.find("cache", op, f"planes are {planes} while {read} is open", plane=place)
    if op.planes != read.planes or op.page != read.page or block not in read.blocks:
        message = f"it names page {op.page} of block {block}; the planes, block and page of {read} are due"
        replay.find("multi-address", op, message, plane=place)
    if op.kind.celltype == 0 and op.celltype != read.celltype:
        names = replay.config.celltypes
        message = f"celltype is {names[op.celltype]}, that of {read} is {names[read.celltype]}"
        replay.find("payload", op, message, plane=place)


def _judge_cache_register(replay: Replay, op: Op, plane: Plane, place: int) -> None:
    if plane.cache is not None and plane.cache.state <= DELIVERING:
        replay.find("cache-chain", op, f"it overwrites undelivered {plane.cache} in the cache register", plane=place)


def _judge_cached(replay: Replay, op: Op, plane: Plane, place: int) -> None:
    read = plane.cache_read
    if read is not None and (read.planes != op.planes or read.celltype != op.celltype):
        replay.find("cache", op, f"planes and celltype stay those of {read} while it is open", plane=place)


def start_cache_read(replay: Replay, op: Op) -> None:
    """The data register moves on to the cache register and is read anew."""
    _move(replay, op)
    fill(replay, op)
    for number in op.dies:
        for place in op.planes:
            replay.dies[number].planes[place].cache_read = op


def start_cache_read_end(replay: Replay, op: Op) -> None:
    """The last page moves on to the cache register; the data register is left empty."""
    _move(replay, op)


def _move(replay: Replay, op: Op) -> None:
    for number in op.dies:
        for place in op.planes:
            plane = replay.dies[number].planes[place]
            if plane.cache is not None and plane.cache.state <= DELIVERING:
                plane.cache.state = LOST
            plane.cache, plane.data = plane.data, None


def end_cache_read_end(replay: Replay, op: Op, _time: int) -> None:
    """The cache read is closed."""
    for number in op.dies:
        for place in op.planes:
            replay.dies[number].planes[place].cache_read = None
