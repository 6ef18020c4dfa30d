"""`nandplan coverage` without folders: what can be hit is found by a plan in memory."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from model.config import Config
from model.device import Device
from model.judge import Judge
from planner import covering
from planner.cli import run
from planner.coverage import kept as keeping
from planner.coverage.chart import known_reachable
from planner.coverage.kept import FOLDER
from planner.errors import JudgeRefused
from tests.closing.loops import INSTANCES

TINY = INSTANCES / "tiny.yaml"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of the test's own, in which everything is worth keeping."""
    monkeypatch.setenv(FOLDER, str(tmp_path / "cache"))
    monkeypatch.setattr(keeping, "WORTH_KEEPING", 0.0)
    return tmp_path / "cache"


@pytest.mark.parametrize("grain", ["base", "op_name"])
def test_no_cell_of_the_tiny_device_is_open(capsys: pytest.CaptureFixture[str], grain: str) -> None:
    assert run(["coverage", "--config", str(TINY), "--json", "--grain", grain, "--no-progress"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["open"], found["hit"], found["operations"]) == (0, 0, 0)
    assert found["reachable"] >= 358


def test_witnesses_are_found_once(tiny_device: Device, monkeypatch: pytest.MonkeyPatch) -> None:
    first = known_reachable(tiny_device)
    monkeypatch.delattr(covering, "witnesses")
    assert (known_reachable(tiny_device) == first).all()
    assert np.count_nonzero(first) == 358


@pytest.mark.parametrize("text", ["", "{", '{"cells": [5, 3]}', '{"cells": [-1]}', '{"cells": [99999999]}'])
def test_witnesses_that_cannot_be_read_are_found_anew(tiny_device: Device, cache: Path, text: str) -> None:
    known_reachable(tiny_device)
    (path,) = cache.glob("witnesses_*.json")
    path.write_text(text, encoding="utf-8")
    assert np.count_nonzero(known_reachable(tiny_device)) == 358


def test_a_plan_that_breaks_a_rule_is_no_witness(tiny_device: Device, monkeypatch: pytest.MonkeyPatch) -> None:
    class Strict(Judge):
        """A judge of a device whose blocks are all bad."""

        def __init__(self, config: Config) -> None:
            bad = frozenset((0, block) for block in range(8))
            topology = replace(config.topology, bad_blocks=bad)
            super().__init__(replace(config, topology=topology))

    monkeypatch.setattr(covering, "Judge", Strict)
    with pytest.raises(JudgeRefused, match="block 0 is BAD"):
        covering.witnesses(tiny_device)
