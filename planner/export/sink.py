"""What all outputs have in common: a name, columns, and text for what a chunk settled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from model.config import Config
from model.operations import Catalogue
from model.timeline import Layout, Settled
from planner.export.text import Lines, Texts, Us, fields, texts


@dataclass(frozen=True, slots=True)
class Words:
    """The device and its names as tables of CSV fields (index -1 = the empty field), and what else formatting needs.

    `annotated`: the run's own annotations are known (source, what was aimed at); else these columns stay empty.
    """

    config: Config
    catalogue: Catalogue
    layout: Layout
    us: Us
    annotated: bool
    opcodes: tuple[int, ...]

    @staticmethod
    def of(config: Config, *, annotated: bool = True) -> Words:
        """The words of a config."""
        catalogue = Catalogue.of(config)
        return Words(
            config=config,
            catalogue=catalogue,
            layout=Layout.of(config),
            us=Us(config.clock),
            annotated=annotated,
            opcodes=tuple(config.pattern.opcode_map.get(name.name, 0) for name in catalogue.names),
        )

    def op_names(self, end: str) -> Texts:
        """The op_names, `end` behind each."""
        return fields((name.name for name in self.catalogue.names), end)

    def bases(self, end: str) -> Texts:
        """The bases, `end` behind each."""
        return fields((base.name for base in self.catalogue.bases), end)

    def op_states(self, end: str) -> Texts:
        """The op_states, `end` behind each."""
        return fields(self.layout.op_states.names, end)

    def lanes(self, form: str) -> Texts:
        """The planes of the device in order of lane, each by a form like "{die},{plane},"."""
        planes = range(self.layout.planes)
        return texts(form.format(die=die, plane=plane) for die in range(self.layout.dies) for plane in planes)


class Sink(Protocol):
    """One CSV output; its lines are UTF-8."""

    @property
    def name(self) -> str:
        """The output's name, without date and run."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The header."""

    def rows(self, settled: Settled) -> Lines:
        """The lines that a chunk adds, in order, each with its line end."""

    def end(self) -> Lines:
        """The lines that only the whole run can tell."""
