"""`nandplan plot`."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from planner.cli.common import log, start_logging
from planner.errors import UnusableInput, UnusableOutput

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from planner.report.folder import RunFolder

KINDS = ("state", "operation", "heatmap", "histogram")


@dataclass(frozen=True, slots=True)
class Picture:
    """The options of `plot` as they were given."""

    folder: Path
    kind: str
    png: Path
    since: str | None
    until: str | None
    config: Path | None


def run(wish: Picture, *, verbose: bool, log_file: Path | None) -> int:
    """Draws the picture and says where it is."""
    start_logging(verbose=verbose, log_file=log_file)
    if wish.kind not in KINDS:
        near = difflib.get_close_matches(wish.kind, KINDS, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise UnusableInput(f"KIND {wish.kind!r}: allowed: {', '.join(KINDS)}{hint}")
    if wish.png.is_dir():
        raise UnusableOutput(wish.png, "it is a folder")
    from planner.recorded.folder import runs_of  # noqa: PLC0415

    runs = runs_of(wish.folder)
    figure = _timeline(wish, runs) if wish.kind in ("state", "operation") else _counts(wish, runs)
    _save(figure, wish.png)
    width, height = figure.canvas.get_width_height()
    print(f"{wish.png}: {wish.kind}, {width} x {height} pixels")
    return 0


def _timeline(wish: Picture, runs: list[RunFolder]) -> Figure:
    from planner.recorded.folder import facts_of, read_range  # noqa: PLC0415
    from planner.recorded.history import read_history  # noqa: PLC0415

    history = read_history(runs, facts_of(runs, wish.config), lambda run: log.debug("reading run %d", run.run))
    begin, end = read_range(wish.since, wish.until, history.decimals, history.span)
    draw: Callable[..., Figure]
    if wish.kind == "state":
        from planner.plots.state import draw_state as draw  # noqa: PLC0415
    else:
        from planner.plots.operation import draw_operation as draw  # noqa: PLC0415
    return draw(history, begin, end)


def _counts(wish: Picture, runs: list[RunFolder]) -> Figure:
    from planner.recorded.folder import facts_of, title_of  # noqa: PLC0415
    from planner.recorded.hits import counted_hits, replayed_hits, shut_pairs  # noqa: PLC0415

    whole = wish.since is None and wish.until is None
    hits = counted_hits(runs) if whole else replayed_hits(runs, wish.config, wish.since, wish.until)
    facts = facts_of(runs, wish.config)
    if wish.kind == "heatmap":
        from planner.plots.heatmap import draw_heatmap  # noqa: PLC0415

        return draw_heatmap(hits, shut_pairs(runs[0]), facts, title_of(runs, wish.since, wish.until))
    from planner.plots.histogram import draw_histogram  # noqa: PLC0415

    return draw_histogram(hits, facts, title_of(runs, wish.since, wish.until))


def _save(figure: Figure, path: Path) -> None:
    import io  # noqa: PLC0415

    from planner.export.files import RunFiles  # noqa: PLC0415
    from planner.plots.drawing import save  # noqa: PLC0415

    data = io.BytesIO()
    save(figure, data)
    files = RunFiles(path.parent)
    try:
        files.create(path.name)
        files.write(path.name, data.getvalue())
        files.publish()
    finally:
        files.discard()
