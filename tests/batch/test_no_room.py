"""A full disk or a folder that cannot be written: one clear message, exit code 2, and the campaign can go on."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from planner.batch.supervisor import Stopped
from planner.cli import run
from planner.errors import UnusableOutput
from planner.verify import verify
from tests.batch.campaigns import DATE, SMALL, WEIGHTED, carried, kept, tree

pytestmark = pytest.mark.usefixtures("no_coverage_table")
ASKED = (
    "--sites", "2", "--runs", "3", "--ops", "1", "--seed", "7", "--date", DATE, "--workers", "1", "--no-progress",
    "--config", str(WEIGHTED),
)  # fmt: skip


@pytest.fixture
def mounted(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Mounts a file system in memory with some options, or changes them; skips where that is not allowed."""
    folder = tmp_path / "mounted"
    folder.mkdir()
    on = False

    def mount(options: str) -> Path:
        nonlocal on
        options = f"remount,{options}" if on else options
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], capture_output=True, check=False
        )
        if done.returncode:
            pytest.skip("no file system can be mounted here")
        on = True
        return folder

    yield mount
    if on:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_disk_that_gets_full_stops_the_campaign_which_goes_on_when_there_is_room(
    mounted: Callable[[str], Path], undisturbed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = mounted("size=600k") / "out"
    assert run(["batch", "--out", str(out), *ASKED]) == 2
    told = capsys.readouterr().err
    assert "No space left on device" in told or "disk is full" in told
    assert f"nandplan batch --out {out} --resume" in told
    assert "Traceback" not in told
    assert not list(out.rglob(".run_*"))
    mounted("size=100m")
    assert run(["batch", "--out", str(out), "--resume", "--no-progress"]) == 0
    assert tree(out / "site_01") == tree(undisturbed / "site_01")
    assert kept(out) == kept(undisturbed)


def test_a_folder_that_cannot_be_written_is_told_at_once(
    mounted: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    out = mounted("ro")
    assert run(["batch", "--out", str(out), *ASKED]) == 2
    told = capsys.readouterr().err
    assert f"nandplan: {out}" in told
    assert "cannot be written" in told


def test_a_campaign_whose_folder_becomes_read_only_goes_on_later(
    mounted: Callable[[str], Path], undisturbed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = mounted("size=100m")
    assert run(["batch", "--out", str(out), *ASKED]) == 0
    (out / "site_01" / "run_0000003.json").unlink()
    mounted("ro,size=100m")
    assert run(["batch", "--out", str(out), "--resume", "--no-progress"]) == 2
    assert "Traceback" not in capsys.readouterr().err
    mounted("rw,size=100m")
    assert run(["batch", "--out", str(out), "--resume", "--no-progress"]) == 0
    assert tree(out / "site_01") == tree(undisturbed / "site_01")


def test_a_campaign_can_be_looked_at_where_nothing_can_be_written(
    mounted: Callable[[str], Path], undisturbed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = mounted("size=100m") / "out"
    shutil.copytree(undisturbed, out)
    mounted("ro,size=100m")
    assert run(["status", str(out)]) == 0
    assert "6 of 6 runs done" in capsys.readouterr().out
    assert verify([out], SMALL.config).by_rule == {}


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS])
@pytest.mark.parametrize("after", [0, 5, 20])
def test_a_file_that_cannot_be_renamed_stops_the_campaign(
    number: int, after: int, undisturbed: Path, room: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left, rename = [after], os.replace

    def failing(*names: Any) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise OSError(number, os.strerror(number))
        rename(*names)

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", failing)
        with pytest.raises(Stopped, match=os.strerror(number)):
            carried(SMALL, room)
    carried(SMALL, room, resume=True)
    assert tree(room) == tree(undisturbed)


def test_a_ledger_that_cannot_grow_stops_the_campaign(
    undisturbed: Path, room: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from planner.batch.ledger import Ledger  # noqa: PLC0415

    record = Ledger.record

    def full(self: Ledger, *args: Any, **options: Any) -> bool:
        self._db.execute("PRAGMA max_page_count = 1")
        return record(self, *args, **options)

    with monkeypatch.context() as patched:
        patched.setattr(Ledger, "record", full)
        with pytest.raises(UnusableOutput, match="full"):
            carried(SMALL, room)
    carried(SMALL, room, resume=True)
    assert tree(room) == tree(undisturbed)
