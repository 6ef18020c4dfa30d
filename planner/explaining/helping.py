"""Op_names that would let another one happen: the fewest, each like one that there is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from model.chains import NEXT_STEP, Kind
from model.config import NameSpec
from model.device import Device
from planner.explaining.edits import AddName, applied
from planner.targets.possible import Possible

MOST_NAMES = 4
_READS_OF = {Kind.CACHE_READ: (Kind.READ,), Kind.PLANE_CACHE_READ: (Kind.PLANE_READ,)}


def names_added(device: Device, wanted: str) -> Iterator[tuple[AddName, ...]]:
    """The fewest op_names with which an op_name becomes possible, by breadth."""
    level: list[tuple[AddName, ...]] = [()]
    for _ in range(MOST_NAMES):
        following: dict[tuple[AddName, ...], None] = {}
        for edits in level:
            for edit in _helping(device, wanted, edits):
                following[tuple(sorted((*edits, edit), key=str))] = None
        able = [edits for edits in following if _possible(device, wanted, edits)]
        if able:
            yield from able
            return
        level = list(following)


def _possible(device: Device, wanted: str, edits: Sequence[AddName]) -> bool:
    changed = Device(applied(device.config, edits))
    return Possible.of(changed).forbidden_by[changed.catalogue.name_index[wanted]] is None


def _helping(device: Device, wanted: str, edits: tuple[AddName, ...]) -> Iterator[AddName]:
    """Op_names that the first impossible one of those wanted and added asks for."""
    changed = Device(applied(device.config, edits))
    possible = Possible.of(changed)
    added = [name.index for name in changed.catalogue.names[len(device.catalogue.names) :]]
    for index in (*added, changed.catalogue.name_index[wanted]):
        rule = possible.forbidden_by[index]
        if rule is None:
            continue
        name = changed.catalogue.names[index]
        for base in _providers(changed, changed.kinds[name.base.index], rule):
            yield from _like(changed, base, name.celltype, name.multi)
        return


def _providers(device: Device, kind: Kind, rule: str) -> Iterator[int]:
    """The bases that could provide what is missing."""
    for base, other in enumerate(device.kinds):
        provides = {
            "program-after-erase": other is Kind.ERASE,
            "celltype": other is Kind.ERASE,
            "datain": other is Kind.ERASE,
            "read-programmed": device.advances[base],
            "chain": kind in NEXT_STEP.get(other, ()) or other is Kind.COPYBACK_READ,
            "cache-chain": other in _READS_OF.get(kind, ()),
            "recovery": bool(device.program_axis >> base & 1) or other is Kind.PROGRAM_SUSPEND,
        }
        if provides.get(rule, False):
            yield base


def _like(device: Device, base: int, celltype: int, multi: bool) -> Iterator[AddName]:
    """A new op_name of a base with a celltype, like the first one that there is."""
    names = [device.catalogue.names[n] for n in device.catalogue.bases[base].names]
    if any(n.celltype == celltype and n.multi == multi for n in names):
        return
    for name in sorted(names, key=lambda n: n.multi != multi)[:1]:
        spec = NameSpec(f"new_{name.base.name}", name.base.name, multi, device.celltypes[celltype], name.durations)
        yield AddName(name.name, spec)
