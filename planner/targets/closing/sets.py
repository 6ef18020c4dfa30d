"""What the closing chooser looks up per device: bit sets over bases and op_names."""

from __future__ import annotations

from model.chains import CACHE_READS, DIRECT_READS, EXECUTES, STEPS, TAKES_COPYBACK, Kind
from model.device import Device
from planner.targets.closing.left import END_KEY
from planner.targets.tables import Tables
from planner.targets.usable import lun_of


class Sets:
    """Bit sets of one device. `names_of` [base] are the usable op_names of a base."""

    def __init__(self, device: Device, tables: Tables) -> None:
        self.device, self.tables = device, tables
        self.op_names = device.catalogue.names
        self.kinds = device.kinds
        bases = device.catalogue.bases
        self._names: dict[int, int] = {}
        self.names_of = [sum(1 << name for name in tables.names[base.index]) for base in bases]
        self.issue = [op.issue for op in self.op_names]
        self.of_state: list[list[int]] = device.op_states.of_state.tolist()
        self.end: list[int] = device.op_states.end.tolist()
        self.rank: list[int] = device.op_states.rank.tolist()
        usable = tables.usable
        self.affecting = tables.changing & usable & ~tables.everywhere & ~tables.apart
        self.wide = self.affecting & tables.wide
        self.on_planes = self.affecting & ~tables.wide
        self.free = usable & ~tables.changing & ~tables.apart & ~tables.douts
        self.loads = tables.by_kind[Kind.DATAIN]
        self.odt_off, self.odt_on = tables.by_kind[Kind.ODT_OFF], tables.by_kind[Kind.ODT_ON]
        self.busiest = frozenset(b.index for b in bases if tables.wide >> b.index & 1 and str(b.scope) != "DIE_WIDE")
        self.plain_bus = issues_only(device)
        self.status_bases = frozenset(b.index for b in bases if device.kinds[b.index] is Kind.STATUS)
        self.status_names = self.names(tables.status)
        self._on_die = [self._elsewhere(die) for die in range(device.geometry.dies)]
        self.by_issue = tuple(sorted(range(len(self.op_names)), key=lambda n: (self.issue[n], n)))
        closing = EXECUTES - {Kind.SHOT_CACHE}
        self.closing_steps = frozenset(b.index for b in bases if device.kinds[b.index] in closing)
        self.copies = tables.of(Kind.COPYBACK_READ)
        self.plain_copies = tables.of(Kind.COPYBACK_PROGRAM)
        self.takes_copies = tables.of(*TAKES_COPYBACK)
        self.direct = tables.of(*DIRECT_READS)
        self.windows = sum(1 << b.index for b in bases if "DATA_OUT" in b.states)
        self.multis = sum(1 << op.index for op in self.op_names if op.multi)
        self.singles = ~self.multis
        self.bound = tables.of(*STEPS, *CACHE_READS, Kind.CACHE_PROGRAM, Kind.COPYBACK_PROGRAM, Kind.RECOVERY)
        self.successors = tables.of(*STEPS, *CACHE_READS, Kind.CACHE_PROGRAM, Kind.PROGRAM, Kind.ALLWL)
        self.feeds = frozenset({Kind.COPYBACK_READ})
        self.silenced = silenced(device)
        self.classes: dict[tuple[int, int], int] = {}
        for (_, multi, celltype), members in tables.alike.items():
            key = (int(multi), celltype)
            self.classes[key] = self.classes.get(key, 0) | sum(1 << name for name in members)

    def names(self, bases: int) -> int:
        """The op_names of some bases."""
        found = self._names.get(bases)
        if found is None:
            found = 0
            for base in bits(bases):
                found |= self.names_of[base]
            self._names[bases] = found
        return found

    def _elsewhere(self, die: int) -> int:
        """All op_names but the status reads of other dies."""
        mask = 0
        for op in self.op_names:
            if lun_of(op.name) in (None, die):
                mask |= 1 << op.index
        return mask

    def on_die(self, die: int) -> int:
        """The op_names that may be sent to a die."""
        return self._on_die[die]

    def alike(self, multi: bool, celltype: int) -> int:
        """The op_names of as many planes and of a celltype."""
        return self.classes.get((int(multi), celltype), 0)


def issues_only(device: Device) -> bool:
    """Whether every ISSUE uses the bus, and no other state does."""
    return all(base.bus[0] and not any(base.bus[1:]) for base in device.catalogue.bases if base.names)


def silenced(device: Device) -> dict[int, int]:
    """The op_names of weight 0 per key (4 * base + state, 3 for END), where there are any: never sent there."""
    found: dict[int, int] = {}
    weights = device.config.weights
    if not weights.overrides and not weights.phase_conditional:
        return found
    for base in device.catalogue.bases:
        if base.affects_state:
            states = {index: state for index, state in enumerate(base.states) if index} | {END_KEY: "END"}
            for index, state in states.items():
                wanted = device.config.wanted(f"{base.name}.{state}")
                mask = sum(1 << name for name, weight in enumerate(wanted) if weight == 0)
                if mask:
                    found[4 * base.index + index] = mask
    return found


def bits(mask: int) -> list[int]:
    """The positions of the bits of a set, ascending."""
    found = []
    while mask:
        bit = mask & -mask
        found.append(bit.bit_length() - 1)
        mask ^= bit
    return found
