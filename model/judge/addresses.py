"""The life of blocks: [erase], [program-after-erase], [page-order], [celltype], [read-programmed], [block-in-flight],
[open-chain-page], [bad-block], [undefined-block], [datain], [dsl]."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from model.judge.account import BAD, BLOCK_WORDS, ERASED, GOOD, PROGRAMMED, UNDEFINED, Die, Op, Shot
from model.judge.kinds import CB_LSB, LSB, ONESHOT_CACHE, ONESHOTS

if TYPE_CHECKING:
    from model.judge.replay import Replay

SLC_FAMILY = ("SLC", "A0SLC", "ACSLC")
"""What a block erased as SLC takes."""


def judge_erase(replay: Replay, op: Op) -> None:
    """[erase] and [bad-block]."""
    if op.page > 0:
        replay.find("erase", op, f"an erase names page 0, not {op.page}", plane=op.planes[0] if op.planes else -1)
    for die, block in _blocks(replay, op):
        if die.kinds[block] == BAD:
            _find(replay, "erase", op, block, f"block {block} is BAD")
            _find(replay, "bad-block", op, block, f"block {block} is BAD", key="topology.bad_blocks")


def judge_program(replay: Replay, op: Op) -> None:
    """Where a program may write."""
    for die, block in _blocks(replay, op):
        kind = die.kinds[block]
        if kind in (ERASED, PROGRAMMED):
            if die.last[block] + 1 >= replay.geometry.pages:
                _find(replay, "program-after-erase", op, block, f"block {block} is full")
            if op.page != die.last[block] + 1:
                next_page = die.last[block] + 1
                _find(replay, "page-order", op, block, f"block {block} takes page {next_page} next, not {op.page}")
            if op.celltype != die.cells[block]:
                _judge_celltype(replay, op, die, block)
        else:
            _find(replay, "program-after-erase", op, block, f"block {block} is {BLOCK_WORDS[kind]}, not erased")
            _judge_unusable(replay, op, kind, block)
    judge_flight(replay, op)


def _judge_celltype(replay: Replay, op: Op, die: Die, block: int) -> None:
    names = replay.config.celltypes
    wanted, has = names[op.celltype], names[die.cells[block]]
    if die.kinds[block] == PROGRAMMED or has != "SLC" or wanted not in SLC_FAMILY:
        state = f"{BLOCK_WORDS[die.kinds[block]]}({has})"
        _find(replay, "celltype", op, block, f"block {block} is {state} and does not take {wanted}")


def judge_read(replay: Replay, op: Op) -> None:
    """Where a read may read."""
    guard = replay.config.policies.read_offset_guard
    for die, block in _blocks(replay, op):
        kind = die.kinds[block]
        if kind != PROGRAMMED:
            _find(replay, "read-programmed", op, block, f"block {block} is {BLOCK_WORDS[kind]}, not programmed")
            _judge_unusable(replay, op, kind, block)
            continue
        if op.page > die.last[block] - guard:
            last, names = die.last[block], f" (guard {guard})" if guard else ""
            message = f"page {op.page} of block {block} is not readable: its last page is {last}{names}"
            _find(replay, "read-programmed", op, block, message, key="policies.read_offset_guard" if guard else "")
        if op.celltype != die.cells[block]:
            wanted, has = replay.config.celltypes[op.celltype], replay.config.celltypes[die.cells[block]]
            _find(replay, "read-programmed", op, block, f"block {block} is programmed as {has}, not {wanted}")
    judge_flight(replay, op)
    for number in op.dies:
        die = replay.dies[number]
        if die.shot is not None and _on_page(die.shot, op):
            message = f"page {op.page} belongs to the open chain of {die.shot.op}"
            replay.find("open-chain-page", op, message, plane=op.planes[0])


def judge_datain(replay: Replay, op: Op) -> None:
    """[datain]: the page that a program may write next; its celltype is the block's."""
    for die, block in _blocks(replay, op):
        kind = die.kinds[block]
        if kind not in (ERASED, PROGRAMMED):
            _find(replay, "datain", op, block, f"block {block} is {BLOCK_WORDS[kind]}: no program may write there")
            _judge_unusable(replay, op, kind, block)
            continue
        next_page = die.last[block] + 1
        if op.page != next_page or next_page >= replay.geometry.pages:
            why = f"takes page {next_page} next" if next_page < replay.geometry.pages else "is full"
            _find(replay, "datain", op, block, f"block {block} {why}, it names page {op.page}")
        if op.kind.celltype == 0 and op.celltype != die.cells[block]:
            wanted, has = replay.config.celltypes[op.celltype], replay.config.celltypes[die.cells[block]]
            _find(replay, "payload", op, block, f"celltype is {wanted}, that of block {block} is {has}")
    judge_flight(replay, op)


def judge_check(replay: Replay, op: Op) -> None:
    """[dsl]: any page of a block that is neither BAD nor UNDEFINED."""
    for die, block in _blocks(replay, op):
        if die.kinds[block] in (BAD, UNDEFINED):
            _find(replay, "dsl", op, block, f"block {block} is {BLOCK_WORDS[die.kinds[block]]}")
            _judge_unusable(replay, op, die.kinds[block], block)
    judge_flight(replay, op)


def _judge_unusable(replay: Replay, op: Op, kind: int, block: int) -> None:
    if kind == BAD:
        _find(replay, "bad-block", op, block, f"block {block} is BAD", key="topology.bad_blocks")
    elif kind == UNDEFINED:
        _find(replay, "undefined-block", op, block, f"block {block} is UNDEFINED: a RESET cut its erase or program")


def judge_flight(replay: Replay, op: Op) -> None:
    """[block-in-flight]: effects that have not happened yet."""
    for number in op.dies:
        die = replay.dies[number]
        for other in die.flight:
            shared = [block for block in op.blocks if block in other.blocks]
            if shared and (other.kind.base == "ERASE" or _covers(other, op.page)):
                what = "erase" if other.kind.base == "ERASE" else f"program of page {other.page}"
                message = f"the {what} of block {shared[0]} by {other} has not ended"
                _find(replay, "block-in-flight", op, shared[0], message)
        shot = die.shot
        later_step = op.kind.base in ONESHOTS and op.kind.base not in (LSB, CB_LSB)
        if shot is not None and not later_step and shot.op not in die.flight and _on_page(shot, op):
            block = next(block for block in op.blocks if block in shot.op.blocks)
            message = f"the one-shot program of page {op.page} by {shot.op} has not ended"
            _find(replay, "block-in-flight", op, block, message)


def _covers(program: Op, page: int) -> bool:
    return page == program.page or (program.kind.base == "ALLWL_PROGRAM" and page > program.page)


def _on_page(shot: Shot, op: Op) -> bool:
    step = shot.op
    if step.kind.base == ONESHOT_CACHE and step.done:
        return False
    return op.page == step.page and any(block in step.blocks for block in op.blocks)


def start_flight(replay: Replay, op: Op) -> None:
    """From here to its end its effect is outstanding."""
    for number in op.dies:
        replay.dies[number].flight.append(op)


def end_erase(replay: Replay, op: Op, _time: int) -> None:
    """The blocks are erased."""
    for die, block in _land(replay, op):
        if die.kinds[block] != BAD:
            die.kinds[block] = ERASED
            die.cells[block] = op.celltype
            die.last[block] = -1


def end_program(replay: Replay, op: Op, _time: int) -> None:
    """The page is programmed; ALLWL_PROGRAM fills the block."""
    pages = replay.geometry.pages
    page = pages - 1 if op.kind.base == "ALLWL_PROGRAM" else min(op.page, pages - 1)
    for die, block in _land(replay, op):
        kind = die.kinds[block]
        if kind in (GOOD, ERASED):
            die.kinds[block] = PROGRAMMED
            die.cells[block] = op.celltype
        if kind in (GOOD, ERASED, PROGRAMMED):
            die.last[block] = max(die.last[block], page)


def _land(replay: Replay, op: Op) -> Iterator[tuple[Die, int]]:
    for number in op.dies:
        replay.dies[number].flight.remove(op)
    return _blocks(replay, op)


def _blocks(replay: Replay, op: Op) -> Iterator[tuple[Die, int]]:
    for number in op.dies:
        die = replay.dies[number]
        for block in op.blocks:
            yield die, block


def _find(replay: Replay, rule: str, op: Op, block: int, message: str, key: str = "") -> None:
    replay.find(rule, op, message, plane=block % replay.geometry.planes, key=key)
