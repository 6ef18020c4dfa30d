"""The operations that a scenario comes to: what is wanted, and what the rules add to it."""

from __future__ import annotations

from dataclasses import dataclass, field

from model.chains import Kind
from model.event import NOTHING
from model.operations import Base, OpName
from planner.scenario.language import Cut, Inside, Related, Wanted

TARGET, CHAIN, PREREQUISITE, _, RESUME = range(5)
"""Positions in `model.event.SOURCES`."""


@dataclass(slots=True, eq=False)
class Hosted:
    """Where an act is issued: in a state of `host` (`piece` 0: any), or in its suspension number `suspension`."""

    host: Act
    inside: Inside
    piece: int = 0
    suspension: int = 0
    bin: int | None = None


@dataclass(slots=True, eq=False)
class Act:
    """One operation. `names` are its op_names, the first is taken unless another is tried.

    `suspends` and `resumes` are the acts that cut and continue it, by suspension; `stopped` is the RESET in it, `taken`
    the act that takes over its DATA window. `after` are acts after whose end it starts. `fixed`: its planes are said
    by the user, or follow from what is. `delivers` is the read of a DOUT; `previous` the step of its chain before it.
    """

    key: str
    names: tuple[OpName, ...]
    die: int
    kind: Kind
    source: int = TARGET
    wanted: Wanted | None = None
    planes: int = 0
    fixed: bool = False
    hosted: Hosted | None = None
    cuts: tuple[Cut, ...] = ()
    suspends: list[Act] = field(default_factory=list)
    resumes: list[Act | None] = field(default_factory=list)
    victim: Act | None = None
    stopped: Act | None = None
    taken: Act | None = None
    delivers: Act | None = None
    douts: list[Act] = field(default_factory=list)
    after: list[Act] = field(default_factory=list)
    previous: Act | None = None
    following: Act | None = None
    block: int | Related | None = None
    page: int | Related | None = None
    row: int = NOTHING
    at_page: int = NOTHING
    opened: Act | None = None
    moved_by: Act | None = None
    recovers: Act | None = None

    @property
    def name(self) -> OpName:
        """The op_name that is taken."""
        return self.names[0]

    @property
    def base(self) -> Base:
        """Its base."""
        return self.names[0].base
