"""What rarely happens when files are written or read."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from model.boundary import Boundary
from model.device import Device
from planner.errors import SnapshotError
from planner.export import RunWriter, batches, read_snapshot
from planner.export import summary as pages
from planner.export.files import RunFiles
from planner.export.snapshot import encode
from tests.export.stories import suspended_erase
from tests.export.tiny import config


@pytest.fixture
def snapshot(tmp_path: Path) -> Path:
    """The files of a fresh device's snapshot; the path of the document."""
    array, document = encode(config(), Boundary.fresh(Device(config())), seed=0, stream=0, run=1)
    (tmp_path / "state_snapshot_0000001.npy").write_bytes(array)
    path = tmp_path / "state_snapshot_0000001.json"
    path.write_bytes(document)
    return path


@pytest.mark.parametrize("text", ["{", "[" * 100_000])
def test_a_snapshot_that_is_not_json(snapshot: Path, text: str) -> None:
    snapshot.write_text(text)
    with pytest.raises(SnapshotError, match="not JSON"):
        read_snapshot(snapshot, config())


def test_a_snapshot_that_is_no_object(snapshot: Path) -> None:
    snapshot.write_text("[1]")
    with pytest.raises(SnapshotError, match="no JSON object"):
        read_snapshot(snapshot, config())


def test_a_snapshot_of_a_device_of_another_size(snapshot: Path) -> None:
    array = snapshot.with_suffix(".npy")
    np.save(array, np.zeros((1, 1, 3), dtype=np.int16))
    document = json.loads(snapshot.read_text())
    document["blocks"]["sha256"] = sha256(array.read_bytes()).hexdigest()
    snapshot.write_text(json.dumps(document))
    with pytest.raises(SnapshotError, match="has shape"):
        read_snapshot(snapshot, config())


def test_a_package_that_is_not_installed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "PACKAGES", ("no-such-package",))
    assert pages.versions()["no-such-package"] == "not installed"


def test_a_writer_that_cannot_begin_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(RunFiles, "write", interrupted)
    with pytest.raises(KeyboardInterrupt):
        RunWriter(config(), tmp_path, run=1, date="260102", seed=0)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_rows_are_written_as_they_come_where_there_are_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chunk = suspended_erase().chunk()
    written = []
    for enough in (1, 10_000):
        monkeypatch.setattr(batches, "ENOUGH", enough)
        with RunWriter(config(), tmp_path / str(enough), run=1, date="260102", seed=0) as writer:
            writer.write(chunk)
            paths = writer.commit()
        written.append([path.read_bytes() for path in paths if not path.name.startswith("timing")])
    assert written[0] == written[1]
