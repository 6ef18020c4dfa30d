"""What must follow what: [chain], the program side of [cache], [transfer]."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.judge.account import CacheProgram, Die, Op, Shot
from model.judge.kinds import CB_LSB, COPYBACK_STEPS, EXECUTES, LSB, ONESHOT_CACHE, STEP_BEFORE, TRANSFERS

if TYPE_CHECKING:
    from model.judge.replay import Replay


def judge_first_step(replay: Replay, op: Op) -> None:
    """An LSB opens a chain, or goes on with the next page after a one-shot cache program."""
    for number in op.dies:
        shot = replay.dies[number].shot
        if shot is None:
            continue
        if op.kind.base == CB_LSB or shot.op.kind.base != ONESHOT_CACHE:
            replay.find("chain", op, f"the chain of {shot.op} is still open")
            continue
        _judge_ended(replay, op, shot.op)
        _judge_same(replay, op, shot.op, cached=True)


def judge_later_step(replay: Replay, op: Op) -> None:
    """Every other step follows its step before, on the same page."""
    wanted = STEP_BEFORE[op.kind.base]
    for number in op.dies:
        shot = replay.dies[number].shot
        if shot is None or shot.op.kind.base not in wanted:
            last = f"the latest step is {shot.op}" if shot is not None else "no chain is open"
            replay.find("chain", op, f"it follows {' or '.join(wanted)}: {last}")
            continue
        _judge_ended(replay, op, shot.op)
        _judge_same(replay, op, shot.op, cached=shot.cached)
        if op.page != shot.op.page:
            replay.find("chain", op, f"page {op.page} is not that of {shot.op}, {shot.op.page}")


def _judge_ended(replay: Replay, op: Op, before: Op) -> None:
    if not before.done:
        replay.find("chain", op, f"the step before, {before}, has not ended")


def _judge_same(replay: Replay, op: Op, before: Op, *, cached: bool) -> None:
    if (op.blocks, op.planes, op.celltype) == (before.blocks, before.planes, before.celltype):
        return
    message = f"blocks, planes and celltype stay those of {before}: blocks {'+'.join(map(str, before.blocks))}"
    replay.find("chain", op, message)
    if cached:
        replay.find("cache", op, message)


def judge_last_page(replay: Replay, op: Op) -> None:
    """[cache]: a cache program never opens on the last page."""
    if op.page >= replay.geometry.pages - 1:
        replay.find("cache", op, f"page {op.page} is the last page: no page is left to close with")


def start_step(replay: Replay, op: Op) -> None:
    """The chain moves to this step; where none was open, the step opens one, legal or not."""
    for number in op.dies:
        die = replay.dies[number]
        shot = die.shot
        copyback = op.kind.base in COPYBACK_STEPS
        goes_on = shot is not None and (shot.op.kind.base in COPYBACK_STEPS) == copyback
        if op.kind.base in (LSB, CB_LSB) and not (shot is not None and shot.op.kind.base == ONESHOT_CACHE):
            goes_on = False
        if shot is not None and goes_on:
            shot.op = op
        else:
            shot = die.shot = Shot(op)
        if op.kind.base == ONESHOT_CACHE:
            shot.cached = True
        replay.refresh(die)


def end_step(replay: Replay, op: Op, _time: int) -> None:
    """A step that loads sets the latch; one that executes clears it and, but for a cache program, closes the chain."""
    base = op.kind.base
    for number in op.dies:
        die = replay.dies[number]
        die.latch = "" if base in EXECUTES else base
        if base in EXECUTES and base != ONESHOT_CACHE and die.shot is not None and die.shot.op is op:
            die.shot = None
        replay.refresh(die)


def judge_slc_program(replay: Replay, op: Op) -> None:
    """CACHE_PROGRAM_SLC, PROGRAM_SLC and ALLWL_PROGRAM while a cache program is open."""
    for number in op.dies:
        open_one = replay.dies[number].cache_program
        if open_one is not None:
            _judge_ended(replay, op, open_one.op)
            _judge_same(replay, op, open_one.op, cached=True)


def start_cache_program(replay: Replay, op: Op) -> None:
    """ON_CACHE_PROGRAM from here on."""
    for number in op.dies:
        die = replay.dies[number]
        if die.cache_program is None:
            die.cache_program = CacheProgram(op)
        else:
            die.cache_program.op = op
        replay.refresh(die)


def start_closer(replay: Replay, op: Op) -> None:
    """It is the next PROGRAM_SLC or ALLWL_PROGRAM of what is open now."""
    op.closes = replay.dies[op.dies[0]].cache_program


def end_closer(replay: Replay, op: Op, _time: int) -> None:
    """The cache program that was open at its start is closed."""
    die: Die = replay.dies[op.dies[0]]
    if op.closes is not None and die.cache_program is op.closes:
        die.cache_program = None
        replay.refresh(die)


def judge_transfer(replay: Replay, op: Op) -> None:
    """[transfer]: the one-shot latch is at its step."""
    wanted = TRANSFERS[op.kind.base]
    for number in op.dies:
        latch = replay.dies[number].latch
        if latch != wanted:
            is_at = f"at {latch}" if latch else "off"
            replay.find("transfer", op, f"the one-shot latch is {is_at}, not at {wanted}")
