"""Suspend and resume: [suspend-target], [resume-order], [residual], [suspended-block], and what RESET takes away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.judge.account import BAD, DELIVERING, UNDEFINED, Op
from model.judge.dataout import empty
from model.judge.kinds import AXES, DOUTS, ERASE, PROGRAM, RESUMES, SUSPENDS
from model.judge.occupancy import judge_pair

if TYPE_CHECKING:
    from model.judge.replay import Replay


def judge_suspend(replay: Replay, op: Op) -> None:
    """[suspend-target], strictly inside a CORE_BUSY of its axis; [resume-order], no erase while a program waits."""
    axis = SUSPENDS[op.kind.base]
    for number in op.dies:
        die = replay.dies[number]
        op.victim = next((o for o in reversed(die.running) if o.kind.axis == axis and o.core < op.start < o.data), None)
        if op.victim is None:
            found = [other for other in die.running if other.kind.axis == axis]
            words = [f"{o} is in CORE_BUSY from {_us(replay, o.core)} to {_us(replay, o.data)} us" for o in found]
            why = words[0] if words else f"nothing of the {AXES[axis]} axis runs"
            replay.find("suspend-target", op, f"it does not start strictly inside a CORE_BUSY of its axis: {why}")
        if axis == ERASE and die.stacks[PROGRAM]:
            replay.find("resume-order", op, f"{die.stacks[PROGRAM][-1]} is suspended: an erase is suspended before it")


def cut_victim(replay: Replay, op: Op) -> None:
    """The SUSPEND cuts its victim at its own start."""
    if op.victim is not None:
        replay.cut(op.victim, op.start)
        replay.dies[op.dies[0]].stacks[SUSPENDS[op.kind.base]].append(op.victim)


def end_suspend(replay: Replay, op: Op, _time: int) -> None:
    """From here on the axis is suspended."""
    axis = SUSPENDS[op.kind.base]
    for number in op.dies:
        die = replay.dies[number]
        die.on[axis] = bool(die.stacks[axis])
        replay.refresh(die)


def judge_resume(replay: Replay, op: Op) -> None:
    """[suspend-state], [resume-order] and [residual] without any group's help."""
    axis = RESUMES[op.kind.base]
    for number in op.dies:
        die = replay.dies[number]
        if axis == ERASE and die.stacks[PROGRAM]:
            replay.find("resume-order", op, f"{die.stacks[PROGRAM][-1]} is suspended and has to be resumed first")
        if not die.on[axis] and not replay.forbids(f"NOT_{AXES[axis]}_SUSPENDED", op.kind.base):
            replay.find("suspend-state", op, f"NOT_{AXES[axis]}_SUSPENDED: there is nothing to resume")
        if die.stacks[axis]:
            _judge_registers(replay, op, die.stacks[axis][-1])


def _judge_registers(replay: Replay, op: Op, victim: Op) -> None:
    for number in victim.dies:
        for place in victim.held:
            plane = replay.dies[number].planes[place]
            for register in (plane.cache, plane.data):
                if register is not None and register.state <= DELIVERING:
                    message = f"{victim} would go on over undelivered {register}"
                    replay.find("residual", op, message, plane=place, die=number)
                    return


def end_resume(replay: Replay, op: Op, time: int) -> None:
    """The latest suspended operation of the axis goes on, exactly here."""
    axis = RESUMES[op.kind.base]
    for number in op.dies:
        die = replay.dies[number]
        if not die.stacks[axis]:
            continue
        victim = die.stacks[axis].pop()
        die.on[axis] = bool(die.stacks[axis])
        replay.refresh(die)
        for other in die.running:
            if other.kind.holds:
                judge_pair(replay, victim, other, number)
        empty(replay, victim)
        replay.resume(victim, time)


def judge_blocks(replay: Replay, op: Op) -> None:
    """[suspended-block] for whatever erases, programs, reads, loads, checks or delivers."""
    for number in op.dies:
        for stack in replay.dies[number].stacks:
            for victim in stack:
                shared = [block for block in op.blocks if block in victim.blocks]
                if shared and not _recovers(op, victim):
                    message = f"block {shared[0]} belongs to {victim}, which is suspended"
                    replay.find("suspended-block", op, message, plane=shared[0] % replay.geometry.planes)


def _recovers(op: Op, victim: Op) -> bool:
    if op.kind.base in DOUTS:
        return op.reg is not None and op.reg.read.kind.base == "RECOVERY_RD"
    return op.kind.base == "RECOVERY_RD" and victim.kind.axis == PROGRAM and op.page == victim.page


def judge_recovery(replay: Replay, op: Op) -> None:
    """[recovery]: the page of a suspended program, on planes of it, with its celltype."""
    for number in op.dies:
        die = replay.dies[number]
        if not (die.on[PROGRAM] and die.stacks[PROGRAM]):
            replay.find("recovery", op, "no PROGRAM is suspended on its die")
            continue
        if not any(_page_of(op, victim) for victim in die.stacks[PROGRAM]):
            victim = die.stacks[PROGRAM][-1]
            wanted = f"page {victim.page} of blocks {'+'.join(map(str, victim.blocks))}"
            replay.find("recovery", op, f"it does not read {wanted}, which {victim} was programming")


def _page_of(op: Op, victim: Op) -> bool:
    within = all(block in victim.blocks for block in op.blocks) and all(plane in victim.planes for plane in op.planes)
    return within and op.page == victim.page and op.celltype == victim.celltype


def reset(replay: Replay, op: Op) -> None:
    """RESET and RESET_LUN abort what runs or is suspended on their die and clear what is open there."""
    for number in op.dies:
        die = replay.dies[number]
        for other in (*die.running, *die.stacks[ERASE], *die.stacks[PROGRAM]):
            replay.abort(other, op.start)
        for other in die.flight:
            _spoil(replay, other)
        die.flight.clear()
        for stack in die.stacks:
            stack.clear()
        die.on = [False, False]
        die.latch = ""
        die.shot = die.cache_program = None
        for plane in die.planes:
            plane.data = plane.cache = plane.cache_read = None
        replay.refresh(die)


def _spoil(replay: Replay, op: Op) -> None:
    for number in op.dies:
        die = replay.dies[number]
        for block in op.blocks:
            if die.kinds[block] != BAD:
                die.kinds[block] = UNDEFINED


def _us(replay: Replay, ticks: int) -> str:
    return replay.config.clock.us(ticks)
