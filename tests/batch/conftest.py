"""Folders in memory, where there are: what is tested does not depend on how fast a disk is."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.batch.campaigns import SMALL, carried

MEMORY = Path("/dev/shm")


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Path]:
    """A folder of the test's own."""
    if not MEMORY.is_dir():
        yield tmp_path
        return
    folder = Path(tempfile.mkdtemp(prefix="nandplan-", dir=MEMORY))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def no_coverage_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands leave out the rows of the campaign's coverage table, whose proofs take a while."""
    monkeypatch.setattr("planner.batch.finish.coverage_table", lambda campaign, ledger: "")


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the small campaign, made without trouble. Nothing may be changed in it."""
    out = tmp_path_factory.mktemp("undisturbed")
    carried(SMALL, out)
    return out
