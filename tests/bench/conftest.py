"""What the tests of the benchmark share."""

from __future__ import annotations

import pytest

from model.config import Config, load
from tests.bench.runs import INSTANCES, Run, sampled


@pytest.fixture(scope="session")
def tiny_config() -> Config:
    """The tiny device of the benchmarks: 358 cells that can be hit."""
    return load(INSTANCES / "tiny.yaml")


@pytest.fixture(scope="session")
def tiny_sampled(tiny_config: Config) -> Run:
    """The sampler's run of 3,000 operations on it."""
    return sampled(tiny_config, 3_000)


@pytest.fixture(scope="session")
def shipped_sampled(shipped: Config) -> Run:
    """The sampler's run of 6,000 operations on the shipped device."""
    return sampled(shipped, 6_000)
