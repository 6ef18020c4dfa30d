"""The page of many runs: its lines are what the files of the runs say, and it works in a browser."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest

from model.config import Config
from planner import plan
from planner.cli import run
from tests.report.browser import Browser
from tests.report.conftest import PICTURES

RUNS = 2


@pytest.fixture(scope="module")
def campaign(shipped: Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two sites of two runs each, the first site with the pages of its runs."""
    folder = tmp_path_factory.mktemp("campaign")
    for site in (0, 3):
        plan(shipped, out=folder / f"site_{site:02d}", seed=20 + site, ops=120, runs=RUNS, date="250101")
    assert run(["report", str(folder / "site_00"), "--run", "1", "--no-progress"]) == 0
    assert run(["report", str(folder)]) == 0
    return folder


def cells(folder: Path, number: int) -> set[tuple[str, str, str]]:
    with (folder / f"op_state_name_input_time_count_250101_{number:07d}.csv").open(
        encoding="utf-8", newline=""
    ) as file:
        return {(row["op_state"], row["op_name"], row["input_time"][2]) for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def shown(chromium: Browser, campaign: Path) -> Browser:
    chromium.theme("light")
    chromium.errors()
    chromium.requests()
    chromium.open(campaign / "report.html")
    return chromium


def rows(browser: Browser) -> list[list[str]]:
    found: list[list[str]] = browser.js(
        "return [...NP.at('runs').tBodies[0].rows].map((row) => [...row.cells].map((c) => c.innerText))"
    )
    return found


def test_it_loads_offline_without_an_error(shown: Browser) -> None:
    assert shown.errors() == []
    assert shown.requests() == []


def test_there_is_a_line_for_each_run_with_its_counts(shown: Browser, campaign: Path) -> None:
    wanted = []
    seen: set[tuple[str, str, str]] = set()
    for number in range(1, RUNS + 1):
        for site in (0, 3):
            folder = campaign / f"site_{site:02d}"
            counts = json.loads((folder / f"run_{number:07d}.json").read_text(encoding="utf-8"))["counts"]
            hit = cells(folder, number)
            wanted.append(
                [f"site {site}", str(number), f"{counts['operations']:,}", f"{len(hit):,}", f"{len(hit - seen):,}"]
            )
            seen |= hit
    assert [[row[0], row[1], row[2], row[5], row[6]] for row in rows(shown)] == wanted


def test_coverage_of_all_grows_to_the_cells_hit_by_any(shown: Browser, campaign: Path) -> None:
    union = set().union(*(cells(campaign / f"site_{site:02d}", number) for site in (0, 3) for number in (1, 2)))
    line = shown.js("return NP.source('growth', 'all').data.y")
    assert line[0] == 0
    assert line == sorted(line)
    assert line[-1] == len(union)


def test_each_site_has_a_bar_of_the_cells_that_it_hit(shown: Browser, campaign: Path) -> None:
    wanted = [len(cells(campaign / f"site_{site:02d}", 1) | cells(campaign / f"site_{site:02d}", 2)) for site in (0, 3)]
    assert shown.js("return NP.source('sites', 'sites').data.right") == wanted


def test_links_lead_to_pages_that_are_there_and_else_to_the_folder(shown: Browser, campaign: Path) -> None:
    links = shown.js(
        "return [...document.querySelectorAll('#runs a')].map((a) => [a.innerText, a.getAttribute('href')])"
    )
    assert links[0] == ["page", "site_00/report_250101_0000001.html"]
    assert links[1] == ["folder", "site_03"]
    assert all((campaign / link).exists() for _, link in links)


def test_the_runs_of_one_site_can_be_chosen(shown: Browser) -> None:
    shown.js("NP.at('site').value = '3'; NP.at('site').onchange()")
    assert [row[0] for row in rows(shown)] == ["site 3"] * RUNS
    shown.js("NP.at('site').value = 'all'; NP.at('site').onchange()")


def test_it_is_legible_in_the_dark(shown: Browser) -> None:
    shown.picture(PICTURES / "overview-light.png", whole=True)
    shown.theme("dark")
    shown.settled()
    assert shown.js(
        "return NP.figures.growth.all.find((m) => m.type === 'LinearAxis').major_label_text_color"
    ) == shown.js("return NP.colour('ink')")
    shown.picture(PICTURES / "overview-dark.png", whole=True)
    shown.theme("light")


def test_runs_whose_hits_are_not_kept_are_lines_without_cells(
    chromium: Browser, campaign: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(campaign, tmp_path / "thin"))
    for path in folder.glob("site_03/op_state_name_input_time_count_*"):
        path.unlink()
    assert run(["report", str(folder)]) == 0
    chromium.open(folder / "report.html")
    assert [row[5] == "" for row in rows(chromium)] == [False, True] * RUNS
    assert "2 runs have no op_state_name_input_time_count file" in chromium.text("nocoverage")


def test_the_coverage_file_of_the_campaign_says_how_much_is_covered(
    chromium: Browser, campaign: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(campaign, tmp_path / "whole"))
    lines = ["A.END,x,0,reachable,2,", "A.END,y,0,open,0,", "A.END,z,0,excluded,0,no"]
    text = "\n".join(["op_state,op_name,bin,status,hits,reason", *lines, ""])
    (folder / "coverage_250101.csv").write_text(text, encoding="utf-8")
    assert run(["report", str(folder)]) == 0
    chromium.open(folder / "report.html")
    # one of two cells that can be hit
    assert "50.00 %" in chromium.text("facts")
    assert "of 2 cells that can be hit" in chromium.text("facts")


def test_a_series_in_one_folder_has_an_overview_too(chromium: Browser, campaign: Path) -> None:
    assert run(["report", str(campaign / "site_03")]) == 0
    chromium.open(campaign / "site_03" / "report.html")
    assert [row[1] for row in rows(chromium)] == ["1", "2"]
