"""Reasons that are kept on the disk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from model.config import Config
from planner.coverage import kept as keeping
from planner.coverage.kept import FOLDER, Reasons, folder_of_caches, kept

MADE: Reasons = (np.array([0, 0, 2, 1, 1]), ("", "dout", "chain + time"))


class Maker:
    """Works reasons out, and counts how often."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self) -> Reasons:
        self.asked += 1
        return MADE


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of the test's own, in which everything is worth keeping."""
    monkeypatch.setenv(FOLDER, str(tmp_path / "cache"))
    monkeypatch.setattr(keeping, "WORTH_KEEPING", 0.0)
    return tmp_path / "cache"


def same(found: Reasons) -> bool:
    return found[0].tolist() == MADE[0].tolist() and found[1] == MADE[1]


def test_what_was_worked_out_once_is_not_worked_out_again(tiny_device: Config) -> None:
    maker = Maker()
    assert all(same(kept(tiny_device, 5, maker)) for _ in range(3))
    assert maker.asked == 1


def test_another_device_has_reasons_of_its_own(tiny_device: Config, shipped: Config) -> None:
    maker = Maker()
    kept(tiny_device, 5, maker)
    kept(shipped, 5, maker)
    assert maker.asked == 2


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"reasons": [""], "runs": [[0, 4]]}', '{"reasons": ["x"], "runs": []}']
)
def test_a_broken_cache_is_none(text: str, tiny_device: Config, folder: Path) -> None:
    maker = Maker()
    kept(tiny_device, 5, maker)
    for path in folder.iterdir():
        path.write_text(text, encoding="utf-8")
    assert same(kept(tiny_device, 5, maker))
    assert maker.asked == 2


def test_a_folder_that_cannot_be_written_does_no_harm(tiny_device: Config, folder: Path) -> None:
    folder.write_text("in the way", encoding="utf-8")
    assert same(kept(tiny_device, 5, Maker()))


def test_an_empty_name_of_the_folder_keeps_nothing(tiny_device: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FOLDER, "")
    maker = Maker()
    kept(tiny_device, 5, maker)
    kept(tiny_device, 5, maker)
    assert folder_of_caches() is None
    assert maker.asked == 2


def test_only_the_newest_are_kept(tiny_device: Config, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "MOST_FILES", 2)
    folder.mkdir()
    for name in "abc":
        (folder / f"reasons_{name}.json").write_text("{}", encoding="utf-8")
    kept(tiny_device, 5, Maker())
    assert len(list(folder.iterdir())) == 2
