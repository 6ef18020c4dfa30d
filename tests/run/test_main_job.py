"""The main job on the shipped device: 20,000 operations in which everything legal happens."""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from model.config import Config
from model.device import Device
from model.search import Machine
from planner.run import plan
from planner.verify import verify

OPERATIONS, SEED, DATE = 20_000, 7, "260101"
READABLE_AND_WRITABLE = ("SLC", "TLC", "AESLC", "A0SLC", "ACSLC")


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory, shipped: Config) -> Path:
    """The folder of a run with the shipped config."""
    folder = tmp_path_factory.mktemp("main_job")
    plan(shipped, out=folder, seed=SEED, ops=OPERATIONS, date=DATE)
    return folder


def rows(out: Path, table: str) -> list[dict[str, str]]:
    """A table of the run."""
    with (out / f"{table}_{DATE}_0000001.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_its_files_hold_nothing_illegal(out: Path, shipped: Config) -> None:
    verdict = verify([out], shipped)
    assert verdict.operations >= OPERATIONS
    assert verdict.by_rule == {}


def test_every_base_that_can_occur_occurs_five_times(out: Path, shipped: Config) -> None:
    names = {name.name: name.base for name in shipped.names}
    seen = Counter(names[row["op_name"]] for row in rows(out, "operation_sequence"))
    device = Device(shipped)
    issued = 0
    for mask in Machine(device).closure().issued.values():
        issued |= mask
    able = {base.name for base in device.catalogue.bases if issued >> base.index & 1} | {"NOP"}
    assert {base: seen[base] for base in sorted(able) if seen[base] < 5} == {}


def test_every_celltype_comes_with_one_plane_and_with_several(out: Path, shipped: Config) -> None:
    names = {name.name: name for name in shipped.names}
    seen = {(names[row["op_name"]].celltype, names[row["op_name"]].multi) for row in rows(out, "operation_sequence")}
    has = {(name.celltype, name.multi) for name in shipped.names if name.celltype in READABLE_AND_WRITABLE}
    assert has <= seen


def test_one_operation_is_suspended_five_times_and_suspensions_nest(out: Path) -> None:
    cuts: Counter[str] = Counter()
    resting: dict[str, set[str]] = defaultdict(set)
    nested = 0
    for row in rows(out, "events"):
        if row["event"] == "OP_SUSPENDED":
            cuts[row["op_uid"]] += 1
            nested += bool(resting[row["die"]])
            resting[row["die"]].add(row["op_uid"])
        elif row["event"] in ("OP_RESUMED", "OP_ABORT"):
            resting[row["die"]].discard(row["op_uid"])
    assert max(cuts.values()) >= 5
    assert nested >= 5


def test_no_wish_is_forced_and_few_are_dropped(out: Path) -> None:
    counts = json.loads((out / "run_0000001.json").read_text(encoding="utf-8"))["counts"]
    assert counts["dropped"] <= 0.02 * counts["operations"]


def test_the_same_seed_gives_the_same_bytes_and_another_seed_another_sequence(tmp_path: Path, shipped: Config) -> None:
    for folder, seed in (("one", 5), ("two", 5), ("other", 6)):
        plan(shipped, out=tmp_path / folder, seed=seed, ops=400, date=DATE)
    files = sorted(path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*") if path.is_file())
    same = [path for path in files if not path.name.startswith("timing_")]
    assert all((tmp_path / "one" / path).read_bytes() == (tmp_path / "two" / path).read_bytes() for path in same)
    sequence = f"operation_sequence_{DATE}_0000001.csv"
    assert (tmp_path / "one" / sequence).read_bytes() != (tmp_path / "other" / sequence).read_bytes()
