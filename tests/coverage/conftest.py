"""Runs that tests of recounting share."""

from __future__ import annotations

from pathlib import Path

import pytest

from model.config import Config, load
from planner.run import plan

DATE = "260101"


@pytest.fixture(scope="session")
def device_file(tiny_text: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The config of the tiny device, without a bootstrap."""
    path = tmp_path_factory.mktemp("device") / "tiny.yaml"
    assert "bootstrap: {enabled: true" in tiny_text
    path.write_text(tiny_text.replace("bootstrap: {enabled: true", "bootstrap: {enabled: false"), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def tiny_device(device_file: Path) -> Config:
    """The tiny device."""
    return load(device_file)


@pytest.fixture(scope="session")
def series(tmp_path_factory: pytest.TempPathFactory, tiny_device: Config) -> Path:
    """The folder of three runs of the tiny device, one history."""
    out = tmp_path_factory.mktemp("series")
    plan(tiny_device, out=out, seed=3, ops=60, runs=3, date=DATE)
    return out


@pytest.fixture(scope="session")
def others(tmp_path_factory: pytest.TempPathFactory, tiny_device: Config) -> list[Path]:
    """Four folders of one run each, every one a history of its own."""
    folders = [tmp_path_factory.mktemp("other") for _ in range(4)]
    for seed, folder in enumerate(folders):
        plan(tiny_device, out=folder, seed=seed, ops=40, date=DATE)
    return folders


@pytest.fixture(scope="session")
def mixed(tmp_path_factory: pytest.TempPathFactory, shipped: Config) -> Path:
    """The folder of two runs of the shipped device, one history."""
    out = tmp_path_factory.mktemp("mixed")
    plan(shipped, out=out, seed=5, ops=300, runs=2, date=DATE)
    return out
