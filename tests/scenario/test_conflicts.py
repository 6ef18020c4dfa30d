"""A no: its members do not go together, and without any one of them the rest does; another search says the same."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from model.boundary import Boundary
from model.config import Config, load
from model.device import Device
from planner.explain import smallest
from planner.scenario.answer import No
from planner.scenario.explaining import Explainer
from planner.scenario.parse import parse
from planner.scenario.plans import Clock
from planner.scenario.service import Job, answer
from tests.scenario.brute import tiny
from tests.scenario.language import drawn

SHIPPED = Device(load())
TEXTS = {
    "a read of the block whose erase rests": """
operations:
  e: {op: Block_Erase_SLC, die: 0, suspended: 1}
  r: {op: Read_SLC, die: 0, block: {same: e}, inside: {of: e, suspension: 1}}
""",
    "an erase inside a suspended program": """
operations:
  p: {op: Page_Program_SLC, die: 0, suspended: 1}
  e: {op: Block_Erase_SLC, die: 0, inside: {of: p, suspension: 1}}
""",
    "two distances that exclude each other": """
operations:
  a: {op: Block_Erase_SLC, die: 0}
  b: {op: SR, die: 0, inside: a}
statements:
  - {from: a.start, to: b.start, min: 100}
  - {from: a.start, to: b.start, max: 90}
  - {deadline: 9000}
""",
    "a status read in a time without bus use": """
operations:
  a: {op: Block_Erase_SLC, die: 0}
  b: {op: SR, die: 0, inside: {of: a, at: 50%}}
statements:
  - {quiet: [a.issue_end, a.end]}
  - {from: a.start, to: b.start, min: 10}
""",
    "a read that is delivered after the erase has begun": """
operations:
  r: {op: Read_SLC, die: 0}
  e: {op: Block_Erase_SLC, die: 0}
statements:
  - {before: [e.start, r.dout.1.start]}
""",
    "what must not be is asked for": """
operations:
  e: {op: Block_Erase_SLC, die: 0}
  s: {op: Read_Status_Enhanced_70h, die: 0, inside: {of: e, bin: 4}}
statements:
  - {never: SR, in: ERASE.CORE_BUSY}
""",
    "two suspensions of one erase cannot be in one piece of time": """
operations:
  e: {op: Block_Erase_SLC, die: 0, suspended: [10%, 10%]}
statements:
  - {from: e.suspend.1.start, to: e.suspend.2.start, max: 200}
""",
}


def shown_minimal(explainer: Explainer) -> int:
    """Checks the conflict of a scenario that cannot be; how many members it has."""
    labels = explainer.labels()
    conflict = smallest(labels, lambda on: explainer.impossible(on, True), lambda on: explainer.impossible(on, False))
    assert conflict is not None
    assert conflict.confirmed
    members = frozenset(conflict.labels)
    assert explainer.impossible(members, True) is True
    for label in conflict.labels:
        assert explainer.impossible(members - {label}, True) is False, label
        assert explainer.impossible(members - {label}, False) is False, label
    return len(members)


@pytest.mark.parametrize("text", TEXTS.values(), ids=list(TEXTS))
def test_each_member_of_a_conflict_is_needed(text: str, tmp_path: Path) -> None:
    path = tmp_path / "no.yaml"
    path.write_text(text, encoding="utf-8")
    scenario = parse(path, SHIPPED)
    assert shown_minimal(Explainer(SHIPPED, scenario, Boundary.fresh(SHIPPED), Clock(None))) > 0


@pytest.mark.parametrize("text", TEXTS.values(), ids=list(TEXTS))
def test_each_member_stands_somewhere_or_is_a_rule_with_its_sentence(text: str, tmp_path: Path) -> None:
    path = tmp_path / "no.yaml"
    path.write_text(text, encoding="utf-8")
    config = SHIPPED.config
    found = answer(parse(path, SHIPPED), config, SHIPPED, Boundary.fresh(SHIPPED), Job(None, "250101", None, None))
    assert isinstance(found, No)
    assert found.confirmed
    assert found.minimal
    for reason in found.conflict:
        assert reason.sentence
        assert reason.rule or reason.where.startswith(f"{path}:")


def checked(config: Config, folder: Path, seeds: range) -> int:
    device, found = Device(config), 0
    for seed in seeds:
        path = folder / "small.yaml"
        path.write_text(drawn(random.Random(f"w{seed}")).text(), encoding="utf-8")
        scenario = parse(path, device)
        if isinstance(answer(scenario, config, device, Boundary.fresh(device), Job(None, "250101", None, None)), No):
            found += bool(shown_minimal(Explainer(device, scenario, Boundary.fresh(device), Clock(None))))
    return found


def test_conflicts_of_small_scenarios(tmp_path: Path) -> None:
    assert checked(tiny(tmp_path), tmp_path, range(12)) > 3


@pytest.mark.long
def test_conflicts_of_many_small_scenarios(tmp_path: Path) -> None:
    assert checked(tiny(tmp_path), tmp_path, range(12, 500)) > 100
