"""Plans whose blocks nothing can prepare: no erase, or no program, of a celltype may be used."""

from __future__ import annotations

from collections.abc import Sequence

from model.boundary import ERASED, PROGRAMMED, Boundary
from model.chains import READS, STEPS, Kind
from model.device import Device
from model.event import NOTHING
from planner.scenario.acts import Act
from planner.scenario.blocks import erased_as
from planner.scenario.expand import Hopeless
from planner.scenario.language import Never, Scenario
from planner.scenario.plans import Plan

PROGRAMS = frozenset({Kind.PROGRAM, Kind.ALLWL, Kind.CACHE_PROGRAM, Kind.COPYBACK_PROGRAM, Kind.OTHER_PROGRAM}) | STEPS
_READS = READS - {Kind.RECOVERY}


def unprepared(device: Device, boundary: Boundary, scenario: Scenario, plan: Plan) -> Hopeless | None:
    """Why no sequence can have a block of the kind that an act needs; None where that stays open."""
    for act in plan.acts:
        celltypes = {name.celltype for name in act.names} - {0}
        if act.die == NOTHING or not celltypes or act.kind not in _READS | PROGRAMS:
            continue
        able = [celltype for celltype in sorted(celltypes) if _can_be(device, boundary, plan, act, celltype)]
        if not able:
            rule = "read-programmed" if act.kind in _READS else "program-after-erase"
            return _hopeless(device, scenario, act, rule)
    return None


def _can_be(device: Device, boundary: Boundary, plan: Plan, act: Act, celltype: int) -> bool:
    """Whether the die may have a block that is erased (for a read: programmed) for a celltype."""
    blocks, die = boundary.blocks, act.die
    written = bool(((blocks.kind[die] == PROGRAMMED) & (blocks.celltype[die] == celltype)).any())
    erased = _named(device, plan, die, (Kind.ERASE,), erased_as(device, celltype)) or bool(
        ((blocks.kind[die] == ERASED) & (blocks.celltype[die] == erased_as(device, celltype))).any()
    )
    if act.kind not in _READS:
        return erased or written
    return written or (erased and _named(device, plan, die, sorted(PROGRAMS), celltype))


def _named(device: Device, plan: Plan, die: int, kinds: Sequence[Kind], celltype: int) -> bool:
    """Whether an op_name of some kinds for a celltype may be used on a die."""
    out = plan.banned.get(die, frozenset())
    return any(
        device.kinds[name.base.index] in kinds and name.celltype == celltype and name.index not in out
        for name in device.catalogue.names
    )


def _hopeless(device: Device, scenario: Scenario, act: Act, rule: str) -> Hopeless:
    kinds = sorted({device.celltypes[name.celltype] for name in act.names})
    against = [
        said.place
        for said in scenario.statements
        if isinstance(said, Never) and not said.states and said.die in (None, act.die)
    ]
    what = f"no operation that may be used makes a block that {act.key} ({', '.join(kinds)}) can take"
    return Hopeless(rule, what, act.wanted.place if act.wanted else None, tuple(against))
