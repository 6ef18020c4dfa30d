"""Chapters of the shipped device and of a small one, planned once."""

from __future__ import annotations

import pytest

from model.config import Config, load
from model.device import Device
from planner.repeats.chapter import Chapter
from planner.repeats.library import library
from tests.closing.loops import INSTANCES
from tests.scenarios.told import changed

SMALL = 400
"""Operations of a run that the chapters of the shipped device are for: they have a hundred or more each."""


@pytest.fixture(scope="session")
def device(shipped: Config) -> Device:
    """The shipped device."""
    return Device(shipped)


@pytest.fixture(scope="session")
def chapters(device: Device) -> tuple[Chapter, ...]:
    """What hits every cell of the shipped device."""
    return library(device, 1, SMALL, None)


@pytest.fixture(scope="session")
def tiny_config() -> Config:
    """One die of two planes."""
    return load(INSTANCES / "tiny.yaml")


@pytest.fixture(scope="session")
def worn(tmp_path_factory: pytest.TempPathFactory) -> Config:
    """The shipped device with bad blocks: half of the rows of die 0 have one, other ones than those of die 1."""
    folder = tmp_path_factory.mktemp("worn")
    rows = [f"0,{8 * row + row % 4}" for row in range(8)] + [f"1,{8 * row + 5}" for row in range(8)]
    (folder / "bad.csv").write_text("\n".join(["die,block", *rows, ""]), encoding="utf-8")
    return changed(folder, topology={"bad_blocks": "bad.csv"})
