"""Operations of a sequence as plain rows, and their form put right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from model.advance import Issued
from model.device import Device
from model.event import NOTHING, Commands, ExpVal
from model.operations import OpName
from model.sequence import PayloadFault

Entry = tuple[int, int, int, int, int]


@dataclass(frozen=True, slots=True)
class Row:
    """One operation: start (ticks), op_name by index, exp_val, payload entries (die, plane, block, page, celltype).

    `origin` is its place in the sequence that is repaired, NOTHING where it was inserted.
    """

    time: int
    op: int
    exp: int
    entries: tuple[Entry, ...]
    origin: int = NOTHING

    @property
    def die(self) -> int:
        """The die of the payload, NOTHING where it has none."""
        return self.entries[0][0] if self.entries else NOTHING


def rows_of(commands: Commands) -> Iterator[Row]:
    """The rows of commands, in order."""
    flat = zip(
        commands.entry_die.tolist(), commands.entry_plane.tolist(), commands.entry_block.tolist(),
        commands.entry_page.tolist(), commands.entry_celltype.tolist(), strict=True,
    )  # fmt: skip
    entries: list[Entry] = list(flat)
    first = commands.first.tolist()
    heads = zip(commands.time.tolist(), commands.op.tolist(), commands.exp_val.tolist(), strict=True)
    for index, (time, op, exp) in enumerate(heads):
        yield Row(time, op, exp, tuple(entries[first[index] : first[index + 1]]), index)


def faults_of(commands: Commands, payloads: Iterable[PayloadFault], first_uid: int) -> dict[int, tuple[str, str]]:
    """What is wrong with rows and does not show in them, by place: payloads without form, numbers out of order."""
    uids = commands.op_uid.tolist()
    found = {
        place: ("op-uid", f"op_uid {uid}, {first_uid + place} is due")
        for place, uid in enumerate(uids)
        if uid != first_uid + place
    }
    for fault in payloads:
        if fault.op_uid in uids:
            found[uids.index(fault.op_uid)] = (fault.rule, fault.message)
    return found


def commands_of(rows: Sequence[Row], first_uid: int = 1) -> Commands:
    """Rows in order of start as commands, numbered from `first_uid`."""
    return Commands.of([(r.time, uid, r.op, r.die, r.exp, r.entries) for uid, r in enumerate(rows, first_uid)])


def issued(device: Device, rows: Iterable[Row], first_uid: int) -> list[Issued]:
    """Rows as the device transition takes them."""
    found = []
    for uid, row in enumerate(rows, first_uid):
        die, _, block, page, celltype = row.entries[0] if row.entries else (NOTHING,) * 5
        planes = sum({1 << entry[1] for entry in row.entries if entry[1] >= 0})
        at = NOTHING if block == NOTHING else device.geometry.row_of(block)
        found.append(Issued(uid, row.op, die, planes, at, page, celltype, row.time))
    return found


def in_form(device: Device, row: Row) -> Row:
    """The row with the payload that its op_name has: its fields, planes in order, one block row and page."""
    name = device.catalogue.names[row.op]
    fields = name.base.payload
    if not fields:
        return replace(row, entries=(), exp=NOTHING)
    exp = (row.exp if row.exp >= 0 else int(ExpVal.READY)) if "exp_val" in fields else NOTHING
    entries = [_entry(device, name, entry, row) for entry in row.entries or ((0, NOTHING, NOTHING, NOTHING, NOTHING),)]
    if not name.base.has_plane:
        return replace(row, entries=tuple(entries[:1]), exp=exp)
    by_plane = {entry[1]: entry for entry in sorted(entries, key=lambda entry: entry[1])}
    kept = list(by_plane.values())[: device.policies.maxplanes if name.multi else 1]
    first = kept[0]
    if "block" in fields:
        at = device.geometry.row_of(first[2])
        kept = [(first[0], e[1], device.geometry.block_of(at, e[1]), first[3], e[4]) for e in kept]
    return replace(row, entries=tuple(kept), exp=exp)


def _entry(device: Device, name: OpName, entry: Entry, row: Row) -> Entry:
    fields, geometry = name.base.payload, device.geometry
    die, plane, block, page, celltype = entry
    die = min(max(die, 0), geometry.dies - 1) if "die" in fields else NOTHING
    block = min(max(block, 0), geometry.blocks - 1) if "block" in fields else NOTHING
    if "plane" in fields:
        plane = block % geometry.planes if "block" in fields else min(max(plane, 0), geometry.planes - 1)
    else:
        plane = NOTHING
    page = min(max(page, 0), geometry.pages - 1) if "page" in fields else NOTHING
    if "celltype" not in fields:
        celltype = NOTHING
    elif name.celltype:
        celltype = name.celltype
    return die, plane, block, page, celltype
