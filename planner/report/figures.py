"""The Bokeh figures of a page, still empty: the page's script fills them with what can be seen."""

from __future__ import annotations

from typing import Any

import numpy as np
from bokeh.embed import json_item
from bokeh.layouts import column
from bokeh.models import (
    ColumnDataSource,
    CustomJS,
    CustomJSTickFormatter,
    FixedTicker,
    LayoutDOM,
    PanTool,
    Range1d,
    RangeTool,
    WheelZoomTool,
)
from bokeh.plotting import figure

LANE = 30
"""Pixels that a lane of the timeline is high."""
MARGIN = 12
GROUPED = "const parts = (+tick.toFixed(4)).toString().split('.'); \
parts[0] = parts[0].replace(/\\B(?=(\\d{3})+(?!\\d))/g, ','); return parts.join('.')"
"""Numbers with a comma every three digits, at most four decimals."""


def items(lanes: int, span_us: tuple[float, float], states: int) -> dict[str, Any]:
    """All figures of a run's page as what `Bokeh.embed.embed_item` takes, by the id of their place."""
    made = {
        "timeline": _timeline(lanes, span_us),
        "use": _use(lanes),
        "heat": _heat(states),
        "growth": _growth(),
        "programs": _image("programs", 260, "page"),
        "reads": _image("reads", 260, "page"),
        "times": _times(),
    }
    return {name: item(model) for name, model in made.items()}


def item(model: LayoutDOM) -> Any:
    """A model for the page, with ids that are the same every time."""
    return _renamed(json_item(model), {})


def _renamed(value: Any, ids: dict[str, str]) -> Any:
    """Ids of Bokeh count on through a process; here they begin anew in each figure."""
    if isinstance(value, dict):
        return {
            key: ids.setdefault(found, f"m{len(ids)}")
            if key in ("id", "root_id") and isinstance(found, str)
            else _renamed(found, ids)
            for key, found in value.items()
        }
    if isinstance(value, list | tuple):
        return [_renamed(found, ids) for found in value]
    return value


def _plot(name: str, height: int, **options: Any) -> figure:
    plot = figure(
        name=name,
        height=height,
        sizing_mode="stretch_width",
        toolbar_location=None,
        min_border_right=12,
        outline_line_color=None,
        **options,
    )
    plot.axis.axis_line_color = None
    plot.axis.minor_tick_line_color = None
    return plot


def _range(end: float, start: float = 0) -> Range1d:
    return Range1d(start=start, end=end)


def _source(*names: str) -> ColumnDataSource:
    return ColumnDataSource({name: [] for name in names})


def _image_source() -> ColumnDataSource:
    one = np.zeros((1, 1), dtype=np.uint32)
    return ColumnDataSource({"image": [one], "x": [0.0], "y": [0.0], "dw": [1.0], "dh": [1.0]})


def _paint_image(plot: figure, source: ColumnDataSource, name: str) -> None:
    plot.image_rgba("image", x="x", y="y", dw="dw", dh="dh", source=source, name=name)


def _timeline(lanes: int, span_us: tuple[float, float]) -> LayoutDOM:
    start, end = span_us
    spare = (end - start) / 50
    seen = Range1d(start=start, end=end, bounds=(start - spare, end + spare), min_interval=0.01, name="seen")
    plot = _plot("timeline", LANE * lanes + 40, x_range=seen, y_range=_range(lanes), tools=[])
    pan, wheel = PanTool(dimensions="width"), WheelZoomTool(dimensions="width", modifiers={"ctrl": True})
    plot.add_tools(pan, wheel)
    plot.toolbar.active_drag, plot.toolbar.active_scroll = pan, wheel
    _timeline_glyphs(plot)
    plot.yaxis.ticker = FixedTicker(ticks=[lane + 0.5 for lane in range(lanes)], name="lanes")
    plot.yaxis.major_tick_line_color = None
    plot.grid.grid_line_color = None
    plot.xaxis.formatter = CustomJSTickFormatter(code=GROUPED)
    plot.xaxis.axis_label = "us"
    plot.min_border_left = 64
    moved = CustomJS(code="window.NP.timeline.moved()")
    seen.js_on_change("start", moved)
    seen.js_on_change("end", moved)
    return column(plot, _mini(seen, lanes, span_us), sizing_mode="stretch_width", spacing=2)


def _timeline_glyphs(plot: figure) -> None:
    """From back to front."""
    box = ("left", "right", "top", "bottom")
    plot.quad(*box, color="tone", line_color=None, source=_named(_source(*box, "tone"), "stripes"))
    gaps = _named(_source(*box, "hatch", "tone"), "gaps")
    plot.quad(
        *box, fill_color="tone", fill_alpha=0.13, line_color=None, hatch_pattern="hatch", hatch_color="tone",
        hatch_alpha=0.8, hatch_scale=7, hatch_weight=1.2, source=gaps,
    )  # fmt: skip
    _paint_image(plot, _named(_image_source(), "dense"), "dense")
    pieces = _named(_source(*box, "tone", "alpha", "op"), "pieces")
    plot.quad(*box, fill_color="tone", fill_alpha="alpha", line_color=None, source=pieces)
    for name in ("labels", "edges"):
        words = _named(_source("x", "y", "text", "tone"), name)
        plot.text(
            "x", "y", "text", text_color="tone", text_font_size="11px", text_baseline="middle", x_offset=4, source=words
        )
    links = _named(_source("xs", "ys"), "links")
    plot.multi_line("xs", "ys", line_width=3, line_dash=[5, 3], name="links", source=links)
    marks = _named(_source(*box, "width"), "marks")
    plot.quad(*box, fill_color=None, line_width="width", name="marks", source=marks)


def _named(source: ColumnDataSource, name: str) -> ColumnDataSource:
    source.name = name
    return source


def _mini(seen: Range1d, lanes: int, span_us: tuple[float, float]) -> figure:
    plot = _plot("mini", 8 * lanes + 24, x_range=_range(span_us[1], span_us[0]), y_range=_range(lanes), tools=[])
    _paint_image(plot, _named(_image_source(), "whole"), "whole")
    tool = RangeTool(x_range=seen, start_gesture="pan")
    tool.overlay.name = "window"
    plot.add_tools(tool)
    plot.yaxis.visible = False
    plot.grid.grid_line_color = None
    plot.xaxis.formatter = CustomJSTickFormatter(code=GROUPED)
    plot.min_border_left = 64
    return plot


def _use(lanes: int) -> figure:
    plot = _plot("use", 24 * lanes + 50, x_range=_range(116), y_range=_range(lanes), tools=[])
    box = ("left", "right", "top", "bottom")
    parts = _named(_source(*box, "tone"), "parts")
    plot.quad(*box, fill_color="tone", line_color=None, source=parts)
    whole = _named(_source("x", "top", "bottom"), "run")
    plot.segment("x", "bottom", "x", "top", line_width=2, name="run", source=whole)
    shares = _named(_source("x", "y", "text"), "shares")
    plot.text("x", "y", "text", text_font_size="11px", text_baseline="middle", x_offset=6, name="shares", source=shares)
    plot.yaxis.ticker = FixedTicker(ticks=[lane + 0.5 for lane in range(lanes)], name="use_lanes")
    plot.yaxis.major_tick_line_color = None
    plot.ygrid.grid_line_color = None
    plot.xaxis.ticker = FixedTicker(ticks=[0, 20, 40, 60, 80, 100])
    plot.xaxis.axis_label = "% of the time shown"
    plot.min_border_left = 64
    return plot


def _heat(states: int) -> figure:
    plot = _plot("heat", max(320, 12 * states + 270), x_range=_range(1), y_range=_range(1), tools=[])
    pan, wheel = PanTool(), WheelZoomTool(modifiers={"ctrl": True})
    plot.add_tools(pan, wheel)
    plot.toolbar.active_drag, plot.toolbar.active_scroll = pan, wheel
    _paint_image(plot, _named(_image_source(), "pairs"), "pairs")
    box = ("left", "right", "top", "bottom")
    plot.quad(*box, fill_color=None, line_width=2, name="cursor", source=_named(_source(*box), "cursor"))
    plot.xaxis.ticker = FixedTicker(ticks=[], name="names")
    plot.yaxis.ticker = FixedTicker(ticks=[], name="states")
    plot.xaxis.major_label_orientation = "vertical"
    plot.axis.major_label_text_font_size = "10px"
    plot.axis.major_tick_line_color = None
    plot.grid.grid_line_color = None
    moved = CustomJS(code="window.NP.heat.moved()")
    for axis in (plot.x_range, plot.y_range):
        axis.js_on_change("start", moved)
        axis.js_on_change("end", moved)
    return plot


def _growth() -> figure:
    plot = _plot("growth", 220, tools=[], x_range=_range(1), y_range=_range(1))
    plot.step("x", "y", line_width=2, mode="after", name="growth", source=_named(_source("x", "y"), "growth"))
    plot.xaxis.axis_label, plot.yaxis.axis_label = "us", "cells hit"
    plot.axis.formatter = CustomJSTickFormatter(code=GROUPED)
    plot.xgrid.grid_line_color = None
    return plot


def _image(name: str, height: int, axis_label: str) -> figure:
    plot = _plot(name, height, x_range=_range(1), y_range=_range(1), tools=[])
    _paint_image(plot, _named(_image_source(), name), name)
    plot.yaxis.ticker = FixedTicker(ticks=[], name=f"{name}_rows")
    plot.grid.grid_line_color = None
    plot.xaxis.axis_label = axis_label
    plot.min_border_left = 64
    return plot


def _times() -> figure:
    plot = _plot("times", 240, x_range=_range(1), y_range=_range(1), tools=[])
    bars = _named(_source("left", "right", "top"), "times")
    plot.quad("left", "right", "top", bottom=0, line_color=None, name="times", source=bars)
    plot.xaxis.axis_label, plot.yaxis.axis_label = "place in the segment, 0 to 1", "hits"
    plot.axis.formatter = CustomJSTickFormatter(code=GROUPED)
    plot.xgrid.grid_line_color = None
    return plot


def lines(name: str) -> figure:
    """Coverage over operations: a line for each site, and a stronger one for all together."""
    plot = _plot("growth", 340, tools=[], x_range=_range(1), y_range=_range(1))
    plot.multi_line("xs", "ys", line_width=1.2, name="each", source=_named(_source("xs", "ys"), "each"))
    plot.line("x", "y", line_width=3, name="all", source=_named(_source("x", "y"), "all"))
    plot.xaxis.axis_label, plot.yaxis.axis_label = "operations of all sites so far", f"{name} hit"
    plot.axis.formatter = CustomJSTickFormatter(code=GROUPED)
    plot.xgrid.grid_line_color = None
    return plot


def bars(count: int) -> figure:
    """One bar per site."""
    plot = _plot("sites", max(180, 20 * count + 60), tools=[], x_range=_range(1), y_range=_range(count))
    box = ("left", "right", "top", "bottom")
    plot.quad(*box, line_color=None, name="sites", source=_named(_source(*box), "sites"))
    plot.yaxis.ticker = FixedTicker(ticks=[], name="site_rows")
    plot.xaxis.axis_label = "cells hit"
    plot.xaxis.formatter = CustomJSTickFormatter(code=GROUPED)
    plot.ygrid.grid_line_color = None
    return plot
