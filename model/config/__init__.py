"""The config: YAML -> a validated, frozen `Config`, or `ConfigError` with everything that is wrong with the file."""

from __future__ import annotations

from model.config.load import load, shipped_path
from model.config.problems import ConfigError, Problem
from model.config.spec import (
    BaseSpec,
    BootstrapSpec,
    Chain,
    Config,
    CoverageSpec,
    Followers,
    Group,
    NameSpec,
    PatternSpec,
    Policies,
    Scope,
    Step,
    Topology,
)
from model.config.weights import Weights

__all__ = [
    "BaseSpec",
    "BootstrapSpec",
    "Chain",
    "Config",
    "ConfigError",
    "CoverageSpec",
    "Followers",
    "Group",
    "NameSpec",
    "PatternSpec",
    "Policies",
    "Problem",
    "Scope",
    "Step",
    "Topology",
    "Weights",
    "load",
    "shipped_path",
]
