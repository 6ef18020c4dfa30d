"""What is asked of a campaign: options, campaign files, and what was asked when it began."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from model.config import Config, ConfigError
from planner.batch.order import campaign_of, read_file, read_options
from planner.cli import run
from planner.errors import UnusableInput
from tests.batch.campaigns import DATE, SMALL, WEIGHTED, carried, tree

pytestmark = pytest.mark.usefixtures("no_coverage_table")

FILE = """\
config: my.yaml
out: results
seed: 7
sites: 2
runs: 3
run_until: 12.5
cover: 0.9
series: independent
date: 060102
keep: sequence
pack: csv
"""


def written(folder: Path, text: str) -> Path:
    """A campaign file."""
    path = folder / "campaign.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_says_what_options_say(tmp_path: Path, shipped: Config) -> None:
    order = read_file(written(tmp_path, FILE))
    assert order["config"] == str(tmp_path / "my.yaml")
    assert order["out"] == str(tmp_path / "results")
    campaign = campaign_of(order, shipped)
    assert (campaign.seed, campaign.sites, campaign.runs) == (7, 2, 3)
    assert (campaign.ops, campaign.until, campaign.cover) == (None, 125_000, 0.9)  # 12.5 us of 10^-4 us each
    assert (campaign.chained, campaign.date, campaign.keep, campaign.pack) == (False, "060102", "sequence", "csv")


FAULTS = {
    "sites: 0": "3:8: sites = '0': allowed: a whole number, 1 or more",
    "sites: two": "3:8: sites = 'two': allowed: a whole number, 1 or more",
    "sites: [2]": "3:8: sites = '[2]': not a single value; allowed: one value per key",
    "cover: 1.5": "3:8: cover = '1.5': allowed: a share, more than 0 and up to 1",
    "cover: 0": "3:8: cover = '0': allowed: a share, more than 0 and up to 1",
    "run_until: -1": "3:12: run_until = '-1': allowed: a time in us, more than 0",
    "run_until: nan": "3:12: run_until = 'nan': allowed: a time in us, more than 0",
    "series: chain": "3:9: series = 'chain': allowed: chained, independent",
    "date: 261340": "3:7: date = '261340': allowed: a date of six digits, yymmdd",
    "keep: none": "3:7: keep = 'none': allowed: sequence, all",
    "pack: zip": "3:7: pack = 'zip': allowed: none, csv, parquet",
    "worker: 2": "3:1: worker: unknown key; did you mean workers?",
}


@pytest.mark.parametrize("line", FAULTS)
def test_a_fault_of_a_file_is_told_with_its_place(line: str, tmp_path: Path) -> None:
    path = written(tmp_path, f"seed: 1\nruns: 2\n{line}\n")
    with pytest.raises(ConfigError) as caught:
        read_file(path)
    assert str(caught.value) == f"{path}:{FAULTS[line]}"


def test_all_faults_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        read_file(written(tmp_path, "sites: 0\nruns: 0\n"))
    assert len(caught.value.problems) == 2


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"sites": "-3"}, "--sites '-3': allowed: a whole number, 1 or more"),
        ({"run_until": "soon"}, "--run-until 'soon': allowed: a time in us, more than 0"),
        ({"retries": "1.5"}, "--retries '1.5': allowed: a whole number, 0 or more"),
    ],
)
def test_a_fault_of_an_option_names_it(options: dict[str, str | None], message: str) -> None:
    with pytest.raises(UnusableInput) as caught:
        read_options(options)
    assert str(caught.value) == message


def test_a_campaign_needs_sites_and_runs(shipped: Config) -> None:
    with pytest.raises(UnusableInput, match="give --sites N and --runs N"):
        campaign_of({"ops": 5}, shipped)


@pytest.mark.parametrize(
    ("asked", "taken"),
    [
        ({}, (2000, None, 1.0)),
        ({"cover": 0.5}, (2000, None, 0.5)),
        ({"ops": 5}, (5, None, None)),
        ({"run_until": "7.5"}, (None, 75_000, None)),  # a tick is 10^-4 us
    ],
)
def test_a_campaign_that_is_asked_for_nothing_else_covers_everything(
    asked: dict[str, Any], taken: tuple[Any, ...], shipped: Config
) -> None:
    campaign = campaign_of({"sites": 1, "runs": 1, **asked}, shipped)
    assert (campaign.ops, campaign.until, campaign.cover) == taken


def test_options_win_over_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, f"out: a\nsites: 1\nruns: 5\nops: 1\nseed: 7\ndate: {DATE}\nworkers: 1\n")
    assert run(["batch", "--campaign", str(path), "--runs", "1", "--no-progress"]) == 0
    assert "1 run on 1 site" in capsys.readouterr().out
    facts = json.loads((tmp_path / "a" / "campaign.json").read_text(encoding="utf-8"))
    assert (facts["campaign"]["runs"], facts["runs"]["done"]) == (1, 1)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--sites", "x"], "nandplan: --sites 'x': allowed: a whole number, 1 or more"),
        (["--rehash"], "nandplan: --rehash: only with --resume"),
        (["--campaign", "nowhere.yaml"], "nandplan: nowhere.yaml: there is no such file"),
        (["--sites", "1", "--runs", "1", "--ops", "1", "--workers", "1", "--cluster", "tcp://x:1"], "--workers with"),
        (["--resume"], "nandplan: give --sites N and --runs N"),
        (["--reproduce", "0:1", "--sites", "1", "--runs", "1", "--ops", "1"], "there is no campaign in this folder"),
    ],
)
def test_what_cannot_be_done_is_one_message(
    words: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["batch", "--out", str(tmp_path / "out"), "--no-progress", *words]) == 2
    told = capsys.readouterr().err
    assert message in told
    assert told.count("\n") == 1


def test_a_cluster_that_is_not_there_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr("planner.batch.cluster.CONNECT", 0.2)
    words = ["--sites", "1", "--runs", "1", "--ops", "1", "--cluster", "tcp://127.0.0.1:1"]
    assert run(["batch", "--out", str(tmp_path / "out"), "--no-progress", *words]) == 2
    assert "--cluster tcp://127.0.0.1:1: no scheduler answers there" in capsys.readouterr().err


def test_a_campaign_goes_on_as_it_began(undisturbed: Path, room: Path, capsys: pytest.CaptureFixture[str]) -> None:
    carried(SMALL, room, notes={"config": str(WEIGHTED)})
    (room / "site_00" / "run_0000002.json").unlink()
    assert run(["batch", "--out", str(room), "--resume", "--workers", "1", "--no-progress"]) == 0
    assert tree(room / "site_00") == tree(undisturbed / "site_00")
    assert run(["batch", "--out", str(room), "--resume", "--seed", "8", "--no-progress"]) == 2
    assert "this campaign has seed 7, not 8" in capsys.readouterr().err


def test_one_run_of_a_campaign_is_made_again_apart(undisturbed: Path, room: Path) -> None:
    carried(SMALL, room, notes={"config": str(WEIGHTED)})
    assert run(["batch", "--out", str(room), "--reproduce", "1:2"]) == 0
    again = tree(room / "reproduced" / "site_01")
    assert f"events_{DATE}_0000002.csv" in again
    assert again.items() <= {name.partition("/")[2]: sha for name, sha in tree(undisturbed).items()}.items()


@pytest.mark.parametrize("which", ["2:1", "0:4", "0:0", "x", "0"])
def test_only_runs_of_the_campaign_are_made_again(which: str, room: Path, capsys: pytest.CaptureFixture[str]) -> None:
    carried(SMALL, room, notes={"config": str(WEIGHTED)})
    assert run(["batch", "--out", str(room), "--reproduce", which]) == 2
    assert "allowed: SITE:RUN, sites 0 to 1, runs 1 to 3" in capsys.readouterr().err
