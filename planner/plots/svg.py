"""The timeline as a small SVG that stands inside a page: no script, no network, light and dark."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from planner.plots.families import LOOKS
from planner.plots.raster import BUS, GAP, IDLE, KINDS, PLANE, Lane, Raster, Run, raster
from planner.plots.shades import readable_on, shade
from planner.plots.ticks import even_times
from planner.recorded.history import History

COLUMNS, LABEL, LANE, TOP = 860, 96, 20, 22
"""Sizes in pixels: columns of the raster, room for names, height of a lane, room for times."""
MOST_TITLED = 1_500
"""Bars that may have a text on hover; where there are more, they have none."""
FONT = "font-family:system-ui,sans-serif;font-size:11px"


def timeline_svg(history: History, begin: int, end: int) -> str:
    """The timeline of [begin, end) as an svg element."""
    picture = raster(history, begin, end, COLUMNS)
    height = TOP + LANE * len(picture.lanes) + 26
    runs = [lane.runs() for lane in picture.lanes]
    titled = sum(map(len, runs)) <= MOST_TITLED
    names = dict(history.ops.select("op_uid", "op_name").rows())
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="timeline" viewBox="0 0 {LABEL + COLUMNS + 4} '
        f'{height}" style="width:100%;max-width:{LABEL + COLUMNS + 4}px;color:inherit;{FONT}" fill="currentColor">',
        *_axis(picture, history.decimals, height - 26),
    ]
    for row, (lane, own) in enumerate(zip(picture.lanes, runs, strict=True)):
        parts += _lane(picture, lane, own, TOP + LANE * row, names if titled else None)
    return "\n".join([*parts, *_legend(picture, height - 8), "</svg>"])


def _axis(picture: Raster, decimals: int, bottom: int) -> Iterator[str]:
    begin, end = int(picture.edges[0]), int(picture.edges[-1])
    for time, text in even_times(begin, end, decimals, 7):
        x = LABEL + (time - begin) * COLUMNS / (end - begin)
        yield f'<path d="M{x:.1f} {TOP - 5}V{bottom}" stroke="#888888" stroke-opacity="0.4" fill="none"/>'
        yield f'<text x="{x + 2:.1f}" y="12">{text}</text>'
    yield '<text x="0" y="12">us</text>'


def _lane(picture: Raster, lane: Lane, runs: list[Run], y: int, names: dict[int, str] | None) -> Iterator[str]:
    wide = COLUMNS / picture.columns
    name = f"{lane.name[:-1]} suspended" if lane.kind == GAP else lane.name
    yield f'<text x="0" y="{y + 14}">{name}</text>'
    yield f'<rect x="{LABEL}" y="{y + 1}" width="{COLUMNS}" height="{LANE - 2}" fill="#888888" fill-opacity="0.1"/>'
    inset = 4 if lane.kind in (BUS, GAP) else 1
    paths: dict[int, list[str]] = {}
    for run in runs:
        if run.code == IDLE:
            continue
        x, width = LABEL + run.low * wide, (run.high - run.low) * wide
        if names is None:
            paths.setdefault(run.code, []).append(f"M{x:.0f} {y + inset}h{width:.0f}v{LANE - 2 * inset}h-{width:.0f}z")
            continue
        title = escape(f"{names.get(run.op_uid, '')} (op_uid {run.op_uid}), {_word(run.code, lane)}")
        yield (
            f'<rect x="{x:.1f}" y="{y + inset}" width="{width:.1f}" height="{LANE - 2 * inset}" '
            f"{_fill(run.code, lane)}><title>{title}</title></rect>"
        )
    for code, made in sorted(paths.items()):
        yield f'<path d="{"".join(made)}" {_fill(code, lane)}/>'


def _fill(code: int, lane: Lane) -> str:
    colour = shade(code, plain=lane.kind != PLANE)
    if lane.kind == GAP:
        return f'fill="{colour}" fill-opacity="0.35" stroke="{colour}" stroke-dasharray="3 2"'
    return f'fill="{colour}"'


def _word(code: int, lane: Lane) -> str:
    words = {"ISSUE": "being sent", "CORE_BUSY": "array busy", "DATA": "data window"}
    return "suspended" if lane.kind == GAP else words[KINDS[code % len(KINDS)]]


def _legend(picture: Raster, y: int) -> Iterator[str]:
    codes = {int(code) for lane in picture.lanes for code in lane.cells} - {IDLE}
    x = LABEL
    for family in sorted({code // len(KINDS) for code in codes}):
        colour = LOOKS[family].colour
        yield f'<rect x="{x}" y="{y - 10}" width="14" height="12" fill="{colour}" stroke="#888888"/>'
        yield (
            f'<text x="{x + 7}" y="{y}" text-anchor="middle" style="font-size:9px;fill:{readable_on(colour)}">'
            f"{LOOKS[family].letter}</text>"
        )
        yield f'<text x="{x + 18}" y="{y}">{LOOKS[family].family}</text>'
        x += 30 + 7 * len(LOOKS[family].family)
