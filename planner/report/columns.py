"""What a run's page carries: columns for the script, and the words behind their numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from planner.report import tables
from planner.report.cells import STATUSES, Universe
from planner.report.facts import FAMILIES, Facts
from planner.report.folder import RunFolder
from planner.report.history import STATES, History
from planner.report.pack import Pack

TOUCHES = ("op_base", "cell_type", "die", "block", "page", "count")
NO_CELL, FIRST, AGAIN = range(3)
"""What an operation did for coverage: nothing, hit a cell for the first time in this run, or hit cells again."""


@dataclass(slots=True)
class Words:
    """Lists that columns point into."""

    names: list[str]
    bases: list[str]
    base_of_name: list[int]
    family_of_base: list[int]
    states: list[str]

    @staticmethod
    def of(history: History, facts: Facts, *frames: pl.DataFrame | None) -> Words:
        """The op_names, bases and op_states of the files, in order of the config where it is known."""
        known = history.ops.select("op_name", "op_base").unique(maintain_order=True).sort("op_base", "op_name")
        bases_of = dict(facts.bases) | dict(known.rows())
        states: set[str] = set()
        for frame in frames:
            if frame is not None:
                states.update(frame["op_state"].unique().to_list())
                bases_of |= {name: "" for name in frame["op_name"].unique().to_list() if name not in bases_of}
        bases = _ordered(bases_of.values(), list(dict.fromkeys(facts.bases.values())))
        names = _ordered(bases_of, facts.op_names)
        names.sort(key=lambda name: bases.index(bases_of[name]))
        return Words(
            names=names,
            bases=bases,
            base_of_name=[bases.index(bases_of[name]) for name in names],
            family_of_base=[facts.family(base) for base in bases],
            states=_ordered(states, facts.op_states),
        )

    def page(self) -> dict[str, Any]:
        """For the script."""
        return {
            "names": self.names,
            "bases": self.bases,
            "baseOfName": self.base_of_name,
            "familyOfBase": self.family_of_base,
            "families": FAMILIES,
            "states": self.states,
            "segmentStates": STATES,
            "statuses": STATUSES,
        }


def _ordered(found: Iterable[str], order: Sequence[str]) -> list[str]:
    """Those in the given order first, the others by name."""
    place = {word: at for at, word in enumerate(order)}
    return sorted(dict.fromkeys(found), key=lambda word: (place.get(word, len(place)), word))


def places(column: pl.Series, words: Sequence[str]) -> pl.Series:
    """Words as their places in a list; -1 for others."""
    return column.replace_strict(list(words), list(range(len(words))), default=-1, return_dtype=pl.Int64)


def distinct(column: pl.Series) -> tuple[list[str], pl.Series]:
    """The different words of a column, sorted, and the column as places among them."""
    words = sorted(column.unique().to_list())
    return words, places(column, words)


def add_operations(pack: Pack, history: History, hits: pl.DataFrame, words: Words) -> dict[str, list[str]]:
    """The operations, one number per column each; gives the words that only they need."""
    ops = history.ops
    at = history.issued.group_by("op").agg(
        planes=(pl.lit(1, dtype=pl.Int64) * (2 ** pl.col("plane")).cast(pl.Int64)).unique().sum(),
        block=pl.col("block").first(), page=pl.col("page").first(), source=pl.col("source").first(),
        found=pl.col("op_state").unique(maintain_order=True).str.join(" + "),
    )  # fmt: skip
    first = hits.group_by("op_state", "op_name", "bin").agg(pl.col("op").min())["op"].unique()
    new, any_ = (pl.col("op").is_in(found.implode()) for found in (first, hits["op"].unique()))
    did = pl.when(new).then(FIRST).when(any_).then(AGAIN).otherwise(NO_CELL)
    rows = ops.join(at, on="op", how="left", maintain_order="left").with_columns(
        pl.col("planes").fill_null(0), pl.col("block").fill_null(-1), pl.col("page").fill_null(-1),
        pl.col("source").fill_null(""), pl.col("found").fill_null(""), did=did,
    )  # fmt: skip
    pack.add("op.time", rows["time"], delta=True)
    pack.add("op.uid", rows["op_uid"], delta=True)
    pack.add("op.name", places(rows["op_name"], words.names))
    length = pl.when(pl.col("end") < 0).then(-1).otherwise(pl.col("end") - pl.col("time"))
    pack.add("op.length", rows.select(length).to_series())
    for name in ("die", "mask", "planes", "block", "page", "aborted", "cuts", "did"):
        pack.add(f"op.{name}", rows[name])
    lists: dict[str, list[str]] = {}
    for name in ("source", "found", "exp_val"):
        lists[name], numbers = distinct(rows[name])
        pack.add(f"op.{name}", numbers)
    return lists


def add_pieces(pack: Pack, history: History) -> None:
    """What is drawn in the lanes: held planes, what only the die sees, the bus, suspensions."""
    for name, frame in (
        ("held", history.held), ("spread", history.spread), ("bus", history.bus), ("gap", history.gaps),
    ):  # fmt: skip
        pack.add(f"{name}.start", frame["start"], delta=True)
        pack.add(f"{name}.length", frame["end"] - frame["start"])
        pack.add(f"{name}.op", frame["op"], delta=True)
        if "die" in frame.columns:
            pack.add(f"{name}.die", frame["die"])
            pack.add(f"{name}.mask", frame["mask"])
        if "state" in frame.columns:
            pack.add(f"{name}.state", places(frame["state"], STATES))


def add_cells(
    pack: Pack, hits: pl.DataFrame, universe: Universe, counted: pl.DataFrame | None, words: Words
) -> list[str]:
    """What each operation hit, and the universe or, without one, the cells with hits; gives the reasons."""
    pack.add("hit.op", hits["op"], delta=True)
    pack.add("hit.state", places(hits["op_state"], words.states))
    pack.add("hit.bin", hits["bin"])
    cells = universe.cells
    if cells is None:
        frame = hits if counted is None else counted.with_columns(bin=pl.col("fine") // 10)
        count = pl.len() if counted is None else pl.col("count").sum()
        cells = frame.group_by("op_state", "op_name", "bin").agg(hits=count.cast(pl.Int64))
        cells = cells.with_columns(status=pl.lit(STATUSES.index("reachable")), reason=pl.lit(""))
    cells = cells.with_columns(
        places(cells["op_state"], words.states).alias("state"), places(cells["op_name"], words.names).alias("name")
    ).sort("state", "name", "bin")
    reasons, numbers = distinct(cells["reason"])
    for name in ("state", "name", "bin", "status", "hits"):
        pack.add(f"cell.{name}", cells[name], delta=name == "state")
    pack.add("cell.reason", numbers)
    return reasons


def add_times(pack: Pack, counted: pl.DataFrame | None, words: Words) -> None:
    """Hits by hundredth of the segment."""
    if counted is None:
        return
    pack.add("fine.state", places(counted["op_state"], words.states))
    pack.add("fine.name", places(counted["op_name"], words.names))
    pack.add("fine.at", counted["fine"])
    pack.add("fine.count", counted["count"])


def add_touches(pack: Pack, run: RunFolder, planes: int) -> list[str] | None:
    """The address map; gives its celltypes, None where there is no file. UnusableInput."""
    path = run.table("address_touch_count")
    if not path.is_file():
        return None
    frame = tables.read(path, TOUCHES)
    family = tables.one_of(frame, "op_base", path, ("PROGRAM", "READ"))
    celltypes, numbers = distinct(frame["cell_type"])
    block = tables.whole(frame, "block", path)
    pack.add("touch.family", family)
    pack.add("touch.celltype", numbers)
    pack.add("touch.block", block)
    pack.add("touch.plane", block % max(planes, 1))
    for name in ("die", "page", "count"):
        pack.add(f"touch.{name}", tables.whole(frame, name, path))
    return celltypes
