"""Hits recounted from operation sequences alone."""

from __future__ import annotations

import csv
import itertools
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from model.config import Config
from planner.coverage.chart import CHARTS
from planner.coverage.compare import differences
from planner.coverage.histories import histories_in
from planner.coverage.recount import Recount, recount
from planner.errors import UnusableInput
from planner.run import plan
from planner.targets.reachable import in_grain
from tests.coverage.conftest import DATE


def counted(config: Config, *paths: Path, snapshot: Path | None = None, grains: Sequence[str] = ("base",)) -> Recount:
    """The recount of some folders."""
    return recount(histories_in(paths, config, snapshot), config, grains)


def told(folder: Path, config: Config, run: int) -> dict[tuple[str, str, str], int]:
    """The hits that a coverage file tells, without the cells that were not hit."""
    with (folder / f"coverage_{DATE}_{run:07d}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {(row["op_state"], row["op_name"], row["bin"]): int(row["hits"]) for row in rows if row["hits"] != "0"}


def test_the_sequence_alone_gives_the_counts_of_the_coverage_files(mixed: Path, shipped: Config) -> None:
    found, chart = counted(shipped, mixed), CHARTS.of(shipped)
    for number, run in enumerate((1, 2)):
        cells, counts = found.grains["base"].of_file(number)
        names = [tuple(chart.name(cell).split(", ")) for cell in cells.tolist()]
        assert dict(zip(names, counts.tolist(), strict=True)) == told(mixed, shipped, run)


def test_finished_plans_hit_only_what_can_be_hit(mixed: Path, shipped: Config) -> None:
    found = counted(shipped, mixed)
    assert found.violations == 0
    assert CHARTS.of(shipped).wrongly_hit(found.grains["base"].hits).tolist() == []


def test_both_grains_count_every_hit_of_a_device_with_one_op_name_per_base(series: Path, tiny_device: Config) -> None:
    """The cells then are the same, and only their names differ."""
    found = counted(tiny_device, series, grains=("base", "op_name"))
    assert np.array_equal(found.grains["base"].hits, found.grains["op_name"].hits)


def test_hits_of_a_base_are_those_of_its_op_names(mixed: Path, shipped: Config) -> None:
    """Each cell of op_name grain that was hit lies in a cell of base grain that was hit as often or more."""
    found = counted(shipped, mixed, grains=("base", "op_name"))
    fine, coarse = found.grains["op_name"], found.grains["base"]
    assert np.count_nonzero(fine.hits) > np.count_nonzero(coarse.hits)
    assert fine.hits.sum() >= coarse.hits.sum()
    reads = [place for place, name in enumerate(_states(fine.config)) if name.startswith("Read_")]
    assert fine.hits[reads].sum() > 0


def _states(config: Config) -> tuple[str, ...]:
    return CHARTS.of(config).device.op_states.names


def test_the_order_of_folders_makes_no_difference(others: list[Path], tiny_device: Config) -> None:
    first = counted(tiny_device, *others).grains["base"]
    for order in itertools.permutations(others):
        again = counted(tiny_device, *order).grains["base"]
        assert np.array_equal(again.hits, first.hits)
        assert np.array_equal(again.witness_uid, first.witness_uid)


@pytest.mark.parametrize("cut", [1, 2, 3])
def test_any_split_adds_up_to_the_same(cut: int, others: list[Path], tiny_device: Config) -> None:
    whole = counted(tiny_device, *others)
    parts = [counted(tiny_device, *others[:cut]), counted(tiny_device, *others[cut:])]
    assert np.array_equal(sum(part.grains["base"].hits for part in parts), whole.grains["base"].hits)
    assert sum(part.operations for part in parts) == whole.operations


def test_the_runs_of_a_series_in_folders_of_their_own(series: Path, tiny_device: Config, tmp_path: Path) -> None:
    """Each goes on from the snapshot of the run before it, in whichever folder that is."""
    for run in (1, 2, 3):
        folder = tmp_path / f"part{run}"
        (folder / "snapshots").mkdir(parents=True)
        for path in (*series.glob(f"*_{run:07d}.csv"), *series.glob(f"snapshots/*_{run:07d}.*")):
            shutil.copy(path, folder / path.relative_to(series))
    parts = [tmp_path / f"part{run}" for run in (3, 1, 2)]
    apart, whole = counted(tiny_device, *parts), counted(tiny_device, series)
    assert np.array_equal(apart.grains["base"].hits, whole.grains["base"].hits)
    assert apart.violations == 0


def test_a_later_run_alone_needs_the_snapshot_before_it(series: Path, tiny_device: Config, tmp_path: Path) -> None:
    shutil.copy(series / f"operation_sequence_{DATE}_0000002.csv", tmp_path)
    with pytest.raises(UnusableInput, match=r"begins with operation \d+, and no snapshot"):
        counted(tiny_device, tmp_path)
    before = series / "snapshots" / "state_snapshot_0000001.json"
    found, whole = counted(tiny_device, tmp_path, snapshot=before), counted(tiny_device, series)
    assert [column.tolist() for column in found.grains["base"].of_file(0)] == [
        column.tolist() for column in whole.grains["base"].of_file(1)
    ]


def test_runs_that_count_from_1_are_histories_of_their_own(
    others: list[Path], tiny_device: Config, tmp_path: Path
) -> None:
    """As in a campaign whose runs are not chained: run 2 stands beside run 1 and does not go on from it."""
    for run, folder in enumerate(others[:2], 1):
        name = f"operation_sequence_{DATE}_0000001.csv"
        shutil.copy(folder / name, tmp_path / name.replace("0000001", f"{run:07d}"))
    found = counted(tiny_device, tmp_path)
    assert found.violations == 0
    assert np.array_equal(found.grains["base"].hits, counted(tiny_device, *others[:2]).grains["base"].hits)


def test_runs_that_each_go_on_from_the_first(series: Path, tiny_device: Config, tmp_path: Path) -> None:
    """As after a bootstrap: here run 3 is the same as run 2, so that each of its cells is hit twice as often."""
    (tmp_path / "snapshots").mkdir()
    for path in (*series.glob("operation_sequence_*_000000[12].csv"), *series.glob("snapshots/*_0000001.*")):
        shutil.copy(path, tmp_path / path.relative_to(series))
    second = tmp_path / f"operation_sequence_{DATE}_0000002.csv"
    shutil.copy(second, second.with_name(second.name.replace("0000002", "0000003")))
    found = counted(tiny_device, tmp_path)
    assert [file.run for file in found.files] == [1, 2, 3]
    assert found.violations == 0
    assert [column.tolist() for column in found.grains["base"].of_file(1)] == [
        column.tolist() for column in found.grains["base"].of_file(2)
    ]


def test_sites_add_up(others: list[Path], tiny_device: Config, tmp_path: Path) -> None:
    for site, folder in enumerate(others):
        shutil.copytree(folder, tmp_path / f"site_{site:02d}")
    assert np.array_equal(
        counted(tiny_device, tmp_path).grains["base"].hits, counted(tiny_device, *others).grains["base"].hits
    )


def test_the_witness_is_the_first_operation_that_hit_the_cell(series: Path, tiny_device: Config) -> None:
    found = counted(tiny_device, series)
    base = found.grains["base"]
    hit = np.flatnonzero(base.hits)
    for number, file in enumerate(found.files):
        with file.path.open(encoding="utf-8", newline="") as opened:
            names = {int(row["op_uid"]): row["op_name"] for row in csv.DictReader(opened)}
        for cell in hit[base.witness_file[hit] == number].tolist():
            name = CHARTS.of(tiny_device).name(cell).split(", ")[1]
            assert names[int(base.witness_uid[cell])] == name


def test_a_changed_count_is_named_with_its_cell(series: Path, tiny_device: Config, tmp_path: Path) -> None:
    copied = shutil.copytree(series, tmp_path / "copy")
    path = copied / f"coverage_{DATE}_0000002.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    row = next(i for i, line in enumerate(lines) if ",reachable,1," in line)
    lines[row] = lines[row].replace(",reachable,1,", ",reachable,2,")
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    chart = CHARTS.of(tiny_device)
    cell = ", ".join(lines[row].split(",")[:3])
    assert list(differences(counted(tiny_device, series), chart)) == []
    assert list(differences(counted(tiny_device, copied), chart)) == [
        f"{path}: {cell}: hits is 2, the sequences give 1"
    ]


def test_a_missing_row_is_named(series: Path, tiny_device: Config, tmp_path: Path) -> None:
    copied = shutil.copytree(series, tmp_path / "copy")
    path = copied / f"coverage_{DATE}_0000001.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    row = next(i for i, line in enumerate(lines) if ",reachable,1," in line)
    cell = ", ".join(lines.pop(row).split(",")[:3])
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    found = list(differences(counted(tiny_device, copied), CHARTS.of(tiny_device)))
    assert found == [f"{path}: {cell}: hits is 0 or there is no such row, the sequences give 1"]


def test_the_file_of_a_campaign_is_about_all_its_sites(others: list[Path], tiny_device: Config, tmp_path: Path) -> None:
    """The file of one site alone tells less than all of them hit together."""
    for site, folder in enumerate(others):
        shutil.copytree(folder, tmp_path / f"site_{site:02d}")
    shutil.copy(others[0] / f"coverage_{DATE}_0000001.csv", tmp_path / f"coverage_{DATE}.csv")
    found = list(differences(counted(tiny_device, tmp_path), CHARTS.of(tiny_device)))
    assert found
    assert all(text.startswith(f"{tmp_path / f'coverage_{DATE}.csv'}: ") for text in found)


def test_a_folder_without_sequences_is_refused(tiny_device: Config, tmp_path: Path) -> None:
    with pytest.raises(UnusableInput, match=r"there is no operation_sequence"):
        counted(tiny_device, tmp_path)


def test_what_still_runs_at_the_cut_counts_for_what_was_issued_inside(tmp_path: Path, shipped: Config) -> None:
    config = replace(shipped, policies=replace(shipped.policies, carry_over=True))
    plan(config, out=tmp_path, seed=5, ops=300, runs=4, date=DATE)
    found, chart = counted(config, tmp_path), CHARTS.of(config)
    for number in range(4):
        cells, counts = found.grains["base"].of_file(number)
        names = [tuple(chart.name(cell).split(", ")) for cell in cells.tolist()]
        assert dict(zip(names, counts.tolist(), strict=True)) == told(tmp_path, config, number + 1)


@pytest.mark.long  # the reasons of all op_names of the shipped device
def test_a_run_goes_on_in_the_end_of_the_op_name_before(tmp_path: Path, shipped: Config) -> None:
    config = in_grain(shipped, "op_name")
    plan(config, out=tmp_path, seed=5, ops=100, runs=3, date=DATE)
    found, chart = counted(config, tmp_path, grains=("op_name",)), CHARTS.of(config)
    for number in range(3):
        cells, counts = found.grains["op_name"].of_file(number)
        names = [tuple(chart.name(cell).split(", ")) for cell in cells.tolist()]
        assert dict(zip(names, counts.tolist(), strict=True)) == told(tmp_path, config, number + 1)
