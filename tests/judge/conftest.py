"""Scripts on the shipped device, and on the same device with all exclusion groups emptied."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from model.config import Config, load
from tests.judge.script import Script

Change = Callable[[dict[str, Any]], None]


def changed(config: Config, folder: Path, change: Change) -> Config:
    """The shipped config after a change of its plain data."""
    data = yaml.safe_load(Path(config.path).read_text(encoding="utf-8"))
    change(data)
    path = folder / "changed.yaml"
    path.write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
    return load(path)


def no_groups(data: dict[str, Any]) -> None:
    """Empty every exclusion group."""
    data["exclusion_groups"] = {name: {"forbid": []} for name in data["exclusion_groups"]}


@pytest.fixture
def s(shipped: Config) -> Script:
    """A script on the shipped device."""
    return Script(shipped)


@pytest.fixture(scope="session")
def free_config(shipped: Config, tmp_path_factory: pytest.TempPathFactory) -> Config:
    """The shipped device without any exclusion."""
    return changed(shipped, tmp_path_factory.mktemp("free"), no_groups)


@pytest.fixture
def free(free_config: Config) -> Script:
    """A script on a device without any exclusion."""
    return Script(free_config)


@pytest.fixture
def device(shipped: Config, tmp_path: Path) -> Callable[[Change], Script]:
    """Makes a script on the shipped device after a change of the config's data."""
    return lambda change: Script(changed(shipped, tmp_path, change))
