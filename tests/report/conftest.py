"""A run of the shipped device, its page, and a real browser."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from model.config import Config
from planner import plan
from planner.report.facts import Facts
from planner.report.folder import RunFolder, runs_in
from planner.report.history import History, read_history
from planner.report.page import run_page
from tests.report.browser import Browser, installed, opened

PICTURES = Path(__file__).parents[2] / "out" / "screenshots"
"""What the tests saw; kept by CI."""
OPERATIONS = 600


@pytest.fixture(scope="session")
def made(shipped: Config, tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """A planned run of about 600 operations, with all its files."""
    folder = tmp_path_factory.mktemp("run")
    plan(shipped, out=folder, seed=7, ops=OPERATIONS, date="250101")
    (run,) = runs_in(folder)
    return run


@pytest.fixture(scope="session")
def facts(shipped: Config) -> Facts:
    return Facts.of(shipped)


@pytest.fixture(scope="session")
def history(made: RunFolder, facts: Facts) -> History:
    return read_history(made, facts)


@pytest.fixture(scope="session")
def page(made: RunFolder, facts: Facts, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the run."""
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(run_page(made, facts, "", lambda step: None), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A browser for the whole session. No browser: skipped, but never in CI."""
    found = installed()
    if found is None:
        why = "there is no Chromium with its driver here (Debian: apt-get install chromium chromium-driver)"
        if os.environ.get("CI"):
            pytest.fail(why)
        pytest.skip(why)
    with opened(found) as browser:
        yield browser


@pytest.fixture(scope="module")
def loaded(chromium: Browser, page: Path) -> Browser:
    """The browser with the run's page in it."""
    chromium.theme("light")
    chromium.open(page)
    return chromium


@pytest.fixture
def browser(loaded: Browser) -> Browser:
    """The page as it is when it has just been opened: the whole run, nothing chosen."""
    loaded.js(
        "document.activeElement.blur(); NP.at('query').value = ''; NP.panels.search('');"
        "NP.at('colour').value = 'family';"
        "NP.timeline.choose(-1); NP.timeline.hover(null); NP.timeline.all(); NP.timeline.paint(); scrollTo(0, 0)"
    )
    loaded.settled()
    return loaded


@pytest.fixture
def keep(loaded: Browser) -> Callable[[str], None]:
    """Keeps a picture of what the window shows."""

    def kept(name: str) -> None:
        loaded.picture(PICTURES / f"{name}.png")

    return kept
