"""Changes of a config, one key or entry each, and what they make of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeVar, cast

from model.config import BaseSpec, Config, NameSpec
from model.config.weights import Weights
from planner.explaining.entries import Entry, allowed

T = TypeVar("T")


class Edit(Protocol):
    """One change."""

    @property
    def key(self) -> str:
        """The key path that it is about."""

    def __str__(self) -> str: ...

    def apply(self, config: Config) -> Config:
        """The config with the change."""


@dataclass(frozen=True, slots=True)
class Allow:
    """An exclusion group lets a base pass."""

    entry: Entry
    names_allowed: bool

    @property
    def key(self) -> str:
        """The group."""
        return f"exclusion_groups.{self.entry.group}"

    def __str__(self) -> str:
        if self.names_allowed:
            return f"add {self.entry.base} to {self.key}.allow"
        return f"remove {self.entry.base} from {self.key}.forbid"

    def apply(self, config: Config) -> Config:
        """The config with the group changed."""
        return allowed(config, frozenset([self.entry]))


@dataclass(frozen=True, slots=True)
class AddName:
    """A new op_name, otherwise like another one of its base."""

    like: str
    spec: NameSpec

    @property
    def key(self) -> str:
        """The op_name that it is like."""
        return f"op_names.{self.like}"

    def __str__(self) -> str:
        planes = ", multi-plane" if self.spec.multi else ""
        return (
            f"add an op_name of {self.spec.base} with celltype {self.spec.celltype}{planes}, otherwise like {self.like}"
        )

    def apply(self, config: Config) -> Config:
        """The config with one op_name more."""
        spec = replace(self.spec, name=f"{self.spec.name}_{len(config.names)}")
        return replace(config, names=(*config.names, spec))


@dataclass(frozen=True, slots=True)
class SetDuration:
    """Another duration, in ticks."""

    name: str
    state: str
    ticks: int
    us: str

    @property
    def key(self) -> str:
        """The duration."""
        return f"op_names.{self.name}.durations.{self.state}"

    def __str__(self) -> str:
        return f"set {self.key}: {self.us}"

    def apply(self, config: Config) -> Config:
        """The config with that duration."""
        states = {base.name: base.states for base in config.bases}
        names = [
            replace(
                spec,
                durations=tuple(
                    self.ticks if state == self.state else length
                    for state, length in zip(states[spec.base], spec.durations, strict=True)
                ),
            )
            if spec.name == self.name
            else spec
            for spec in config.names
        ]
        return replace(config, names=tuple(names))


@dataclass(frozen=True, slots=True)
class SetBase:
    """Another flag of a base."""

    base: str
    flag: str
    value: bool

    @property
    def key(self) -> str:
        """The flag."""
        return f"op_bases.{self.base}.{self.flag}"

    def __str__(self) -> str:
        return f"set {self.key}: {str(self.value).lower()}"

    def apply(self, config: Config) -> Config:
        """The config with that flag."""
        return replace(config, bases=tuple(self._changed(b) if b.name == self.base else b for b in config.bases))

    def _changed(self, base: BaseSpec) -> BaseSpec:
        if self.flag == "affect_state":
            return replace(base, affects_state=self.value)
        return replace(base, instant=self.value)


@dataclass(frozen=True, slots=True)
class SetNumber:
    """Another number of the topology or the policies."""

    section: str
    field: str
    value: int

    @property
    def key(self) -> str:
        """The number."""
        return f"{self.section}.{self.field}"

    def __str__(self) -> str:
        return f"set {self.key}: {self.value}"

    def apply(self, config: Config) -> Config:
        """The config with that number."""
        if self.section == "topology":
            return replace(config, topology=_with(config.topology, self.field, self.value))
        return replace(config, policies=_with(config.policies, self.field, self.value))


@dataclass(frozen=True, slots=True)
class ListSingle:
    """A base whose single-plane operations may overlap others."""

    base: str

    @property
    def key(self) -> str:
        """The list."""
        return "constraints.single_single_allowed_bases"

    def __str__(self) -> str:
        return f"add {self.base} to {self.key}"

    def apply(self, config: Config) -> Config:
        """The config with the base listed."""
        return replace(config, single_single_allowed_bases=(*config.single_single_allowed_bases, self.base))


@dataclass(frozen=True, slots=True)
class Weigh:
    """A weight above 0, in the table and state that switches an op_name off."""

    table: str
    state: str
    word: str

    @property
    def key(self) -> str:
        """The weight."""
        return f"{self.table}.{self.state}.{self.word}"

    def __str__(self) -> str:
        return f"set {self.key}: 0.01"

    def apply(self, config: Config) -> Config:
        """The config with that weight."""
        weights = config.weights
        tables = {"phase_conditional": weights.phase_conditional, "phase_conditional_overrides": weights.overrides}
        changed = {**tables[self.table], self.state: {**tables[self.table].get(self.state, {}), self.word: 0.01}}
        both = {**tables, self.table: changed}
        made = Weights(both["phase_conditional_overrides"], both["phase_conditional"])
        return replace(config, weights=made)


def _with(section: T, field: str, value: int) -> T:
    """A section with another number."""
    changed: dict[str, Any] = {field: value}
    return cast(T, replace(cast(Any, section), **changed))


def applied(config: Config, edits: Sequence[Edit]) -> Config:
    """The config with all of these changes."""
    for edit in edits:
        config = edit.apply(config)
    return config
