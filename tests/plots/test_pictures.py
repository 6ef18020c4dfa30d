"""PNG and SVG pictures: what is where, and in which colour; `nandplan plot`."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
from pathlib import Path

import matplotlib.image
import numpy as np
import polars as pl
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from planner.cli import run
from planner.plots.drawing import save
from planner.plots.families import LOOKS
from planner.plots.heatmap import draw_heatmap
from planner.plots.histogram import bars_of, draw_histogram
from planner.plots.operation import draw_operation
from planner.plots.shades import readable_on, rgb, shade
from planner.plots.state import draw_state
from planner.plots.svg import timeline_svg
from planner.recorded.folder import runs_of
from planner.recorded.history import History
from planner.recorded.hits import counted_hits
from planner.report.facts import FAMILIES, Facts
from tests.recorded.made import planned, story, story_in, us

SVG = "{http://www.w3.org/2000/svg}"
COLOURS = {look.family: look.colour for look in LOOKS}


class Seen:
    """A figure as pixels; `at` gives the colour at a time and a height (in lanes from the top, 0 = the first)."""

    def __init__(self, figure: Figure, history: History, begin: int, end: int) -> None:
        data = io.BytesIO()
        save(figure, data)
        self._pixels = matplotlib.image.imread(io.BytesIO(data.getvalue()))
        self._axes = figure.axes[0]
        self._begin, self._end = begin, end
        self.lanes = [text.get_text() for text in self._axes.get_yticklabels()]

    def at(self, time: float, lane: str, above: float = 0.0) -> str:
        """The colour at a time in us; `above`: that part of a lane's height above its middle."""
        low, high = self._axes.get_xlim()
        x = low + (us(time) - self._begin) * (high - low) / (self._end - self._begin)
        column, row = self._axes.transData.transform((x, self.lanes.index(lane) - above))
        red, green, blue = self._pixels[len(self._pixels) - 1 - int(row), int(column), :3]
        return "#" + "".join(f"{round(255 * part):02x}" for part in (red, green, blue))


@pytest.fixture(scope="module")
def states() -> Seen:
    """The picture `state` of the story."""
    return Seen(draw_state(story(), 0, us(151)), story(), 0, us(151))


@pytest.fixture(scope="module")
def operations() -> Seen:
    """The picture `operation` of the story."""
    return Seen(draw_operation(story(), 0, us(151)), story(), 0, us(151))


def code(family: str, kind: int) -> int:
    """The code of a family's ISSUE (0), CORE_BUSY (1), or data window (2)."""
    return FAMILIES.index(family) * 3 + kind


@pytest.mark.parametrize(
    ("time", "lane", "colour"),
    [
        (5, "d0-p0", COLOURS["erase"]),
        (34, "d0-p0", COLOURS["suspend"]),
        (100, "d0-p1", COLOURS["erase"]),
        (65, "d1-p1", COLOURS["read"]),
        (83.5, "d1-p1", shade(code("read", 2))),
        (138, "d1-p0", COLOURS["other"]),
        (0.5, "bus", COLOURS["erase"]),
    ],
)
def test_a_state_has_the_colour_of_its_family(states: Seen, time: float, lane: str, colour: str) -> None:
    assert states.at(time, lane, 0.2) == colour


@pytest.mark.parametrize(("time", "lane"), [(42, "d0-p0"), (65, "d1-p0"), (90, "d1-p1"), (24, "bus")])
def test_where_nothing_happens_is_ground(states: Seen, time: float, lane: str) -> None:
    assert states.at(time, lane, 0.2) == "#f6f6f4"


def test_lanes_of_states_are_bus_planes_and_suspensions(states: Seen) -> None:
    assert states.lanes == ["bus", "d0-p0", "d0-p1", "d0 suspended", "d1-p0", "d1-p1"]


def test_operations_stand_on_their_payload_planes(operations: Seen) -> None:
    assert operations.lanes == ["d0-p0", "d0-p1", "d1-p0", "d1-p1"]
    assert operations.at(20, "d0-p0", -0.2) == COLOURS["erase"]
    assert operations.at(115, "d0-p1", -0.2) == COLOURS["erase"]
    assert operations.at(64, "d1-p1", -0.2) == COLOURS["read"]
    assert operations.at(64, "d1-p0", -0.2) == "#f6f6f4"


def test_what_only_passes_by_stands_above(operations: Seen) -> None:
    assert operations.at(11.25, "d0-p0", 0.35) == COLOURS["status"]
    assert operations.at(24, "d0-p0", 0.35) == "#f6f6f4"


@pytest.mark.parametrize("draw", [draw_state, draw_operation])
def test_the_same_history_gives_the_same_bytes(draw: object) -> None:
    made = []
    for _ in range(2):
        data = io.BytesIO()
        save(draw(story(), 0, us(60)), data)  # type: ignore[operator]
        made.append(data.getvalue())
    assert made[0] == made[1]


def test_letters_can_be_read_on_every_colour() -> None:
    def light(colour: str) -> float:
        parts = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in rgb(colour)]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    for look in LOOKS:
        ground, ink = light(look.colour), light(readable_on(look.colour))
        # contrast ratio of WCAG 2: at least 3 for large or bold letters
        assert (max(ground, ink) + 0.05) / (min(ground, ink) + 0.05) >= 3


def test_a_heatmap_has_every_hit_in_its_cell() -> None:
    hits = pl.DataFrame(
        {"op_state": ["A.END", "A.END", "B.END"], "op_name": ["x", "x", "y"], "fine": [0, 1, 0], "count": [2, 3, 7]}
    )
    figure = draw_heatmap(hits, None, Facts.unknown(), "t")
    image = figure.axes[0].images[-1].get_array()
    assert image is not None
    assert np.ma.filled(image, 0).tolist() == [[5, 0], [0, 7]]
    assert "12 hits, 2 of 4 pairs" in figure.axes[0].get_title(loc="left")


def test_a_heatmap_tells_what_cannot_be_hit() -> None:
    hits = pl.DataFrame({"op_state": ["A.END", "B.END"], "op_name": ["x", "y"], "fine": [0, 0], "count": [1, 1]})
    shut = pl.DataFrame({"op_state": ["A.END"], "op_name": ["y"]})
    title = draw_heatmap(hits, shut, Facts.unknown(), "t").axes[0].get_title(loc="left")
    assert "2 of 3 pairs of op_state and op_name that can be hit" in title


def test_a_histogram_counts_by_twentieths() -> None:
    hits = pl.DataFrame({"op_state": ["A.CORE_BUSY"] * 3, "op_name": ["x"] * 3, "fine": [0, 4, 99], "count": [1, 2, 5]})
    assert bars_of(hits).tolist() == [3, *[0] * 18, 5]


def test_states_without_length_are_in_no_histogram() -> None:
    hits = counted_hits(runs_of(planned()))
    lasting = hits.filter(~pl.col("op_state").str.ends_with(".END") & (pl.col("op_state") != "DEFAULT"))
    figure = draw_histogram(hits, Facts.unknown(), "t")
    heights = [bar.get_height() for bar in figure.axes[0].patches if isinstance(bar, Rectangle)]
    assert sum(heights) == lasting["count"].sum()


def test_an_svg_has_a_bar_with_a_title_for_every_run_of_cells() -> None:
    root = ET.fromstring(timeline_svg(story(), 0, us(151)))
    titles = [title.text for title in root.iter(f"{SVG}title")]
    assert "Erase_Multi (op_uid 1), array busy" in titles
    assert "Erase_Multi (op_uid 1), suspended" in titles
    assert "Read, slow (op_uid 5), data window" in titles
    names = [text.text for text in root.iter(f"{SVG}text")]
    assert {"bus", "d0-p0", "d0 suspended", "d1-p1", "erase", "suspend"} <= set(names)


def test_an_svg_needs_nothing_from_elsewhere() -> None:
    text = timeline_svg(story(), 0, us(151))
    assert text.count("http") == text.count("http://www.w3.org/2000/svg") == 1
    assert not [word for word in ("<script", "url(", "href", "src=") if word in text]


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("state", ["--from", "2000"]), ("operation", ["--to", "9000"]), ("heatmap", []),
        ("histogram", ["--from", "2000", "--to", "9000"]),
    ],
)  # fmt: skip
def test_every_kind_is_drawn(kind: str, options: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    png = tmp_path / "new" / "picture.png"
    assert run(["plot", str(planned()), kind, "--png", str(png), *options]) == 0
    height, width, _ = matplotlib.image.imread(png).shape
    assert f"{kind}, {width} x {height} pixels" in capsys.readouterr().out
    assert min(width, height) > 500


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["stats", "--png", "p.png"],
            "KIND 'stats': allowed: state, operation, heatmap, histogram; did you mean state?",
        ),
        (["state", "--png", "."], "it is a folder"),
        (["state", "--png", "p.png", "--to", "0"], "no time lies between"),
        (["histogram", "--png", "p.png", "--from", "-1"], "--from '-1'"),
    ],
)
def test_a_bad_wish_is_told_and_nothing_is_drawn(
    arguments: list[str],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["plot", str(planned()), *arguments]) == 2
    assert message in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_folder_of_another_device_is_drawn_with_a_warning(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    story_in(tmp_path)
    assert run(["plot", str(tmp_path), "state", "--png", str(tmp_path / "p.png")]) == 0
    assert "made with another config than the shipped one" in capsys.readouterr().err
