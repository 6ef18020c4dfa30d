"""Where things of a page are on the screen, and what its run's files say."""

from __future__ import annotations

import csv

from planner.report.folder import RunFolder
from planner.report.history import History
from tests.report.browser import Browser


def table(run: RunFolder, name: str) -> list[dict[str, str]]:
    with run.table(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def place(browser: Browser, op: int, piece: int = 0) -> tuple[float, float]:
    """Where the middle of a piece of a state-affecting operation is on the screen."""
    x, y = browser.js(
        """const [op, piece] = arguments, t = NP.lanes.held, row = NP.lanes.rowsOf('held', op)[piece];
        const { model, box } = NP.view('timeline'), { start, end } = model.x_range, lanes = NP.lanes.list;
        const lane = lanes.find((l) => l.key === `d${t.die[row]}-p${31 - Math.clz32(t.mask[row])}`);
        const at = (t.start[row] + t.end[row]) / 2 / NP.scale;
        return [box.left + (at - start) / (end - start) * box.width,
          box.top + (lanes.length - lane.y - 0.5) / lanes.length * box.height];""",
        op,
        piece,
    )
    return float(x), float(y)


def field(browser: Browser, state: int, name: int) -> tuple[float, float]:
    """Where a field of the coverage map is on the screen."""
    browser.js("document.getElementById('heat').scrollIntoView()")
    x, y = browser.js(
        """const [state, name] = arguments, { box } = NP.view('heat'), { states, names } = NP.about;
        return [box.left + (name + 0.5) / names.length * box.width,
          box.top + (state + 0.5) / states.length * box.height];""",
        state,
        name,
    )
    return float(x), float(y)


def cut_operation(history: History) -> int:
    """The first operation that was suspended."""
    return int(history.gaps["op"][0])


def seen(browser: Browser) -> tuple[float, float]:
    start, end = browser.js("const [a, b] = NP.timeline.seen(); return [a / NP.scale, b / NP.scale]")
    return start, end


def middle(browser: Browser) -> tuple[float, float]:
    """The middle of the timeline on the screen."""
    x, y = browser.js("const b = NP.view('timeline').box; return [b.left + b.width / 2, b.top + b.height / 2]")
    return float(x), float(y)
