"""What operations on one block need between them: an erase, the programs of the pages before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from model.chains import CACHE_READS, READS, Kind
from planner.scenario.acts import PREREQUISITE, Act
from planner.scenario.expand import Expander
from planner.scenario.language import Related

_PROGRAMS = frozenset({Kind.PROGRAM, Kind.CACHE_PROGRAM, Kind.COPYBACK_PROGRAM})


def fill_gaps(expander: Expander, wanted: Sequence[Act]) -> list[Act]:
    """The wanted acts in their order, with programs and erases between those that the user puts on one block.

    Only single-step programs are added; a block that is used for the first time is prepared before the scenario.
    """
    state: dict[str, int] = {}
    filled: list[Act] = []
    for act in wanted:
        block = _block(expander, act)
        if block and not act.suspends:
            for made in _missing(expander, act, state.get(block)):
                filled.append(made)
        filled.append(act)
        if block:
            _used(act, block, state)
    return filled


def _block(expander: Expander, act: Act) -> str:
    """What the user calls its block; empty where that is free."""
    seen: set[str] = set()
    while isinstance(act.block, Related) and act.block.same and act.key not in seen:
        seen.add(act.key)
        act = expander.by_key.get(act.block.to) or act
    if isinstance(act.block, int):
        return f"{act.die}.{act.block}"
    return act.key if "block" in act.base.payload and act.block is None else ""


def _used(act: Act, block: str, state: dict[str, int]) -> None:
    """The last page of the block after an act: -1 after an erase; a first use leaves it unknown."""
    if act.stopped is not None:
        state.pop(block, None)
    elif act.kind is Kind.ERASE:
        state[block] = -1
    elif act.kind in _PROGRAMS and isinstance(act.page, int):
        state[block] = act.page
    elif act.kind in _PROGRAMS and block in state:
        state[block] += 1


def _missing(expander: Expander, act: Act, last: int | None) -> Iterator[Act]:
    """The acts that have to come between the last one on its block and this one."""
    if last is None or act.kind in CACHE_READS:
        return
    guard = expander.device.policies.read_offset_guard
    if act.kind in READS and act.kind is not Kind.RECOVERY:
        page = act.page if isinstance(act.page, int) else 0
        yield from _programs(expander, act, last + 1, page + guard)
    elif act.kind in _PROGRAMS and isinstance(act.page, int):
        if act.page <= last:
            yield _made(expander, act, 0, "ERASE", 0)
            last = -1
        yield from _programs(expander, act, last + 1, act.page - 1)


def _programs(expander: Expander, act: Act, first: int, last: int) -> Iterator[Act]:
    names = expander.device.catalogue
    fitting = [
        name
        for name in (names.base("PROGRAM_SLC").names if "PROGRAM_SLC" in names.base_index else ())
        if names.names[name].celltype == act.name.celltype
    ]
    if fitting:
        for page in range(first, last + 1):
            yield _made(expander, act, page - first + 1, "PROGRAM_SLC", page)


def _made(expander: Expander, act: Act, number: int, base: str, page: int) -> Act:
    made = expander.like(act, f"{act.key}.needs.{number}", base, PREREQUISITE)
    made.block = act.block if act.block is not None else Related(act.key, True, act.wanted.place)  # type: ignore[union-attr]
    made.page, made.hosted = page, act.hosted if act.hosted is not None and act.hosted.suspension else None
    expander.insert_before(act, made)
    return made
