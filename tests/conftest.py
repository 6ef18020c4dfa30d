"""What tests share: the shipped device, and a tiny one that each test can change."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from model.config import Config, load

DATA = Path(__file__).parent / "data"

Change = tuple[str, str]


@pytest.fixture(scope="session")
def shipped() -> Config:
    """The shipped config."""
    return load()


@pytest.fixture(scope="session")
def tiny_text() -> str:
    """The text of the tiny config: 1 die, 2 planes, 4 blocks per die, 8 pages per block, 8 op_names."""
    return (DATA / "tiny.yaml").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def older_text() -> str:
    """The tiny device in older spelling."""
    return (DATA / "older.yaml").read_text(encoding="utf-8")


@pytest.fixture
def write_config(tmp_path: Path) -> Callable[[str], Path]:
    """Writes a config's text to a file `config.yaml` of its own."""

    def write(text: str) -> Path:
        path = tmp_path / "config.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def tiny(tiny_text: str, write_config: Callable[[str], Path]) -> Callable[..., Config]:
    """Loads the tiny config, after replacing each (old, new) pair of texts; every old text has to be there."""

    def loaded(*changes: Change) -> Config:
        text = tiny_text
        for old, new in changes:
            assert old in text, f"{old!r} is not in the tiny config"
            text = text.replace(old, new, 1)
        return load(write_config(text))

    return loaded
