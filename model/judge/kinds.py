"""What the judge knows of an op_name, flattened for one look per fact."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from model.exclusions import Exclusions
from model.operations import Catalogue, OpName

if TYPE_CHECKING:
    from model.config import Config

ERASE, PROGRAM = 0, 1
"""The suspension axes."""
NO_AXIS = -1
AXES = ("ERASE", "PROGRAM")

READS = frozenset(
    {
        "READ",
        "READ4K",
        "CACHE_READ",
        "PLANE_READ",
        "PLANE_READ4K",
        "PLANE_CACHE_READ",
        "COPYBACK_READ",
        "RECOVERY_RD",
    }
)
CACHE_READS = frozenset({"CACHE_READ", "PLANE_CACHE_READ"})
CACHE_READ_ENDS = {"CACHE_READ_END": "CACHE_READ", "PLANE_CACHE_READ_END": "PLANE_CACHE_READ"}
CACHE_SOURCES = {"CACHE_READ": ("READ", "CACHE_READ"), "PLANE_CACHE_READ": ("PLANE_READ", "PLANE_CACHE_READ")}
READS_4K = frozenset({"READ4K", "PLANE_READ4K"})
DOUTS = frozenset({"DOUT", "DOUT4K"})
LSB, CSB, MSB = "ONESHOT_PROGRAM_LSB", "ONESHOT_PROGRAM_CSB", "ONESHOT_PROGRAM_MSB"
CB_LSB, CB_CSB, CB_MSB = "ONESHOT_COPYBACK_PROGRAM_LSB", "ONESHOT_COPYBACK_PROGRAM_CSB", "ONESHOT_COPYBACK_PROGRAM_MSB"
MSB_23H, EXEC_MSB = "ONESHOT_PROGRAM_MSB_23H", "ONESHOT_PROGRAM_EXEC_MSB"
ONESHOT_CACHE, CB_EXEC = "ONESHOT_CACHE_PROGRAM", "ONESHOT_COPYBACK_PROGRAM_EXEC_MSB"
STEP_LATCHES = {
    LSB: "LATCH_ON_LSB",
    CSB: "LATCH_ON_CSB",
    MSB: "LATCH_ON_MSB",
    CB_LSB: "LATCH_ON_COPYBACK_LSB",
    CB_CSB: "LATCH_ON_COPYBACK_CSB",
    CB_MSB: "LATCH_ON_COPYBACK_MSB",
}
STEP_BEFORE: dict[str, tuple[str, ...]] = {
    CSB: (LSB,),
    MSB: (CSB,),
    MSB_23H: (CSB,),
    EXEC_MSB: (CSB, MSB),
    ONESHOT_CACHE: (CSB, MSB),
    CB_CSB: (CB_LSB,),
    CB_MSB: (CB_CSB,),
    CB_EXEC: (CB_CSB, CB_MSB),
}
"""The steps after which a one-shot step may come."""
EXECUTES = frozenset({MSB_23H, EXEC_MSB, ONESHOT_CACHE, CB_EXEC})
COPYBACK_STEPS = frozenset({CB_LSB, CB_CSB, CB_MSB, CB_EXEC})
ONESHOTS = frozenset({LSB, *STEP_BEFORE, CB_LSB})
TRANSFERS = {"TRANSFER_TO_CACHE_LSB": LSB, "TRANSFER_TO_CACHE_CSB": CSB, "TRANSFER_TO_CACHE_MSB": MSB}
SLC_PROGRAMS = frozenset({"PROGRAM_SLC", "ALLWL_PROGRAM", "CACHE_PROGRAM_SLC", "COPYBACK_PROGRAM_SLC"})
PROGRAMS = SLC_PROGRAMS | ONESHOTS
SUSPENDS = {"ERASE_SUSPEND": ERASE, "PROGRAM_SUSPEND": PROGRAM}
RESUMES = {"ERASE_RESUME": ERASE, "PROGRAM_RESUME": PROGRAM}
RESETS = frozenset({"RESET", "RESET_LUN"})
STATUS_READS = frozenset({"SR", "SR_ADD"})

_LUN = re.compile(r"LUN(\d+)$")

Action = Callable[..., None]


@dataclass(slots=True, eq=False)
class Kind:
    """One op_name. Times in ticks, masks over base positions, `bit` the base's own place in them.

    `judges` are asked before the operation acts, `clears` then takes away what it cuts or aborts, `starts` and `ends`
    are what it does to the account. `free`: no state of any table forbids it, and it takes over no window.
    """

    index: int
    name: str
    base: str
    bit: int
    multi: bool
    celltype: int
    issue: int
    core: int
    data: int
    length: int
    core_state: int
    data_state: int
    states: tuple[str, ...]
    bus: tuple[bool, ...]
    affects: bool
    holds: bool
    everywhere: bool
    fields: tuple[str, ...]
    form: int
    is_nop: bool
    is_status: bool
    lun: int
    axis: int
    advances: bool
    has_block: bool
    m_issue: int
    m_core: int
    m_data: int
    m_end: int
    under_read_latch: bool
    under_cache_read: bool
    hands_over: bool
    free: bool
    judges: Sequence[Action] = ()
    clears: Action | None = None
    starts: Sequence[Action] = ()
    ends: Sequence[Action] = ()


NO_ENTRY, DIE_ONLY, DIE_AND_PLANE, FULL, OTHER = range(5)
_FORMS: dict[tuple[str, ...], int] = {
    (): NO_ENTRY,
    ("die",): DIE_ONLY,
    ("die", "plane"): DIE_AND_PLANE,
    ("die", "plane", "block", "page", "celltype"): FULL,
}


def kinds_of(config: Config, catalogue: Catalogue, exclusions: Exclusions) -> list[Kind]:
    """The kinds of all op_names, in order of the config."""
    forbidden = _forbidden(exclusions)
    return [_kind(name, config, exclusions, forbidden) for name in catalogue.names]


def _forbidden(exclusions: Exclusions) -> int:
    """All bases that any state of any table forbids."""
    tables = (exclusions.op_state_masks, exclusions.latch_masks, exclusions.cache_masks, exclusions.suspend_masks)
    union = exclusions.odt
    for table in tables:
        for mask in table.values():
            union |= mask
    return union


def axis_of(base: str, whitelist: Sequence[str]) -> int:
    """The axis on which operations of a base are suspended, or NO_AXIS."""
    if base == "ERASE":
        return ERASE
    return PROGRAM if base in whitelist else NO_AXIS


def _lun(name: OpName) -> int:
    found = _LUN.search(name.name) if name.base.name in STATUS_READS else None
    return int(found.group(1)) if found else -1


def _kind(name: OpName, config: Config, exclusions: Exclusions, forbidden: int) -> Kind:
    base = name.base
    places = {state: i for i, state in enumerate(base.states)}
    data_state = places.get("DATA_OUT", places.get("DATA_IN", -1))
    core_state = places.get("CORE_BUSY", -1)
    masks = exclusions.by_state[base.index]
    bit = 1 << base.index
    located = tuple(f for f in base.payload if f != "exp_val")
    hands_over = base.affects_state and base.name not in RESETS
    return Kind(
        index=name.index,
        name=name.name,
        base=base.name,
        bit=bit,
        multi=name.multi,
        celltype=name.celltype,
        issue=name.issue,
        core=name.core_busy,
        data=name.data,
        length=name.length,
        core_state=core_state,
        data_state=data_state,
        states=base.states,
        bus=base.bus,
        affects=base.affects_state,
        holds=base.affects_state or (str(base.scope) != "NONE" and not base.instant),
        everywhere=str(base.scope) == "DIE_WIDE" or "plane" not in base.payload,
        fields=base.payload,
        form=_FORMS.get(located, OTHER),
        is_nop=base.name == "NOP" and "die" not in base.payload,
        is_status=base.name in STATUS_READS,
        lun=_lun(name),
        axis=axis_of(base.name, config.program_base_whitelist),
        advances=base.name in config.program_base_whitelist or base.name == "ALLWL_PROGRAM",
        has_block="block" in base.payload,
        m_issue=masks[0],
        m_core=masks[core_state] if core_state >= 0 else 0,
        m_data=masks[data_state] if data_state >= 0 else 0,
        m_end=exclusions.end[base.index],
        under_read_latch=bool(exclusions.latch("LATCH_ON_READ") & bit),
        under_cache_read=bool((exclusions.cache("ON_CACHE_READ") | exclusions.cache("ON_PLANE_CACHE_READ")) & bit),
        hands_over=hands_over,
        free=not (hands_over or forbidden & bit),
    )
