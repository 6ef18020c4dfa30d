"""Folders of finished runs for tests: a story told by hand, and plans of the shipped device."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from model.config import Config, load
from planner.export import RunWriter
from planner.recorded.folder import runs_of
from planner.recorded.history import History, read_history
from planner.report.facts import Facts
from planner.run import plan
from tests.export.stories import suspended_erase
from tests.export.tiny import US, config


def story_in(folder: Path) -> History:
    """The story of a suspended erase on the tiny device, from its files.

    Die 0, planes 0 and 1: ISSUE of an erase 0..1, CORE_BUSY 1..31, cut; the SUSPEND 31..36 (ISSUE till 32); the RESUME
    50..53 (ISSUE till 51); the rest of the erase 53..123. Die 1, plane 1: a read 60..86 (ISSUE till 61, DATA_OUT from
    81). All planes: a CAMREAD 130..141 (ISSUE till 131). On the bus only: a status read 11..11.5, a NOP 150..151.
    """
    with RunWriter(config(), folder, run=1, date="260102", seed=7) as writer:
        writer.write(suspended_erase().chunk())
        writer.commit()
    return read_history(runs_of(folder), Facts.of(config()))


@cache
def story() -> History:
    """The same, read once."""
    return story_in(_folder())


@cache
def device() -> Config:
    """The shipped device, read once: what is worked out of a config is kept with it."""
    return load()


@cache
def planned(ops: int = 250, runs: int = 1, seed: int = 3) -> Path:
    """A folder with runs of the shipped device; nobody writes into it."""
    folder = _folder()
    plan(device(), out=folder, seed=seed, ops=ops, runs=runs, date="260102")
    return folder


def history_of(folder: Path) -> History:
    """What the files of runs of the shipped device tell."""
    return read_history(runs_of(folder), Facts.of(device()))


def us(time: float) -> int:
    """Ticks of the tiny device."""
    return round(time * US)


def _folder() -> Path:
    """A new folder that is gone after the tests."""
    folder = Path(tempfile.mkdtemp(prefix="nandplan-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
