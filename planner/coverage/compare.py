"""The coverage files of runs against what their sequences give."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from planner.coverage.chart import Chart
from planner.coverage.histories import sequences_below
from planner.coverage.recount import Recount

COLUMNS = ["op_state", "op_name", "bin", "status", "hits", "reason"]
Place = tuple[str, str, str]


def differences(found: Recount, chart: Chart) -> Iterator[str]:
    """Where a coverage file that stands beside a sequence tells other hits: one text per cell, which names both.

    `chart` is of the config's own grain, in which these files are written. A campaign's file, beside its folders
    `site_*`, is compared with the sum over all of them, where all of them were counted.
    """
    for path, numbers in _files(found):
        due: dict[int, int] = {}
        for number in numbers:
            cells, counts = found.grains[chart.grain].of_file(number)
            for cell, count in zip(cells.tolist(), counts.tolist(), strict=True):
                due[cell] = due.get(cell, 0) + count
        yield from _compared(path, due, chart)


def _files(found: Recount) -> Iterator[tuple[Path, list[int]]]:
    """The coverage files there are, each with the numbers of the sequences that it is about."""
    sites: dict[tuple[Path, str], list[int]] = {}
    for number, file in enumerate(found.files):
        path = file.sibling("coverage")
        if path is not None and path.exists():
            yield path, [number]
        if file.date and file.path.parent.match("site_*"):
            sites.setdefault((file.path.parent.parent, file.date), []).append(number)
    for (folder, date), numbers in sites.items():
        path = folder / f"coverage_{date}.csv"
        if path.exists() and sequences_below(folder) == {found.files[number].path.resolve() for number in numbers}:
            yield path, numbers


def _compared(path: Path, due: dict[int, int], chart: Chart) -> Iterator[str]:
    states = {name: index for index, name in enumerate(chart.device.op_states.names)}
    names = {name.name: name.index for name in chart.device.catalogue.names}
    try:
        told = _hits(path)
    except (OSError, ValueError, pl.exceptions.PolarsError) as error:
        yield f"{path}: cannot be read: {str(error).splitlines()[0]}"
        return
    for place, text in told:
        cell = _cell(place, states, names, chart.status.shape)
        own = due.pop(cell, 0) if cell is not None else 0
        if text != str(own):
            yield f"{path}: {', '.join(place)}: hits is {text or 'empty'}, the sequences give {own}"
    for cell, own in due.items():
        yield f"{path}: {chart.name(cell)}: hits is 0 or there is no such row, the sequences give {own}"


def _hits(path: Path) -> list[tuple[Place, str]]:
    """Cell and hits of all rows but those with 0 hits. ValueError: another table."""
    frame = pl.read_csv(path, infer_schema=False).fill_null("")
    if frame.columns != COLUMNS:
        raise ValueError(f"the header is {','.join(frame.columns)}, due is {','.join(COLUMNS)}")
    rows = frame.filter(pl.col("hits") != "0").select("op_state", "op_name", "bin", "hits").rows()
    return [((state, name, place), hits) for state, name, place, hits in rows]


def _cell(place: Place, states: dict[str, int], names: dict[str, int], shape: tuple[int, ...]) -> int | None:
    """The flat index of a cell; None where the device has none of that name."""
    state, name = states.get(place[0]), names.get(place[1])
    if state is None or name is None or not (place[2].isascii() and place[2].isdigit()) or int(place[2]) >= shape[2]:
        return None
    return (state * shape[1] + name) * shape[2] + int(place[2])
