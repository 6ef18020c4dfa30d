"""The catalogue of operations: bases, op_names, and the families that rules speak of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from model.config import BaseSpec, Config, NameSpec, Scope

ERASE_AXIS = frozenset({"ERASE"})
"""The bases that ERASE_SUSPEND cuts; those that PROGRAM_SUSPEND cuts are the config's `program_base_whitelist`."""

CACHE_READS = frozenset({"CACHE_READ", "PLANE_CACHE_READ"})
CACHE_READ_ENDS = frozenset({"CACHE_READ_END", "PLANE_CACHE_READ_END"})
CACHE_READ_STARTS = frozenset({"READ", "PLANE_READ"})
"""Reads whose page a cache read can move to the cache register (each of its own kind)."""
PLANE_READS = frozenset({"PLANE_READ", "PLANE_READ4K", "PLANE_CACHE_READ"})
READS_4K = frozenset({"READ4K", "PLANE_READ4K"})
COPYBACK_READS = frozenset({"COPYBACK_READ"})
RECOVERY_READS = frozenset({"RECOVERY_RD"})
DIRECT_READS = frozenset({"READ", "PLANE_READ", "READ4K", "PLANE_READ4K", "RECOVERY_RD", "COPYBACK_READ"})
"""Reads that are delivered from the data register."""
READS = DIRECT_READS | CACHE_READS
"""All bases with a read and DATA_OUT."""
DOUTS = frozenset({"DOUT", "DOUT4K"})
DATAINS = frozenset({"DATAIN"})
CHECKS = frozenset({"DSL_VTH_CHECK"})

COPYBACK_STEPS = frozenset(
    {
        "ONESHOT_COPYBACK_PROGRAM_LSB",
        "ONESHOT_COPYBACK_PROGRAM_CSB",
        "ONESHOT_COPYBACK_PROGRAM_MSB",
    }
)
ONESHOT_STEPS = frozenset({"ONESHOT_PROGRAM_LSB", "ONESHOT_PROGRAM_CSB", "ONESHOT_PROGRAM_MSB"}) | COPYBACK_STEPS
"""Steps that set the one-shot latch and advance no page."""
EXECUTES = frozenset(
    {
        "ONESHOT_PROGRAM_MSB_23H",
        "ONESHOT_PROGRAM_EXEC_MSB",
        "ONESHOT_CACHE_PROGRAM",
        "ONESHOT_COPYBACK_PROGRAM_EXEC_MSB",
    }
)
"""Steps that execute a one-shot program and clear its latch."""
ONESHOT_COPYBACKS = COPYBACK_STEPS | {"ONESHOT_COPYBACK_PROGRAM_EXEC_MSB"}
COPYBACK_PROGRAMS = ONESHOT_COPYBACKS | {"COPYBACK_PROGRAM_SLC"}
"""Programs that consume a COPYBACK_READ."""
CACHE_PROGRAMS = frozenset({"CACHE_PROGRAM_SLC", "ONESHOT_CACHE_PROGRAM"})
CACHE_PROGRAM_CLOSERS = frozenset({"PROGRAM_SLC", "ALLWL_PROGRAM"})
ONESHOT_CACHE_CLOSERS = frozenset({"ONESHOT_PROGRAM_MSB_23H", "ONESHOT_PROGRAM_EXEC_MSB"})
PROGRAMS_SLC = frozenset({"PROGRAM_SLC", "CACHE_PROGRAM_SLC", "COPYBACK_PROGRAM_SLC", "ALLWL_PROGRAM"})
"""Programs of one step."""
PROGRAMS = PROGRAMS_SLC | ONESHOT_STEPS | EXECUTES
TRANSFERS = frozenset({"TRANSFER_TO_CACHE_LSB", "TRANSFER_TO_CACHE_CSB", "TRANSFER_TO_CACHE_MSB"})

SUSPENDS = frozenset({"ERASE_SUSPEND", "PROGRAM_SUSPEND"})
RESUMES = frozenset({"ERASE_RESUME", "PROGRAM_RESUME"})
RESETS = frozenset({"RESET", "RESET_LUN"})
STATUS_READS = frozenset({"SR", "SR_ADD"})
CAMREADS = frozenset({"CAMREAD", "CAMREAD_LUN"})
WAITS = frozenset({"NOP"})


@dataclass(frozen=True, slots=True)
class Base:
    """A base. `index` is its position in the config, `names` the positions of its op_names.

    `holds`: its operations take their target planes for themselves. `bus` tells of each state whether it needs the
    IO bus. `payload` are the fields of its payload, in order.
    """

    index: int
    name: str
    scope: Scope
    affects_state: bool
    instant: bool
    holds: bool
    states: tuple[str, ...]
    bus: tuple[bool, ...]
    payload: tuple[str, ...]
    names: tuple[int, ...]

    @property
    def has_die(self) -> bool:
        """Whether its payload names a die."""
        return "die" in self.payload

    @property
    def has_plane(self) -> bool:
        """Whether its payload names planes."""
        return "plane" in self.payload


@dataclass(frozen=True, slots=True)
class OpName:
    """What is sent. `index` is its position in the config, `celltype` that in the config's celltypes.

    Durations in ticks: `durations` aligned with the base's states; `issue`, `core_busy` and `data` (DATA_OUT or
    DATA_IN), 0 where it has no such state; `length` is their sum.
    """

    index: int
    name: str
    base: Base
    multi: bool
    celltype: int
    durations: tuple[int, ...]
    issue: int
    core_busy: int
    data: int
    length: int
    has_core: bool
    has_data: bool


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All bases and op_names, in order of the config, and by name."""

    bases: tuple[Base, ...]
    names: tuple[OpName, ...]
    base_index: Mapping[str, int]
    name_index: Mapping[str, int]

    def base(self, name: str) -> Base:
        """The base of that name. KeyError where there is none."""
        return self.bases[self.base_index[name]]

    def name(self, name: str) -> OpName:
        """The op_name of that name. KeyError where there is none."""
        return self.names[self.name_index[name]]

    @staticmethod
    def of(config: Config) -> Catalogue:
        """The catalogue that the config states."""
        members: dict[str, list[int]] = {spec.name: [] for spec in config.bases}
        for index, name in enumerate(config.names):
            members[name.base].append(index)
        bases = tuple(_base(i, spec, tuple(members[spec.name])) for i, spec in enumerate(config.bases))
        base_index = {base.name: base.index for base in bases}
        celltypes = {celltype: i for i, celltype in enumerate(config.celltypes)}
        names = tuple(
            _name(i, spec, bases[base_index[spec.base]], celltypes[spec.celltype])
            for i, spec in enumerate(config.names)
        )
        return Catalogue(bases, names, base_index, {name.name: name.index for name in names})


def _base(index: int, spec: BaseSpec, names: tuple[int, ...]) -> Base:
    return Base(
        index=index,
        name=spec.name,
        scope=spec.scope,
        affects_state=spec.affects_state,
        instant=spec.instant,
        holds=spec.affects_state or (spec.scope != "NONE" and not spec.instant),
        states=spec.states,
        bus=spec.bus,
        payload=spec.payload,
        names=names,
    )


def _name(index: int, spec: NameSpec, base: Base, celltype: int) -> OpName:
    lengths = dict(zip(base.states, spec.durations, strict=True))
    return OpName(
        index=index,
        name=spec.name,
        base=base,
        multi=spec.multi,
        celltype=celltype,
        durations=spec.durations,
        issue=lengths["ISSUE"],
        core_busy=lengths.get("CORE_BUSY", 0),
        data=lengths.get("DATA_OUT", lengths.get("DATA_IN", 0)),
        length=sum(spec.durations),
        has_core="CORE_BUSY" in lengths,
        has_data="DATA_OUT" in lengths or "DATA_IN" in lengths,
    )
