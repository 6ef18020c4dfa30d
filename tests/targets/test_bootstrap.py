"""A bootstrap erases, programs and reads the shares that are asked for, legally, then the series begins."""

from __future__ import annotations

import csv
import json
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from model.boundary import Boundary
from model.config import Config
from model.device import Device
from planner.errors import UnusableInput
from planner.run import plan
from planner.targets.bootstrap import ERASES, PROGRAMS, READS, Step, drawn_steps
from planner.verify import verify

DATE = "260101"
TABLES = {"operation_sequence", "operation_timeline", "events"}


def wanting(config: Config, **wishes: Any) -> Config:
    """The device with a bootstrap that is enabled."""
    return replace(config, bootstrap=replace(config.bootstrap, enabled=True, **wishes))


def steps_of(config: Config, seed: int = 1) -> list[Step]:
    """What is asked for on a fresh device."""
    device = Device(config)
    return drawn_steps(device, Boundary.fresh(device), Random(seed))


def pages(steps: list[Step], kinds: tuple[Any, ...]) -> int:
    """How many blocks or pages the steps of some kinds name."""
    return sum(step.planes.bit_count() for step in steps if step.kinds == kinds)


# The shipped device has 2 dies of 64 blocks of 256 pages: 128 blocks, 32,768 pages.
@pytest.mark.parametrize(
    ("erase", "program", "read", "counts"),
    [
        (0.1, 0.02, 0.01, (13, 655, 328)),  # 12.8 blocks, 655.36 pages, 327.68 pages
        (0.0, 0.02, 0.01, (0, 0, 0)),  # nothing can be programmed
        (1.0, 0.0, 0.01, (128, 0, 0)),
        (0.01, 0.02, 0.02, (1, 256, 256)),  # 1 block holds 256 pages, of which all can be read
        (1.0, 0.001, 1.0, (128, 33, 33)),
    ],
)
def test_the_shares_are_met_as_far_as_they_can_be(
    erase: float, program: float, read: float, counts: tuple[int, int, int], shipped: Config
) -> None:
    config = wanting(shipped, erase_share=erase, program_share=program, read_share=read)
    steps = steps_of(config)
    assert (pages(steps, ERASES), pages(steps, PROGRAMS), pages(steps, READS)) == counts


def test_no_page_is_read_twice_and_none_that_is_not_programmed(shipped: Config) -> None:
    steps = steps_of(wanting(shipped, read_share=0.015))

    def named(kinds: tuple[Any, ...]) -> list[tuple[int, int, int, int]]:
        return [
            (s.die, s.row, plane, s.page)
            for s in steps
            if s.kinds == kinds
            for plane in range(4)
            if s.planes >> plane & 1
        ]

    read = named(READS)
    assert len(set(read)) == len(read)
    assert set(read) <= set(named(PROGRAMS))


def test_blocks_are_erased_in_proportion_to_the_weights(shipped: Config) -> None:
    weights = {"SLC": 3.0, "TLC": 1.0}
    steps = steps_of(wanting(shipped, erase_share=0.125, celltype_weights=weights))  # 16 blocks: 12 and 4
    words = shipped.celltypes
    counts = Counter[str]()
    for step in steps:
        if step.kinds == ERASES:
            counts[words[step.celltype]] += step.planes.bit_count()
    assert counts == {"SLC": 12, "TLC": 4}


def test_all_celltypes_that_can_be_erased_are_alike_without_weights(shipped: Config) -> None:
    steps = steps_of(wanting(shipped, erase_share=12 / 128))
    counts = Counter[str]()
    for step in steps:
        if step.kinds == ERASES:
            counts[shipped.celltypes[step.celltype]] += step.planes.bit_count()
    assert counts == {"SLC": 4, "TLC": 4, "AESLC": 4}


def test_a_celltype_that_nothing_erases_is_an_error_that_names_it(shipped: Config) -> None:
    with pytest.raises(UnusableInput, match=r"config.yaml:\d+: bootstrap.celltype_weights.FWSLC: no erase makes such"):
        steps_of(wanting(shipped, celltype_weights={"FWSLC": 1.0}))


def test_bad_blocks_are_left_alone(shipped: Config) -> None:
    bad = frozenset((die, block) for die in range(2) for block in range(64) if block % 8)
    config = replace(shipped, topology=replace(shipped.topology, bad_blocks=bad))
    steps = steps_of(wanting(config, erase_share=1.0))
    assert pages(steps, ERASES) == 16  # every eighth of 128
    assert {step.planes for step in steps} == {1}  # blocks 0, 8, 16, ... lie on plane 0


# -- as runs -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Made:
    """The folder of a series with a bootstrap, and its device."""

    out: Path
    config: Config

    def rows(self, table: str, run: int) -> list[dict[str, str]]:
        """A table of a run."""
        with (self.out / f"{table}_{DATE}_{run:07d}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, shipped: Config) -> Made:
    """A bootstrap of a twentieth of the blocks, then one run."""
    config = wanting(shipped, erase_share=0.05, program_share=0.003, read_share=0.002)
    out = tmp_path_factory.mktemp("bootstrap")
    plan(config, out=out, seed=3, ops=100, date=DATE, tables=TABLES)
    return Made(out, config)


def test_the_bootstrap_is_a_run_of_its_own_before_the_series(made: Made) -> None:
    sources = [{row["source"] for row in made.rows("operation_timeline", run)} for run in (1, 2)]
    assert sources[0] == {"bootstrap", "chain"}
    assert "bootstrap" not in sources[1]


def test_bootstrap_and_series_are_one_legal_history(made: Made) -> None:
    assert verify([made.out], made.config).by_rule == {}


def test_it_touches_what_was_asked_for(made: Made) -> None:
    seen = Counter[str]()
    names = {name.name: name.base for name in made.config.names}
    firsts = {"PROGRAM_SLC": "program", "ONESHOT_PROGRAM_LSB": "program", "ERASE": "erase"}
    for row in made.rows("operation_sequence", 1):
        base = names[row["op_name"]]
        payload = json.loads(row["payload"])
        kind = firsts.get(base, "read" if base in ("READ", "PLANE_READ", "READ4K", "PLANE_READ4K") else "")
        seen[kind] += len(payload) if isinstance(payload, list) else 1
    # 0.05 * 128 = 6.4 blocks; 0.003 * 32,768 = 98.3 and 0.002 * 32,768 = 65.5 pages
    assert (seen["erase"], seen["program"], seen["read"]) == (6, 98, 66)


def test_it_takes_planes_alone_and_together(made: Made) -> None:
    multi = {name.name: name.multi for name in made.config.names}
    bootstrapped = [row for row in made.rows("operation_timeline", 1) if row["source"] == "bootstrap"]
    for base in ("ERASE", "PROGRAM_SLC"):
        assert {multi[row["op_name"]] for row in bootstrapped if row["op_base"] == base} == {True, False}


def test_a_run_from_a_snapshot_has_no_bootstrap(made: Made, tmp_path: Path) -> None:
    snapshot = made.out / "snapshots" / "state_snapshot_0000002.json"
    result = plan(made.config, out=tmp_path, seed=3, ops=1, date=DATE, snapshot=snapshot, tables=TABLES)
    assert [run.run for run in result.runs] == [3]


def test_the_same_seed_gives_the_same_bootstrap_and_another_site_another_one(made: Made, tmp_path: Path) -> None:
    name = f"operation_sequence_{DATE}_0000001.csv"
    for site in (0, 1):
        plan(made.config, out=tmp_path / str(site), seed=3, site=site, runs=0, date=DATE, tables=TABLES)
    assert (tmp_path / "0" / name).read_bytes() == (made.out / name).read_bytes()
    assert (tmp_path / "1" / name).read_bytes() != (made.out / name).read_bytes()
