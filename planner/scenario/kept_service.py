"""A kept sequence -> its answer: the nearest legal times, or what stands against them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from model.boundary import Boundary
from model.config import Config
from model.event import NOTHING
from planner.export.snapshot import Snapshot
from planner.scenario.answer import Fulfilled, Nearest, NotFound
from planner.scenario.changes import Repaired
from planner.scenario.kept import Kept
from planner.scenario.nearest import broken, repaired
from planner.scenario.plans import Clock, TimeUp
from planner.scenario.telling import taken_out
from planner.scenario.writing import write_repaired

MOST_NAMED = 12
"""Operations without a legal time that are named one by one."""
_ADVICE = ("leave out what has no legal time", "`nandplan repair`, which leaves it out by itself")


def answer_kept(
    kept: Kept,
    config: Config,
    boundary: Boundary,
    start: Snapshot | None,
    *,
    out: Path | None,
    date: str,
    limit: float | None,
    told: Callable[[int], None] = lambda done: None,
) -> Nearest | NotFound:
    """All operations at their nearest legal times, or why that was not found. UnusableOutput."""
    clock = Clock(limit)

    def heard(done: int) -> None:
        clock.check()
        told(done)

    try:
        found = repaired(kept, config, boundary, told=heard)
        clock.check()
    except TimeUp:
        return NotFound("the time limit came first", None, ("raise --time-limit", "fewer operations"))
    against = _against(kept, found, config, boundary, start)
    if against is not None:
        return against
    files = () if out is None else write_repaired(config, found, boundary, start, out, date)
    return Nearest(found, _fulfilled(kept, found, boundary.next_op_uid), files)


def _against(
    kept: Kept, found: Repaired, config: Config, boundary: Boundary, start: Snapshot | None
) -> NotFound | None:
    """What stands against the nearest times: operations that have none, statements that do not hold."""
    missing = taken_out(found)
    if missing:
        named = [f"{kept.names[one.origin]} ([{']['.join(one.rules)}] {one.why})" for one in missing[:MOST_NAMED]]
        more = f" and {len(missing) - MOST_NAMED:,} more" if len(missing) > MOST_NAMED else ""
        return NotFound(f"no legal time was found for {'; '.join(named)}{more}", None, _ADVICE)
    wrong = broken(kept, found, config, boundary, start)
    if wrong:
        told = "; ".join(f"{one.where}: {one.words}: {one.why}" for one in wrong)
        advice = ("change `near` of what comes before", "leave the statement out", "a scenario of `order: listed`")
        return NotFound(f"at the times that were found this does not hold: {told}", None, advice)
    if found.left:
        return NotFound(f"[{found.left[0].rule}] {found.left[0].message}", None, ("close it in the scenario",))
    return None


def _fulfilled(kept: Kept, found: Repaired, first_uid: int) -> tuple[Fulfilled, ...]:
    uid = {row.origin: number for number, row in enumerate(found.rows, first_uid) if row.origin != NOTHING}
    own = [
        Fulfilled(place.words, str(place), ((uid[row.origin],),))
        for row, place in zip(kept.rows, kept.places, strict=True)
    ]
    said = [Fulfilled(one.place.words, str(one.place), ()) for one in kept.statements]
    return (*own, *said)
