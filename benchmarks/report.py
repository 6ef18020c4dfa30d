"""A report of many operations in a real browser: size, time to the first picture, time per frame while it moves.

The run is planned once (or taken from --run), its page is made in a process of its own, and opened in Chromium without
a window and without a GPU. Then the timeline moves by a little in each frame, at several zooms, and every frame's time
is taken, from the browser's own clock (a browser draws at most 60 frames per second), and the processor time that the
page's main thread worked for it. Times of frames mean something on a machine that does nothing else.

    python benchmarks/report.py --ops 200000 --write benchmarks/results/report.md
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.report.browser import Browser, installed, opened

MOST_MB, MOST_FIRST_MS, MOST_FRAME_MS = 20.0, 3000.0, 33.0
FRAMES = 240
ZOOMS = (1.0, 0.1, 0.01, 0.002, 0.0005)
"""Shares of the run that the picture shows."""
PAN = """
const [share, frames, done] = arguments, t = NP.timeline, wide = (t.limits.end - t.limits.start) * share;
t.go(t.limits.start, t.limits.start + wide);
const step = Math.min(wide / 40, (t.limits.end - t.limits.start) / frames), times = [];
let at = share < 1 ? t.limits.start : t.limits.start - wide / 50, last = 0, way = 1;
const frame = (now) => {
  if (last) times.push(now - last);
  last = now;
  if (times.length === frames) { done({ times, mode: t.mode, pieces: NP.lanes.countBetween(...t.seen()) }); return; }
  if (share === 1 && (times.length % 8) === 0) way = -way;
  at += way * (share < 1 ? step : wide / 800);
  t.go(at, at + wide);
  requestAnimationFrame(frame);
};
requestAnimationFrame(frame);
"""


@dataclass(frozen=True)
class Frames:
    """A pan: share of the run in the picture, pieces in it, how they were drawn, milliseconds of each frame.

    `work`: processor milliseconds of the page's main thread per frame, whatever else the machine does.
    """

    share: float
    pieces: int
    mode: str
    times: list[float]
    work: float


def made(folder: Path, operations: int, seed: int) -> Path:
    """A run of about so many operations."""
    command = [sys.executable, "-m", "planner.cli", "plan", "--ops", str(operations), "--seed", str(seed)]
    subprocess.run(
        [*command, "--out", str(folder), "--date", "000101", "--no-progress"], check=True, stdout=subprocess.DEVNULL
    )
    return folder


def reported(run: Path, page: Path) -> float:
    """Makes the page; gives the seconds that the process took."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "planner.cli", "report", str(run), "--out", str(page), "--no-progress"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def panned(browser: Browser, share: float) -> Frames:
    """Moves the timeline at a zoom."""
    browser.driver.execute_cdp_cmd("Performance.enable", {"timeDomain": "threadTicks"})
    before = _worked(browser)
    found = browser.driver.execute_async_script(PAN, share, FRAMES)
    work = (_worked(browser) - before) * 1000 / FRAMES
    browser.driver.execute_cdp_cmd("Performance.disable", {})
    return Frames(share, int(found["pieces"]), str(found["mode"]), [float(value) for value in found["times"]], work)


def _worked(browser: Browser) -> float:
    """Processor seconds that the main thread has worked."""
    metrics = browser.driver.execute_cdp_cmd("Performance.getMetrics", {})["metrics"]
    return float(next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration"))


def table(pans: Sequence[Frames]) -> str:
    """A row per zoom, as Markdown."""
    rows = [["of the run", "pieces", "drawn", "median ms", "95 % below ms", "longest ms", "work ms"], ["---"] * 7]
    for pan in pans:
        high = statistics.quantiles(pan.times, n=20)[-1]
        figures = (statistics.median(pan.times), high, max(pan.times), pan.work)
        rows.append([f"{pan.share:.2%}", f"{pan.pieces:,}", pan.mode, *(f"{value:.1f}" for value in figures)])
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def main() -> None:
    """Measures, prints, and exits with 1 where a limit is passed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ops", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--repeats", type=int, default=3, help="loads of the page")
    parser.add_argument("--run", type=Path, default=None, help="the folder of a run instead of a planned one")
    parser.add_argument("--write", type=Path, default=None, help="write the figures to this Markdown file")
    wish = parser.parse_args()
    found = installed()
    if found is None:
        raise SystemExit("there is no Chromium with its driver here")
    with tempfile.TemporaryDirectory() as name:
        page = Path(name) / "report.html"
        seconds = reported(wish.run or made(Path(name) / "run", wish.ops, wish.seed), page)
        size = page.stat().st_size / 1e6
        with opened(found) as browser:
            firsts = []
            for _ in range(wish.repeats):
                browser.open(page)
                firsts.append(float(browser.js("return performance.getEntriesByName('first picture')[0].startTime")))
            operations = int(browser.js("return NP.columns['op.time'].length"))
            version = browser.driver.capabilities["browserVersion"]
            pans = [panned(browser, share) for share in ZOOMS]
    first, frame = statistics.median(firsts), statistics.median([value for pan in pans for value in pan.times])
    told = (
        f"{operations:,} operations: page of {size:.1f} MB made in {seconds:.1f} s; "
        f"first picture after {first:.0f} ms "
        f"(median of {wish.repeats}); median frame {frame:.1f} ms over {sum(len(pan.times) for pan in pans):,} frames. "
        f"Chromium {version} without GPU, {os.cpu_count()} cores, {platform.machine()}, "
        f"Python {platform.python_version()}."
    )
    print(f"{table(pans)}\n\n{told}")
    if wish.write is not None:
        head = "# A report in the browser\n\n`python -m benchmarks.report`: the timeline moves in each frame.\n"
        wish.write.write_text(f"{head}\n{told}\n\n{table(pans)}\n", encoding="utf-8")
    worst = max(statistics.median(pan.times) for pan in pans)
    if size > MOST_MB or first > MOST_FIRST_MS or worst > MOST_FRAME_MS:
        raise SystemExit(f"more than {MOST_MB:.0f} MB, {MOST_FIRST_MS:.0f} ms or {MOST_FRAME_MS:.0f} ms per frame")


if __name__ == "__main__":
    main()
