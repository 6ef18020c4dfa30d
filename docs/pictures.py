"""The pictures of README, made from a real run by a real browser: `python -m docs.pictures [--out docs/pictures]`.

Plans the run that README plans, makes its report, opens it in Chromium and keeps what is to be seen: `timeline.png` and
`coverage.png`. Needs chromium and its driver (Debian: chromium, chromium-driver).
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from planner.cli import run
from tests.report.browser import Browser, installed, opened

FOLDER = Path(__file__).parent / "pictures"
SIZE = (1280, 900)
SHOWN_US = (100_600, 102_800)
"""A piece of the run with nested suspensions: the one that README draws with letters."""


def main() -> None:
    """Makes the pictures."""
    parser = argparse.ArgumentParser(description="Makes the pictures of README.")
    parser.add_argument("--out", type=Path, default=FOLDER)
    out: Path = parser.parse_args().out
    found = installed()
    if found is None:
        raise SystemExit("there is no Chromium with its driver here")
    with tempfile.TemporaryDirectory() as name:
        plan = ["plan", "--out", name, "--ops", "2000", "--seed", "7", "--date", "250101", "--no-progress"]
        if run(plan) or run(["report", name, "--no-progress"]):
            raise SystemExit("the run or its report could not be made")
        with opened(found, SIZE) as browser:
            browser.open(Path(name) / "report.html", f"#from={SHOWN_US[0]}&to={SHOWN_US[1]}")
            timeline(browser, out / "timeline.png")
            coverage(browser, out / "coverage.png")


def timeline(browser: Browser, path: Path) -> None:
    """The timeline with all fragments of a suspended program marked."""
    op = browser.js(
        """const [a, b] = NP.timeline.seen(), t = NP.lanes.gap;
        const at = [...t.start].findIndex((start, i) => start > a && t.end[i] < b);
        NP.timeline.choose(t.op[at]); return t.op[at]"""
    )
    if op is None:
        raise SystemExit("nothing is suspended in the piece that is shown")
    browser.settled()
    _keep(browser, path, "part-timeline", "how")


def coverage(browser: Browser, path: Path) -> None:
    """The coverage map."""
    _keep(browser, path, "part-coverage", "heat")


def _keep(browser: Browser, path: Path, first: str, last: str) -> None:
    box = browser.js(
        """document.querySelector('header').style.display = 'none';
        const [a, b] = [...arguments].map((id) => document.getElementById(id).getBoundingClientRect());
        return [a.left + scrollX - 12, a.top + scrollY - 8, a.width + 24, b.bottom - a.top + 16]""",
        first,
        last,
    )
    print(browser.picture(path, clip=box))


if __name__ == "__main__":
    main()
