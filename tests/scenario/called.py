"""Answers to scenarios given as text."""

from __future__ import annotations

from pathlib import Path

from model.boundary import Boundary
from model.device import Device
from planner.scenario.answer import Answer, Yes
from planner.scenario.parse import parse
from planner.scenario.plans import Clock
from planner.scenario.runner import Solution
from planner.scenario.service import Job, answer
from planner.scenario.solving import attempt


def answered(folder: Path, device: Device, text: str, limit: float | None = None) -> Answer:
    """The answer to a scenario on a fresh device."""
    path = folder / "scenario.yaml"
    path.write_text(text, encoding="utf-8")
    scenario = parse(path, device)
    return answer(scenario, device.config, device, Boundary.fresh(device), Job(None, "250101", None, limit))


def yes(folder: Path, device: Device, text: str) -> Yes:
    """The yes to a scenario."""
    found = answered(folder, device, text)
    assert isinstance(found, Yes), found
    return found


def solved(folder: Path, device: Device, text: str) -> Solution:
    """What carries a scenario out."""
    path = folder / "scenario.yaml"
    path.write_text(text, encoding="utf-8")
    solution, why = attempt(device, parse(path, device), Boundary.fresh(device), Clock(None))
    assert solution is not None, why
    return solution


def sent(device: Device, solution: Solution) -> list[tuple[str, list[tuple[int, ...]]]]:
    """(op_name, payload entries as die, plane, block, page) of every operation in order."""
    found = []
    for chunk in solution.chunks:
        commands = chunk.commands
        columns = (commands.entry_die, commands.entry_plane, commands.entry_block, commands.entry_page)
        flat = list(zip(*[column.tolist() for column in columns], strict=True))
        first = commands.first.tolist()
        for place, op in enumerate(commands.op.tolist()):
            found.append((device.catalogue.names[op].name, flat[first[place] : first[place + 1]]))
    return found
