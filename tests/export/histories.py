"""Random histories of the tiny device: holders one after the other, cuts, handovers, resets, and status reads between.

They are plausible in shape (nothing overlaps on a plane), not legal in every rule: the timeline does not judge.
"""

from __future__ import annotations

import random

from model.event import Ended
from tests.export.tiny import US, Script

Life = list[tuple[int, int, int, int, int, int, int]]
"""Spans of an operation that has no number yet: (fragment, state, start, end, planned, remaining, ended)."""


def history(seed: int, operations: int = 40) -> Script:
    """A script with about that many operations; ticks are odd on purpose."""
    rng = random.Random(seed)
    script = Script()
    sent: list[tuple[int, int, str, int, tuple[int, ...], Life]] = []
    for die in range(2):
        _die(rng, script, die, sent, operations // 2)
    sent.sort(key=lambda op: op[:2])
    for time, _, name, die, planes, life in sent:
        op = script.catalogue.name(name)
        addressed = "block" in op.base.payload
        where = {"planes": planes, "row": rng.randrange(4), "page": rng.randrange(4)} if addressed else {}
        if op.base.payload == ("die", "plane", "exp_val"):
            where = {"planes": planes}
        exp_val = rng.randrange(3) if "exp_val" in op.base.payload else -1
        notes = {"source": rng.randrange(5), "aim": rng.choice([-1, 0, 3])}
        uid = script.send(time / US, name, die, **where, exp_val=exp_val, **notes, states=0)  # type: ignore[arg-type]
        script.spans += [(uid, *span) for span in life]
    return script


def _die(rng: random.Random, script: Script, die: int, sent: list, operations: int) -> None:  # type: ignore[type-arg]
    now = rng.randrange(3 * US)

    def send(time: int, name: str, planes: tuple[int, ...], life: Life) -> None:
        sent.append((time, len(sent), name, die, planes, life))

    def whole(name: str, time: int) -> Life:
        life: Life = []
        for state, length in enumerate(script.catalogue.name(name).durations):
            life.append((0, state, time, time + length, length, 0, Ended.NORMALLY))
            time += length
        return life

    while sum(op[3] == die for op in sent) < operations:
        kind = rng.choice(["erase", "read", "cache", "program", "idle"])
        begin = now
        if kind == "erase":
            now = _erase(rng, now, send, whole)
        elif kind == "cache":
            first, second = whole("Read, slow", now), []
            over = first[2][2] + rng.randrange(5 * US)
            first[2] = (0, 2, first[2][2], over, 5 * US, 0, Ended.HANDED_OVER)
            second = whole("Cache_Read", over)
            send(now, "Read, slow", (0,), first)
            send(over, "Cache_Read", (0,), second)
            now = second[-1][3]
        elif kind != "idle":
            name, planes = {"read": ("Read_Multi", (0, 1)), "program": ("Program", (1,))}[kind]
            life = whole(name, now)
            send(now, name, planes, life)
            now = life[-1][3]
        now += rng.choice([0, 0, rng.randrange(9 * US)])
        for _ in range(rng.randrange(4)):
            time = rng.randrange(begin, max(now, begin + 1))
            name = rng.choice(["Status", "Status_Plane"])
            send(time, name, (rng.randrange(2),), whole(name, time))


def _erase(rng: random.Random, now: int, send, whole) -> int:  # type: ignore[no-untyped-def]
    """An erase with up to three suspensions, perhaps reset; when its die is free again."""
    begin, core = now, now + US
    life: Life = [(0, 0, begin, core, US, 0, Ended.NORMALLY)]
    left, others = 100 * US, []
    for fragment in range(rng.randrange(4)):
        cut = core + rng.randrange(1, left)
        life.append((fragment, 1, core, cut, left, left - (cut - core), Ended.SUSPENDED))
        left -= cut - core
        others.append(("Suspend", cut))
        resume = cut + 5 * US + rng.randrange(30 * US)
        if rng.random() < 0.2:
            others.append(("Reset", resume))
            break
        others.append(("Resume", resume))
        core = resume + 3 * US
        if left < 2:
            break
    fragment = life[-1][0] + 1 if life[-1][6] == Ended.SUSPENDED else 0
    end = core + left
    if others and others[-1][0] == "Reset":
        end = others[-1][1] + 11 * US
    elif rng.random() < 0.2:
        end = core + rng.randrange(left)
        life.append((fragment, 1, core, end, left, left - (end - core), Ended.ABORTED))
        others.append(("Reset", end))
        end += 11 * US
    else:
        life.append((fragment, 1, core, end, left, 0, Ended.NORMALLY))
    send(begin, "Erase", (rng.randrange(2),), life)
    for name, time in others:
        send(time, name, (), whole(name, time))
    return end
