"""A snapshot holds the whole boundary, and says what is wrong with it in one line."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model.boundary import (
    ERASED,
    PROGRAMMED,
    Boundary,
    CacheProgram,
    CacheRead,
    LiveOp,
    PlaneState,
    Register,
    Shot,
)
from model.config import Config
from model.device import Device
from model.event import NOTHING
from model.judge import Judge
from planner.errors import SnapshotError
from planner.export import load_snapshot, read_snapshot
from planner.export.snapshot import encode, taken
from tests.export.tiny import config


def busy_boundary() -> Boundary:
    """A boundary with something of everything."""
    device = Device(config())
    fresh = Boundary.fresh(device)
    read, erase = device.catalogue.base("READ").index, device.catalogue.base("ERASE").index
    data = Register(3, read, 1, 2, 1, 0b11, 500, False)
    running = LiveOp(9, device.catalogue.name_index["Program"], 1, 0b01, 2, 1, 1, 900, 0, 900, 400_000, 421_000)
    suspended = LiveOp(4, device.catalogue.name_index["Erase"], 0, 0b10, 1, 0, 1, 20, 2, 700, 300, 700)
    resume = LiveOp(8, device.catalogue.name_index["Resume"], 0, 0, NOTHING, NOTHING, NOTHING, 9, 0, 9, 20, 30)
    plane = PlaneState(erase, data, replace(data, delivered=True), CacheRead(read, 0b11, 1, 2, 1))
    first = replace(
        fresh.dies[0], planes=(plane, PlaneState()), suspended=(suspended,), running=(resume,),
        cache_program=CacheProgram(0b10, 3, 2, 1),
    )  # fmt: skip
    second = replace(fresh.dies[1], running=(running,), shot=Shot(False, read, 1, 2, 3, 1, True, NOTHING, 77))
    blocks = fresh.blocks.copy()
    blocks.kind[0, 3], blocks.celltype[0, 3] = ERASED, 1
    blocks.kind[1, 7], blocks.celltype[1, 7], blocks.last[1, 7] = PROGRAMMED, 1, 3
    return replace(fresh, time=1000, next_op_uid=10, odt_disabled=True, dies=(first, second), blocks=blocks)


def write(folder: Path, boundary: Boundary, settings: Config | None = None) -> Path:
    """Writes the snapshot of run 2."""
    array, document = encode(settings or config(), boundary, seed=5, stream=40, run=2)
    (folder / "state_snapshot_0000002.npy").write_bytes(array)
    path = folder / "state_snapshot_0000002.json"
    path.write_bytes(document)
    return path


@pytest.fixture
def edited(tmp_path: Path) -> Callable[[Callable[[dict[str, Any]], object]], Path]:
    """A snapshot whose JSON was changed."""

    def edit(change: Callable[[dict[str, Any]], object]) -> Path:
        path = write(tmp_path, busy_boundary())
        document = json.loads(path.read_text())
        change(document)
        path.write_text(json.dumps(document))
        return path

    return edit


def test_what_is_written_is_what_is_read(tmp_path: Path) -> None:
    snapshot = load_snapshot(write(tmp_path, busy_boundary()), config())
    assert snapshot.boundary == busy_boundary() == read_snapshot(snapshot.path or tmp_path, config())
    assert (snapshot.seed, snapshot.stream, snapshot.run) == (5, 40, 2)


def test_a_snapshot_in_memory_is_the_one_in_the_file(tmp_path: Path) -> None:
    memory = taken(config(), busy_boundary(), seed=5, stream=40, run=2)
    file = load_snapshot(write(tmp_path, busy_boundary()), config())
    assert memory.document == file.document
    assert np.array_equal(memory.blocks, file.blocks)


def test_names_stand_for_indices_and_times_are_ticks(tmp_path: Path) -> None:
    document = json.loads(write(tmp_path, busy_boundary()).read_text())
    assert (document["schema"], document["time"], document["time_us"]) == (1, 1000, "0.1000")
    assert document["dies"][0]["planes"][0]["last"] == "ERASE"
    assert document["dies"][0]["planes"][0]["data"]["planes"] == [0, 1]
    assert document["dies"][1]["running"][0]["op_name"] == "Program"
    assert document["dies"][1]["shot"]["latch"] is None


def test_the_judge_starts_from_a_snapshot_of_a_fresh_device(tmp_path: Path) -> None:
    snapshot = load_snapshot(write(tmp_path, Boundary.fresh(Device(config()))), config())
    assert Judge(config(), snapshot.document, snapshot.blocks).finish().legal


def test_a_snapshot_is_not_taken_while_something_passes() -> None:
    boundary = busy_boundary()
    with pytest.raises(ValueError, match="nothing is being sent"):
        taken(config(), replace(boundary, passing=boundary.dies[1].running), seed=0, stream=0, run=1)


def test_a_missing_snapshot(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match=r"nowhere\.json: cannot be read: No such file"):
        load_snapshot(tmp_path / "nowhere.json", config())


def test_a_snapshot_of_another_config(tmp_path: Path) -> None:
    other = config("policies: {carry_over: true}\n")
    with pytest.raises(SnapshotError, match="made with another config"):
        load_snapshot(write(tmp_path, Boundary.fresh(Device(other)), other), config())


def test_a_corrupted_block_array(tmp_path: Path) -> None:
    path = write(tmp_path, busy_boundary())
    array = bytearray(path.with_suffix(".npy").read_bytes())
    array[-1] ^= 1
    path.with_suffix(".npy").write_bytes(bytes(array))
    with pytest.raises(SnapshotError, match=r"\.npy: corrupted"):
        load_snapshot(path, config())


def test_a_missing_block_array(tmp_path: Path) -> None:
    path = write(tmp_path, busy_boundary())
    path.with_suffix(".npy").unlink()
    with pytest.raises(SnapshotError, match=r"\.npy: cannot be read: .*; .*\.json needs it"):
        load_snapshot(path, config())


def test_not_json(tmp_path: Path) -> None:
    path = tmp_path / "broken.json"
    path.write_bytes(b"\xff{")
    with pytest.raises(SnapshotError, match=r"broken\.json: not JSON"):
        load_snapshot(path, config())


CHANGES: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "schema": (lambda d: d.update(schema=2), "schema 2"),
    "no dies": (lambda d: d.pop("dies"), "'dies' is missing"),
    "one die": (lambda d: d["dies"].pop(), "1 dies, not 2"),
    "one plane": (lambda d: d["dies"][1]["planes"].pop(), "die 1 has 1 planes, not 2"),
    "base": (lambda d: d["dies"][0]["planes"][0].update(last="RAED"), "'RAED' is missing or not known"),
    "op_name": (
        lambda d: d["dies"][0]["planes"][0].update(last="READ", last_name="Erase"),
        "is no op_name of 'READ'",
    ),
    "celltype": (lambda d: d["dies"][0]["suspended"][0].update(celltype="QLC"), "'QLC'"),
    "time": (lambda d: d.update(time=-3), "-3 is not a count"),
    "row": (lambda d: d["dies"][0]["suspended"][0].update(row=4), "row 4"),
    "plane": (lambda d: d["dies"][0]["suspended"][0].update(planes=[2]), "plane 2 of 2"),
    "die": (lambda d: d["dies"].__setitem__(0, 7), "not a state snapshot"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_broken_snapshot_names_what_is_wrong(name: str, edited: Callable[..., Path]) -> None:
    change, message = CHANGES[name]
    with pytest.raises(SnapshotError, match=message) as caught:
        load_snapshot(edited(change), config())
    assert "\n" not in str(caught.value)


def test_the_op_name_of_the_last_segment_is_kept() -> None:
    device = Device(config())
    fresh = Boundary.fresh(device)
    name = device.catalogue.names[device.catalogue.base("ERASE").names[0]]
    plane = PlaneState(name.base.index, last_name=name.index)
    busy = replace(fresh, dies=(replace(fresh.dies[0], planes=(plane, PlaneState())), *fresh.dies[1:]))
    document = taken(config(), busy, seed=0, stream=0, run=1).document
    assert [told["last_name"] for told in document["dies"][0]["planes"]] == [name.name, None]
