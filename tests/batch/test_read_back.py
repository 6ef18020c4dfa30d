"""What a campaign came to can be told from its files alone, packed or not, chained or not."""

from __future__ import annotations

import gzip
import shutil
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from planner.batch.ledger import NAME, Ledger
from planner.cli import run
from planner.coverage.chart import CHARTS
from planner.coverage.compare import differences
from planner.coverage.histories import histories_in
from planner.coverage.recount import Recount, recount
from planner.errors import UnusableInput
from planner.export.snapshot import load_snapshot
from planner.recorded.packs import packed_in
from planner.verify import verify
from planner.verify_track import Track
from tests.batch.campaigns import DATE, SMALL, WEIGHTED, carried, kept, with_bootstrap

ONE = replace(SMALL, sites=1)
BOOTED = replace(ONE, config=with_bootstrap(SMALL.config), runs=2)
CAMPAIGNS = {
    "sequences": replace(ONE, keep="sequence"),
    "packed": replace(SMALL, pack="csv"),
    "parquet": replace(ONE, pack="parquet"),
    "packed sequences": replace(ONE, pack="csv", keep="sequence"),
    "independent": replace(ONE, chained=False),
    "independent, packed": replace(ONE, chained=False, pack="csv"),
    "independent after a bootstrap": replace(BOOTED, chained=False),
    "independent after a bootstrap, packed": replace(BOOTED, chained=False, pack="parquet"),
}
Made = Callable[[str], Path]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A campaign by its name; made once. Nothing may be changed in it."""
    folders: dict[str, Path] = {}

    def folder(name: str) -> Path:
        if name not in folders:
            folders[name] = tmp_path_factory.mktemp("made") / "out"
            carried(CAMPAIGNS[name], folders[name])
        return folders[name]

    return folder


def counted(out: Path, name: str) -> Recount:
    """The hits of a campaign, from its sequences."""
    config = CAMPAIGNS[name].config
    return recount(histories_in([out], config), config, ("base",))


@pytest.mark.parametrize("name", CAMPAIGNS)
def test_the_judge_finds_it_legal_and_all_its_files_true(name: str, made: Made) -> None:
    verdict = verify([made(name)], CAMPAIGNS[name].config)
    assert verdict.by_rule == {}, verdict.text()
    assert verdict.notes == ()
    assert verdict.operations == kept(made(name))["operations"]


@pytest.mark.parametrize("name", CAMPAIGNS)
def test_its_sequences_give_the_hits_that_the_ledger_counts(name: str, made: Made) -> None:
    found, ledger = counted(made(name), name), Ledger(made(name) / NAME, write=False)
    assert np.array_equal(found.grains["base"].hits, ledger.hits())
    assert found.violations == 0
    ledger.close()


@pytest.mark.parametrize("name", ["independent", "independent after a bootstrap", "independent, packed"])
def test_a_site_is_known_to_be_one_of_a_campaign(name: str, made: Made) -> None:
    assert verify([made(name) / "site_00"], CAMPAIGNS[name].config).by_rule == {}


def test_without_a_record_the_pages_of_the_runs_tell_that_they_start_anew(made: Made, tmp_path: Path) -> None:
    shutil.copytree(made("independent") / "site_00", tmp_path / "alone")
    assert verify([tmp_path / "alone"], SMALL.config).by_rule == {}


def test_where_nothing_tells_that_runs_start_anew_they_do_not_follow_each_other(made: Made, tmp_path: Path) -> None:
    for path in (made("independent") / "site_00").glob("operation_sequence*"):
        shutil.copy(path, tmp_path)
    with pytest.raises(UnusableInput, match="times are out of order"):
        verify([tmp_path], SMALL.config)


def changed(out: Path, pack: str, old: bytes, new: bytes) -> Path:
    """Changes a text in the second run of a pack; gives the folder of the site."""
    path = out / "site_00" / pack
    members, rest = [], path.read_bytes()
    while rest:
        inflate = zlib.decompressobj(31)
        members.append(inflate.decompress(rest))
        rest = inflate.unused_data
    assert old in members[1]
    members[1] = members[1].replace(old, new, 1)
    path.write_bytes(b"".join(gzip.compress(member, mtime=0) for member in members))
    (out / NAME).unlink()  # it knows how long the pack is
    return path.parent


def test_a_false_row_in_a_pack_is_found_and_named_as_the_file_that_it_was(made: Made, tmp_path: Path) -> None:
    out = Path(shutil.copytree(made("packed"), tmp_path / "out"))
    site = changed(out, f"events_{DATE}.csv.gz", b",OP_END,", b",OP_ABORT,")
    verdict = verify([out], SMALL.config)
    assert set(verdict.by_rule) == {"op-end-once"}
    assert str(site / f"events_{DATE}_0000002.csv") in verdict.findings[0].message


def test_a_row_without_form_in_a_pack_is_named_with_its_run(made: Made, tmp_path: Path) -> None:
    out = Path(shutil.copytree(made("packed sequences"), tmp_path / "out"))
    site = changed(out, f"operation_sequence_{DATE}.csv.gz", b",0,", b",0,No")
    for tell in (lambda: verify([out], SMALL.config), lambda: counted(out, "packed sequences")):
        with pytest.raises(UnusableInput) as told:
            tell()
        assert str(site / f"operation_sequence_{DATE}") in str(told.value)
        assert "nandplan-" not in str(told.value)


def test_the_witness_of_a_cell_in_a_pack_names_the_run(made: Made) -> None:
    base = counted(made("independent, packed"), "independent, packed").grains["base"]
    hit = np.flatnonzero(base.hits)
    assert set(base.witness_run[hit].tolist()) <= {1, 2, 3}
    assert base.witness_run[hit].max() > 1


def test_the_coverage_file_of_a_packed_campaign_is_compared_with_its_packs(made: Made, tmp_path: Path) -> None:
    out = Path(shutil.copytree(made("packed"), tmp_path / "out"))
    rows = [",".join(("op_state", "op_name", "bin", "status", "hits", "reason"))]
    chart, found = CHARTS.of(SMALL.config), counted(out, "packed")
    hits = found.grains["base"].hits.ravel()
    rows += [f"{chart.name(cell).replace(', ', ',')},open,{hits[cell]}," for cell in np.flatnonzero(hits).tolist()]
    path = out / f"coverage_{DATE}.csv"
    path.write_text("\n".join([*rows, ""]), encoding="utf-8")
    assert list(differences(found, chart)) == []
    path.write_text("\n".join([*rows[:-1], ""]), encoding="utf-8")
    assert len(list(differences(found, chart))) == 1


def test_only_what_the_ledger_knows_of_a_pack_is_read(made: Made, tmp_path: Path) -> None:
    out = Path(shutil.copytree(made("packed"), tmp_path / "out"))
    with (out / "site_00" / f"operation_sequence_{DATE}.csv.gz").open("ab") as file:
        file.write(b"\x1f\x8bhalf of a run")
    assert verify([out], SMALL.config).by_rule == {}
    assert counted(out, "packed").violations == 0


def test_the_files_of_two_runs_are_there_at_a_time(made: Made) -> None:
    packed = packed_in(made("packed") / "site_00")
    assert packed is not None
    with packed.opened() as runs:
        folders = [folder for _, folder in runs]
        assert [folder.exists() for folder in folders] == [False, False, True]
    assert not folders[-1].exists()


def test_the_device_at_a_cut_is_the_one_of_the_snapshot(undisturbed: Path) -> None:
    from model.sequence import read_sequence  # noqa: PLC0415

    site, track = undisturbed / "site_00", Track(SMALL.config, None)
    for number in (1, 2, 3):
        track.follow(read_sequence(site / f"operation_sequence_{DATE}_{number:07d}.csv", SMALL.config).commands)
        wanted = load_snapshot(site / "snapshots" / f"state_snapshot_{number:07d}.json", SMALL.config).boundary
        found = track.at(SMALL.config.clock.us(wanted.time), wanted.time + 1)
        assert found.dies == wanted.dies
        assert np.array_equal(found.blocks.last, wanted.blocks.last)


def test_the_commands_read_packs(made: Made, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["verify", str(made("packed")), "--config", str(WEIGHTED)]) == 0
    assert run(["coverage", str(made("packed")), "--config", str(WEIGHTED), "--no-progress"]) == 0
    told = capsys.readouterr()
    assert "legal" in told.out
    assert "cells" in told.out
    assert told.err == ""


def test_a_page_is_made_of_one_run_of_a_pack(made: Made, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site, page = made("packed") / "site_01", tmp_path / "page.html"
    words = ["report", str(site), "--config", str(WEIGHTED), "--no-progress", "--out", str(page)]
    assert run([*words, "--run", "2"]) == 0
    assert "run 2" in page.read_text(encoding="utf-8")
    assert run([*words, "--run", "4"]) == 2
    assert "there is no run 4 in its packs" in capsys.readouterr().err
    assert run(["report", str(site.parent), "--config", str(WEIGHTED)]) == 2
    assert "the runs in it are packed; allowed: one of them" in capsys.readouterr().err
