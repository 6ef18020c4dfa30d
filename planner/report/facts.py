"""What a page knows of the device: from the config, if it is the run's own, else from what the files show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from model import operations as families

if TYPE_CHECKING:
    from model.config import Config

FAMILIES = ("erase", "program", "read", "copyback", "data", "status", "suspend", "reset", "other")
BUS_STATE = "ISSUE"
"""What takes the bus where the config is not known."""


@dataclass(frozen=True, slots=True)
class Facts:
    """`bus`: per base the states that take the bus. `nominal`: planned ticks per (op_name, state).

    `narrow`: bases that see the busiest plane of their die only, `wide`: those that see all planes of it whatever
    their payload names, `silent`: those in no coverage cell.
    Names in order of the config. Without a config all are empty and `known` is False.
    """

    known: bool
    dies: int
    planes: int
    blocks: int
    pages: int
    bus: Mapping[str, tuple[str, ...]]
    nominal: Mapping[tuple[str, str], int]
    narrow: frozenset[str]
    wide: frozenset[str]
    silent: frozenset[str]
    op_states: tuple[str, ...]
    op_names: tuple[str, ...]
    bases: Mapping[str, str]
    programs: frozenset[str]
    default_state: bool

    @staticmethod
    def unknown() -> Facts:
        """Nothing is known but the families of the bases."""
        return Facts(
            False, 0, 0, 0, 0, {}, {}, frozenset(), frozenset(), families.WAITS, (), (), {}, frozenset(), False
        )

    @staticmethod
    def of(config: Config) -> Facts:
        """What the config says."""
        from model.op_states import OpStates  # noqa: PLC0415

        catalogue, topology = families.Catalogue.of(config), config.topology
        bus = {b.name: tuple(s for s, on in zip(b.states, b.bus, strict=True) if on) for b in catalogue.bases}
        nominal = {
            (name.name, state): ticks
            for name in catalogue.names
            for state, ticks in zip(name.base.states, name.durations, strict=True)
        }
        wide = frozenset(b.name for b in catalogue.bases if b.scope == "DIE_WIDE")
        narrow = frozenset(b.name for b in catalogue.bases if b.has_die and not b.has_plane) - wide
        return Facts(
            known=True,
            dies=topology.dies,
            planes=topology.planes,
            blocks=topology.blocks_per_die,
            pages=topology.pages_per_block,
            bus=bus,
            nominal=nominal,
            narrow=narrow,
            wide=wide,
            silent=families.WAITS,
            op_states=OpStates.of(config, catalogue).names,
            op_names=tuple(name.name for name in catalogue.names),
            bases={name.name: name.base.name for name in catalogue.names},
            programs=frozenset(config.program_base_whitelist),
            default_state=config.coverage.default_state,
        )

    def family(self, base: str) -> int:
        """The family of a base, as a place in FAMILIES."""
        return FAMILIES.index(_family(base, self.programs))


def _family(base: str, programs: frozenset[str]) -> str:
    known = (
        ("copyback", families.COPYBACK_READS | families.COPYBACK_PROGRAMS),
        ("erase", families.ERASE_AXIS),
        ("program", families.PROGRAMS | programs),
        ("read", families.READS | families.CACHE_READ_ENDS),
        ("data", families.DOUTS | families.DATAINS | families.TRANSFERS),
        ("status", families.STATUS_READS),
        ("suspend", families.SUSPENDS | families.RESUMES),
        ("reset", families.RESETS),
    )
    return next((family for family, bases in known if base in bases), "other")
