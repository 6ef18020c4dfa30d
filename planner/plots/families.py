"""The families of operations as a reader sees them: a name, a letter and a colour each."""

from __future__ import annotations

from dataclasses import dataclass

from planner.report.facts import FAMILIES


@dataclass(frozen=True, slots=True)
class Look:
    """How a family is shown.

    `colour` as #rrggbb, told apart by people who confuse red and green, too; `ansi`: ink and ground, of the 16 colours
    that every terminal with colours has.
    """

    family: str
    letter: str
    colour: str
    ansi: tuple[str, str]


LOOKS = (
    Look("erase", "E", "#d1495b", ("white", "red")),
    Look("program", "P", "#3a6ea5", ("white", "blue")),
    Look("read", "R", "#4aa564", ("black", "green")),
    Look("copyback", "C", "#8f5fbf", ("white", "magenta")),
    Look("data", "D", "#8cc7b5", ("black", "cyan")),
    Look("status", "S", "#b8b8b8", ("black", "white")),
    Look("suspend", "U", "#f2b134", ("black", "yellow")),
    Look("reset", "X", "#555555", ("white", "bright_black")),
    Look("other", "O", "#9c7a54", ("black", "bright_yellow")),
)
IDLE = "#f4f4f2"

assert tuple(look.family for look in LOOKS) == FAMILIES
