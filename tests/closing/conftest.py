"""What the tests of the closing planner share."""

from __future__ import annotations

import pytest

from model.config import Config, load
from model.device import Device
from tests.closing.loops import INSTANCES, Loop, closed


@pytest.fixture(scope="session")
def tiny_config() -> Config:
    """The tiny device of the benchmarks: 358 cells that can be hit."""
    return load(INSTANCES / "tiny.yaml")


@pytest.fixture(scope="session")
def tiny_device(tiny_config: Config) -> Device:
    """It, indexed."""
    return Device(tiny_config)


@pytest.fixture(scope="session")
def tiny_loop(tiny_config: Config) -> Loop:
    """A closing plan for it."""
    return closed(tiny_config)
