"""The frozen config: what a config file means, whatever its spelling. Times in ticks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePath

from model.config.problems import Problem
from model.config.weights import Weights
from model.units import Clock

NO_CELLTYPE = "NONE"
STATES = ("ISSUE", "CORE_BUSY", "DATA_OUT", "DATA_IN")
END = "END"
PAYLOAD_FIELDS = ("die", "plane", "block", "page", "celltype", "exp_val")
INHERIT_RULES = (
    "same_page",
    "inc_page",
    "pgm_same_page",
    "prev_page",
    "same_celltype",
    "multi",
    "same_page_from_program_suspend",
    "none",
)


class Scope(StrEnum):
    """Which planes an operation targets: all of its die, those of its payload, none by itself."""

    DIE_WIDE = "DIE_WIDE"
    PLANE_SET = "PLANE_SET"
    NONE = "NONE"


@dataclass(frozen=True, slots=True)
class Topology:
    """Counts of the device, and its bad blocks as (die, block)."""

    dies: int
    planes: int
    blocks_per_die: int
    pages_per_block: int
    bad_blocks: frozenset[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Policies:
    """What the planner aims at. Times in ticks; `read_offset_guard` in pages."""

    maxplanes: int
    sequence_gap: int
    admission_window: int
    queue_refill_period: int
    read_offset_guard: int
    carry_over: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a chain: its base, and how it comes by its address (of `INHERIT_RULES`)."""

    base: str
    inherit: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chain:
    """The steps that follow a base, under the key `NAME.SEQ`; weights of op_names within a base where given."""

    key: str
    steps: tuple[Step, ...]
    name_weights: Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Followers:
    """What follows a base: weights over `NONE`, bases and chain keys, and inherit rules per key."""

    probs: Mapping[str, float]
    inherit: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class BaseSpec:
    """An operation base. `bus` is aligned with `states`."""

    name: str
    scope: Scope
    affects_state: bool
    instant: bool
    states: tuple[str, ...]
    bus: tuple[bool, ...]
    payload: tuple[str, ...]
    sequence: Followers | None


@dataclass(frozen=True, slots=True)
class NameSpec:
    """An op_name. `durations` in ticks, aligned with the states of its base."""

    name: str
    base: str
    multi: bool
    celltype: str
    durations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """An exclusion group: the only bases allowed, or (`allow` False) the bases forbidden."""

    name: str
    allow: bool
    bases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CoverageSpec:
    """`hosts`: `base` or `op_name`, the grain of op_states. `default_state`: planes not used yet are cells, too."""

    hosts: str
    default_state: bool


@dataclass(frozen=True, slots=True)
class BootstrapSpec:
    """The first run of a series: shares (0 to 1) of all blocks erased, of all pages programmed and read."""

    enabled: bool
    erase_share: float
    program_share: float
    read_share: float
    celltype_weights: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class PatternSpec:
    """How the tester's pattern is written: op_ids by op_name, and whether exp_val carries the suspend flags."""

    opcode_map: Mapping[str, int]
    exp_val_suspend: bool


@dataclass(frozen=True, slots=True)
class Config:
    """A whole config. `digest` is the sha256 of what it means, the same for every spelling of it."""

    path: str
    clock: Clock
    topology: Topology
    celltypes: tuple[str, ...]
    policies: Policies
    bases: tuple[BaseSpec, ...]
    names: tuple[NameSpec, ...]
    groups: Mapping[str, Group]
    by_op_state: Mapping[str, tuple[str, ...]]
    by_latch_state: Mapping[str, tuple[str, ...]]
    by_cache_state: Mapping[str, tuple[str, ...]]
    by_suspend_state: Mapping[str, tuple[str, ...]]
    by_odt_state: Mapping[str, tuple[str, ...]]
    single_single_allowed_bases: tuple[str, ...]
    program_base_whitelist: tuple[str, ...]
    sequences: Mapping[str, Chain]
    weights: Weights
    coverage: CoverageSpec
    bootstrap: BootstrapSpec
    pattern: PatternSpec
    warnings: tuple[Problem, ...] = ()
    infos: tuple[Problem, ...] = ()
    digest: str = ""
    lines: Mapping[str, int] = field(default_factory=dict, repr=False)

    def line(self, key: str) -> int:
        """The line of a key path such as `exclusion_groups.on_erase`; 0 where the file does not have it."""
        return self.lines.get(key, 0)

    def at(self, key: str) -> str:
        """`config.yaml:123`, the place of a key path for messages; the file's name alone where it has no such key."""
        line = self.line(key)
        name = PurePath(self.path).name
        return f"{name}:{line}" if line else name

    def wanted(self, op_state: str) -> tuple[float, ...]:
        """Wanted weight of every op_name (in order of `names`) in an op_state; they add up to 1, or are all 0."""
        return self.weights.wanted(op_state, tuple((spec.name, spec.base) for spec in self.names))
