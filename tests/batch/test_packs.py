"""Packs hold exactly the files that a campaign without them has."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from planner.batch.members import pack_of, tables_in, with_run
from planner.batch.unpack import unpack
from planner.cli import run
from planner.errors import UnusableInput
from tests.batch.campaigns import DATE, SMALL, carried, tree


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small campaign in packs."""
    out = tmp_path_factory.mktemp("packed")
    carried(replace(SMALL, pack="csv"), out)
    return out


def test_a_pack_gives_back_the_table_of_every_run(packed: Path, undisturbed: Path) -> None:
    packs = sorted((packed / "site_01").glob("*.csv.gz"))
    assert len(packs) == 8
    for pack in packs:
        stem = pack.name.removesuffix(".csv.gz")
        files = {run: undisturbed / "site_01" / f"{stem}_{run:07d}.csv" for run in (1, 2, 3)}
        assert dict(tables_in(pack)) == {run: path.read_bytes() for run, path in files.items()}


def test_the_pages_of_the_runs_are_lines_of_one_file(packed: Path, undisturbed: Path) -> None:
    lines = gzip.decompress((packed / "site_00" / "run.jsonl.gz").read_bytes()).decode().splitlines()
    pages = [undisturbed / "site_00" / f"run_{run:07d}.json" for run in (1, 2, 3)]
    assert [json.dumps(json.loads(line), indent=2) + "\n" for line in lines] == [page.read_text() for page in pages]


def test_a_site_has_one_file_per_table_and_the_last_snapshot(packed: Path) -> None:
    names = {path.relative_to(packed / "site_00").as_posix() for path in (packed / "site_00").rglob("*.*")}
    assert {name for name in names if not name.endswith(".csv.gz")} == {
        "run.jsonl.gz",
        "timing.jsonl.gz",
        "snapshots/state_snapshot_0000003.json",
        "snapshots/state_snapshot_0000003.npy",
    }


def test_parquet_has_the_rows_of_all_runs(packed: Path, tmp_path: Path) -> None:
    carried(replace(SMALL, pack="parquet"), tmp_path)
    for site in ("site_00", "site_01"):
        frame = pl.read_parquet(tmp_path / site / f"operation_sequence_{DATE}.parquet")
        text = gzip.decompress((packed / site / f"operation_sequence_{DATE}.csv.gz").read_bytes())
        plain = pl.read_csv(text, schema_overrides={"time": pl.String})
        assert frame.columns == plain.columns
        assert frame["run"].to_list() == plain["run"].to_list()
        assert frame["op_uid"].to_list() == plain["op_uid"].to_list()
        assert [f"{time:.4f}" for time in frame["time"]] == plain["time"].to_list()


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_what_is_unpacked_has_the_bytes_that_it_had(form: Any, undisturbed: Path, tmp_path: Path) -> None:
    carried(replace(SMALL, pack=form), tmp_path / "packed")
    assert unpack(tmp_path / "packed", tmp_path / "plain") == 2 * 3 * 10  # 8 tables and 2 pages of each run
    files = tree(undisturbed)
    assert tree(tmp_path / "plain") == {name: sha for name, sha in files.items() if "snapshots/" not in name}


def test_one_run_is_unpacked_alone(packed: Path, tmp_path: Path) -> None:
    assert run(["unpack", str(packed), "--out", str(tmp_path), "--site", "1", "--run", "2"]) == 0
    assert len(tree(tmp_path)) == 9  # all but the timing page, which `tree` leaves out
    assert all(name.startswith("site_01/") and "_0000002." in name for name in tree(tmp_path))


def test_where_nothing_is_packed_nothing_is_unpacked(
    undisturbed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["unpack", str(undisturbed), "--out", str(tmp_path / "out")]) == 2
    assert "there are no packs in site_*" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_quoted_line_end_stays_in_its_row() -> None:
    table = b'a,b\n1,"x\ny"\n2,z\n'
    assert with_run(table, 7) == b'7,1,"x\ny"\n7,2,z\n'
    assert with_run(table, 1) == b'run,a,b\n1,1,"x\ny"\n1,2,z\n'


def test_a_member_knows_its_pack() -> None:
    assert pack_of(f"events_{DATE}_0000012.csv.gz", 12) == f"events_{DATE}.csv.gz"
    assert pack_of("run_0000012.json.gz", 12) == "run.jsonl.gz"


@pytest.mark.parametrize("damage", [b"no gzip", None])
def test_a_broken_pack_is_told(damage: bytes | None, packed: Path, tmp_path: Path) -> None:
    whole = (packed / "site_00" / f"events_{DATE}.csv.gz").read_bytes()
    path = tmp_path / "events.csv.gz"
    path.write_bytes(whole[: len(whole) // 2] if damage is None else damage)
    with pytest.raises(UnusableInput, match=r"events\.csv\.gz"):
        list(tables_in(path))
