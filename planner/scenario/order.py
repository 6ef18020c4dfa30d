"""What is known of the order of acts before anything is solved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from planner.scenario.acts import Act
from planner.scenario.language import Related


def tidy_pairs(acts: Sequence[Act], listed: Sequence[Act]) -> Iterator[tuple[Act, Act]]:
    """Each added delivery or end of a chain, with the next listed act of its die that is not of its chain."""
    place = {act.key: number for number, act in enumerate(listed)}
    for act in acts:
        if act.wanted is not None or act.victim is not None:
            continue
        chain = _chain_of(act)
        if act.following is not None and act.following.key in place:
            continue
        known = [place[one.key] for one in chain if one.key in place]
        if not known:
            continue
        for later in listed[max(known) + 1 :]:
            hosts = later.hosted.host if later.hosted is not None else None
            if later.die == act.die and later not in chain and hosts not in chain:
                yield act, later
                break


def _chain_of(act: Act) -> list[Act]:
    """The acts that an act follows in a chain or delivers for, and what it feeds."""
    found = [act]
    for one in found:
        found += [b for b in (one.previous, one.delivers, one.moved_by) if b is not None and b not in found]
    return found


def known_order(acts: Sequence[Act], listed: Sequence[Act], tidy: bool = False) -> dict[str, set[str]]:
    """Which acts are known to start after each one: by chains, deliveries, suspensions, and the list."""
    after: dict[str, set[str]] = {act.key: set() for act in acts}
    for act in acts:
        for early, late in _links(act):
            after[early.key].add(late.key)
    for die in sorted({act.die for act in listed}):
        mine = [act for act in listed if act.die == die]
        for a, b in pairwise(mine):
            after[a.key].add(b.key)
    for early, late in tidy_pairs(acts, listed) if tidy and listed else ():
        after[early.key].add(late.key)
    return {act.key: _reached(after, act.key) for act in acts}


def _reached(after: dict[str, set[str]], key: str) -> set[str]:
    """Everything that comes after, however many steps away."""
    reached: set[str] = set()
    pending = [key]
    while pending:
        fresh = after[pending.pop()] - reached
        reached |= fresh
        pending.extend(fresh)
    return reached


def _links(act: Act) -> Iterator[tuple[Act, Act]]:
    """Pairs of acts of which the first starts first, as far as one act tells."""
    for before in (act.previous, act.delivers, act.victim):
        if before is not None:
            yield before, act
    if act.hosted is not None:
        host, number = act.hosted.host, act.hosted.suspension
        yield host.suspends[number - 1] if number else host, act
        resume = host.resumes[number - 1] if number else None
        if resume is not None:
            yield act, resume
    for suspend, resume in zip(act.suspends, act.resumes, strict=True):
        if resume is not None:
            yield suspend, resume


def last_of(act: Act) -> Act:
    """The last act of a chain."""
    while act.following is not None:
        act = act.following
    return act


def one_block(a: Act, b: Act) -> bool:
    """Whether the user puts both on one block."""
    for x, y in ((a, b), (b, a)):
        related = isinstance(x.block, Related) and x.block.same and y.wanted is not None and x.planes & y.planes
        if related and x.block.to in (y.key, y.wanted.id):  # type: ignore[union-attr]
            return True
    same = isinstance(a.block, int) and isinstance(b.block, int) and a.block == b.block
    return same and a.planes.bit_count() == b.planes.bit_count() == 1
