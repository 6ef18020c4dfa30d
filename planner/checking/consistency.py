"""The level consistency: whether the parts of a config fit together."""

from __future__ import annotations

from model.config import Config
from model.config.node import Node
from planner.checking import follows, groups, siblings, sizes, wanted
from planner.checking.finding import Notes
from planner.checking.ground import Ground

CHECKS = (*groups.CHECKS, *follows.CHECKS, *siblings.CHECKS, *sizes.CHECKS)
MOST_WEIGHTS = 1_000_000
"""Weights of op_names in states; beyond, what is wanted is not compared with what can be had."""


def check_consistency(root: Node, config: Config, notes: Notes) -> None:
    """Everything beyond what the loader checks; `config` may lack what is wrong in the file."""
    ground = Ground(root, config, notes)
    for check in CHECKS:
        check(ground)
    weights = config.weights
    if (len(weights.overrides) + len(weights.phase_conditional)) * len(config.names) > MOST_WEIGHTS:
        return
    for check in wanted.CHECKS:
        check(ground)
