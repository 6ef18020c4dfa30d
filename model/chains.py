"""What must follow what: the kinds of operation, the steps of a one-shot program, what closes what is open.

Bases are known by their names; what a config names otherwise is `OTHER`, or `OTHER_PROGRAM` where its operations
advance a page.
"""

from __future__ import annotations

from enum import IntEnum, auto

from model.boundary import CacheProgram, Shot


class Kind(IntEnum):
    """What an operation does to the device, whatever its name."""

    OTHER = 0
    WAIT = auto()
    ERASE = auto()
    OTHER_PROGRAM = auto()
    PROGRAM = auto()
    ALLWL = auto()
    CACHE_PROGRAM = auto()
    LSB = auto()
    CSB = auto()
    MSB = auto()
    MSB_23H = auto()
    EXEC = auto()
    SHOT_CACHE = auto()
    COPYBACK_LSB = auto()
    COPYBACK_CSB = auto()
    COPYBACK_MSB = auto()
    COPYBACK_EXEC = auto()
    COPYBACK_PROGRAM = auto()
    TRANSFER_LSB = auto()
    TRANSFER_CSB = auto()
    TRANSFER_MSB = auto()
    READ = auto()
    PLANE_READ = auto()
    READ4K = auto()
    RECOVERY = auto()
    COPYBACK_READ = auto()
    CACHE_READ = auto()
    PLANE_CACHE_READ = auto()
    CACHE_END = auto()
    PLANE_CACHE_END = auto()
    DOUT = auto()
    DOUT4K = auto()
    DATAIN = auto()
    CHECK = auto()
    STATUS = auto()
    CAMREAD = auto()
    ERASE_SUSPEND = auto()
    PROGRAM_SUSPEND = auto()
    ERASE_RESUME = auto()
    PROGRAM_RESUME = auto()
    RESET = auto()
    ODT_OFF = auto()
    ODT_ON = auto()


_KINDS = {
    "NOP": Kind.WAIT,
    "ERASE": Kind.ERASE,
    "PROGRAM_SLC": Kind.PROGRAM,
    "ALLWL_PROGRAM": Kind.ALLWL,
    "CACHE_PROGRAM_SLC": Kind.CACHE_PROGRAM,
    "ONESHOT_PROGRAM_LSB": Kind.LSB,
    "ONESHOT_PROGRAM_CSB": Kind.CSB,
    "ONESHOT_PROGRAM_MSB": Kind.MSB,
    "ONESHOT_PROGRAM_MSB_23H": Kind.MSB_23H,
    "ONESHOT_PROGRAM_EXEC_MSB": Kind.EXEC,
    "ONESHOT_CACHE_PROGRAM": Kind.SHOT_CACHE,
    "ONESHOT_COPYBACK_PROGRAM_LSB": Kind.COPYBACK_LSB,
    "ONESHOT_COPYBACK_PROGRAM_CSB": Kind.COPYBACK_CSB,
    "ONESHOT_COPYBACK_PROGRAM_MSB": Kind.COPYBACK_MSB,
    "ONESHOT_COPYBACK_PROGRAM_EXEC_MSB": Kind.COPYBACK_EXEC,
    "COPYBACK_PROGRAM_SLC": Kind.COPYBACK_PROGRAM,
    "TRANSFER_TO_CACHE_LSB": Kind.TRANSFER_LSB,
    "TRANSFER_TO_CACHE_CSB": Kind.TRANSFER_CSB,
    "TRANSFER_TO_CACHE_MSB": Kind.TRANSFER_MSB,
    "READ": Kind.READ,
    "PLANE_READ": Kind.PLANE_READ,
    "READ4K": Kind.READ4K,
    "PLANE_READ4K": Kind.READ4K,
    "RECOVERY_RD": Kind.RECOVERY,
    "COPYBACK_READ": Kind.COPYBACK_READ,
    "CACHE_READ": Kind.CACHE_READ,
    "PLANE_CACHE_READ": Kind.PLANE_CACHE_READ,
    "CACHE_READ_END": Kind.CACHE_END,
    "PLANE_CACHE_READ_END": Kind.PLANE_CACHE_END,
    "DOUT": Kind.DOUT,
    "DOUT4K": Kind.DOUT4K,
    "DATAIN": Kind.DATAIN,
    "DSL_VTH_CHECK": Kind.CHECK,
    "SR": Kind.STATUS,
    "SR_ADD": Kind.STATUS,
    "CAMREAD": Kind.CAMREAD,
    "CAMREAD_LUN": Kind.CAMREAD,
    "ERASE_SUSPEND": Kind.ERASE_SUSPEND,
    "PROGRAM_SUSPEND": Kind.PROGRAM_SUSPEND,
    "ERASE_RESUME": Kind.ERASE_RESUME,
    "PROGRAM_RESUME": Kind.PROGRAM_RESUME,
    "RESET": Kind.RESET,
    "RESET_LUN": Kind.RESET,
    "ODTDISABLE": Kind.ODT_OFF,
    "ODTENABLE": Kind.ODT_ON,
}

NEXT_STEP: dict[Kind, tuple[Kind, ...]] = {
    Kind.LSB: (Kind.CSB,),
    Kind.CSB: (Kind.MSB, Kind.MSB_23H, Kind.EXEC, Kind.SHOT_CACHE),
    Kind.MSB: (Kind.EXEC, Kind.SHOT_CACHE),
    Kind.SHOT_CACHE: (Kind.LSB,),
    Kind.COPYBACK_LSB: (Kind.COPYBACK_CSB,),
    Kind.COPYBACK_CSB: (Kind.COPYBACK_MSB, Kind.COPYBACK_EXEC),
    Kind.COPYBACK_MSB: (Kind.COPYBACK_EXEC,),
}
"""What may follow a step of a one-shot chain; where a step has no entry, its end closes the chain."""

FIRST_STEPS = (Kind.LSB, Kind.COPYBACK_LSB)
COPYBACK_STEPS = frozenset({Kind.COPYBACK_LSB, Kind.COPYBACK_CSB, Kind.COPYBACK_MSB, Kind.COPYBACK_EXEC})
SETS_LATCH = frozenset({Kind.LSB, Kind.CSB, Kind.MSB, Kind.COPYBACK_LSB, Kind.COPYBACK_CSB, Kind.COPYBACK_MSB})
EXECUTES = frozenset({Kind.MSB_23H, Kind.EXEC, Kind.SHOT_CACHE, Kind.COPYBACK_EXEC})
STEPS = SETS_LATCH | EXECUTES
TRANSFER_OF = {Kind.TRANSFER_LSB: Kind.LSB, Kind.TRANSFER_CSB: Kind.CSB, Kind.TRANSFER_MSB: Kind.MSB}
"""Which latch a transfer needs."""
CLOSES_CACHE_PROGRAM = frozenset({Kind.PROGRAM, Kind.ALLWL})
DIRECT_READS = frozenset({Kind.READ, Kind.PLANE_READ, Kind.READ4K, Kind.RECOVERY, Kind.COPYBACK_READ})
CACHE_READS = frozenset({Kind.CACHE_READ, Kind.PLANE_CACHE_READ})
CACHE_ENDS = frozenset({Kind.CACHE_END, Kind.PLANE_CACHE_END})
READS = DIRECT_READS | CACHE_READS
MOVES_FROM = {
    Kind.CACHE_READ: frozenset({Kind.READ, Kind.CACHE_READ}),
    Kind.PLANE_CACHE_READ: frozenset({Kind.PLANE_READ, Kind.PLANE_CACHE_READ}),
    Kind.CACHE_END: frozenset({Kind.CACHE_READ}),
    Kind.PLANE_CACHE_END: frozenset({Kind.PLANE_CACHE_READ}),
}
"""Whose page in the data register a cache read, or its end, moves to the cache register."""
SUSPENDS = frozenset({Kind.ERASE_SUSPEND, Kind.PROGRAM_SUSPEND})
RESUMES = frozenset({Kind.ERASE_RESUME, Kind.PROGRAM_RESUME})
KEEPS_REGISTERS = SUSPENDS | RESUMES | CACHE_READS | CACHE_ENDS
"""State-affecting kinds that do not empty the registers of the planes that they hold."""
TAKES_COPYBACK = COPYBACK_STEPS | {Kind.COPYBACK_PROGRAM}
"""Programs that consume a COPYBACK_READ."""


def kind_of(base: str, advances_page: bool) -> Kind:
    """The kind of a base, from its name."""
    return _KINDS.get(base, Kind.OTHER_PROGRAM if advances_page else Kind.OTHER)


def next_steps(shot: Shot | None, step: Kind, executing: bool) -> tuple[Kind, ...]:
    """The one-shot steps that may come next: `step` is the kind of the latest one, `executing` while it goes on."""
    if shot is None:
        return FIRST_STEPS
    return () if executing else NEXT_STEP.get(step, ())


def next_page(shot: Shot, step: Kind) -> int:
    """The page of the next step of an open one-shot chain."""
    return shot.page + 1 if step is Kind.SHOT_CACHE else shot.page


def page_due(open_program: CacheProgram) -> int:
    """The page that the next program of an open cache program writes."""
    return open_program.page + 1
