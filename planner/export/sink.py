"""What all outputs have in common: a name, columns, and text for what a chunk settled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from model.config import Config
from model.event import SOURCES
from model.operations import Catalogue
from model.timeline import Layout, Settled
from planner.export.text import Texts, Us, fields, texts


@dataclass(frozen=True, slots=True)
class Words:
    """The device's names as CSV fields in tables (index -1 = the empty field), and what else formatting needs.

    `annotated`: the run's own annotations are known (source, what was aimed at); else these columns stay empty.
    """

    config: Config
    catalogue: Catalogue
    layout: Layout
    us: Us
    annotated: bool
    op_names: Texts
    bases: Texts
    op_bases: Texts
    celltypes: Texts
    op_states: Texts
    sources: Texts
    opcodes: tuple[int, ...]

    @staticmethod
    def of(config: Config, *, annotated: bool = True) -> Words:
        """The words of a config."""
        catalogue, layout = Catalogue.of(config), Layout.of(config)
        names = catalogue.names
        return Words(
            config=config,
            catalogue=catalogue,
            layout=layout,
            us=Us(config.clock),
            annotated=annotated,
            op_names=fields(name.name for name in names),
            bases=fields(base.name for base in catalogue.bases),
            op_bases=fields(name.base.name for name in names),
            celltypes=fields(config.celltypes),
            op_states=fields(layout.op_states.names),
            sources=texts(SOURCES),
            opcodes=tuple(config.pattern.opcode_map.get(name.name, 0) for name in names),
        )


class Sink(Protocol):
    """One CSV output."""

    @property
    def name(self) -> str:
        """The output's name, without date and run."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The header."""

    def rows(self, settled: Settled) -> str:
        """The lines that a chunk adds, in order, each with its line end."""

    def end(self) -> str:
        """The lines that only the whole run can tell."""
