"""From a window's specification to a CP-SAT model that every legal way to carry it out solves."""

from __future__ import annotations

from model.boundary import Boundary
from model.device import Device
from planner.window import ordered, unordered
from planner.window.logic import Logic
from planner.window.rules.contents import ENCODERS
from planner.window.spec import WindowSpec
from planner.window.variables import Window


def build(device: Device, boundary: Boundary, spec: WindowSpec, *, assuming: bool = False) -> Window:
    """The variables and constraints of a window.

    With `assuming` every rule is enforced by a literal of its own (`Logic.assumptions`). Raises `Contradiction`
    where the data alone break a rule.
    """
    logic = Logic(spec.ceiling - spec.floor, assuming)
    window = Window(device, boundary, spec, logic)
    (ordered if spec.ordered else unordered).place(window)
    for rule, encode in ENCODERS:
        logic.rule = rule
        encode(window)
    return window
